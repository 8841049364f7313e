"""Whatever is answered to whatever questionnaire, the evaluation has an outcome or says what is wrong with what."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from stickprov_contracts.questionnaires import FIXED_ANSWERS, Questionnaire
from stickprov_findings.domain.questionnaire.evaluation import evaluate
from stickprov_findings.domain.questionnaire.outcome import GivenOutcome, GivenSubunit
from support.questionnaires import CASE, asking

TYPES = ["yes_no", "yes_no_na", "one_of", "many_of", "number", "date", "text"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
FITTING = {
    "yes_no": st.sampled_from(["yes", "no"]),
    "yes_no_na": st.sampled_from(["yes", "no", "na"]),
    "one_of": st.sampled_from(["a", "b"]),
    "many_of": st.lists(st.sampled_from(["a", "b"]), min_size=1, unique=True),
    "number": st.decimals(min_value=-(10**6), max_value=10**6, places=2),
    "date": st.dates(CASE.period_end.replace(year=1990), CASE.period_end).map(str),
    "text": st.sampled_from(["Saknas", "Rörigt"]),
}


@st.composite
def questionnaires(draw) -> Questionnaire:
    """Conditions on every kind of earlier question that has ids, rules on some, both levels."""
    questions: list[dict] = []
    for number in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(TYPES))
        level = draw(st.sampled_from(["case", "subunit"]))
        question = {"id": f"q{number}", "type": kind, "level": level, "required": draw(st.booleans())}
        if kind in {"one_of", "many_of"}:
            question["options"] = [{"id": one, "sv": one, "en": one} for one in "ab"]
        earlier = [one for one in questions if one["type"] in _IDS and (level, one["level"]) != ("case", "subunit")]
        if earlier and draw(st.booleans()):
            asked = draw(st.sampled_from(earlier))
            answer = draw(st.sampled_from(_IDS[asked["type"]]))
            question["applies_if"] = {"question": asked["id"], "answers": [answer]}
        if kind in _IDS and draw(st.booleans()):
            question["remarks"] = [{"answers": [_IDS[kind][0]], "category": "deposits"}]
        dates = [one["id"] for one in questions if one["type"] == "date" and one["level"] in {"case", level}]
        if kind == "yes_no" and dates and draw(st.booleans()):
            question["derived"] = {"date": draw(st.sampled_from(dates)), "months": draw(st.integers(1, 24))}
        questions.append(question)
    return asking(*questions)


_IDS = {**{kind: list(ids) for kind, ids in FIXED_ANSWERS.items()}, "one_of": ["a", "b"], "many_of": ["a", "b"]}


@given(questionnaires(), st.data())
def test_any_json_has_an_outcome_or_problems(questionnaire, data):
    answers = st.dictionaries(st.sampled_from([*(f"q{number}" for number in range(7)), "no such"]), JSON)
    subunits = st.builds(
        GivenSubunit,
        st.sampled_from(["child-1", "child-2", "child-3"]),
        st.sampled_from(["reviewed", "over-coverage", "non-response", "lost"]),
        st.none() | st.text(),
        answers,
    )
    outcome = GivenOutcome(
        remark=data.draw(st.none() | st.booleans()),
        categories=data.draw(st.lists(st.text())),
        answers=data.draw(answers),
        subunits=data.draw(st.lists(subunits, max_size=3)),
    )
    evaluated = evaluate(questionnaire, outcome, CASE)
    assert len(set(evaluated.problems)) == len(evaluated.problems)


@given(questionnaires(), st.data())
def test_asking_until_nothing_is_missing_leads_to_an_outcome(questionnaire, data):
    """Answer what is said to be missing, and only that: the way somebody without the conditions before them goes."""
    answers: dict = {}
    rosters: list[dict] = [{}, {}]
    by_id = {question.id: question for question in questionnaire.questions}
    has_roster = any(question.level == "subunit" for question in questionnaire.questions)
    for _ in range(len(by_id) + 1):
        subunits = [GivenSubunit(id_, answers=given) for id_, given in zip(CASE.subunits, rosters, strict=True)]
        outcome = GivenOutcome(answers=answers, subunits=subunits if has_roster else ())
        evaluated = evaluate(questionnaire, outcome, CASE)
        if not evaluated.problems:
            break
        for problem in evaluated.problems:
            assert problem.code == "answer-missing"
            *place, question = problem.field.split(".")
            target = rosters[int(place[1])] if place[0] == "subunits" else answers
            target[question] = data.draw(FITTING[by_id[question].type])
    assert not evaluated.problems
    _agrees_with_the_conditions(questionnaire, evaluated.answers, by_id)


def _agrees_with_the_conditions(questionnaire, answers, by_id):
    """A plain model: a question has an answer only if what it depends on was answered so."""
    said = {answer.question: answer for answer in answers}
    for question in questionnaire.questions:
        if question.level == "subunit":
            continue
        condition = question.applies_if
        holds = condition is None or (
            condition.question in said and set(said[condition.question].chosen) & set(condition.answers)
        )
        if question.id in said:
            assert holds
        elif question.required and question.derived is None:
            assert not holds


@given(st.decimals(min_value=-(10**14), max_value=10**14, places=6) | st.integers(-(10**14), 10**14))
def test_a_number_is_the_same_however_it_is_written(number):
    asked = asking({"id": "amount", "type": "number"})
    plain = format(Decimal(number), "f")
    for written in (number, plain, plain.replace(".", ",")):
        evaluated = evaluate(asked, GivenOutcome(answers={"amount": written}), CASE)
        assert [answer.number for answer in evaluated.answers] == [number]
