"""What a case's page asks, what its form sends, and how answers are told in words."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from stickprov_client.api.findings import ReviewKey
from stickprov_client.web.forms import Fault, Form
from stickprov_client.web.reviewing.addresses import CasePages
from stickprov_client.web.reviewing.faults import faults_in
from stickprov_client.web.reviewing.history_page import steps_of
from stickprov_client.web.reviewing.sheet import Sheet, questions_of
from stickprov_client.web.reviewing.told import told
from stickprov_client.web.reviewing.typed import applying, fields_of, kept_in_draft, outcome_in, without_computed
from stickprov_client.web.reviewing.upcoming import next_of
from stickprov_contracts.http.findings import AnswerShown, Category, HistoryEntry, Review, SubunitShown
from stickprov_contracts.problems import FieldProblem, Problem
from stickprov_contracts.questionnaires import Option, Questionnaire

DRAW = UUID("0190a000-0000-7000-8000-000000000001")
CONTENT = Questionnaire.model_validate(
    {
        "sv": "Plan",
        "en": "Plan",
        "questions": [
            {"id": "plan", "sv": "Finns en plan?", "en": "Is there a plan?", "type": "yes_no"},
            {
                "id": "made",
                "sv": "När gjordes den?",
                "en": "When was it made?",
                "type": "date",
                "applies_if": {"question": "plan", "answers": ["yes"]},
            },
            {
                "id": "old",
                "sv": "Planen är gammal",
                "en": "The plan is old",
                "type": "yes_no",
                "derived": {"date": "made", "years": 1},
            },
            {
                "id": "why",
                "sv": "Varför inte uppdaterad?",
                "en": "Why not updated?",
                "type": "text",
                "required": False,
                "applies_if": {"question": "old", "answers": ["yes"]},
            },
            {"id": "seen", "sv": "Nämns barnet?", "en": "Is the child seen?", "type": "yes_no_na", "level": "subunit"},
            {
                "id": "amount",
                "sv": "Hur mycket?",
                "en": "How much?",
                "type": "number",
                "level": "subunit",
                "unit_sv": "kr",
                "unit_en": "SEK",
                "applies_if": {"question": "seen", "answers": ["yes"]},
            },
            {
                "id": "papers",
                "sv": "Vilka underlag?",
                "en": "Which papers?",
                "type": "many_of",
                "options": [
                    {"id": "rent", "sv": "Hyresavi", "en": "Rent slip"},
                    {"id": "bank", "sv": "Kontoutdrag", "en": "Bank statement"},
                ],
            },
        ],
        "over_coverage": [{"id": "adult", "sv": "Vuxen", "en": "Adult"}],
    }
)


def sheet(*, asked: bool = False, language: str = "sv") -> Sheet:
    content = CONTENT.model_copy(update={"remark": "asked"}) if asked else CONTENT
    categories = [Option(id="late", sv="För sent", en="Too late")]
    return questions_of(content, ["b1", "b2"], "barn", categories, "en" if language == "en" else "sv")


def form(**fields: str | tuple[str, ...]) -> Form:
    values = {
        name.replace("__", "."): value if isinstance(value, tuple) else (value,) for name, value in fields.items()
    }
    return Form(values=values)


def test_questions_are_numbered_in_the_order_of_the_page_and_computed_ones_have_no_number():
    asked = sheet()

    assert [(one.field, one.place) for one in asked.questions] == [
        ("answers.plan", "1"),
        ("answers.made", "2"),
        ("answers.old", ""),
        ("answers.why", "3"),
    ]
    assert [(one.field, one.place) for one in asked.subunits[1].questions] == [
        ("subunits.1.answers.seen", "4"),
        ("subunits.1.answers.amount", "5"),
    ]
    assert [(one.field, one.place) for one in asked.closing] == [("answers.papers", "6")]
    assert [one.title for one in asked.subunits] == ["Barn 1", "Barn 2"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("sv", "Besvaras bara om svaret på fråga 1 är “Ja”."), ("en", "Only if the answer to question 1 is “Yes”.")],
)
def test_a_question_says_in_words_when_it_applies(language, words):
    condition = sheet(language=language).questions[1].only_if

    assert condition is not None
    assert condition.text == words


def test_the_first_letters_of_yes_and_no_are_keys_in_the_readers_language():
    assert [choice.key for choice in sheet().questions[0].choices] == ["J", "N"]
    assert [choice.key for choice in sheet(language="en").questions[0].choices] == ["Y", "N"]


def test_a_subunits_condition_looks_at_that_subunits_own_answer():
    fields = {"subunits.0.answers.seen": ("yes",), "subunits.1.answers.seen": ("no",)}

    found = applying(sheet(), fields)

    assert "subunits.0.answers.amount" in found
    assert "subunits.1.answers.amount" not in found


def test_a_question_that_hangs_on_a_computed_answer_may_always_be_answered():
    assert "answers.why" in applying(sheet(), {})


def test_the_form_sends_what_was_typed_as_it_was_typed_but_not_what_does_not_apply():
    typed = form(
        answers__plan="no",
        answers__made="2021-01-31",
        answers__papers=("rent", "bank"),
        subunits__0__answers__seen="yes",
        subunits__0__answers__amount="1 250,50",
        subunits__1__outcome="over-coverage:adult",
        subunits__1__answers__seen="yes",
        comment="Rad ett\r\nrad två",
    )

    assert outcome_in(typed, sheet()) == {
        "remark": None,
        "categories": [],
        "comment": "Rad ett\nrad två",
        "questionnaire_number": None,
        "answers": {"plan": "no", "papers": ["rent", "bank"]},
        "subunits": [
            {"subunit": "b1", "answers": {"seen": "yes", "amount": "1 250,50"}},
            {"subunit": "b2", "outcome": "over-coverage", "reason": "adult"},
        ],
    }


def test_categories_are_sent_only_with_a_remark_that_the_reviewer_is_asked_about():
    remark = form(remark="yes", categories="late")

    assert outcome_in(remark, sheet(asked=True))["categories"] == ["late"]
    assert outcome_in(form(remark="no", categories="late"), sheet(asked=True))["categories"] == []
    assert outcome_in(remark, sheet())["remark"] is None


def test_a_draft_keeps_every_field_with_something_in_it_even_one_that_does_not_apply_or_is_wrong():
    typed = form(answers__plan="no", answers__made="igår", comment="", page="p1", action="submit")

    assert kept_in_draft(typed) == {"answers.plan": ["no"], "answers.made": ["igår"], "page": ["p1"]}


def answer(question: str, *chosen: str, number: str | None = None, day: date | None = None) -> AnswerShown:
    amount = Decimal(number) if number else None
    return AnswerShown(question=question, chosen=list(chosen), number=amount, day=day, text=None)


def entry(version: int, what: str, *answers: AnswerShown, **more: object) -> HistoryEntry:
    content = {
        "version": version,
        "what": what,
        "time": datetime(2021, 4, version, 8, 30, tzinfo=UTC),
        "actor": "p1",
        "remark": None,
        "categories": [],
        "comment": None,
        "reason": None,
        "answers": list(answers),
    }
    return HistoryEntry.model_validate(content | more)


def review(*history: HistoryEntry, **more: object) -> Review:
    content = {
        "draw": DRAW,
        "control_point": "P-1",
        "case": "ab" * 32,
        "month": "2021-03",
        "stratum": "",
        "handler": None,
        "status": "reviewed",
        "version": len(history),
        "remark": True,
        "categories": ["late"],
        "history": list(history),
        "subunit_name": "barn",
        "subunits": ["b1", "b2"],
        "content": CONTENT,
        "questionnaire_number": 2,
        "point_categories": [Category(id="late", sv="För sent", en="Too late")],
    }
    return Review.model_validate(content | more)


def test_a_recorded_outcome_fills_the_form_as_it_was():
    left_out = SubunitShown(
        subunit="b2", outcome="over-coverage", reason="adult", remark=False, categories=[], answers=[]
    )
    seen = SubunitShown(
        subunit="b1",
        outcome="reviewed",
        reason=None,
        remark=False,
        categories=[],
        answers=[answer("seen", "yes"), answer("amount", number="1250.500000")],
    )
    recorded = review(
        answers=[answer("plan", "yes"), answer("made", day=date(2021, 1, 31)), answer("papers", "rent", "bank")],
        found=[left_out, seen],
        comment="Klart",
    )

    assert fields_of(recorded, ["b1", "b2"], "sv") == {
        "answers.plan": ("yes",),
        "answers.made": ("2021-01-31",),
        "answers.papers": ("rent", "bank"),
        "subunits.0.outcome": ("reviewed",),
        "subunits.0.answers.seen": ("yes",),
        "subunits.0.answers.amount": ("1250,5",),
        "subunits.1.outcome": ("over-coverage:adult",),
        "remark": ("yes",),
        "categories": ("late",),
        "comment": ("Klart",),
    }


def test_two_versions_are_told_beside_each_other_in_words():
    recorded = {"answers.plan": ("yes",), "answers.papers": ("rent",), "subunits.1.outcome": ("over-coverage:adult",)}
    typed = {"answers.plan": ("no",), "answers.papers": ("rent",), "subunits.0.answers.amount": ("12",)}

    rows = told(sheet(), "sv", recorded, typed)

    assert [(row.group, row.label, row.texts, row.differs) for row in rows] == [
        ("", "1. Finns en plan?", ("Ja", "Nej"), True),
        ("Barn 1", "5. Hur mycket?", ("", "12 kr"), True),
        ("Barn 2", "Utfall", ("Övertäckning: Vuxen", ""), True),
        ("", "6. Vilka underlag?", ("Hyresavi", "Hyresavi"), False),
    ]


def test_a_number_is_told_as_people_read_it_however_it_was_typed_and_what_is_none_as_it_stands():
    name = "subunits.0.answers.amount"
    rows = told(sheet(), "sv", {name: ("12500,50",)}, {name: ("12 500,5",)}, {name: ("1e999999",)}, {name: ("tolv",)})

    assert [row.texts for row in rows] == [
        ("12\N{NO-BREAK SPACE}500,5 kr", "12\N{NO-BREAK SPACE}500,5 kr", "1e999999 kr", "tolv kr")
    ]


def test_an_answer_to_a_question_that_is_not_asked_any_more_is_told_by_its_id():
    rows = told(sheet(), "sv", {"answers.gone": ("yes",)})

    assert [(row.label, row.texts) for row in rows] == [("gone", ("yes",))]


def test_what_nobody_types_is_left_out_of_a_comparison():
    recorded = {"answers.plan": ("yes",), "answers.old": ("no",), "remark": ("no",)}

    assert without_computed(recorded, sheet()) == {"answers.plan": ("yes",)}
    assert "remark" in without_computed(recorded, sheet(asked=True))


def test_the_history_tells_what_each_correction_changed_in_the_words_it_was_answered_in():
    earlier = CONTENT.model_copy(update={"questions": [CONTENT.questions[0].model_copy(update={"sv": "Plan finns?"})]})
    history = (
        entry(1, "started"),
        entry(2, "recorded", answer("plan", "yes"), questionnaire_number=1, remark=False),
        entry(3, "corrected", answer("plan", "no"), questionnaire_number=2, remark=True, reason="Fel akt"),
    )

    steps = steps_of(review(*history, versions={1: earlier}), "sv")

    assert [row.label for row in steps[1].rows] == ["Anmärkning", "1. Plan finns?"]
    assert steps[1].changes == ()
    assert [(row.label, row.texts) for row in steps[2].changes] == [
        ("Anmärkning", ("Nej", "Ja")),
        ("1. Finns en plan?", ("Ja", "Nej")),
    ]


def test_a_services_problems_stand_at_the_forms_fields_in_its_order_and_in_swedish():
    errors = [
        FieldProblem(field="comment", code="text-unreadable", message="…"),
        FieldProblem(field="subunits.1.reason", code="reason-unknown", message="…"),
        FieldProblem(field="body.answers.plan", code="answer-missing", message="Answer this question."),
        FieldProblem(field="reason", code="never-heard-of", message="Some words."),
    ]
    problem = Problem(type="urn:x", title="Errors", status=422, detail="", code="bad-input", errors=errors)

    assert faults_in(problem, sheet(), "sv", {"reason": "over-coverage"}) == [
        Fault("answers.plan", "Svara på frågan."),
        Fault("subunits.1.outcome", "Välj ett av skälen."),
        Fault("comment", "Texten har tecken som inte går att använda, eller är för lång."),
        Fault("over-coverage", "Some words."),
    ]


def key(case: str) -> CasePages:
    return CasePages(ReviewKey(DRAW, "P-1", case))


def test_the_next_unfinished_case_is_the_one_behind_and_then_from_the_start():
    cases = [key("a"), key("b"), key("c")]

    assert next_of(cases, key("a").key) == key("b")
    assert next_of(cases, key("c").key) == key("a")
    assert next_of(cases, key("elsewhere").key) == key("a")
    assert next_of([key("a")], key("a").key) is None
