"""Shares, yes and no, and people, as people write them."""

from decimal import Decimal

import pytest
import yaml

from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.people import pseudonym_typed
from stickprov_client.documents.faults import BadFile
from stickprov_client.documents.plan_file import plan_in
from stickprov_client.documents.questionnaire_file import questionnaire_in
from stickprov_client.documents.yaml_document import document_of
from stickprov_client.language.file_places import place_told
from stickprov_contracts.http.plans import Person

POINT = {"control_point": "P-1", "number": "1", "measure": "Kontroll", "unit_name": "ärende"}
PLAN = {"plan": "P", "board": "Nämnd", "year": 2026}
QUESTION = {"id": "q", "sv": "Fråga", "en": "Question", "type": "yes_no"}


def plan(**fields):
    return document_of("plan.yaml", yaml.dump(PLAN | {"control_points": [POINT | fields]}).encode())


def questionnaire(**fields):
    whole = {"questionnaire": "q", "sv": "Frågor", "en": "Questions", "questions": [QUESTION | fields]}
    return document_of("q.yaml", yaml.dump(whole, allow_unicode=True).encode())


def person(pseudonym: str, name: str, sign_in: str) -> Person:
    return Person(pseudonym=pseudonym, name=name, sign_in=sign_in, email=None, unit="", groups=[], clearance="ordinary")


@pytest.mark.parametrize("typed", ["10%", "10 %", "0,1", "0.1", 0.1])
def test_a_share_in_a_plan_file_may_be_written_in_every_way(typed):
    [point] = plan_in(plan(second_review_share=typed, tolerance=typed)).content.control_points

    assert point.second_review_share == Decimal("0.1")
    assert point.tolerance == Decimal("0.1")


@pytest.mark.parametrize("typed", ["half", "150%", 50])
def test_a_share_that_is_none_says_how_shares_are_written(typed):
    with pytest.raises(BadFile, match=r"second_review_share: write a share, such as 5% or 0\.05\.$"):
        plan_in(plan(second_review_share=typed))


@pytest.mark.parametrize(("typed", "meant"), [("ja", True), ("nej", False), ("yes", True), ("no", False)])
def test_yes_and_no_in_a_file_may_be_written_in_both_languages(typed, meant):
    assert questionnaire_in(questionnaire(required=typed)).content.questions[0].required is meant


def test_an_option_without_fields_is_told_which_fields_an_option_has():
    with pytest.raises(BadFile, match=r"field options\.0: write fields here, such as id:, sv:"):
        questionnaire_in(questionnaire(type="one_of", options=["a", "b"]))


def test_a_misspelt_field_is_asked_about_with_one_mark():
    with pytest.raises(BadFile, match=r"did you mean reviewer_rule\?$"):
        plan_in(plan(reviewer_rul="handler"))


@pytest.mark.parametrize("typed", ["pa", "Anna Alm", "anna  alm", "reviewer-01", "Reviewer-01"])
def test_a_person_is_meant_by_name_sign_in_name_or_pseudonym(typed):
    people = [person("pa", "Anna Alm", "reviewer-01"), person("pb", "Bo Berg", "reviewer-02")]

    assert pseudonym_typed("--owner", typed, people) == "pa"


def test_a_name_of_two_people_and_of_nobody_is_refused_by_its_option():
    people = [person("pa", "Anna Alm", "reviewer-01"), person("pb", "Anna Alm", "reviewer-02")]

    with pytest.raises(BadInput, match=r"^--owner: Several"):
        pseudonym_typed("--owner", "Anna Alm", people)
    with pytest.raises(BadInput, match=r"^--to: Write the name"):
        pseudonym_typed("--to", "Cia", people)


def test_english_may_be_left_out_and_the_swedish_serves_for_both_with_a_warning():
    document = document_of(
        "q.yaml",
        """\
questionnaire: q
sv: Frågor
questions:
  - {id: a, sv: Hur, help_sv: Läs akten, type: one_of, options: [{id: x, sv: Så}, {id: y, sv: Inte så, en: Not so}]}
""".encode(),
    )

    read = questionnaire_in(document)

    assert (read.content.en, read.content.questions[0].en) == ("Frågor", "Hur")
    assert read.content.questions[0].help_en == "Läs akten"
    assert [option.en for option in read.content.questions[0].options] == ["Så", "Not so"]
    [warning] = read.warnings
    assert warning.message == "English (en) is missing in 4 places, so the Swedish text is used in both languages."
    said = place_told(warning, "sv")
    assert said == "Engelska (en) saknas på 4 ställen, så den svenska texten används på båda språken."


def test_a_plans_categories_need_no_english_either_and_all_there_is_gives_no_warning():
    read = plan_in(plan(categories=[{"id": "late", "sv": "Sent"}]))

    assert read.content.control_points[0].categories[0].en == "Sent"
    assert [warning.message.split(",")[0] for warning in read.warnings] == ["English (en) is missing in 1 places"]
    assert plan_in(plan()).warnings == ()
