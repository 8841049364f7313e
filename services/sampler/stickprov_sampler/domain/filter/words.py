"""A filter's text as words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from stickprov_sampler.domain.problem import OptionError

Kind = Literal["number", "text", "quoted", "name", "keyword", "sign", "end"]

KEYWORDS: Final = frozenset({"and", "or", "not", "between", "in", "is", "null", "true", "false"})

_WORD: Final = re.compile(
    r"""\s*(?:
    (?P<number>\d{1,18}(?:\.\d{1,9})?(?![\w.]))
    |(?P<text>'(?:[^']|'')*')
    |(?P<quoted>"(?:[^"]|"")+")
    |(?P<name>[^\W\d]\w*)
    |(?P<sign><>|!=|<=|>=|[=<>()+\-,])
    |(?P<end>$)
    )""",
    re.VERBOSE,
)


class FilterError(OptionError):
    """A filter cannot be read, or does not fit the columns."""

    code: ClassVar[str] = "filter-unclear"
    title: ClassVar[str] = "The filter cannot be used"

    @classmethod
    def at_position(cls, position: int, message: str) -> "OptionError":
        """Return the error about one place of the text."""
        return cls.at("filter", f"Filter, position {position}: {message}")


@dataclass(frozen=True, slots=True)
class Word:
    """One word.

    Attributes:
        text: a quoted word without its quotes; a keyword or sign in its one spelling.
        start: where it begins in the text, from 0. end: where it has ended.
    """

    kind: Kind
    text: str
    start: int
    end: int

    @property
    def at(self) -> int:
        """The position as people count, from 1."""
        return self.start + 1

    @property
    def shown(self) -> str:
        """The word as a message names it."""
        return "the end" if self.kind == "end" else f"“{self.text}”"


def words(text: str) -> Iterator[Word]:
    """Give a filter's words; the last has the kind ``end``.

    Raises:
        FilterError: a quote is not closed, or something is no word of the language.
    """
    place = 0
    while True:
        matched = _WORD.match(text, place)
        if matched is None:
            start = len(text) - len(text[place:].lstrip())
            raise FilterError.at_position(start + 1, _unreadable(text[start:]))
        kind = matched.lastgroup
        found, start = matched[str(kind)], matched.start(str(kind))
        place = matched.end()
        match kind:
            case "number":
                yield Word("number", found, start, place)
            case "text":
                yield Word("text", found[1:-1].replace("''", "'"), start, place)
            case "quoted":
                yield Word("quoted", found[1:-1].replace('""', '"'), start, place)
            case "name" if found.lower() in KEYWORDS:
                yield Word("keyword", found.lower(), start, place)
            case "name":
                yield Word("name", found, start, place)
            case "sign":
                yield Word("sign", "<>" if found == "!=" else found, start, place)
            case _:
                yield Word("end", "", start, place)
                return


def _unreadable(rest: str) -> str:
    match rest[0]:
        case "'":
            return "a text begins here whose single quote is not closed. Write 'text'."
        case '"':
            return 'a column name begins here whose double quote is not closed. Write "Column name".'
        case digit if digit.isdigit():
            shown = rest.split(maxsplit=1)[0]
            return (
                f"“{shown}” is no number. Write 12 or 1.5 (18 digits and 9 decimals at most), "
                "and a text in single quotes."
            )
        case other:
            return (
                f"“{other}” is not part of the language. Expected a column, a value, a comparison "
                "(= <> < <= > >=), between, in, is null, and, or, not, + - or a parenthesis."
            )
