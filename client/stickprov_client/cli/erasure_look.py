"""How a stack stands to erasure, for `doctor`: what nobody decided is no fault of it, and is said all the same."""

from typing import NamedTuple

from stickprov_client.api import ClientError, Services
from stickprov_client.cli.session import Session
from stickprov_client.language.numbers import whole


class ErasureLook(NamedTuple):
    """What was seen, and what to do; "" when nothing."""

    detail: str
    advice: str


async def look_at_erasure(session: Session, services: Services) -> ErasureLook | None:
    """Return how erasure stands; None for whoever may not know, and where the sampler does not answer."""
    try:
        due = await services.erasing.due()
    except ClientError:
        return None
    say, language = session.say, session.language
    counts = {
        standing: whole(sum(draw.standing == standing for draw in due.draws), language) for standing in ("due", "held")
    }
    detail = say("draws that are due: {due}; held: {held}").format(**counts)
    if not due.without_retention:
        return ErasureLook(detail, "")
    advice = say(
        "Nobody has decided how long these are kept: {points}. Decide: stickprov erase retention POINT --months N"
    )
    return ErasureLook(detail, advice.format(points=", ".join(due.without_retention)))
