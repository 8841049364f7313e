"""Expressions over the cells of a loaded file, which are text."""

from typing import Final

from stickprov_sampler.adapters.duck import text_literal

_NO_BREAK: Final = "\u00a0"
SPACE: Final = f" \t{_NO_BREAK}"
"""What surrounds a value without being part of it; the no-break space is that of spreadsheets."""


def trimmed(text: str) -> str:
    """Return the expression for a text without the space around it; an empty one stays empty, NULL stays NULL.

    Looking for space at the ends costs a quarter of trimming, and hardly any cell has it. Only space comes before
    ``!``.
    """
    spaced = [
        f"{text} < '!'",
        f"({text} >= '{_NO_BREAK}' AND {text} < '{chr(ord(_NO_BREAK) + 1)}')",
        *(f"suffix({text}, {text_literal(sign)})" for sign in SPACE),
    ]
    return f"CASE WHEN {' OR '.join(spaced)} THEN trim({text}, {text_literal(SPACE)}) ELSE {text} END"


def filled(place: int | None) -> str:
    """Return the expression for a cell's text, trimmed; empty where there is none, NULL without a column."""
    return "NULL::VARCHAR" if place is None else f"coalesce({trimmed(f'c{place}')}, '')"


def value(place: int) -> str:
    """Return the expression for a cell's text, trimmed; NULL where there is none."""
    return f"nullif({trimmed(f'c{place}')}, '')"
