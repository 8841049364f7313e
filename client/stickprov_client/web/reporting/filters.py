"""How figures are written on pages: filters of the templates."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from stickprov_client.language import draws, intervals, numbers, trends
from stickprov_client.language.translations import Language


def _exact_percent(share: float | Decimal, language: Language) -> str:
    return numbers.precise_percent(share, language)


FIGURES: Final[dict[str, Callable[[Any, Language], object]]] = {
    "method_name": intervals.method_name,
    "convention": intervals.convention,
    "assumption_texts": intervals.assumption_texts,
    "why_no_interval": intervals.why_no_interval,
    "verdict_word": intervals.verdict_word,
    "verdict_explained": intervals.verdict_explained,
    "verdict_sign": lambda verdict, _language: intervals.verdict_sign(verdict),
    "verdict_tone": lambda verdict, _language: intervals.verdict_tone(verdict),
    "case_status": intervals.case_status,
    "difference_word": trends.difference_word,
    "difference_points": trends.difference_points,
    "difference_sentence": trends.difference_sentence,
    "difference_sign": lambda difference, _language: trends.difference_sign(difference),
    "step_name": trends.step_name,
    "period_label": trends.period_label,
    "design_name": draws.design_name,
    "exact_percent": _exact_percent,
    "two_decimals": numbers.two_decimals,
}
"""What each writes, in the reader's language."""
