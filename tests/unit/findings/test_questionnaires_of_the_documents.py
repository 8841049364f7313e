"""The controls of 2013 and 2021 answered as their documents tell, and what comes of it."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from stickprov_client.documents.questionnaire_file import questionnaire_in
from stickprov_client.documents.yaml_document import read_document
from stickprov_contracts.questionnaires import Questionnaire
from stickprov_findings.domain.questionnaire.evaluation import evaluate
from stickprov_findings.domain.questionnaire.outcome import CaseFacts, Evaluated, GivenOutcome
from stickprov_sampler.domain.questionnaire.checking import faults_in

SEEDS = sorted(Path("tests/seeds/questionnaires").glob("*.yaml"))


def asked(name: str) -> Questionnaire:
    return questionnaire_in(read_document(Path(f"tests/seeds/questionnaires/{name}.yaml"))).content


def found(name: str, period_end: date, **answers) -> Evaluated:
    case = CaseFacts((), None, period_end, date(2022, 1, 31))
    underscored = {question.replace("_", "-"): answer for question, answer in answers.items()}
    evaluated = evaluate(asked(name), GivenOutcome(answers=underscored), case)
    assert evaluated.problems == ()
    return evaluated


@pytest.mark.parametrize("file", SEEDS, ids=lambda file: file.stem)
def test_every_questionnaire_can_be_published(file):
    assert faults_in(asked(file.stem)) == []


def test_of_73_plans_43_are_older_than_three_months_and_21_of_them_than_a_year():
    year_end = date(2014, 6, 30)
    updated = [date(2014, 3, 30)] * 30 + [date(2014, 3, 29)] * 22 + [date(2013, 6, 29)] * 19
    cases = [found("002-arbetsplan", year_end, plan="yes", uppdaterad=str(day)) for day in updated]
    cases += [found("002-arbetsplan", year_end, plan="no", orsak="no")] * 2
    assert len(cases) == 73
    assert Counter(category for case in cases for category in case.categories) == {
        "older-3-months": 43,
        "older-1-year": 21,
    }
    assert sum(case.remark for case in cases) == 43


def test_half_of_the_investigations_went_on_for_four_months_without_an_extension():
    end = date(2013, 12, 31)
    late = found("002-utredningstid", end, inledd="2013-08-30", avslutad="no", forlangning="no")
    extended = found("002-utredningstid", end, inledd="2013-08-30", avslutad="no", forlangning="yes")
    in_time = found("002-utredningstid", end, inledd="2013-08-31", avslutad="no")
    finished = found("002-utredningstid", end, inledd="2013-01-01", avslutad="yes")
    assert [case.remark for case in (late, extended, in_time, finished)] == [True, False, False, False]
    assert late.categories == ("no-extension",)


@pytest.mark.parametrize(
    ("name", "answers", "remark"),
    [
        ("002-skyddade-personuppgifter", {"kanner_till": "delvis", "akter_inlasta": "yes"}, True),
        ("002-skyddade-personuppgifter", {"kanner_till": "ja", "akter_inlasta": "yes"}, False),
        ("002-ko-och-avgift", {"medarbetare": 1}, True),
        ("002-ko-och-avgift", {"medarbetare": 3}, False),
        ("002-forskollarare", {"utbildning": "barnskotare"}, True),
        ("002-forskollarare", {"utbildning": "forskollarare", "arbetade_timmar": "38,25"}, False),
        ("002-kvalitetsledningssystem", {"infort": "paborjat"}, True),
        ("002-kvalitetsledningssystem", {"infort": "infort", "infort_datum": "2014-05-01"}, False),
        ("002-rutiner", {"aktuella": "no", "kanda": "yes"}, True),
        ("002-rutiner", {"aktuella": "yes", "kanda": "yes", "inlamnade": "2014-09-30"}, False),
        ("003-aktgranskning", {"utredande": "yes", "korrigerat": "yes", "belopp": "1 250,50"}, False),
    ],
)
def test_the_other_controls_can_be_answered_both_ways(name, answers, remark):
    whole = {
        "002-skyddade-personuppgifter": {"behoriga": ["enhetschef", "handlaggare"]},
        "002-ko-och-avgift": {"aktuell": "yes", "fullmaktiges_regler": "yes", "underlag": "yes"},
        "003-aktgranskning": {"kommunicerat": "no"},
    }.get(name, {})
    assert found(name, date(2014, 6, 30), **whole, **answers).remark is remark


def test_first_meetings_of_august_to_october_2021_two_held_of_15():
    end = date(2021, 10, 31)
    both = {"finns_amf": "yes", "finns_amc": "yes"}
    held = found("003-trepartsmote", end, **both, mote="digitalt", dokumenterat_amf="yes", dokumenterat_amc="no")
    called = found("003-trepartsmote", end, **both, mote="telefon", orsak=["behovs-inte"])
    none = found("003-trepartsmote", end, **both, mote="inget", orsak=["ungdom", "avslutat"])
    cases = [held] * 2 + [called] + [none] * 12
    assert sum(not case.remark for case in cases) == 2
    assert Counter(category for case in cases for category in case.categories) == {"no-meeting": 13}


def test_plans_of_the_same_15_clients_12_action_plans_and_10_activity_plans():
    end = date(2021, 10, 31)
    name = "003-handlings-och-aktivitetsplan"
    cases = [found(name, end, handlingsplan="yes", uppdaterad="2021-09-15", aktivitetsplan="yes")] * 9
    cases += [found(name, end, handlingsplan="yes", aktivitetsplan="no")] * 3
    cases += [found(name, end, handlingsplan="no", aktivitetsplan="yes")]
    cases += [found(name, end, handlingsplan="no", aktivitetsplan="no")] * 2
    assert Counter(category for case in cases for category in case.categories) == {
        "no-plan": 3,
        "no-activity-plan": 5,
    }
