"""What is recorded of a case, in words."""

from collections.abc import Iterator
from typing import Final

from stickprov_client.language.numbers import exact
from stickprov_client.language.questionnaires import answer_name, in_language, reasons_of
from stickprov_client.language.translations import Language, marked, texts
from stickprov_contracts.http.findings import AnswerShown, HistoryEntry, Review
from stickprov_contracts.questionnaires import Questionnaire

_HAPPENED: Final = {
    "recorded": marked("Recorded"),
    "corrected": marked("Corrected"),
    "withdrawn": marked("Withdrawn"),
    "started": marked("Begun"),
    "over-coverage": marked("Marked as over-coverage"),
    "non-response": marked("Marked as non-response"),
    "reopened": marked("Opened again"),
    "settled": marked("Settled by the coordinator"),
}


def happening(entry: HistoryEntry, language: Language) -> str:
    """Return what happened to a review."""
    say = texts(language).gettext
    told = say(_HAPPENED[entry.what])
    return f"{say('Settled by the coordinator')}: {told}" if entry.settles and entry.what != "settled" else told


def answers_in_words(review: Review, entry: HistoryEntry, language: Language) -> list[tuple[str, str]]:
    """Return what one event says of a case: each label with its text; empty where it says nothing.

    Args:
        review: the event's.
        entry: one of its history.
        language: of the words.
    """
    say = texts(language).gettext
    asked = review.versions.get(entry.questionnaire_number or 0, review.content)
    lines: list[tuple[str, str]] = []
    if entry.remark is not None:
        lines.append((say("Remark"), say("Yes") if entry.remark else say("No")))
    if entry.categories:
        words = {one.id: in_language(one, language) for one in review.point_categories}
        lines.append((say("What the remark is about"), ", ".join(words.get(one, one) for one in entry.categories)))
    if entry.mark_reason:
        reasons = {one.id: in_language(one, language) for one in reasons_of(asked, entry.what)}
        lines.append((say("Why"), reasons.get(entry.mark_reason, entry.mark_reason)))
    lines += [(_label(asked, one, language), _text(asked, one, language)) for one in entry.answers]
    for subunit in entry.subunits:
        about = subunit.subunit if subunit.outcome == "reviewed" else f"{subunit.subunit} ({subunit.reason})"
        lines += [(f"{about}, {_label(asked, one, language)}", _text(asked, one, language)) for one in subunit.answers]
        if not subunit.answers:
            lines.append((about, subunit.outcome))
    if entry.comment:
        lines.append((say("Comment"), entry.comment))
    return lines


def _label(asked: Questionnaire | None, answer: AnswerShown, language: Language) -> str:
    questions = {one.id: in_language(one, language) for one in asked.questions} if asked else {}
    return questions.get(answer.question, answer.question)


def _text(asked: Questionnaire | None, answer: AnswerShown, language: Language) -> str:
    return ", ".join(_parts(asked, answer, language)) or "–"


def _parts(asked: Questionnaire | None, answer: AnswerShown, language: Language) -> Iterator[str]:
    for one in answer.chosen:
        yield answer_name(asked, answer.question, one, language) if asked else one
    if answer.number is not None:
        yield exact(answer.number, language)
    if answer.day is not None:
        yield answer.day.isoformat()
    if answer.text is not None:
        yield answer.text
