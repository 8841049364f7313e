"""The sampler API for case numbers: which drawn cases they are, for somebody who is to know."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from stickprov_contracts.http.base import Answer, Request
from stickprov_contracts.http.sampler import ControlPointId

MOST_NUMBERS = 500
"""Case numbers in one request."""


class FindCases(Request):
    """``POST /v1/case-numbers``: drawn cases by the register's own ids of them.

    Attributes:
        control_point: that the cases serve. draw: only this one's cases, else every draw's.
        why: a reviewer finds the cases that they may review for this purpose; ``coordination`` is the coordinator's.
        unit_ids: as the register has them, such as case numbers.
    """

    control_point: ControlPointId
    draw: UUID | None = None
    why: Literal["review", "second-review", "file-review", "coordination"] = "review"
    unit_ids: list[Annotated[str, Field(min_length=1, max_length=200)]] = Field(min_length=1, max_length=MOST_NUMBERS)


class FoundCase(Answer):
    """One drawn case; that its number was told of it is recorded as showing its identity is."""

    unit_id: str
    draw: UUID
    case: str


class FoundCases(Answer):
    """The drawn cases that have one of the numbers. What is missing was not drawn, or is not the caller's to review.

    Attributes:
        cases: by number; a number that was drawn several times has several.
    """

    cases: list[FoundCase]
