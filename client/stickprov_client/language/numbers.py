"""Numbers as people read them: ``20,4 %`` and ``1 353`` in Swedish (no-break spaces), ``20.4%`` and ``1,353`` else."""

from decimal import Decimal

from babel.numbers import format_decimal, format_percent

from stickprov_client.language.translations import Language, texts
from stickprov_contracts.http.statistics import Interval, Share

NOTHING = "–"
"""Stands where there is no number to show."""

_PERCENT = {"sv": "#,##0.0\N{NO-BREAK SPACE}%", "en": "#,##0.0%"}


def whole(number: float | Decimal | None, language: Language) -> str:
    """Write a number without decimals, rounded half to even."""
    return NOTHING if number is None else format_decimal(number, format="#,##0", locale=language)


def one_decimal(number: float | Decimal | None, language: Language) -> str:
    """Write a number with at most one decimal."""
    return NOTHING if number is None else format_decimal(number, format="#,##0.#", locale=language)


def exact(number: float | Decimal, language: Language) -> str:
    """Write a number with the decimals it has."""
    return format_decimal(number, format="#,##0.#", locale=language, decimal_quantization=False)


def two_decimals(number: float | Decimal | None, language: Language) -> str:
    """Write a number with two decimals, such as ``0,77``."""
    return NOTHING if number is None else format_decimal(number, format="#,##0.00", locale=language)


def percent(share: float | Decimal | None, language: Language) -> str:
    """Write a share between 0 and 1 as a percentage with one decimal."""
    return NOTHING if share is None else format_percent(share, format=_PERCENT[language], locale=language)


def round_percent(share: float, language: Language) -> str:
    """Write a share as a percentage without decimals that are zero, such as ``95 %`` and ``97,5 %``."""
    pattern = _PERCENT[language].replace("0.0", "0.#")
    return format_percent(share, format=pattern, locale=language)


def precise_percent(share: float | Decimal, language: Language, *, decimals: int = 4) -> str:
    """Write a share as a percentage with the decimals it has, at most so many: ``5 %``, ``7,48 %``."""
    pattern = _PERCENT[language].replace("0.0", "0." + "#" * decimals)
    return format_percent(share, format=pattern, locale=language)


def percent_points(share: float, language: Language) -> str:
    """Write a difference of shares in points of percent, such as ``25,5 procentenheter``."""
    number = one_decimal(100 * share, language)
    return texts(language).gettext("{number} percentage points").format(number=number)


def ratio(share: Share, language: Language) -> str:
    """Write what a share is made of, such as ``104/509``."""
    return f"{whole(share.numerator, language)}/{whole(share.denominator, language)}"


def units(interval: Interval | None, language: Language) -> str:
    """Write an interval's limits in units, such as ``331–657``; those of an approximate one rounded to whole units."""
    if interval is None:
        return NOTHING
    return f"{whole(interval.lower, language)}–{whole(interval.upper, language)}"


def shares(interval: Interval | None, language: Language) -> str:
    """Write an interval's limits as percentages, such as ``12,4–24,7 %``."""
    if interval is None:
        return NOTHING
    lower = format_decimal(interval.lower_share * 100, format="#,##0.0", locale=language)
    return f"{lower}–{percent(interval.upper_share, language)}"
