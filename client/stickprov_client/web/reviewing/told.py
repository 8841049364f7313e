"""What was answered, in words: for what is recorded, what somebody had typed, and both beside each other."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from stickprov_client.language.numbers import exact
from stickprov_client.language.translations import Language, texts
from stickprov_client.web.reviewing.sheet import Asked, Choice, Sheet
from stickprov_client.web.reviewing.typed import NON_RESPONSE, OVER_COVERAGE, Fields

_PLAIN_NUMBER: Final = re.compile(r"[-−]?[0-9]{1,15}([.,][0-9]{1,10})?", re.ASCII)


@dataclass(frozen=True)
class Told:
    """One field in words.

    Attributes:
        field: of the form. group: the subunit it is about; empty for the case. label: what is asked.
        texts: one for each version that is told, empty where it has no answer.
        wording: it is free text, which two people never write alike.
    """

    field: str
    group: str
    label: str
    texts: tuple[str, ...]
    wording: bool = False

    @property
    def differs(self) -> bool:
        """Whether the versions say different things, or the same in other words."""
        return len(set(self.texts)) > 1

    @property
    def disagrees(self) -> bool:
        """Whether two reviewers who say this disagree, as the findings service judges it."""
        return self.differs and not self.wording


@dataclass(frozen=True)
class _Line:
    """How one field is told.

    Attributes:
        words: for what is chosen. unit: behind what is counted. counted_in: language of a number; else None.
        wording: it is free text.
    """

    field: str
    group: str
    label: str
    words: Mapping[str, str]
    unit: str = ""
    counted_in: Language | None = None
    wording: bool = False

    def write(self, values: Sequence[str]) -> str:
        text = ", ".join(self._word(value) for value in values if value)
        return f"{text} {self.unit}" if text and self.unit else text

    def _word(self, value: str) -> str:
        if self.counted_in is None:
            return self.words.get(value, value)
        closed_up = "".join(value.split())
        if _PLAIN_NUMBER.fullmatch(closed_up) is None:
            return value
        return exact(Decimal(closed_up.replace(",", ".").replace("−", "-")), self.counted_in)


def told(sheet: Sheet, language: Language, *versions: Fields) -> list[Told]:
    """Return every field that any of the versions has something in, in the form's order.

    Args:
        sheet: what is asked; an answer to a question that it does not have is told by the question's id.
        language: of the words around.
        versions: fields as a form has them.
    """
    lines = list(_lines(sheet, language))
    known = {line.field for line in lines}
    unknown = dict.fromkeys(name for version in versions for name in version if name not in known)
    lines += [_Line(name, "", name.removeprefix("answers."), {}) for name in unknown]
    rows = [
        Told(
            line.field,
            line.group,
            line.label,
            tuple(line.write(version.get(line.field, ())) for version in versions),
            line.wording,
        )
        for line in lines
    ]
    return [row for row in rows if any(row.texts)]


def _lines(sheet: Sheet, language: Language) -> Iterator[_Line]:
    say = texts(language).gettext
    yield _Line("remark", "", say("Remark"), {"yes": say("Yes"), "no": say("No")})
    yield _Line("categories", "", say("What the remark is about"), _words(sheet.categories))
    yield from (_question(asked, "", language) for asked in sheet.questions)
    for subunit in sheet.subunits:
        yield _Line(subunit.outcome, subunit.title, say("Outcome"), outcome_words(sheet, language))
        yield from (_question(asked, subunit.title, language) for asked in subunit.questions)
    yield from (_question(asked, "", language) for asked in sheet.closing)
    yield _Line(OVER_COVERAGE, "", say("Over-coverage"), _words(sheet.over_coverage))
    yield _Line(NON_RESPONSE, "", say("Non-response"), _words(sheet.non_response))
    yield _Line("comment", "", say("Comment"), {}, wording=True)
    yield _Line("reason", "", say("Reason"), {}, wording=True)


def outcome_words(sheet: Sheet, language: Language) -> dict[str, str]:
    """Return what can become of a subunit, by the value that the form has for it."""
    say = texts(language).gettext
    words = {"reviewed": say("Was reviewed"), OVER_COVERAGE: say("Over-coverage"), NON_RESPONSE: say("Non-response")}
    for mark, reasons in ((OVER_COVERAGE, sheet.over_coverage), (NON_RESPONSE, sheet.non_response)):
        words |= {f"{mark}:{reason.id}": f"{words[mark]}: {reason.text}" for reason in reasons}
    return words


def _question(asked: Asked, group: str, language: Language) -> _Line:
    label = f"{asked.place}. {asked.text}" if asked.place else asked.text
    counted_in = language if asked.kind == "number" else None
    return _Line(asked.field, group, label, _words(asked.choices), asked.unit, counted_in, asked.kind == "text")


def _words(choices: Sequence[Choice]) -> dict[str, str]:
    return {choice.id: choice.text for choice in choices}
