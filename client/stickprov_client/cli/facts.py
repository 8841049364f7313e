"""A thing's facts, one a line: its name in bold, then its value."""

from collections.abc import Iterable

from rich.markup import escape
from rich.table import Table


def facts_table(facts: Iterable[tuple[str, str]]) -> Table:
    """Return a table without lines; values are folded, never cut."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in facts:
        table.add_row(escape(name), escape(value))
    return table
