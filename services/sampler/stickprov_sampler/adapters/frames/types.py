"""Which type all values of a column have, found in one pass over the file, and seldom more."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import duckdb

from stickprov_sampler.adapters.duck import fill
from stickprov_sampler.adapters.frames.cells import value
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

    A sample rules out most types. Of those that are left, each pass over the file tries the next one of every column
    that has no type yet; a column of text is not looked at again.
    """
    sampled = _asked(connection, statement, _SAMPLE, dict.fromkeys(range(columns), tuple(_TESTS)))
    found: list[ColumnType] = ["text"] * columns
    left = {place: kinds for place, (_, kinds) in enumerate(sampled) if kinds}
    while left:
        tried = {place: kinds[:1] for place, kinds in left.items()}
        for place, (count, fitting) in zip(tried, _asked(connection, statement, "raw", tried), strict=True):
            if fitting:
                found[place] = fitting[0] if count else "empty"
            left[place] = () if fitting else left[place][1:]
        left = {place: kinds for place, kinds in left.items() if kinds}
    return found


def fits(kind: ColumnType, text: str) -> str:
    """Return the expression that tells whether a value is of a type."""
    return _TESTS[kind].replace("{v}", text)


def _asked(
    connection: duckdb.DuckDBPyConnection, statement: str, rows: str, tests: Mapping[int, Sequence[ColumnType]]
) -> list[tuple[int, tuple[ColumnType, ...]]]:
    """Return how many values each column has, and which of the types they all fit."""
    asked = [
        ", ".join([f"count(v{place})", *(f"coalesce(bool_and({fits(kind, f'v{place}')}), true)" for kind in kinds)])
        for place, kinds in tests.items()
    ]
    values = [f"{value(place)} AS v{place}" for place in tests]
    row: tuple[Any, ...] | None = connection.execute(
        fill(statement, tests=", ".join(asked), values=", ".join(values), rows=rows)
    ).fetchone()
    answers = iter(row or ())
    return [(next(answers), tuple(kind for kind in kinds if next(answers))) for kinds in tests.values()]
