"""Texts in files for spreadsheets: none is run as a formula, and each can be read back as it was.

A spreadsheet runs what begins with one of these signs, in some with blanks before it (CWE-1236). A quote before the
text stops it. Texts that begin with quotes and such a sign get one more, so that taking one away is always right.
"""

import re
from typing import Final

_RUN: Final = re.compile("'*[ \N{NO-BREAK SPACE}]*[\t\r\n=+\\-@＝＋－＠]")


def guarded(text: str) -> str:
    """Return a text as a cell of CSV, which no spreadsheet runs."""
    return f"'{text}" if _RUN.match(text) else text


def unguarded(cell: str) -> str:
    """Return the text that a cell stands for: a quote that only guards is taken away."""
    return cell[1:] if cell.startswith("'") and _RUN.match(cell, 1) else cell


def as_text_cell(text: str) -> str:
    """Return a text as a cell of XLSX that is a text by its kind, so that ``unguarded`` gives it back."""
    return f"'{text}" if text.startswith("'") and _RUN.match(text) else text
