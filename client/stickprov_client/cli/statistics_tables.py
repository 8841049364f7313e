"""Statistics as tables in a terminal. Every percentage stands beside its numerator and denominator."""

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from stickprov_client.cli.console import stdout
from stickprov_client.cli.statistics_parts import parts_of, verdict_lines
from stickprov_client.language.intervals import assumption_texts, convention, method_name, why_no_interval
from stickprov_client.language.numbers import NOTHING, percent, ratio, round_percent, shares, units, whole
from stickprov_client.language.periods import month_name, range_name, short_month_name
from stickprov_client.language.translations import Language, texts
from stickprov_client.language.wording import category_text, interval_sentence, summary
from stickprov_contracts.http.statistics import Counts, Statistics


def print_statistics(statistics: Statistics, language: Language) -> None:
    """Print the whole of it to stdout."""
    stdout().print(statistics_view(statistics, language))


def statistics_view(statistics: Statistics, language: Language) -> RenderableType:
    """Return everything, from heading, months and summary to the positions that it knows of."""
    say = texts(language).gettext
    period = range_name(statistics.start, statistics.end, language)
    parts: list[RenderableType] = [
        Text(f"{statistics.control_point} · {statistics.measure}", style="bold"),
        Text(" · ".join(part for part in (period, statistics.area, statistics.board) if part)),
        "",
        _months(statistics, language),
        _legend(statistics, language),
        "",
        _summary(statistics, language),
    ]
    if judged := verdict_lines(statistics, language):
        parts += ["", *judged]
    if statistics.interval is not None:
        sentences = [convention(statistics.interval, language), *assumption_texts(statistics.interval, language)]
        parts += ["", *(Text(sentence, style="dim") for sentence in sentences)]
    elif statistics.no_interval is not None:
        parts += ["", Text(why_no_interval(statistics.no_interval, language), style="dim")]
    if statistics.categories:
        parts += ["", _categories(statistics, language)]
    parts += parts_of(statistics, language)
    positions = ", ".join(f"{source} {whole(at.position, language)}" for source, at in statistics.as_of.items())
    parts += ["", Text(f"{say('As of log positions')}: {positions or NOTHING}", style="dim")]
    return Group(*parts)


def _months(statistics: Statistics, language: Language) -> Table:
    """Fits 80 columns: the single letters are those of the standard form, and the legend says them in words."""
    say = texts(language).gettext
    table = Table(box=None, header_style="bold", pad_edge=False, collapse_padding=True, padding=(0, 1))
    table.add_column(say("Month"), no_wrap=True)
    for heading in ("N", "n", say("Reviewed"), "x", say("Share"), "", say("Interval"), ""):
        table.add_column(heading, justify="right", no_wrap=True)
    for month in statistics.months:
        limits = (units(month.interval, language), shares(month.interval, language))
        table.add_row(month_name(month.month, language), *_counts(month, language), *limits)
    table.add_section()
    # The combined interval stands in the summary, beside its name: it is another kind than the months'.
    table.add_row(say("Together"), *_counts(statistics.total, language), "", "", style="bold")
    return table


def _counts(counts: Counts, language: Language) -> list[str]:
    numbers = (counts.size, counts.drawn, counts.reviewed, counts.remarks)
    share = counts.remark_share
    return [*(whole(number, language) for number in numbers), percent(share.value, language), ratio(share, language)]


def _legend(statistics: Statistics, language: Language) -> Text:
    legend = texts(language).gettext("N: size of the frame. n: drawn. x: with a remark.")
    interval = next((month.interval for month in statistics.months if month.interval), None)
    if interval is not None:
        level = round_percent(interval.confidence, language)
        named = texts(language).gettext("Interval: {level}, {method}; units, and share.")
        legend += " " + named.format(level=level, method=method_name(interval, language))
    return Text(legend, style="dim")


def _summary(statistics: Statistics, language: Language) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value, made_of in summary(statistics, language):
        table.add_row(name, value, made_of)
    if statistics.interval is not None:
        name = texts(language).gettext("With a remark in all frames")
        level = round_percent(statistics.interval.confidence, language)
        sentence = escape(interval_sentence(statistics, language))
        limits = shares(statistics.interval, language)
        table.add_row(name, "", f"{sentence} ({limits}; {level}, {method_name(statistics.interval, language)})")
    return table


def _categories(statistics: Statistics, language: Language) -> Table:
    say = texts(language).gettext
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 1))
    table.add_column(say("Category"), overflow="fold")
    for month in statistics.months:
        table.add_column(short_month_name(month.month, language), justify="right", no_wrap=True)
    for heading in (say("Together"), say("Share of reviewed")):
        table.add_column(heading, justify="right", no_wrap=True)
    for category in statistics.categories:
        by_month = [whole(category.by_month.get(month.month, 0), language) for month in statistics.months]
        table.add_row(
            escape(category_text(category, language)),
            *by_month,
            whole(category.share.numerator, language),
            f"{percent(category.share.value, language)}  {ratio(category.share, language)}",
        )
    return table
