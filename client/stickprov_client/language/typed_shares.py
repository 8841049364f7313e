"""Shares as people type them: ``5%``, ``5 %``, ``0,05`` and ``0.05`` are the same."""

import re
from decimal import Decimal
from typing import Final

_FORM: Final = re.compile(r"(?P<number>\d{1,3}(?:[.,]\d{1,6})?)\s*(?P<percent>%)?")


def share_of(text: str) -> Decimal:
    """Read a share between 0 and 1, exactly.

    Raises:
        ValueError: it is none, or more than the whole, as 5 without ``%`` is; the message says what would do.
    """
    parts = _FORM.fullmatch(text.replace("\N{NO-BREAK SPACE}", " ").strip())
    if parts is None:
        raise ValueError(f"“{text}” is no share; write it as 5% or 0.05.")
    number = Decimal(parts["number"].replace(",", "."))
    share = number / 100 if parts["percent"] else number
    if share > 1:
        raise ValueError(f"“{text}” is more than the whole; write it as 5% or 0.05.")
    return share
