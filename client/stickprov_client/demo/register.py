"""The demonstration's register: households with a payment, made up, the same bytes every time.

What must not break: nobody in here exists. Names are invented, and personal numbers have birth numbers 980 to 999,
which are set aside for tests. Nothing depends on chance, the clock or the platform: every value follows from the
household's number by SHA-256, so that a file's hash can be pinned.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Final, TypeVar

HOUSEHOLDS: Final = 2663
"""Rows of each file: households with a payment, on average, January to March 2021."""

ENCODING: Final = "windows-1252"

COLUMNS: Final = (
    "Hushållsnummer",
    "Personnummer",
    "Registerledare",
    "Adress",
    "Postort",
    "Område",
    "Vuxna",
    "Barn",
    "Utbetalningsdatum",
    "Utbetalt belopp",
    "Enhet",
    "Handläggare",
)

IDENTITY_COLUMNS: Final = ("Personnummer", "Registerledare", "Adress")

_NEW_EACH_MONTH: Final = 137
_FIRST_HOUSEHOLD: Final = 410_233
_FIRST_NAMES: Final = (
    "Åsa",
    "Örjan",
    "Märta",
    "Göran",
    "Lisen",
    "Sölve",
    "Bodil",
    "Jörgen",
    "Ålexa",
    "Edvin",
    "Änna",
    "Tuva",
)
_LAST_NAMES: Final = (
    "Påhittsson",
    "Exempelsjö",
    "Övningsberg",
    "Testgård",
    "Provåker",
    "Låtsaslund",
    "Mönsterdal",
    "Skuggnäs",
    "Attrappström",
    "Utkastå",
)
_STREETS: Final = ("Björkvägen", "Åkergatan", "Sjöstigen", "Ängsbacken", "Smedjegränd", "Kvarnövägen", "Höjdgatan")
_AREAS: Final = ("Norrängen", "Öster", "Västra Åsen", "Söderhöjden", "Sjöstaden", "Gamla tån")
_TOWNS: Final = ("Exempelköping", "Påhittsås", "Provfjärden")
_UNITS: Final = ("Försörjning Norr", "Försörjning Söder", "Försörjning Öst")
_HANDLERS: Final = 12
_BIRTH_NUMBERS: Final = range(980, 1000)
_OLDEST: Final = date(1956, 1, 1)
_BIRTH_DAYS: Final = 45 * 365

Value = TypeVar("Value")


@dataclass(frozen=True)
class Household:
    """One made-up household; everything about it follows from its number."""

    number: int

    def pick(self, what: str, values: Sequence[Value]) -> Value:
        """Choose one of the values, always the same for this household."""
        digest = sha256(f"{self.number}|{what}".encode()).digest()
        return values[int.from_bytes(digest[:8], "big") % len(values)]

    @property
    def personal_number(self) -> str:
        """Twelve digits with a hyphen; the last one is the Luhn check digit of the nine before it."""
        born = _OLDEST + timedelta(days=self.pick("born", range(_BIRTH_DAYS)))
        digits = f"{born:%y%m%d}{self.pick('birth number', _BIRTH_NUMBERS)}"
        return f"{born:%Y%m%d}-{digits[6:]}{_luhn(digits)}"

    @property
    def handler(self) -> int:
        """Number of its handler, from 1."""
        return self.pick("handler", range(1, _HANDLERS + 1))

    def row(self, paid: date) -> list[str]:
        """Return its values in the order of the columns, for a payment on a day."""
        name = f"{self.pick('first', _FIRST_NAMES)} {self.pick('last', _LAST_NAMES)}"
        ore = self.pick(f"amount {paid:%Y-%m}", range(185_000, 1_690_000))
        return [
            str(self.number),
            self.personal_number,
            name,
            f"{self.pick('street', _STREETS)} {self.pick('door', range(1, 90))}",
            self.pick("town", _TOWNS),
            self.pick("area", _AREAS),
            str(self.pick("adults", (1, 1, 1, 2))),
            str(self.pick("children", (0, 0, 0, 0, 1, 1, 2, 2, 3, 4))),
            paid.isoformat(),
            f"{ore // 100},{ore % 100:02}",
            _UNITS[self.handler % len(_UNITS)],
            f"reviewer-{self.handler:02}",
        ]


def register_file(month: int, paid: date) -> bytes:
    """Return the register's extract for the demonstration's month 0, 1, 2 …: who was paid on that day.

    Some households leave and as many come each month; the rest stay, as in life.
    """
    first = _FIRST_HOUSEHOLD + month * _NEW_EACH_MONTH
    rows = [Household(number).row(paid) for number in range(first, first + HOUSEHOLDS)]
    lines = [";".join(values) for values in (list(COLUMNS), *rows)]
    return ("\r\n".join(lines) + "\r\n").encode(ENCODING)


def _luhn(digits: str) -> int:
    """Return the check digit after nine digits: those at odd places count double, as sums of their digits."""
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits))
    return -sum(number // 10 + number % 10 for number in doubled) % 10
