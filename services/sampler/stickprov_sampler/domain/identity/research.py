"""Who may be kept for research: those born on day 5, 15 or 25 of a month (Riksarkivet, RA-FS 2004:1 with changes).

What must not break: the day is that of birth, so 60 is taken from the day of a samordningsnummer.
"""

from datetime import date
from typing import Final

from stickprov_sampler.domain.identity.personal_number import NotAPersonalNumberError, read_personal_number

RESEARCH_DAYS: Final = frozenset({"05", "15", "25", "65", "75", "85"})
"""The two digits of the day in a personal number, with those of samordningsnummer."""

_EVER: Final = date(2099, 12, 31)
_DAY: Final = slice(6, 8)


def is_research_day(text: str) -> bool:
    """Return whether a text is a personal number of somebody born on day 5, 15 or 25.

    The century does not matter, so a number of ten digits is read as well as one of twelve.
    """
    try:
        number = read_personal_number(text, _EVER)
    except NotAPersonalNumberError:
        return False
    return number.digits[_DAY] in RESEARCH_DAYS
