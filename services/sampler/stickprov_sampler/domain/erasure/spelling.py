"""A personal number in all its spellings: somebody who asks to be erased need not know how a register wrote it."""

import re
from dataclasses import dataclass
from typing import Final

from stickprov_sampler.domain.identity.personal_number import CENTURIES

_NUMBER: Final = re.compile(r"(\d\d)?(\d{6})[-+]?([\dA-Z]\d{3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Spellings:
    """What was typed, as registers may have it.

    Attributes:
        ids: how a unit's id may be written. numbers: twelve characters; empty where it is no personal number.
    """

    ids: frozenset[str]
    numbers: frozenset[str]

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
    return Spellings(frozenset({typed.strip(), *numbers, *spelled}), numbers)


def _twelve(text: str) -> frozenset[str]:
    matched = _NUMBER.fullmatch("".join(text.split()).upper())
    if matched is None:
        return frozenset()
    century, day, last = matched.groups()
    centuries = (century,) if century else map(str, CENTURIES)
    return frozenset(f"{one}{day}{last}" for one in centuries)
