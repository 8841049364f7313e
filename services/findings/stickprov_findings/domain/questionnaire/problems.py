"""Faults of a given outcome. A message never repeats what was typed, because that may name a person."""

from collections.abc import Iterable

from stickprov_contracts.problems import FieldProblem


def fault(field: str, code: str, message: str) -> FieldProblem:
    """Return what is wrong with a field, and what to do."""
    return FieldProblem(field=field, code=code, message=message)


def listed(ids: Iterable[str]) -> str:
    """Return ids to choose among, in the order given."""
    return ", ".join(ids)
