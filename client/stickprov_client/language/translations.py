"""Texts in both languages, from gettext catalogues that are compiled in memory.

English texts are the message ids. What must not break: every text that is shown has a Swedish translation (a test
looks for those that have none).
"""

import gettext
import io
from functools import cache
from importlib.resources import files
from typing import Final, Literal, TypeAlias

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

Language: TypeAlias = Literal["sv", "en"]

LANGUAGES: Final[tuple[Language, ...]] = ("sv", "en")


@cache
def texts(language: Language) -> gettext.NullTranslations:
    """Return the catalogue of a language; English needs none."""
    if language == "en":
        return gettext.NullTranslations()
    catalogue = files(__package__).joinpath(f"{language}.po")
    with catalogue.open("rb") as file:
        template = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, template)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def language_named(text: str | None) -> Language | None:
    """Read a language from ``sv``, ``en``, ``sv_SE.UTF-8`` or ``en-GB``; None for any other."""
    short = (text or "").replace("-", "_").split("_")[0].split(".")[0].lower()
    return next((language for language in LANGUAGES if language == short), None)


def marked(message: str) -> str:
    """Mark a text for translation where it stands; it is translated where it is shown."""
    return message
