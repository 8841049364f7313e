"""Which type all values of a column have, found in one pass over the file."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import duckdb

from stickprov_sampler.adapters.duck import fill, text_literal
from stickprov_sampler.adapters.frames.layout import SPACE
from stickprov_sampler.domain.filter.checking import ColumnType

_NUMBER: Final = r"[+-]?(0|[1-9]\d{0,17})"
_TESTS: Final[Mapping[ColumnType, str]] = {
    # A number with leading zeros is text: as a number it would lose them. So is one that no number type holds.
    "integer": rf"regexp_full_match({{v}}, '{_NUMBER}')",
    "decimal": rf"regexp_full_match({{v}}, '{_NUMBER}([.,]\d{{1,9}})?')",
    "date": r"regexp_full_match({v}, '\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?') "
    "AND ({v} IS NULL OR try_cast(left({v}, 10) AS DATE) IS NOT NULL)",
    "boolean": "lower({v}) IN ('ja', 'nej', 'sant', 'falskt', 'yes', 'no', 'true', 'false')",
}
_SAMPLE: Final = "(SELECT * FROM raw LIMIT 2000)"


def types_of(connection: duckdb.DuckDBPyConnection, statement: str, columns: int) -> list[ColumnType]:
    """Return each column's type: the first of the list above that every value fits, ``text`` for none.

    A sample rules out most types before the whole file is looked at.
    """
    every: list[Sequence[ColumnType]] = [tuple(_TESTS)] * columns
    possible = [kinds for _, kinds in _asked(connection, statement, _SAMPLE, every)]
    answered = _asked(connection, statement, "raw", possible)
    return ["empty" if not count else (kinds[0] if kinds else "text") for count, kinds in answered]


def fits(kind: ColumnType, value: str) -> str:
    """Return the expression that tells whether a value is of a type."""
    return _TESTS[kind].replace("{v}", value)


def _asked(
    connection: duckdb.DuckDBPyConnection, statement: str, rows: str, possible: Sequence[Sequence[ColumnType]]
) -> list[tuple[int, list[ColumnType]]]:
    tests = [
        ", ".join([f"count(v{place})", *(f"coalesce(bool_and({fits(kind, f'v{place}')}), true)" for kind in kinds)])
        for place, kinds in enumerate(possible)
    ]
    values = [f"nullif(trim(c{place}, {text_literal(SPACE)}), '') AS v{place}" for place in range(len(possible))]
    row: tuple[Any, ...] | None = connection.execute(
        fill(statement, tests=", ".join(tests), values=", ".join(values), rows=rows)
    ).fetchone()
    answers = iter(row or ())
    return [(next(answers), [kind for kind in kinds if next(answers)]) for kinds in possible]
