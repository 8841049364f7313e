"""The sampler's API of notices: letters by e-mail that say how many cases wait, and nothing of the cases."""

from pydantic import Field, StrictInt

from stickprov_contracts.http.base import Answer, Request
from stickprov_contracts.http.findings import Purpose
from stickprov_contracts.http.sampler import ControlPointId


class Notice(Request):
    """How many cases wait for one reviewer, a pseudonym."""

    reviewer: str = Field(max_length=100)
    cases: StrictInt = Field(ge=1, le=1_000_000)


class SendNotices(Request):
    """``POST /v1/notices``: tell reviewers by e-mail that cases of a control point wait for them."""

    control_point: ControlPointId
    purpose: Purpose = "review"
    notices: list[Notice] = Field(min_length=1, max_length=5000)


class NoticesSent(Answer):
    """What became of the notices.

    Attributes:
        sent: how many the mail server has taken.
        without_address: reviewers, by pseudonym, whom the staff list has no address of.
        not_taken: those whose address the mail server did not take.
    """

    sent: int
    without_address: list[str]
    not_taken: list[str]
