"""Which review a command is about: in full, or as people call the case."""

import re
from typing import Final

from stickprov_client.api.findings import ReviewKey
from stickprov_client.cli.calling import call
from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.review_options import review_named
from stickprov_client.cli.session import Session
from stickprov_contracts.http.findings import Purpose, QueueItem, Review

_SHORT: Final = re.compile(r"(?P<point>[^/]+)/(?P<case>[0-9a-f]{8,64})…?")
_DIGITS: Final = 8
"""Of a case's id: enough to tell it from the others of its control point."""


def named_review(session: Session, text: str, purpose: Purpose = "review") -> ReviewKey:
    """Read ``POINT/CASE``, with the first eight digits of the case or more, or ``DRAW/POINT/CASE``.

    Raises:
        BadInput: it is neither, or stands for no case of the caller's queue, or for several.
    """
    short = _SHORT.fullmatch(text)
    if short is None:
        return review_named(text, purpose)
    point, case = short["point"], short["case"]
    found = call(
        session,
        lambda services: services.findings.queue(control_point=point, purpose=purpose, case=case, limit=2),
    ).items
    if not found:
        raise BadInput(f"You have no case of {point} that begins with {case}; stickprov queue lists yours.")
    if len(found) > 1:
        raise BadInput(f"Several cases of {point} begin with {case}; write DRAW/POINT/CASE with the whole of each.")
    return ReviewKey(found[0].draw, found[0].control_point, found[0].case, purpose)


def short_name_of(item: QueueItem | Review) -> str:
    """Return what names a review in a command and fits a line."""
    return f"{item.control_point}/{item.case[:_DIGITS]}"
