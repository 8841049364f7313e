"""Personal identity numbers: personnummer, samordningsnummer and interim numbers, normalised to twelve characters.

What must not break: a number means the same person whenever it is read. Whatever it does not say itself (the century
of a number of ten digits) follows from the date of the extract it stood in, never from today.

The form is that of 18 and 18 a §§ folkbokföringslagen and Skatteverket's SKV 704 and SKV 707: date of birth, three
digits, a check digit over the ten last (each second doubled from the first on). A samordningsnummer adds 60 to the
day; where the date of birth is not known, its month is 00 and its day 60. An interim number, which an authority gives
until there is a real one, has a letter for the first of the last four; it counts as 1 in the check digit.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Reason = Literal["form", "century", "day", "late", "sign", "check"]
Kind = Literal["personnummer", "samordningsnummer", "interim"]

INTERIM_LETTERS: Final = "TRSUWXJKLMN"
CENTURIES: Final = (18, 19, 20)
_DAYS_ADDED: Final = 60
_NUMBER: Final = re.compile(rf"(\d\d)?(\d\d)(\d\d)(\d\d)([-+]?)([\d{INTERIM_LETTERS}]\d\d\d)", re.ASCII)


class NotAPersonalNumberError(ValueError):
    """A text is no personal number.

    Attributes:
        reason: what about it is wrong: its ``form``, its ``century``, its ``day`` (no such date), born ``late`` (after
            the extract), its ``sign`` (+ on somebody younger than a hundred) or its ``check`` digit.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


@dataclass(frozen=True, slots=True)
class PersonalNumber:
    """A number that was checked.

    Attributes:
        digits: all twelve characters, ``YYYYMMDDNNNC``; an interim number keeps its letter.
        born: the date of birth; a month or day that is not known counts as the first.
    """

    digits: str
    kind: Kind
    born: date


def read_personal_number(text: str, extract_date: date) -> PersonalNumber:
    """Read a personal number of ten or twelve digits, with ``-``, ``+`` or nothing before the last four.

    Args:
        text: as it stands in the register; space around it does not count.
        extract_date: the day the register was read.

    Raises:
        NotAPersonalNumberError: says what is wrong.
    """
    matched = _NUMBER.fullmatch(text.strip().upper())
    if matched is None:
        raise NotAPersonalNumberError("form")
    century, yy, mm, dd, sign, last = matched.groups()
    year = int(century + yy) if century else _year(int(yy), extract_date.year, old=sign == "+")
    if year // 100 not in CENTURIES:
        raise NotAPersonalNumberError("century")
    born = _born(year, int(mm), int(dd))
    if born > extract_date:
        raise NotAPersonalNumberError("late")
    if sign == "+" and year > extract_date.year - 100:
        raise NotAPersonalNumberError("sign")
    if _checksum(yy + mm + dd + last) % 10:
        raise NotAPersonalNumberError("check")
    return PersonalNumber(f"{year}{mm}{dd}{last}", _kind(dd, last), born)


def age_at(born: date, day: date) -> int:
    """Return how many whole years somebody is; who is born on 29 February is a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def check_digit(nine: str) -> int:
    """Return the check digit of the nine characters before it."""
    return -_checksum(nine + "0") % 10


def _year(yy: int, extract_year: int, *, old: bool) -> int:
    """Return the year of two digits: within the last hundred, or before them (from the year somebody turns 100)."""
    return extract_year - (extract_year - yy) % 100 - (100 if old else 0)


def _born(year: int, month: int, day: int) -> date:
    coordination = day >= _DAYS_ADDED
    real = day - _DAYS_ADDED if coordination else day
    known = month if month or not coordination else 1
    first = 0 if coordination else 1
    # Where only the year or month is known, any day that month can have is possible.
    if not 1 <= known <= 12 or not first <= real <= monthrange(year, known)[1]:  # noqa: PLR2004 - months
        raise NotAPersonalNumberError("day")
    return date(year, known, max(real, 1))


def _checksum(ten: str) -> int:
    """Return the Luhn sum of ten characters; a whole number of tens when the check digit is right."""
    digits = [int(character) if character.isdigit() else 1 for character in ten]
    return sum(sum(divmod(digit * 2, 10)) if place % 2 == 0 else digit for place, digit in enumerate(digits))


def _kind(day: str, last: str) -> Kind:
    if not last.isdigit():
        return "interim"
    return "samordningsnummer" if int(day) >= _DAYS_ADDED else "personnummer"
