"""One SHA-256 over everything a projection holds, so that two of them are compared in one line.

What must not break: the text of a fact and the order of the facts are the same wherever they come from. Facts of one
table follow each other in the order of their keys; text is ordered by code points, as the collation "C" does.
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final, NamedTuple

from pydantic import BaseModel

from stickprov_reporting.domain.projection.fold import Folded

TABLES: Final = ("control_point", "draw_stratum", "cell", "case_row", "register_measure", "chronicle")
"""In the order in which they are digested."""


class Fact(NamedTuple):
    """One thing that a projection holds: in which table, under which key, and what."""

    table: str
    key: Any
    value: Any


class Digest:
    """Digests facts in their order."""

    def __init__(self) -> None:
        self._sha256 = sha256()

    def add(self, fact: Fact) -> None:
        """Take in the next fact."""
        text = _row_text(fact) if fact.table == "case_row" else canonical(fact)
        self._sha256.update(text.encode() + b"\n")

    def hex(self) -> str:
        """Return the digest of everything taken in so far."""
        return self._sha256.hexdigest()


def canonical(value: object) -> str:
    """Return a value as JSON without white space; what JSON does not know is its text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_plain)


def tables_of(projection: Folded) -> dict[str, dict[Any, Any]]:
    """Return a projection's facts by table and key."""
    return {
        "control_point": projection.definitions,
        "draw_stratum": projection.strata,
        "cell": projection.cells,
        "case_row": projection.rows,
        "register_measure": projection.register,
        "chronicle": projection.chronicle,
    }


def facts_of(tables: Mapping[str, Mapping[Any, Any]]) -> Iterator[Fact]:
    """Return the facts of tables in their order."""
    for table in TABLES:
        for key, value in sorted(tables[table].items()):
            yield Fact(table, key, value)


def digest_of(tables: Mapping[str, Mapping[Any, Any]]) -> str:
    """Return the digest of tables."""
    digest = Digest()
    for fact in facts_of(tables):
        digest.add(fact)
    return digest.hex()


def _row_text(fact: Fact) -> str:
    """Return what ``canonical`` does of a case's row; most rows are alike but for their case."""
    draw, point, case = fact.key
    return f'["case_row",{_place_text(draw, point)}"{case}"],{_value_text(fact.value)}]'


@lru_cache(maxsize=1024)
def _place_text(draw: object, point: str) -> str:
    return canonical([draw, point])[:-1] + ","


@lru_cache(maxsize=4096)
def _value_text(value: object) -> str:
    return canonical(value)


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump()
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)
