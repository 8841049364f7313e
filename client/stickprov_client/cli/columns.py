"""Columns that are never cut or folded: what is in them is meant to be copied."""

from collections.abc import Sequence

from rich.markup import escape

from stickprov_client.cli.console import stdout


def print_columns(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a heading in bold and a line for each row; a terminal that is too narrow wraps the lines itself."""
    widths = [max(len(row[place]) for row in (headings, *rows)) for place in range(len(headings))]
    for number, row in enumerate((headings, *rows)):
        line = "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        stdout().print(f"[bold]{escape(line)}[/]" if number == 0 else escape(line), soft_wrap=True)
