"""What every format settles alike: which columns hold numbers, and how wide columns are beside each other."""

from collections.abc import Sequence

from stickprov_contracts.http.reports import Cell, Table
from stickprov_reporting.domain.reports.withheld import SIGN
from stickprov_reporting.domain.reports.writing import NOTHING

_NARROWEST = 8
_WIDEST = 46
_FULL = 78
"""Letters beside each other that fill a page."""
_LEAST_PART = 0.4


def number_columns(table: Table) -> set[int]:
    """Return the columns in which nothing but numbers stands; their texts stand to the right."""
    return {place for place in range(len(table.head)) if _is_number_column([row[place] for row in table.rows])}


def widths(table: Table) -> list[int]:
    """Return the columns' widths in proportion: as told, else by their longest texts."""
    if len(table.widths) == len(table.head):
        return table.widths
    return [_width([head, *(row[place].text for row in table.rows)]) for place, head in enumerate(table.head)]


def part_of_page(table: Table) -> float:
    """Return how much of the page's width a table takes: a small one is not pulled apart."""
    return 1.0 if table.widths else max(_LEAST_PART, min(1.0, sum(widths(table)) / _FULL))


def _is_number_column(cells: Sequence[Cell]) -> bool:
    told = [cell for cell in cells if cell.text not in {"", NOTHING, SIGN}]
    shown = told or [cell for cell in cells if cell.text == SIGN]
    return bool(shown) and all(cell.unit is not None for cell in told)


def _width(texts: Sequence[str]) -> int:
    """Return the longest text's width within limits, and never less than the longest word needs."""
    word = max((len(word) for text in texts for word in text.split(" ")), default=0)
    text = max((len(text) for text in texts[1:]), default=0)
    return max(_NARROWEST, word + 2, min(_WIDEST, text))
