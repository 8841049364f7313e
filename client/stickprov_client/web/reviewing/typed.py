"""Between a case's form and what the findings service takes and gives.

Values go to the service as they were typed: it alone judges them, and its problems name the form's own fields. What
must not break: a draft holds every field of the form, and a form filled from a draft or a recorded outcome holds
everything that was in it.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from stickprov_client.language.translations import Language
from stickprov_client.web.forms import Form
from stickprov_client.web.reviewing.sheet import Asked, OnlyIf, Sheet, SubunitAsked
from stickprov_contracts.http.findings import AnswerShown, HistoryEntry, Review, SubunitShown

Fields = Mapping[str, tuple[str, ...]]
"""A form's fields, each with its values in order."""

ACTION: Final = "action"
ACCOUNT: Final = "account"
REVIEW_VERSION: Final = "review-version"
DRAFT_VERSION: Final = "draft-version"
SECOND_VERSION: Final = "second-version"
PAGE: Final = "page"
"""Which showing of the form it is: a draft that was saved without the page hearing of it is known as its own."""
QUESTIONNAIRE: Final = "questionnaire-number"
OVER_COVERAGE: Final = "over-coverage"
NON_RESPONSE: Final = "non-response"
MARKS: Final = (OVER_COVERAGE, NON_RESPONSE)
_OURS: Final = frozenset({ACTION, ACCOUNT, PAGE, REVIEW_VERSION, DRAFT_VERSION, SECOND_VERSION, QUESTIONNAIRE})
_REVIEWED: Final = "reviewed"


def kept_in_draft(form: Form) -> dict[str, list[str]]:
    """Return what a reviewer has filled in, the fields that have anything in them, and which page it comes from."""
    return {name: list(values) for name, values in typed_fields(form).items()} | {PAGE: [form.value(PAGE)]}


def typed_fields(form: Form) -> Fields:
    """Return the fields a reviewer fills in, without the empty ones."""
    return {name: values for name, values in form.values.items() if name not in _OURS and any(values)}


def number_in(form: Form, name: str) -> int:
    """Return a whole number that the page itself had written into the form; 0 when it is not there any more."""
    text = form.value(name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - digits of an int4


def outcome_in(form: Form, sheet: Sheet) -> dict[str, Any]:
    """Return what the form says of the case, as the requests of the API have it.

    Questions that do not apply are left out: without script they can be seen, and what was chosen there cannot always
    be taken back.
    """
    asks_categories = sheet.asks_remark and form.value("remark") == "yes"
    wanted = applying(sheet, form.values)
    return {
        "remark": {"yes": True, "no": False}.get(form.value("remark")) if sheet.asks_remark else None,
        "categories": list(form.all_of("categories")) if asks_categories else [],
        "comment": _text(form.value("comment")) or None,
        "questionnaire_number": number_in(form, QUESTIONNAIRE) or None,
        "answers": _answers(form, (*sheet.questions, *sheet.closing), wanted),
        "subunits": [_subunit(form, subunit, wanted) for subunit in sheet.subunits],
    }


def _subunit(form: Form, asked: SubunitAsked, wanted: frozenset[str]) -> dict[str, Any]:
    outcome, _, reason = form.value(asked.outcome, _REVIEWED).partition(":")
    if outcome != _REVIEWED:
        return {"subunit": asked.subunit, "outcome": outcome, "reason": reason or None}
    return {"subunit": asked.subunit, "answers": _answers(form, asked.questions, wanted)}


def _answers(form: Form, questions: Sequence[Asked], wanted: frozenset[str]) -> dict[str, str | list[str]]:
    found: dict[str, str | list[str]] = {}
    for asked in questions:
        if asked.derived or asked.field not in wanted:
            continue
        if asked.kind == "many":
            value: str | list[str] = [one for one in form.all_of(asked.field) if one]
        else:
            value = _text(form.value(asked.field))
        if value:
            found[asked.field.rpartition(".")[2]] = value
    return found


def applying(sheet: Sheet, fields: Fields) -> frozenset[str]:
    """Return the fields of the questions that apply; also those of which a form cannot tell."""
    found: set[str] = set()
    for asked in sheet.all_questions():
        if asked.only_if is None or asked.only_if.computed or _is_met(asked.only_if, found, fields):
            found.add(asked.field)
    return frozenset(found)


def _is_met(condition: OnlyIf, asked_before: set[str], fields: Fields) -> bool:
    given = fields.get(condition.field, ()) if condition.field in asked_before else ()
    return not set(condition.answers).isdisjoint(given)


def fields_of(review: Review | HistoryEntry, subunits: Sequence[str], language: Language) -> dict[str, tuple[str, ...]]:
    """Return a recorded outcome as the form would have it; an erased text is left out.

    Args:
        review: the review as it stands, or one entry of its history.
        subunits: public ids of the case's subunits, in the form's order.
        language: of the decimal comma.
    """
    found = review.found if isinstance(review, Review) else review.subunits
    places = {subunit: place for place, subunit in enumerate(subunits)}
    fields = _answer_fields("", review.answers, language)
    for one in found:
        if one.subunit in places:
            fields |= _subunit_fields(places[one.subunit], one, language)
    if review.remark is not None:
        fields["remark"] = ("yes" if review.remark else "no",)
    if review.categories:
        fields["categories"] = tuple(review.categories)
    if review.comment:
        fields["comment"] = (review.comment,)
    mark = review.status if isinstance(review, Review) else review.what
    if review.mark_reason and mark in MARKS:
        fields[mark] = (review.mark_reason,)
    return fields


def sent_of(fields: Fields, sheet: Sheet) -> Fields:
    """Return the fields without the answers to questions that do not apply."""
    left_out = {asked.field for asked in sheet.all_questions()} - applying(sheet, fields)
    return {name: values for name, values in fields.items() if name not in left_out}


def without_computed(fields: Fields, sheet: Sheet) -> Fields:
    """Return the fields without what nobody types: derived answers, and the remark where the answers settle it."""
    computed = {asked.field for asked in sheet.all_questions() if asked.derived}
    if not sheet.asks_remark:
        computed |= {"remark", "categories"}
    return {name: values for name, values in fields.items() if name not in computed}


def _subunit_fields(place: int, found: SubunitShown, language: Language) -> dict[str, tuple[str, ...]]:
    outcome = found.outcome if found.reason is None else f"{found.outcome}:{found.reason}"
    fields = {f"subunits.{place}.outcome": (outcome,)}
    return fields | _answer_fields(f"subunits.{place}.", found.answers, language)


def _answer_fields(prefix: str, answers: Sequence[AnswerShown], language: Language) -> dict[str, tuple[str, ...]]:
    fields = {f"{prefix}answers.{answer.question}": _values(answer, language) for answer in answers}
    return {name: values for name, values in fields.items() if values}


def _values(answer: AnswerShown, language: Language) -> tuple[str, ...]:
    if answer.number is not None:
        return (typed_number(answer.number, language),)
    if answer.day is not None:
        return (answer.day.isoformat(),)
    if answer.text is not None:
        return (answer.text,)
    return tuple(answer.chosen)


def typed_number(number: Decimal, language: Language) -> str:
    """Write a number as somebody would type it."""
    plain = f"{number.normalize():f}"
    return plain.replace(".", ",") if language == "sv" else plain


def _text(typed: str) -> str:
    """Browsers send a line break as two characters."""
    return typed.replace("\r\n", "\n").replace("\r", "\n")
