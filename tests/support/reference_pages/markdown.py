"""Tables and anchors of Markdown, as code hosts show them."""

import re
from collections.abc import Iterable, Sequence


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; cells may hold any text of one line."""
    lines = [tuple(header), tuple("---" for _ in header), *(tuple(map(cell, row)) for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def cell(text: str) -> str:
    """Return a text as it can stand in a table: one line, its bars not taken for borders."""
    return re.sub(r"(?<!\\)\|", r"\\|", " ".join(text.split()))


def anchor(heading: str) -> str:
    """Return the address of a heading within its page: lower case, no punctuation, hyphens for spaces."""
    plain = re.sub(r"[`*]|\]\([^)]*\)|\[", "", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def prose(docstring: str | None) -> str:
    """Return what a docstring says before its sections, one line a paragraph."""
    said = re.split(r"\n\s*(?:Attributes|Args|Raises|Returns):\s*\n", docstring or "", maxsplit=1)[0]
    paragraphs = (" ".join(part.split()) for part in said.split("\n\n"))
    return "\n\n".join(part.replace("``", "`") for part in paragraphs if part)
