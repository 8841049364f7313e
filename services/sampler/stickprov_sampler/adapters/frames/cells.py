"""Expressions over the cells of a loaded file, which are text."""

from typing import Final

from stickprov_sampler.adapters.duck import text_literal

_NO_BREAK: Final = "\u00a0"
SPACE: Final = f" \t{_NO_BREAK}"
"""What surrounds a value without being part of it; the no-break space is that of spreadsheets."""


def define_trimmed(signs: str = SPACE) -> str:
    """Return the statement that defines ``trimmed(text)``: a text without the space around it; NULL stays NULL.

    Looking for space at the ends costs a small part of trimming, and hardly any cell has it. Only space comes before
    ``!``.

    Args:
        signs: those of ``SPACE`` that stand in the file.
    """
    spaced = ["text < '!'", *(f"suffix(text, {text_literal(sign)})" for sign in signs)]
    if _NO_BREAK in signs:
        spaced.append(f"(text >= '{_NO_BREAK}' AND text < '{chr(ord(_NO_BREAK) + 1)}')")
    return (
        "CREATE OR REPLACE TEMPORARY MACRO trimmed(text) AS "
        f"CASE WHEN {' OR '.join(spaced)} THEN trim(text, {text_literal(SPACE)}) ELSE text END"
    )


def filled(place: int | None) -> str:
    """Return the expression for a cell's text, trimmed; empty where there is none, NULL without a column."""
    return "NULL::VARCHAR" if place is None else f"coalesce(trimmed(c{place}), '')"


def value(place: int) -> str:
    """Return the expression for a cell's text, trimmed; NULL where there is none."""
    return f"nullif(trimmed(c{place}), '')"
