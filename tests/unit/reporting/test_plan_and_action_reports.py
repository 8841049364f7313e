"""The plan with its statuses and the follow-up of actions, in the layouts of the board's own documents."""

import pytest

from stickprov_contracts.events.follow_ups import ActionUpdated
from stickprov_contracts.http.reports import Fields, Heading, Table
from support.report_making import ON, made, tables_of, wanted
from support.report_scenes import DNR, FORM, PLAN, actions, concluded, plan_of_the_document, point_of_the_document
from support.report_texts import Notes


@pytest.fixture
def notes():
    return Notes()


@pytest.fixture
def plan(notes):
    return made(plan_of_the_document(notes), wanted("plan-status", plan=PLAN), notes)


def test_a_plan_has_its_dnr_board_and_year(plan):
    assert (plan.registration, plan.organisation) == (DNR, "Arbets- och företagsnämnden")
    assert plan.title == "Uppföljning och statusuppdatering T2 2022"


def test_rows_are_grouped_by_score_the_highest_first_and_a_risk_is_said_once(plan):
    table = next(block for block in plan.blocks if isinstance(block, Table))

    assert table.head == [
        *("Område", "Kontrollmoment", "Metod", "Ansvarig", "Frekvens"),
        *("Status T1 2022", "Status T2 2022", "Status T3 2022"),
    ]
    assert table.groups == {
        0: "Skattning 16: sannolik risk, allvarliga konsekvenser",
        3: "Skattning 15: möjlig risk, allvarliga konsekvenser",
        4: "Utan skattning",
    }
    assert [row[0].text for row in table.rows] == [
        *("Bristande kontinuitet", "Omoderna verksamhetssystem", "", "Hot mot tjänsteman", "Arbetsmarknad")
    ]


def test_the_newest_status_of_a_tertial_stands_and_a_row_that_nobody_told_of_is_empty(plan):
    rows = {row[1]: row[5:] for row in tables_of(plan)["Kontrollmoment och status 2022"]}

    assert rows["Kontroll av omfattning och progress i insatser"] == [
        "Pågående. Månadsrapporter följs upp på individnivå.",
        "Pågående. Kontinuerlig utveckling.",
        "",
    ]
    assert rows["Kontrollera att utvecklingsarbete är påbörjat"] == ["Genomfört.", "", ""]
    assert rows["Implementation av nya verksamhetssystem"] == ["", "", ""]


def test_how_many_rows_were_told_of_stands_with_numerator_and_denominator(plan):
    assert tables_of(plan)["Rapporterade statusar"] == [
        ["T1", "2", "5", "40,0\xa0%"],
        ["T2", "2", "5", "40,0\xa0%"],
        ["T3", "0", "5", "0,0\xa0%"],
    ]


def test_a_plan_speaks_english_on_request(notes):
    plan = made(plan_of_the_document(notes), wanted("plan-status", plan=PLAN, language="en"), notes)

    assert plan.title == "Follow-up and status T2 2022"
    assert tables_of(plan)["Controls and their status 2022"][0][5].startswith("Under way. ")


def follow_up(notes, *more, **asked):
    events = [point_of_the_document(), concluded(notes), *actions(notes), *more]
    return made(events, wanted("actions", **asked), notes)


def fields_of(report):
    """The fields of each action under its heading."""
    headings = [block.text for block in report.blocks if isinstance(block, Heading)]
    forms = [block for block in report.blocks if isinstance(block, Fields)]
    return {
        heading: {field.label: " ".join(line.text for line in field.lines) for field in form.fields}
        for heading, form in zip(headings, forms, strict=True)
    }


def test_each_action_has_its_finding_its_action_and_what_the_review_shows(notes):
    found = fields_of(follow_up(notes))

    assert list(found) == [
        "1. Klienter anger korrekta uppgifter i ansökan om ekonomiskt bistånd",
        "2. Klienter anger korrekta uppgifter i ansökan om ekonomiskt bistånd",
    ]
    assert found["2. Klienter anger korrekta uppgifter i ansökan om ekonomiskt bistånd"] == {
        "Vid granskningen framkom": FORM["result"],
        "Åtgärd": "Ta fram rutiner för hur stickproven ska gå till.",
        "Ansvarig": "Enhetschef",
        "Klar senast": "31 mars 2022",
        "Status": "Pågående, försenad",
        "Granskningen visar": (
            "Januari–april 2022, pågående: Arbetet med rutinerna fortgår. Åtgärden har delvis haft avsedd effekt."
        ),
    }


def test_statuses_are_counted_and_those_that_are_late(notes):
    assert tables_of(follow_up(notes)) == {
        "Åtgärdernas status (varav försenade: 1)": [["Pågående", "1"], ["Genomförd", "1"], ["Alla", "2"]]
    }


def test_an_action_is_not_late_before_its_day_nor_when_it_is_done(notes):
    proposed = actions(notes)[0]
    later = ActionUpdated(**(dict(proposed) | {"due": ON, "reason": None}))

    assert list(tables_of(follow_up(notes, later))) == ["Åtgärdernas status"]


def test_only_the_actions_that_were_asked_for_are_told(notes):
    assert fields_of(follow_up(notes, year=2021))
    none = follow_up(notes, year=2020)

    assert [block.text for block in none.blocks] == ["Inga åtgärder är föreslagna."]


def test_a_plan_of_another_year_shows_that_years_tertials(notes):
    asked = wanted("plan-status", plan=PLAN, year=2023)
    report = made(plan_of_the_document(notes), asked, notes)

    assert all(row[5:] == ["", "", ""] for row in tables_of(report)["Kontrollmoment och status 2023"])
