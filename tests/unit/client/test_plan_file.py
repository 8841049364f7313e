"""Plan files: what is right is read and written again, and what is wrong is named with its line and field."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stickprov_client.documents.faults import BadFile
from stickprov_client.documents.plan_file import as_yaml, read_plan
from stickprov_contracts.http.plans import AdoptPlan
from stickprov_contracts.problems import FieldProblem

SEEDS = sorted(Path("tests/seeds/plans").glob("*.yaml"))
RIGHT = """\
plan: AMF-2021
board: Socialnämnden
year: 2021
risks:
  - {id: R1, text: Fel utbetalningar, score: 12, labels: "möjlig risk, kännbara konsekvenser"}
control_points:
  - control_point: AMF-2021-3
    number: "3"
    area: AMF
    measure: Klienter anger korrekta uppgifter
    risk: R1
    unit_name: hushåll
    tolerance: 0.05
    frequency: 2021-01-01
    categories:
      - {id: deposits, sv: Insättningar på konto, en: Deposits on account}
"""
POINT = RIGHT[RIGHT.index("  - control_point") :]


def read(tmp_path: Path, text: str):
    file = tmp_path / "plan.yaml"
    file.write_text(text, encoding="utf-8")
    return read_plan(file)


def faults_of(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(BadFile) as refused:
        read(tmp_path, text)
    return [line.removeprefix(f"{tmp_path / 'plan.yaml'}, ") for line in str(refused.value).splitlines()]


def test_a_plan_gives_its_risks_and_points(tmp_path):
    plan = read(tmp_path, RIGHT)

    assert (plan.plan, plan.content.board, plan.content.risks[0].score) == ("AMF-2021", "Socialnämnden", 12)
    (point,) = plan.content.control_points
    assert (point.control_point, point.tolerance, point.risk) == ("AMF-2021-3", Decimal("0.05"), "R1")
    assert point.frequency == "2021-01-01"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"3"', "3", "line 8, field number: write a text here, in quotes where it looks like a number."),
        ("board: Socialnämnden\n", "", "line 1, field board: this field is missing."),
        ("    measure:", "    maesure:", "line 10, field maesure: there is no such field; did you mean measure?"),
        ("board:", "baord:", "line 2, field baord: there is no such field; did you mean board?"),
        ("score: 12", "scores: 12", "line 5, field scores: there is no such field; did you mean score?"),
        ("score: 12", "score: 12.5", "line 5, field score: write a whole number."),
        ("sv: Insättningar på konto, ", "", "line 16, field categories.0.sv: this field is missing."),
        ("    area: AMF\n", "    area: AMF\n    area: AMI\n", "line 10: area: this field stands here twice."),
        ("year: 2021", "year: yes", "line 3, field year: write a whole number."),
        ("control_points:\n", "control_points: 3\nretired:\n", "line 6, field control_points: write a list here,"),
        ("AMF-2021-3", "AMF 3/å", "line 7, field control_point: use letters, digits, dots, hyphens"),
        ('"3"', '"3', "line "),
        ("Klienter", "Klien\x07ter", "line 10: there is a control character here; take it away."),
        ("AMF\n", '"A\\u2028B"\n', "line 9, field area: there is a control character in this text; take it away."),
    ],
)
def test_a_fault_is_named_with_its_line_and_field(tmp_path, old, new, fault):
    assert any(found.startswith(fault) for found in faults_of(tmp_path, RIGHT.replace(old, new, 1)))


def test_an_unknown_field_that_is_like_no_other_is_answered_with_all_there_are(tmp_path):
    (fault,) = faults_of(tmp_path, RIGHT.replace("score: 12", "score: 12, zzz: 1"))

    assert fault == "line 5, field zzz: there is no such field; there are id, text, score, labels."


def test_all_faults_are_named_at_once(tmp_path):
    text = RIGHT + POINT.replace("AMF-2021-3", "AMF-2021-4").replace("hushåll", "5")

    assert len(faults_of(tmp_path, text.replace('"3"', "3"))) == 3


def test_an_id_that_stands_twice_is_refused(tmp_path):
    assert faults_of(tmp_path, RIGHT + POINT) == [
        "line 17, field control_point: AMF-2021-3 stands in line 7 already; give each its own id."
    ]


def test_what_the_service_refuses_is_named_by_line_too(tmp_path):
    plan = read(tmp_path, RIGHT)

    refused = plan.document.refused([FieldProblem(field="control_points.0.risk", code="x", message="No such risk.")])

    assert str(refused) == f"{tmp_path / 'plan.yaml'}, line 11, field risk: No such risk."


@pytest.mark.parametrize("text", ["", "- 3\n", "3\n"])
def test_a_file_without_a_plan_says_what_to_write(tmp_path, text):
    assert faults_of(tmp_path, text) == ["line 1: write a plan here: plan, board, year, risks and control_points."]


def test_a_text_that_repeats_itself_is_refused(tmp_path):
    (fault,) = faults_of(tmp_path, RIGHT + "retired: &all\n  - *all\n")

    assert fault.startswith("line 17: this repeats what it stands in")


def test_a_file_that_is_not_utf_8_says_so(tmp_path):
    file = tmp_path / "plan.yaml"
    file.write_bytes(RIGHT.encode("windows-1252"))

    with pytest.raises(BadFile, match="is not UTF-8"):
        read_plan(file)


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(BadFile, match="cannot be read"):
        read_plan(tmp_path / "none.yaml")


def test_what_is_written_is_easy_on_the_eye(tmp_path):
    plan = read(tmp_path, RIGHT)

    assert as_yaml(plan.plan, plan.content) == RIGHT.replace(
        '  - {id: R1, text: Fel utbetalningar, score: 12, labels: "möjlig risk, kännbara konsekvenser"}\n',
        "  - id: R1\n    text: Fel utbetalningar\n    score: 12\n    labels: möjlig risk, kännbara konsekvenser\n",
    ).replace(
        "    unit_name: hushåll\n    tolerance: 0.05\n    frequency: 2021-01-01\n    categories:\n"
        "      - {id: deposits, sv: Insättningar på konto, en: Deposits on account}\n",
        "    frequency: '2021-01-01'\n    unit_name: hushåll\n    tolerance: 0.05\n    categories:\n"
        "      - id: deposits\n        sv: Insättningar på konto\n        en: Deposits on account\n",
    ).replace('"3"', "'3'")


@pytest.mark.parametrize("file", SEEDS, ids=lambda file: file.stem)
def test_the_plan_of_every_document_is_written_and_read_again_as_it_was(tmp_path, file):
    plan = read_plan(file)

    again = read(tmp_path, as_yaml(plan.plan, plan.content))

    assert (again.plan, again.content) == (plan.plan, plan.content)


IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,9}", fullmatch=True)
TEXTS = st.text(
    st.one_of(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\ufeff"), st.just("\n")),
    min_size=1,
    max_size=40,
)
FEW = st.sampled_from(["yes", "no", "null", "~", "1", "1.0", "2021-01-01", "- a", "#", "a: b", " a ", "a\n\n b\n", "|"])
WORDS = st.one_of(FEW, TEXTS)
OPTIONAL = st.none() | WORDS


@st.composite
def plans(draw: st.DrawFn) -> AdoptPlan:
    risks = draw(st.lists(IDS, max_size=3, unique=True))
    points = draw(st.lists(IDS, min_size=1, max_size=4, unique=True))
    return AdoptPlan.model_validate(
        {
            "board": draw(WORDS),
            "year": draw(st.integers(1990, 2200)),
            "dnr": draw(OPTIONAL),
            "title": draw(OPTIONAL),
            "risks": [
                {
                    "id": risk,
                    "text": draw(WORDS),
                    "score": draw(st.none() | st.integers(0, 25)),
                    "labels": draw(st.just("") | WORDS),
                }
                for risk in risks
            ],
            "control_points": [_point(draw, point, risks) for point in points],
            "retired": [{"control_point": f"old-{point}", "why": draw(OPTIONAL)} for point in points[:2]],
        }
    )


def _point(draw: st.DrawFn, point: str, risks: list[str]) -> dict[str, object]:
    step = {"earlier": draw(IDS), "how": draw(st.sampled_from(["kept", "reformulated"])), "why": draw(OPTIONAL)}
    return {
        "control_point": point,
        "number": draw(FEW),
        "measure": draw(WORDS),
        "method": draw(OPTIONAL),
        "responsible": draw(OPTIONAL),
        "risk": draw(st.sampled_from([None, *risks])),
        "schedule": draw(st.lists(st.sampled_from(["monthly", "tertial", "yearly"]), max_size=3)),
        "tolerance": draw(st.none() | st.decimals(0, 1, places=20) | st.decimals(0, 1, places=2)),
        "second_review_share": draw(st.none() | st.decimals("0.01", 1, places=2)),
        "file_review_questionnaire": draw(st.none() | IDS),
        **draw(st.sampled_from([{}, {"reviewer_rule": "group", "reviewer_group": "Granskare"}])),
        "categories": draw(st.lists(st.fixed_dictionaries({"id": IDS, "sv": WORDS, "en": WORDS}), max_size=2)),
        "carried_over": draw(st.none() | st.just(step)),
    }


@given(plan=plans(), id_=IDS)
@settings(max_examples=150, deadline=None)
def test_any_plan_is_written_and_read_again_as_it_was(tmp_path_factory, plan, id_):
    folder = tmp_path_factory.getbasetemp()

    again = read(folder, as_yaml(id_, plan))

    assert (again.plan, again.content) == (id_, plan)
