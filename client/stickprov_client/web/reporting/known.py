"""As it was known when: the moment that an address names, kept in every link of a page that looks at the past."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from typing import Final, TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.requests import Request

from stickprov_client.api import ApiProblem
from stickprov_client.language.moments import moment
from stickprov_client.language.translations import Language, texts
from stickprov_client.web.language import language_of
from stickprov_client.web.problems import PageProblem

Answer = TypeVar("Answer")

_HERE: Final = ZoneInfo("Europe/Stockholm")
DAY: Final = "known"
CLOCK: Final = "clock"


@dataclass(frozen=True)
class Known:
    """A moment on the wall.

    Attributes:
        day: the day. clock: the time of day; None for the end of the day.
    """

    day: date
    clock: time | None = None

    @property
    def at(self) -> datetime:
        """The moment: what had happened then, or before, was known."""
        if self.clock is not None:
            return datetime.combine(self.day, self.clock, _HERE)
        return datetime.combine(self.day + timedelta(days=1), time.min, _HERE) - timedelta(microseconds=1)

    def parameters(self) -> dict[str, str]:
        """Return what an address says of it."""
        return {DAY: self.day.isoformat()} | ({CLOCK: self.clock.isoformat()} if self.clock else {})

    def told(self, language: Language) -> str:
        """Return the moment as people say it."""
        return moment(self.at, language)


def known_in(request: Request) -> Known | None:
    """Read the moment of an address; None when it names none, so that everything counts that is known now.

    Raises:
        PageProblem: it cannot be used.
    """
    typed = request.query_params
    day, clock = typed.get(DAY, "").strip(), typed.get(CLOCK, "").strip()
    if not day and not clock:
        return None
    try:
        read = Known(date.fromisoformat(day), time.fromisoformat(clock) if clock else None)
        read.at.timestamp()
    except (ValueError, OverflowError):
        say = texts(language_of(request)).gettext
        detail = say("Write the day as year-month-day, such as 2021-01-31, and the time of day as 14:30.")
        way_on = (request.url.path, say("Show it as it is now"))
        raise PageProblem(HTTPStatus.BAD_REQUEST, say("This moment cannot be used"), detail, way_on) from None
    return read


async def as_known(request: Request, asked: Awaitable[Answer]) -> Answer:
    """Wait for what was known at a moment.

    Raises:
        PageProblem: nothing was known of it then.
    """
    try:
        return await asked
    except ApiProblem as error:
        if error.problem.status != HTTPStatus.NOT_FOUND:
            raise
    say = texts(language_of(request)).gettext
    told = request.query_params
    now = urlencode([(name, value) for name, value in told.multi_items() if name not in {DAY, CLOCK}])
    way_on = (f"{request.url.path}?{now}" if now else request.url.path, say("Show it as it is now"))
    detail = say("What this page is about was not yet in the logs then.")
    raise PageProblem(HTTPStatus.NOT_FOUND, say("Nothing was known of this then"), detail, way_on)


def kept(known: Known | None) -> Mapping[str, str]:
    """Return what every address of a page keeps, so that links stay in the same past."""
    return known.parameters() if known else {}
