"""Which events an address of the trail asks for, and the addresses of events that belong together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from stickprov_client.api.reporting import TrailFilter
from stickprov_client.language.periods import range_of
from stickprov_client.language.trail import TYPE_NAMES
from stickprov_client.language.translations import Language, marked, texts

TRAIL: Final = "/audit/trail"
SOURCES: Final = ("sampler", "findings")
_TEXTS: Final = ("control_point", "case", "plan", "actor")
NAMES: Final = (*_TEXTS, "draw", "type", "source", "from", "to", "period")


@dataclass(frozen=True)
class Asked:
    """What an address asks of the trail.

    Attributes:
        typed: what stands in the form, by field; empty fields are left out. wanted: the same for the service.
        faults: what of it cannot be used, in the reader's language; such a field asks for nothing.
    """

    typed: Mapping[str, str]
    wanted: TrailFilter
    newest: bool
    faults: tuple[str, ...] = ()

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
    faults: list[str] = field(default_factory=list)

    def day(self, text: str) -> date | None:
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self._fault(marked("“{text}” is no day; write it as year-month-day, such as 2021-01-31."), text)
            return None

    def draw(self, text: str) -> UUID | None:
        try:
            return UUID(text) if text else None
        except ValueError:
            self._fault(marked("“{text}” is not the id of a draw; open the draw and follow its link here."), text)
            return None

    def period(self, text: str) -> str | None:
        try:
            return text if text and range_of(text) else None
        except ValueError:
            self._fault(marked("“{text}” is no period; write 2021, 2021-Q1, 2021-T1 or 2021-03."), text)
            return None

    def _fault(self, message: str, text: str) -> None:
        self.faults.append(texts(self.language).gettext(message).format(text=text))


def asked_in(told: Mapping[str, str], language: Language) -> Asked:
    """Read what an address asks; what is empty leaves all, what cannot be used is said and leaves all."""
    typed = {name: value for name in NAMES if (value := told.get(name, "").strip())}
    reading = _Reading(language)
    wanted = TrailFilter(
        **{name: typed.get(name) for name in _TEXTS},
        draw=reading.draw(typed.get("draw", "")),
        types=(typed["type"],) if typed.get("type") in TYPE_NAMES else (),
        source=typed["source"] if typed.get("source") in SOURCES else None,
        start=reading.day(typed.get("from", "")),
        end=reading.day(typed.get("to", "")),
        period=reading.period(typed.get("period", "")),
    )
    return Asked(typed, wanted, newest=told.get("order") != "oldest", faults=tuple(reading.faults))


def trail_of(**conditions: str) -> str:
    """Return the address of the events that fit conditions, from the first on."""
    return f"{TRAIL}?{urlencode({**conditions, 'order': 'oldest'})}"
