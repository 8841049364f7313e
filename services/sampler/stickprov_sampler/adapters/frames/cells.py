"""Expressions over the cells of a loaded file, which are text."""


def filled(place: int | None) -> str:
    """Return the expression for a cell's text, trimmed; empty where there is none, NULL without a column."""
    return "NULL::VARCHAR" if place is None else f"coalesce(trimmed(c{place}), '')"


def value(place: int) -> str:
    """Return the expression for a cell's text, trimmed; NULL where there is none."""
    return f"nullif(trimmed(c{place}), '')"
