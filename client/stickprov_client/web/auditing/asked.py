"""Which events an address of the trail asks for, and the addresses of events that belong together.

What must not break: an address that cannot be read in full asks for nothing at all, never for more than was meant.
"""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from stickprov_client.api import ApiProblem, Services
from stickprov_client.api.named_case import UnclearCase, case_meant
from stickprov_client.api.reporting import TrailFilter
from stickprov_client.language.periods import range_of
from stickprov_client.language.service_messages import told
from stickprov_client.language.trail import TYPE_NAMES
from stickprov_client.language.translations import Language, marked, texts
from stickprov_client.web.forms import Fault

TRAIL: Final = "/audit/trail"
SOURCES: Final = ("sampler", "findings")
_TEXTS: Final = ("control_point", "case", "plan", "actor")
_NUMBER: Final = re.compile(r"[0-9]{1,7}")
NAMES: Final = (*_TEXTS, "draw", "type", "source", "from", "to", "period")


@dataclass(frozen=True)
class Asked:
    """What an address asks of the trail.

    Attributes:
        typed: what stands in the form, by field; empty fields are left out. wanted: the same for the service.
        faults: what of it cannot be used, in the reader's language.
    """

    typed: Mapping[str, str]
    wanted: TrailFilter
    newest: bool
    faults: tuple[Fault, ...] = ()

    def address(self, path: str = TRAIL, *, without: str = "", **more: str | None) -> str:
        """Return the address of the same events, without one of the conditions, with something more."""
        kept = {name: value for name, value in self.typed.items() if name != without}
        order = {} if self.newest or path != TRAIL else {"order": "oldest"}
        told = kept | order | {name: value for name, value in more.items() if value}
        return f"{path}?{urlencode(told)}" if told else path


@dataclass
class _Reading:
    """What is read so far."""

    language: Language
    faults: list[Fault] = field(default_factory=list)

    def day(self, field: str, text: str) -> date | None:
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self._fault(field, marked("“{text}” is no day; write it as year-month-day, such as 2021-01-31."), text)
            return None

    def draw(self, text: str) -> UUID | None:
        try:
            return UUID(text) if text else None
        except ValueError:
            self._fault(
                "draw", marked("“{text}” is not the id of a draw; open the draw and follow its link here."), text
            )
            return None

    def period(self, text: str) -> str | None:
        try:
            return text if text and range_of(text) else None
        except ValueError as error:
            self.faults.append(Fault("period", told(str(error), self.language)))
            return None

    def choice(self, field: str, text: str | None, offered: Container[str]) -> str | None:
        if text is None or text in offered:
            return text
        self._fault(field, marked("“{text}” is none of those to choose from."), text)
        return None

    def days(self, start: str, end: str) -> tuple[date | None, date | None]:
        first, after = self.day("from", start), self.day("to", end)
        if first is not None and after is not None and after <= first:
            self._fault("to", marked("“{text}” is the day after the last, so it must be later than the first."), end)
        return first, after

    def _fault(self, field: str, message: str, text: str) -> None:
        self.faults.append(Fault(field, texts(self.language).gettext(message).format(text=text)))


def asked_in(told: Mapping[str, str], language: Language) -> Asked:
    """Read what an address asks; what is empty leaves all, what cannot be used is said."""
    typed = {name: value for name in NAMES if (value := told.get(name, "").strip())}
    reading = _Reading(language)
    start, end = reading.days(typed.get("from", ""), typed.get("to", ""))
    wanted = TrailFilter(
        **{name: typed.get(name) for name in _TEXTS},
        draw=reading.draw(typed.get("draw", "")),
        types=tuple(one for one in [reading.choice("type", typed.get("type"), TYPE_NAMES)] if one),
        source=reading.choice("source", typed.get("source"), SOURCES),
        start=start,
        end=end,
        period=reading.period(typed.get("period", "")),
    )
    return Asked(typed, wanted, newest=told.get("order") != "oldest", faults=tuple(reading.faults))


async def with_case_meant(asked: Asked, services: Services, language: Language) -> Asked:
    """Return what is asked with the case that was meant, which may be written as the command takes it.

    A number alone is one of the draw of the chosen control point and period.
    """
    case = asked.typed.get("case")
    if case is None or asked.faults:
        return asked
    point, period = asked.wanted.control_point, asked.wanted.period
    if _NUMBER.fullmatch(case) and point and period:
        case = f"{point}/{period}/{case}"
    try:
        named = await case_meant(services, case)
    except UnclearCase as error:
        return replace(asked, faults=(Fault("case", told(str(error), language)),))
    except ApiProblem as error:
        if error.problem.status not in {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.BAD_REQUEST}:
            raise
        said = next((one.message for one in error.problem.errors), error.problem.detail)
        return replace(asked, faults=(Fault("case", told(said, language)),))
    wanted = replace(
        asked.wanted,
        control_point=point or named.control_point,
        draw=asked.wanted.draw or named.draw,
        case=named.case,
    )
    return replace(asked, wanted=wanted)


def trail_of(**conditions: str) -> str:
    """Return the address of the events that fit conditions, from the first on."""
    return f"{TRAIL}?{urlencode({**conditions, 'order': 'oldest'})}"
