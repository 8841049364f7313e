"""Which type all values of a column have, found in one pass over the file, and seldom more."""

from collections.abc import Iterator, Mapping
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
_PLAIN: Final[Mapping[ColumnType, str]] = {
    "integer": "try_cast({c} AS BIGINT)::VARCHAR = {c} AND strlen({c}) <= 18",
    "date": "try_cast({c} AS DATE)::VARCHAR = {c} AND strlen({c}) = 10",
}
"""What nearly all values of a type look like, and what is cheaper to find out than the test itself."""
_SAMPLE: Final = 2000
"""Rows."""


def types_of(connection: duckdb.DuckDBPyConnection, statement: str, columns: int) -> list[ColumnType]:
    """Return each column's type: the first of the list above that every value fits, ``text`` for none.

    A sample rules out most types. Of those that are left, each pass over the file tries the next one of every column
    that has no type yet; a column of text is not looked at again.
    """

    def asked(rows: str, *tests: str) -> Iterator[bool]:
        row: tuple[Any, ...] | None = connection.execute(fill(statement, tests=", ".join(tests), rows=rows)).fetchone()
        return iter(row or ())

    cells = ", ".join(f"{value(place)} AS c{place}" for place in range(columns))
    sample = f"(SELECT {cells} FROM (FROM raw LIMIT {_SAMPLE}))"
    values = asked(sample, *(f"count(c{place}) > 0" for place in range(columns)))
    filled = {place for place in range(columns) if next(values)}
    fitting = asked(sample, *(_all(fits(kind, f"c{place}")) for place in range(columns) for kind in _TESTS))
    left = {place: [kind for kind in _TESTS if next(fitting)] for place in range(columns)}
    found: list[ColumnType] = ["text"] * columns
    while left := {place: kinds for place, kinds in left.items() if kinds}:
        tests = [_all(_fits(kinds[0], place)) for place, kinds in left.items()]
        more = [place for place in left if place not in filled]
        answers = asked("raw", *tests, *(f"count({value(place)}) > 0" for place in more))
        tried = {place: kinds.pop(0) for place, kinds in left.items()}
        for place, kind in tried.items():
            if next(answers):
                found[place], left[place] = kind, []
        for place in more:
            if not next(answers):
                found[place] = "empty"
    return found


def fits(kind: ColumnType, text: str) -> str:
    """Return the expression that tells whether a value is of a type."""
    return _TESTS[kind].replace("{v}", text)


def _fits(kind: ColumnType, place: int) -> str:
    slow = fits(kind, value(place))
    return f"CASE WHEN {_PLAIN[kind].replace('{c}', f'c{place}')} THEN true ELSE {slow} END" if kind in _PLAIN else slow


def _all(condition: str) -> str:
    return f"coalesce(bool_and({condition}), true)"
