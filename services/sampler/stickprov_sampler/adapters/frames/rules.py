"""The rules of a register's values that more than one statement asks."""

from typing import Final

from stickprov_kernel.database.queries import load_queries

RULE: Final = load_queries(__package__, "personal_number.sql")["rule"]
"""The parts of a WITH that judge personal numbers."""

ROUNDED: Final = r"[+-]?\d+([.,]\d+)?[eE][+-]\d+|[+-]?\d+[.,]\d+[eE]\d+|[+-]?\d+[.,]0+"
"""What a spreadsheet makes of a long number: 1,98E+11 or 198001011234.0"""

PROTECTED: Final = (
    *("j", "ja", "y", "yes", "true", "sant", "1", "x", "protected", "skyddad", "skyddade"),
    *("sekretess", "sekretessmarkering", "sekretessmarkerad", "sekretessmarkerade personuppgifter"),
    *("skyddad folkbokföring", "skyddad identitet", "skyddade personuppgifter", "kvarskrivning", "kvarskriven"),
    *("fingerade uppgifter", "fingerade personuppgifter", "fingerad identitet"),
)
"""What registers write of a person whose identity is protected, in small letters."""

NOT_PROTECTED: Final = ("", "n", "nej", "no", "false", "falskt", "0", "-", "ingen", "inget", "saknas", "not protected")
"""What they write of anybody else."""

SHOWN_PROBLEMS: Final = 100
