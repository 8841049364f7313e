"""Register measures as tables in a terminal: numerator and denominator stand beside every share."""

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table
from rich.text import Text

from stickprov_client.cli.console import stdout
from stickprov_client.cli.facts import facts_table
from stickprov_client.language.measures import goal_text, made_of, part_rows
from stickprov_client.language.numbers import NOTHING, percent, whole
from stickprov_client.language.translations import Language, texts
from stickprov_contracts.http.measures import Measure
from stickprov_contracts.http.register import RegisterMeasure


def print_measure(measure: Measure, language: Language) -> None:
    """Print a measure: what was counted in what, and what came out by month, unit and category."""
    say = texts(language).gettext
    share = measure.numerator / measure.denominator if measure.denominator and measure.kind != "sum" else None
    stdout().print(
        facts_table(
            [
                (say("Measure"), str(measure.measure)),
                (say("Title"), measure.title),
                (say("Frame"), f"{measure.frame_name} ({measure.frame_hash})"),
                (say("Rule"), measure.rule or NOTHING),
                *([(say("Among"), measure.among)] if measure.among else []),
                *([(say("Goal"), goal_text(measure.goal, language))] if measure.goal else []),
                (say("Counted"), made_of(measure.numerator, measure.denominator, language)),
                *([(say("Share"), percent(share, language))] if share is not None else []),
                (say("Log position"), whole(measure.position, language)),
            ]
        )
    )
    table = _table([say("Month"), say("Unit"), say("Category")], [say("Counted")])
    for cell in measure.cells:
        counted = made_of(cell.numerator, cell.denominator, language)
        table.add_row(cell.month, escape(cell.unit) or NOTHING, escape(cell.category) or NOTHING, counted)
    stdout().print(table)


def print_measures(measures: Sequence[Measure], language: Language) -> None:
    """Print a list of measures, one a line."""
    say = texts(language).gettext
    table = _table([say("Measure"), say("Title"), say("Frame")], [say("Counted")])
    for measure in measures:
        counted = made_of(measure.numerator, measure.denominator, language)
        table.add_row(str(measure.measure), escape(measure.title), escape(measure.frame_name), counted)
    stdout().print(table)


def print_register(measures: Sequence[RegisterMeasure], language: Language) -> None:
    """Print what rules have counted over a control point's frames, each beside its goal."""
    say = texts(language).gettext
    for measure in measures:
        stdout().print()
        goal = f" ({say('Goal')}: {goal_text(measure.goal, language)})" if measure.goal else ""
        stdout().print(Text(f"{measure.title} · {measure.period.label}{goal}", style="bold"))
        table = _table([""], [say("Counted"), say("Share"), ""])
        for row in part_rows(measure, language):
            table.add_row(*(escape(text) for text in row))
        stdout().print(table)
    if measures:
        note = say("Counted by a rule over every unit of the frame: exact, so without an interval.")
        stdout().print(Text(note, style="dim"))


def _table(texts_: Sequence[str], numbers: Sequence[str]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 1))
    for name in texts_:
        table.add_column(name, overflow="fold")
    for name in numbers:
        table.add_column(name, justify="right", no_wrap=True)
    return table
