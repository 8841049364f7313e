"""What a verification says: the first thing that is wrong, what was checked, what was not; in Swedish or English.

What must not break: nothing is left unchecked in silence. Whatever is not recomputed, or is believed on somebody's
word, is said in a note.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from errno import EACCES, EISDIR, ENOENT, ENOTDIR
from typing import Final, Literal, NamedTuple

Spoken = Literal["sv", "en"]
Verdict = Literal["verified", "different", "pending"]


class Sentence(NamedTuple):
    """A text in both languages, with ``%(named)s`` places for values."""

    en: str
    sv: str


class Said(NamedTuple):
    """A sentence with its values, which may be sentences themselves."""

    sentence: Sentence
    values: Mapping[str, object]

    def text(self, language: Spoken) -> str:
        """Return the sentence in a language."""
        told = {name: _text(value, language) for name, value in self.values.items()}
        template = self.sentence.sv if language == "sv" else self.sentence.en
        text = template % told
        return text[:1].upper() + text[1:] if template.startswith("%(log)s") else text


class Different(Exception):  # noqa: N818 - says the situation
    """The first thing that is wrong."""

    def __init__(self, sentence: Sentence, **values: object) -> None:
        self.said = Said(sentence, values)
        super().__init__(self.said.text("en"))


@dataclass
class Report:
    """What a verification found.

    Attributes:
        checks: what held, in the order in which it was checked.
        notes: what is believed on somebody's word, and what was not recomputed.
        difference: the first thing that is wrong; nothing was checked after it.
        pending: draws whose seed is secret still.
    """

    checks: list[Said] = field(default_factory=list)
    notes: list[Said] = field(default_factory=list)
    difference: Said | None = None
    pending: int = 0

    @property
    def verdict(self) -> Verdict:
        """The verdict on the whole."""
        if self.difference is not None:
            return "different"
        return "pending" if self.pending else "verified"

    def holds(self, sentence: Sentence, **values: object) -> None:
        """Say that something was checked and holds."""
        self.checks.append(Said(sentence, values))

    def note(self, sentence: Sentence, **values: object) -> None:
        """Say what was not checked, or on whose word it is believed."""
        self.notes.append(Said(sentence, values))


NOT_READ: Final[Mapping[int, Sentence]] = {
    ENOENT: Sentence("there is no such file", "filen finns inte"),
    EACCES: Sentence("you may not read it", "du får inte läsa den"),
    EISDIR: Sentence("it is a folder", "det är en mapp"),
    ENOTDIR: Sentence("there is no such folder", "mappen finns inte"),
}
ANOTHER_ERROR: Final = Sentence("the system gives error %(number)s", "systemet ger fel %(number)s")


def unreadable(error: OSError) -> Said:
    """Return why a file cannot be read."""
    return Said(NOT_READ.get(error.errno or 0, ANOTHER_ERROR), {"number": error.errno})


LOG_NAMES: Final[Mapping[str, Sentence]] = {
    "sampler": Sentence("the sampler's log", "urvalets logg"),
    "findings": Sentence("the findings' log", "granskningens logg"),
}


def log_name(source: str) -> Sentence:
    """Return what a source's log is called."""
    return LOG_NAMES.get(source, Sentence(source, source))


def _text(value: object, language: Spoken) -> str:
    if isinstance(value, Said):
        return value.text(language)
    if isinstance(value, Sentence):
        return value.sv if language == "sv" else value.en
    if isinstance(value, tuple) and not isinstance(value, Said | Sentence):
        return ", ".join(_text(one, language) for one in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}" if language == "en" else f"{value:,}".replace(",", "\N{NO-BREAK SPACE}")
    return "–" if value is None else str(value)
