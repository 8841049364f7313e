"""What the demonstration leaves fits together, and the played control stays as it was defined."""

from stickprov_client.demo.left_work import ASKED, CONTENT, STAFF
from stickprov_client.demo.story import CONTROL_POINT, DEFINITION, REVIEWERS
from stickprov_contracts.http.sampler import PointFields
from stickprov_local.keys import ROLES
from stickprov_sampler.domain.questionnaire.checking import faults_in


def test_the_questionnaire_can_be_published_and_its_remarks_are_of_the_points_categories():
    [point] = [one for one in CONTENT.control_points if one.questionnaire]

    assert faults_in(ASKED) == []
    named = {rule.category for question in ASKED.questions for rule in question.remarks}
    assert named == {category.id for category in point.categories}


def test_the_played_control_is_in_the_plan_as_it_was_defined():
    [point] = [one for one in CONTENT.control_points if one.control_point == CONTROL_POINT]

    differing = [name for name in PointFields.model_fields if getattr(point, name) != getattr(DEFINITION, name)]
    assert differing == ["risk"]


def test_all_reviewers_are_on_the_staff_list_in_two_units():
    assert [person.sign_in for person in STAFF.staff] == [*REVIEWERS, "protected-reviewer"]
    assert {person.unit for person in STAFF.staff} == {"Norr", "Syd"}
    assert len({person.name for person in STAFF.staff}) == len(REVIEWERS) + 1


def test_who_is_cleared_on_the_staff_list_has_the_account_that_opens_what_they_are_given():
    cleared = [person.sign_in for person in STAFF.staff if person.clearance == "protected"]
    assert [ROLES[name] for name in cleared] == [("protected-reviewer",)]
