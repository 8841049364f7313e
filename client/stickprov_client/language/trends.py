"""Trends and differences in words: never more is said than the interval tells."""

from typing import Final

from babel.dates import get_month_names
from babel.numbers import format_decimal

from stickprov_client.language.numbers import NOTHING, round_percent
from stickprov_client.language.periods import month_name, range_name, range_of
from stickprov_client.language.translations import Language, marked, texts
from stickprov_contracts.http.trends import Difference, TrendStep

STEPS: Final[dict[TrendStep, str]] = {
    "month": marked("Month"),
    "quarter": marked("Quarter"),
    "tertial": marked("Tertial"),
    "half-year": marked("Half-year"),
    "year": marked("Year"),
}

TOLD: Final = {
    "higher": marked("higher"),
    "lower": marked("lower"),
    "cannot-be-told": marked("no certain difference"),
}
SIGNS: Final = {"higher": "↑", "lower": "↓", "cannot-be-told": "?"}
_POINTS: Final = "+#,##0.0;\N{MINUS SIGN}#,##0.0"

_PARTS: Final = {
    "Q": marked("quarter {number} {year}"),
    "T": marked("tertial {number} {year}"),
    "H": marked("half-year {number} {year}"),
}
TOLD_IN_FULL: Final = {
    "higher": marked("The share has risen: the difference is {difference}, and its whole interval lies above zero."),
    "lower": marked("The share has fallen: the difference is {difference}, and its whole interval lies below zero."),
    "cannot-be-told": marked("Whether the share has changed cannot be told: the difference is {difference}."),
}


def step_name(step: TrendStep, language: Language) -> str:
    """Return what a step of a trend is called."""
    return texts(language).gettext(STEPS[step])


def difference_word(difference: Difference, language: Language) -> str:
    """Return ``higher``, ``lower`` or that it cannot be told."""
    return texts(language).gettext(TOLD[difference.told])


def difference_sign(difference: Difference) -> str:
    """Return the sign beside the word, so that neither colour nor reading is needed."""
    return SIGNS[difference.told]


def _points(share: float, language: Language) -> str:
    return format_decimal(100 * share, format=_POINTS, locale=language)


def difference_points(difference: Difference, language: Language) -> str:
    """Write a difference in percentage points with its interval, such as ``+5,4 (−1,2 till +12,0)``."""
    if difference.estimate is None:
        return NOTHING
    text = _points(difference.estimate, language)
    if difference.lower is None or difference.upper is None:
        return text
    joined = texts(language).gettext("{lower} to {upper}")
    limits = joined.format(lower=_points(difference.lower, language), upper=_points(difference.upper, language))
    return f"{text} ({limits})"


def difference_sentence(difference: Difference, language: Language) -> str:
    """Say a difference in a sentence that claims no more than its interval."""
    say = texts(language).gettext
    if difference.estimate is None:
        return say("The periods cannot be compared: one of them has no interval.")
    unit = say("{points} percentage points; {confidence}, approximate (MOVER)").format(
        points=difference_points(difference, language), confidence=round_percent(difference.confidence, language)
    )
    return say(TOLD_IN_FULL[difference.told]).format(difference=unit)


def period_label(label: str, language: Language) -> str:
    """Write a trend's label as people say it: ``kvartal 1 2021``, ``tertial 1 2021``, ``mars 2021``."""
    year, _, part = label.partition("-")
    say = texts(language).gettext
    if part[:1] in _PARTS and part[1:].isdigit():
        return say(_PARTS[part[0]]).format(number=part[1:], year=year)
    if len(part) == len("01") and part.isdigit():
        return month_name(label, language)
    try:
        days = range_of(label)
    except ValueError:
        return label
    return range_name(days.start, days.end, language)


def initial_of_month(month: str, language: Language) -> str:
    """Write ``2021-03`` as ``M``, for where there is room for no more."""
    name: str = get_month_names("narrow", context="stand-alone", locale=language)[int(month[5:7])]
    return name
