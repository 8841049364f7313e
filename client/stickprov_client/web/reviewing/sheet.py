"""What is asked about a case, in the reader's language: every field of the form with its words.

Fields are named as the findings service names them in its problems, so that a problem stands beside its field.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from stickprov_client.language.translations import Language, texts
from stickprov_contracts.http.findings import Review
from stickprov_contracts.questionnaires import (
    FIXED_ANSWERS,
    NON_RESPONSE,
    OVER_COVERAGE,
    Option,
    Question,
    Questionnaire,
)

Kind = Literal["one", "many", "number", "date", "text"]

_KINDS: Final[dict[str, Kind]] = {
    "yes_no": "one",
    "yes_no_na": "one",
    "one_of": "one",
    "many_of": "many",
    "number": "number",
    "date": "date",
    "text": "text",
}
_SHORT: Final = 18
"""Choices with no longer texts stand beside each other."""


@dataclass(frozen=True)
class Choice:
    """One of the answers that can be chosen.

    Attributes:
        key: the letter that chooses it, beside its digit; empty for most.
    """

    id: str
    text: str
    key: str = ""


@dataclass(frozen=True)
class OnlyIf:
    """When a question applies.

    Attributes:
        field: of the question that decides. answers: any of these. text: the same for people.
        computed: nobody answers that question, so a form cannot tell.
    """

    field: str
    answers: tuple[str, ...]
    text: str
    computed: bool = False


@dataclass(frozen=True)
class Asked:
    """One question of the form.

    Attributes:
        field: its name in the form. place: its number, as people read it.
        derived: nobody is asked; the answer is computed.
        side_by_side: whether its choices are short enough for one line.
    """

    field: str
    place: str
    text: str
    kind: Kind
    help: str = ""
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    required: bool = True
    derived: bool = False
    only_if: OnlyIf | None = None

    @property
    def side_by_side(self) -> bool:
        """Whether the choices are short enough to stand beside each other."""
        return all(len(choice.text) <= _SHORT for choice in self.choices)


@dataclass(frozen=True)
class SubunitAsked:
    """The questions about one subunit.

    Attributes:
        subunit: its public id. title: such as ``Barn 2``. outcome: name of the field with what became of it.
    """

    subunit: str
    title: str
    outcome: str
    questions: tuple[Asked, ...]


@dataclass(frozen=True)
class Sheet:
    """Everything that a case's form asks.

    Attributes:
        questions: of the case, before those about subunits. closing: of the case, after them.
        asks_remark: whether the reviewer says if there is a remark; else the answers settle it.
        over_coverage, non_response: reasons to choose among.
    """

    title: str = ""
    help: str = ""
    questions: tuple[Asked, ...] = ()
    subunits: tuple[SubunitAsked, ...] = ()
    closing: tuple[Asked, ...] = ()
    asks_remark: bool = True
    categories: tuple[Choice, ...] = ()
    over_coverage: tuple[Choice, ...] = ()
    non_response: tuple[Choice, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)

    def all_questions(self) -> Iterator[Asked]:
        """Give the questions in the order of the page."""
        yield from self.questions
        for subunit in self.subunits:
            yield from subunit.questions
        yield from self.closing


def sheet_of(review: Review, language: Language, number: int | None = None) -> Sheet:
    """Return what is asked about a case.

    Args:
        review: the case.
        language: of the words.
        number: the version of the questionnaire that was answered; the one to answer now when left out.
    """
    categories = [Option(id=one.id, sv=one.sv, en=one.en) for one in review.point_categories]
    content = review.versions.get(number, review.content) if number is not None else review.content
    return questions_of(content, review.subunits, review.subunit_name, categories, language)


def questions_of(
    content: Questionnaire | None,
    subunits: Sequence[str],
    subunit_name: str | None,
    categories: Sequence[Option],
    language: Language,
) -> Sheet:
    """Return what a questionnaire asks about a case with these subunits; without one, only for a remark."""
    say = texts(language).gettext
    before, of_subunits, after = _in_page_order(content)
    names = (subunit_name or say("Part")).capitalize()
    write = _Writer([*before, *of_subunits, *after], language)
    sheet = Sheet(
        title=_in(language, content.sv, content.en) if content else "",
        help=_in(language, content.help_sv, content.help_en) if content else "",
        questions=tuple(write.asked(question, None) for question in before),
        closing=tuple(write.asked(question, None) for question in after),
        subunits=tuple(
            SubunitAsked(
                subunit=subunit,
                title=f"{names} {place + 1}",
                outcome=f"subunits.{place}.outcome",
                questions=tuple(write.asked(question, place) for question in of_subunits),
            )
            for place, subunit in enumerate(subunits if of_subunits else ())
        ),
        asks_remark=content is None or content.remark == "asked",
        categories=_choices(categories, language),
        over_coverage=_choices(content.over_coverage if content else (), language) or _choices(OVER_COVERAGE, language),
        non_response=_choices(content.non_response if content else (), language) or _choices(NON_RESPONSE, language),
    )
    return _labelled(sheet, language)


def _in_page_order(content: Questionnaire | None) -> tuple[list[Question], list[Question], list[Question]]:
    """Return the case's questions before those about subunits, these, and the case's after them."""
    questions = content.questions if content else []
    of_subunits = [question for question in questions if question.level == "subunit"]
    first = questions.index(of_subunits[0]) if of_subunits else len(questions)
    rest = [question for question in questions[first:] if question.level == "case"]
    return list(questions[:first]), of_subunits, rest


def _labelled(sheet: Sheet, language: Language) -> Sheet:
    say = texts(language).gettext
    labels = {asked.field: f"{asked.place}. {asked.text}" for asked in sheet.questions}
    for subunit in sheet.subunits:
        labels[subunit.outcome] = f"{subunit.title}: {say('Outcome')}"
        labels |= {asked.field: f"{subunit.title}, {asked.place}. {asked.text}" for asked in subunit.questions}
    labels |= {asked.field: f"{asked.place}. {asked.text}" for asked in sheet.closing}
    labels |= {
        "remark": say("Is there a remark?"),
        "categories": say("What the remark is about"),
        "comment": say("Comment"),
        "reason": say("Reason"),
        "over-coverage": say("Why it should not have been included"),
        "non-response": say("Why it could not be reviewed"),
    }
    return Sheet(**{**sheet.__dict__, "labels": labels})


class _Writer:
    """Writes questions; knows each one's number."""

    def __init__(self, questions: Sequence[Question], language: Language) -> None:
        self._language = language
        asked = [question for question in questions if question.derived is None]
        self._places = {question.id: str(place) for place, question in enumerate(asked, start=1)}
        self._questions = {question.id: question for question in questions}

    def asked(self, question: Question, subunit: int | None) -> Asked:
        language = self._language
        return Asked(
            field=_field(question, subunit),
            place=self._places.get(question.id, ""),
            text=_in(language, question.sv, question.en),
            help=_in(language, question.help_sv, question.help_en),
            kind=_KINDS[question.type],
            unit=_in(language, question.unit_sv, question.unit_en),
            choices=choices_of(question, language),
            required=question.required,
            derived=question.derived is not None,
            only_if=self._only_if(question, subunit),
        )

    def _only_if(self, question: Question, subunit: int | None) -> OnlyIf | None:
        condition = question.applies_if
        decides = self._questions.get(condition.question) if condition else None
        if condition is None or decides is None:
            return None
        say = texts(self._language).gettext
        known = {choice.id: choice.text for choice in choices_of(decides, self._language)}
        answers = f" {say('or')} ".join(f"“{known.get(answer, answer)}”" for answer in condition.answers)
        place = self._places.get(decides.id)
        text = (
            say("Only if the answer to question {place} is {answers}.") if place else say("Only if {name}: {answers}.")
        )
        name = _in(self._language, decides.sv, decides.en)
        return OnlyIf(
            field=_field(decides, subunit),
            answers=tuple(condition.answers),
            text=text.format(place=place, name=name, answers=answers),
            computed=decides.derived is not None,
        )


def choices_of(question: Question, language: Language) -> tuple[Choice, ...]:
    """Return the answers of a question that can be chosen; none for numbers, dates and texts."""
    fixed = FIXED_ANSWERS.get(question.type)
    if fixed is None:
        return _choices(question.options, language)
    say = texts(language).gettext
    # The first letters of yes and no are the keys that choose them.
    written = {"yes": say("Yes"), "no": say("No"), "na": say("Not applicable")}
    keys = {"yes": written["yes"][:1], "no": written["no"][:1], "na": ""}
    return tuple(Choice(answer, written[answer], keys[answer]) for answer in fixed)


def _choices(options: Sequence[Option], language: Language) -> tuple[Choice, ...]:
    return tuple(Choice(option.id, _in(language, option.sv, option.en)) for option in options)


def _field(question: Question, subunit: int | None) -> str:
    prefix = f"subunits.{subunit}." if subunit is not None and question.level == "subunit" else ""
    return f"{prefix}answers.{question.id}"


def _in(language: Language, sv: str | None, en: str | None) -> str:
    return (sv if language == "sv" else en) or ""
