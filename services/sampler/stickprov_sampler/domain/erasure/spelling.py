"""A personal number in all its spellings: somebody who asks to be erased need not know how a register wrote it."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from stickprov_contracts.http.erasure import Searched
from stickprov_sampler.domain.identity.personal_number import (
    CENTURIES,
    NotAPersonalNumberError,
    read_personal_number,
)

_NUMBER: Final = re.compile(r"(\d\d)?(\d{6})[-+]?([\dA-Z]\d{3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Spellings:
    """What was typed, as registers may have it.

    Attributes:
        ids: how a unit's id may be written. numbers: twelve characters; empty where it is no personal number.
        looks_like: whether what was typed can be looked for in earnest, and as what.
    """

    ids: frozenset[str]
    numbers: frozenset[str]
    looks_like: Searched = "case-number"

    @property
    def needle(self) -> str:
        """What every value that matches has in it, whatever stands between its letters and digits."""
        return min((number[2:] for number in self.numbers), default=min(self.ids))

    def match(self, value: str) -> bool:
        """Tell whether a register's value is what was typed; one of ten digits may be of any century."""
        if value.strip() in self.ids:
            return True
        return not self.numbers.isdisjoint(_twelve(value))


def spellings_of(typed: str) -> Spellings:
    """Return the spellings of a number that somebody typed; of another id there is the one."""
    numbers = _twelve(typed)
    spelled = {f"{number[:8]}-{number[8:]}" for number in numbers} | {
        f"{n[2:8]}{mark}{n[8:]}" for n in numbers for mark in ("", "-", "+")
    }
    return Spellings(frozenset({typed.strip(), *numbers, *spelled}), numbers, _looks_like(typed, numbers))


def _looks_like(typed: str, numbers: frozenset[str]) -> Searched:
    if numbers:
        return "personal-number" if any(map(_is_number, numbers)) else "neither"
    return "case-number" if any(sign.isdigit() for sign in typed) else "neither"


def _is_number(twelve: str) -> bool:
    try:
        read_personal_number(twelve, date.max)
    except NotAPersonalNumberError:
        return False
    return True


def _twelve(text: str) -> frozenset[str]:
    matched = _NUMBER.fullmatch("".join(text.split()).upper())
    if matched is None:
        return frozenset()
    century, day, last = matched.groups()
    centuries = (century,) if century else map(str, CENTURIES)
    return frozenset(f"{one}{day}{last}" for one in centuries)
