"""The one statement that a plan comes down to: run by us on the frame file, and shown to whoever wants to repeat it."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from stickprov_kernel.database.queries import load_queries
from stickprov_sampler.adapters.duck import fill, text_literal
from stickprov_sampler.domain.draw.plan import Plan
from stickprov_sampler.domain.draw.survey import BETWEEN, MONTH, STRATUM, WHOLE_FRAME, beside_month
from stickprov_sampler.domain.draw.ticket import start_of

SQL = load_queries(__package__, "sampling.sql")

_ABOVE_ALL: Final = "g"
"""Sorts after every ticket, which is made of hex digits."""
NO_SUBUNIT_IDS: Final = "NULL::VARCHAR[]"
"""For frame files that know how many subunits a unit has, and not which."""
_PARAMETER: Final = re.compile(r"\$([a-z_]+)")
_ZERO: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with ``$named`` parameters, and their values."""

    sql: str
    arguments: Mapping[str, object]


def statement_of(
    plan: Plan, frame: str, seed: str, *, subunit_ids: str = NO_SUBUNIT_IDS, bounded: bool = True
) -> Statement:
    """Return the statement that draws what a plan wants.

    Args:
        plan: the plan; its ``further`` cases come after those it wants.
        frame: path of the frame file.
        seed: of the tickets.
        subunit_ids: the expression of the list of a unit's subunits.
        bounded: whether to sort only tickets that are small enough, where that may be done.
    """
    columns = {"stratum": stratum_of(plan.stratified_by), "subunit_ids": subunit_ids}
    order = "ticket < $shift, ticket" if plan.shift else "ticket"
    arguments: dict[str, object] = {"frame": frame, "seed": seed}
    n = plan.taken(WHOLE_FRAME)
    if plan.design == "systematic" and plan.interval and plan.sort_key:
        start = plan.start or start_of(seed, plan.interval)
        sql = fill(SQL["systematic"], **columns, key=column(plan.sort_key))
        return Statement(sql, arguments | {"start": start, "interval": plan.interval, "n": n})
    if plan.design == "pps" and plan.shared and plan.size_column:
        sql = fill(SQL["pps"], **columns, amount=amount_of(plan.size_column))
        shared = plan.shared
        certain = None if shared.certain_from is None else str(shared.certain_from)
        further = {"m": shared.n, "total": str(shared.total), "certain_from": certain, "zero": plan.shift or _ZERO}
        return Statement(sql, arguments | further | {"n": n})
    if plan.shift:
        arguments["shift"] = plan.shift
    if not plan.stratified_by:
        return Statement(fill(SQL["simple"], **columns, order=order), arguments | {"n": n})
    counts = {part: plan.taken(part) for part in plan.sizes if plan.taken(part)}
    bounds = [
        _bound(count, plan.sizes[part]) if bounded and not plan.shift else _ABOVE_ALL for part, count in counts.items()
    ]
    arguments |= {"parts": list(counts), "counts": list(counts.values()), "bounds": bounds}
    sql = fill(SQL["stratified"], **columns, part=part_expression(plan.stratified_by), order=order)
    return Statement(sql, arguments)


def written_out(statement: Statement) -> str:
    """Return a statement with its values in their places, to be run as it is."""
    return _PARAMETER.sub(lambda found: _literal(statement.arguments[found[1]]), statement.sql)


def column(name: str) -> str:
    """Return a column's name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def stratum_of(stratified_by: Sequence[str]) -> str:
    """Return the expression of a draw's stratum: the frame's, unless the draw is stratified by other columns."""
    columns = beside_month(stratified_by) or [STRATUM]
    texts = [f"coalesce({column(name)}::VARCHAR, '')" for name in columns]
    return f" || {text_literal(BETWEEN)} || ".join(texts) if columns != [STRATUM] else STRATUM


def part_expression(stratified_by: Sequence[str]) -> str:
    """Return the expression of the part that a unit belongs to; the same name as ``part_of`` gives."""
    texts = [MONTH] if MONTH in stratified_by else []
    if beside_month(stratified_by):
        texts.append(stratum_of(stratified_by))
    return f" || {text_literal(BETWEEN)} || ".join(texts)


def amount_of(name: str) -> str:
    """Return the expression of a unit's size: a number, also as text and with a decimal comma."""
    return f"try_cast(replace(replace({column(name)}::VARCHAR, ' ', ''), ',', '.') AS DECIMAL(28, 6))"


def _bound(n: int, size: int) -> str:
    """Return a ticket that n of a part's tickets are below, with the odds of eight standard deviations."""
    share = (n + 8 * math.sqrt(n) + 16) / size if size else 1
    return f"{int(share * 2**64):016x}" if share < 1 else _ABOVE_ALL


def _literal(value: object) -> str:
    match value:
        case None:
            return "NULL"
        case int() | Decimal():
            return str(value)
        case list():
            return "[" + ", ".join(_literal(one) for one in value) + "]"
        case _:
            return text_literal(str(value))
