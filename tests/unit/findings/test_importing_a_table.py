"""What a table of findings says of which case, and where a fault in it stands."""

from uuid import UUID

from stickprov_contracts.questionnaires import Option
from stickprov_findings.domain.imports.cases import Drawn, DrawnCases, Row
from stickprov_findings.domain.imports.columns import columns_of
from stickprov_findings.domain.imports.saying import CaseRows
from stickprov_findings.domain.questionnaire.evaluation import evaluate
from stickprov_findings.domain.questionnaire.outcome import GivenOutcome, GivenSubunit
from support.questionnaires import CASE, asking

JANUARY, FEBRUARY = UUID("01900000-0000-7000-8000-000000000001"), UUID("01910000-0000-7000-8000-000000000002")
A, B = "aaaaaaaa" + "0" * 56, "aaaaaaaa" + "1" * 56
C = "cc" * 32
DRAWN = DrawnCases("P-1", [Drawn(B, JANUARY), Drawn(A, JANUARY), Drawn(C, JANUARY), Drawn(C, FEBRUARY)])

KINDS = {
    "id": "kinds",
    "type": "many_of",
    "options": [{"id": "cash", "sv": "Kontanter", "en": "Cash"}, {"id": "swish", "sv": "Swish", "en": "Swish"}],
}
PLAN = {"id": "plan", "type": "yes_no", "remarks": [{"answers": ["no"], "category": "missing"}]}
NEEDS = {"id": "needs", "type": "yes_no_na", "level": "subunit"}
CATEGORIES = [Option(id="deposits", sv="Insättningar", en="Deposits"), Option(id="missing", sv="Saknas", en="Missing")]


def case_of(*rows: list[str], columns: str, asked=None) -> CaseRows:
    found, problems = columns_of(columns.split(";"))
    assert problems == []
    return CaseRows(found, [Row(number, cells) for number, cells in enumerate(rows, start=2)], asked, CATEGORIES)


def found(text: str, draw: str = ""):
    columns, _ = columns_of(["ärende", "draw"])
    meant = DRAWN.meant_by(Row(7, [text, draw]), columns)
    return (meant.case, meant.draw) if isinstance(meant, Drawn) else (meant.row, meant.field, meant.code)


def test_a_case_is_meant_by_its_digits_or_a_beginning_or_its_address():
    assert found(A) == (A, JANUARY)
    assert found("AAAAAAAA0") == (A, JANUARY)
    assert found(f"{FEBRUARY}/P-1/{C}") == (C, FEBRUARY)
    assert found("cccccccc", "0191") == (C, FEBRUARY)


def test_a_case_that_cannot_be_told_is_named_by_its_row():
    assert found("") == (7, "ärende", "case-unreadable")
    assert found("aaaaaaa") == (7, "ärende", "case-unreadable")
    assert found("Kim Prov") == (7, "ärende", "case-unreadable")
    assert found(f"{FEBRUARY}/P-2/{C}") == (7, "ärende", "case-unreadable")
    assert found("aaaaaaaa") == (7, "ärende", "case-ambiguous")
    assert found("dddddddd") == (7, "ärende", "case-not-drawn")
    assert found(C) == (7, "draw", "draw-ambiguous")
    assert found(A, "0191") == (7, "ärende", "case-not-drawn")


MARCH_AND_APRIL = DrawnCases(
    "P-1",
    [
        Drawn(A, JANUARY, 1, "2021-03", "Norr"),
        Drawn(B, JANUARY, 1, "2021-04", "Norr"),
        Drawn(C, JANUARY, 1, "2021-04", "Söder"),
        Drawn(C, FEBRUARY, 2, "2021-04", "Söder"),
    ],
)


def numbered(columns: str, *cells: str):
    known, problems = columns_of(columns.split(";"))
    assert problems == []
    meant = MARCH_AND_APRIL.meant_by(Row(7, cells), known)
    return (meant.case, meant.draw) if isinstance(meant, Drawn) else (meant.row, meant.field, meant.code)


def test_a_case_is_meant_by_its_number_in_the_draw():
    assert numbered("Ordningsnummer", "2") == (C, FEBRUARY)
    assert numbered("order;månad", "1", "2021-03") == (A, JANUARY)
    assert numbered("order;month;stratum", "1", "2021-04-01", "söder") == (C, JANUARY)
    assert numbered("case;order", C, "2") == (C, FEBRUARY)
    assert numbered("case;order", "", "2") == (C, FEBRUARY)


def test_a_number_that_several_cases_have_says_what_tells_them_apart():
    known, _ = columns_of(["Ordningsnummer", "månad"])
    meant = MARCH_AND_APRIL.meant_by(Row(7, ["1", ""]), known)
    assert (meant.row, meant.field, meant.code) == (7, "Ordningsnummer", "order-ambiguous")
    assert meant.message == "3 cases have this number. Say which one in columns månad, stratum."


def test_a_number_that_stands_for_no_case_is_named_by_its_row():
    assert numbered("order", "3") == (7, "order", "case-not-drawn")
    assert numbered("order;month", "2", "2021-03") == (7, "order", "case-not-drawn")
    assert numbered("case;order", A, "2") == (7, "case", "case-not-drawn")
    assert numbered("order", "") == (7, "order", "case-unreadable")
    assert numbered("order", "first") == (7, "order", "order-unreadable")
    assert numbered("order", "1" * 40) == (7, "order", "order-unreadable")


def test_what_a_list_of_cases_tells_is_passed_over_unless_it_is_asked():
    case = case_of(
        ["1", "P-1", "Kim Prov", "yes"], columns="order;Kontrollmoment;handläggare;status", asked=asking(PLAN)
    )
    assert case.said().given.answers == {}
    asked = asking({"id": "status", "type": "yes_no"})
    case = case_of(["1", "P-1", "Kim Prov", "yes"], columns="order;Control point;handler;status", asked=asked)
    assert case.said().given.answers == {"status": "yes"}


def test_a_case_number_is_no_business_of_findings():
    _, problems = columns_of(["Ärendenummer", "plan"])
    assert [(problem.field, problem.code) for problem in problems] == [
        ("Ärendenummer", "case-number-not-taken"),
        ("case", "column-missing"),
    ]


def test_headings_are_told_apart_and_faults_in_them_all_named():
    columns, problems = columns_of(["Ärende", "plan", "answers.remark", "Remark", ""])
    assert (dict(columns.parts), dict(columns.questions)) == ({"case": 0, "remark": 3}, {"plan": 1, "remark": 2})
    assert problems == []
    _, problems = columns_of(["plan", "answers.plan", "Vad då?"])
    assert [(problem.field, problem.code) for problem in problems] == [
        ("answers.plan", "column-repeated"),
        ("Vad då?", "column-unknown"),
        ("case", "column-missing"),
    ]


def test_cells_are_read_as_people_write_them():
    case = case_of(
        ["x", "Nej", "Kontanter | swish", "ja", "Saknas|deposits", "Rörigt"],
        columns="case;plan;kinds;anmärkning;categories;comment",
        asked=asking(PLAN, KINDS),
    )
    assert case.said().given == GivenOutcome(
        remark=True,
        categories=["missing", "deposits"],
        comment="Rörigt",
        answers={"plan": "no", "kinds": ["cash", "swish"]},
    )


def test_a_case_with_subunits_stands_in_several_rows():
    case = case_of(
        ["x", "child-1", "", "", "yes", "ej aktuellt"],
        ["x", "", "", "", "yes", ""],
        ["x", "child-2", "Övertäckning", "duplicate", "", ""],
        columns="case;subunit;outcome;reason;plan;needs",
        asked=asking(PLAN, NEEDS),
    )
    said = case.said()
    assert said.problems == ()
    assert said.given.answers == {"plan": "yes"}
    assert said.given.subunits == (
        GivenSubunit("child-1", answers={"needs": "na"}),
        GivenSubunit("child-2", "over-coverage", "duplicate"),
    )
    assert evaluate(case.questionnaire, said.given, CASE).problems == ()


def test_a_whole_case_can_be_marked():
    case = case_of(["x", "Bortfall", "Behörighet saknas", "Låst"], columns="case;outcome;reason;comment")
    said = case.said()
    assert (said.mark, said.reason, said.given.comment, said.problems) == ("non-response", "no-access", "Låst", ())


def test_nothing_else_is_said_of_a_marked_case():
    case = case_of(
        ["x", "", "bortfall", "moved", "yes", "ja"],
        ["x", "child-1", "", "", "", ""],
        columns="case;subunit;outcome;reason;plan;remark",
        asked=asking(PLAN),
    )
    assert [(problem.row, problem.field) for problem in case.said().problems] == [
        (2, "plan"),
        (2, "remark"),
        (3, "subunit"),
    ]


def test_rows_of_a_case_that_contradict_each_other_are_named():
    case = case_of(
        ["x", "child-1", "yes", "a"],
        ["x", "child-2", "no", "b"],
        ["x", "", "", ""],
        ["x", "", "", ""],
        columns="case;subunit;plan;comment",
        asked=asking(PLAN, NEEDS),
    )
    assert [(problem.row, problem.field, problem.code) for problem in case.said().problems] == [
        (5, "case", "row-repeated"),
        (3, "comment", "rows-differ"),
        (3, "plan", "rows-differ"),
    ]


def test_a_fault_of_the_evaluation_is_named_by_row_and_column():
    case = case_of(
        ["x", "child-1", "lost", "", "", "perhaps"],
        ["x", "child-2", "", "moved", "Kim", ""],
        columns="case;underenhet;Utfall;reason;answers.plan;needs",
        asked=asking(PLAN, NEEDS),
    )
    problems = evaluate(case.questionnaire, case.said().given, CASE).problems
    assert sorted((located.row, located.field, located.code) for located in map(case.located, problems)) == [
        (2, "Utfall", "outcome-unknown"),
        (3, "answers.plan", "choice-unknown"),
        (3, "needs", "answer-missing"),
        (3, "reason", "reason-not-needed"),
    ]


def test_what_a_row_about_the_case_should_not_hold_is_named():
    case = case_of(["x", "lost", "moved", "ja"], columns="case;outcome;reason;needs", asked=asking(NEEDS))
    assert [(problem.field, problem.code) for problem in case.said().problems] == [
        ("outcome", "outcome-unknown"),
        ("needs", "subunit-missing"),
    ]
    assert [problem.code for problem in case_of(["x", "tja"], columns="case;remark").said().problems] == [
        "remark-unreadable"
    ]
