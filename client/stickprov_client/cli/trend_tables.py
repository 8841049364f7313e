"""Trends and differences in a terminal; higher or lower is said only where the interval tells it."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from stickprov_client.cli.console import stdout
from stickprov_client.language.intervals import convention, verdict_sign, verdict_word, why_no_interval
from stickprov_client.language.numbers import NOTHING, percent, ratio, shares, whole
from stickprov_client.language.translations import Language, texts
from stickprov_client.language.trends import (
    difference_points,
    difference_sentence,
    difference_sign,
    difference_word,
    period_label,
)
from stickprov_contracts.http.trends import PeriodDifference, PeriodShare, Trend


def print_trend(trend: Trend, language: Language) -> None:
    """Print the periods, each with its difference from the one before."""
    stdout().print(trend_view(trend, language))


def print_difference(found: PeriodDifference, language: Language) -> None:
    """Print both periods and what may be said of their difference."""
    stdout().print(difference_view(found, language))


def trend_view(trend: Trend, language: Language) -> RenderableType:
    """Return a table of the periods, what its intervals promise, and how differences are told."""
    say = texts(language).gettext
    table = Table(box=None, header_style="bold", pad_edge=False, collapse_padding=True, padding=(0, 1))
    table.add_column(say("Period"), no_wrap=True)
    for heading in ("N", say("Reviewed"), "x", say("Share"), "", say("Interval")):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column(say("Tolerance"), overflow="fold")
    table.add_column(say("Since the period before"), overflow="fold")
    for one in trend.periods:
        table.add_row(*_period(one, language), _verdict(one, language), _moved(one, language))
    notes: dict[str, str] = {
        one.interval.method: convention(one.interval, language) for one in trend.periods if one.interval
    }
    notes |= {one.no_interval: why_no_interval(one.no_interval, language) for one in trend.periods if one.no_interval}
    told = say(
        "Higher or lower is said only when the whole interval of the difference lies on one side of zero (MOVER, "
        "approximate). Overlapping intervals alone tell nothing of a change."
    )
    return Group(
        Text(trend.control_point, style="bold"),
        "",
        table,
        "",
        *(Text(note, style="dim") for note in (*notes.values(), told)),
    )


def difference_view(found: PeriodDifference, language: Language) -> RenderableType:
    """Return both periods below each other, and a sentence."""
    table = Table(box=None, show_header=False, pad_edge=False, collapse_padding=True, padding=(0, 1))
    table.add_column(no_wrap=True)
    for _place in range(6):
        table.add_column(justify="right", no_wrap=True)
    for one in (found.period, found.against):
        table.add_row(*_period(one, language))
    return Group(
        Text(found.control_point, style="bold"), "", table, "", Text(difference_sentence(found.difference, language))
    )


def _period(one: PeriodShare, language: Language) -> list[str]:
    counts = [whole(number, language) for number in (one.counts.size, one.counts.reviewed, one.counts.remarks)]
    return [
        period_label(one.label, language),
        *counts,
        percent(one.pooled.value, language),
        ratio(one.pooled, language),
        shares(one.interval, language),
    ]


def _verdict(one: PeriodShare, language: Language) -> str:
    return f"{verdict_sign(one.verdict)} {verdict_word(one.verdict, language)}" if one.verdict else NOTHING


def _moved(one: PeriodShare, language: Language) -> str:
    if one.difference is None:
        return NOTHING
    word = f"{difference_sign(one.difference)} {difference_word(one.difference, language)}"
    return f"{word} {difference_points(one.difference, language)}"
