"""What the how-to pages show is read as it stands: a plan, a questionnaire and a staff list that fit together."""

import re
from pathlib import Path

import pytest

from stickprov_client.documents.plan_file import read_plan
from stickprov_client.documents.questionnaire_file import questionnaire_in
from stickprov_client.documents.staff_file import read_staff
from stickprov_client.documents.yaml_document import read_document
from stickprov_sampler.domain.questionnaire.checking import faults_in

PAGES = Path(__file__).parents[3] / "docs" / "how-to"


@pytest.fixture
def shown(tmp_path):
    def write(page: str, kind: str) -> Path:
        found = re.findall(rf"```{kind}\n(.*?)```", (PAGES / page).read_text(encoding="utf-8"), flags=re.DOTALL)
        assert len(found) == 1
        file = tmp_path / f"shown.{kind}"
        file.write_text(found[0], encoding="utf-8")
        return file

    return write


def test_the_plan_that_is_shown_can_be_imported(shown):
    plan = read_plan(shown("plans.md", "yaml"))
    assert (plan.plan, plan.content.control_points[0].reviewer_rule) == ("AMF-2022", "colleague")


def test_the_questionnaire_that_is_shown_can_be_published(shown):
    read = questionnaire_in(read_document(shown("questionnaires.md", "yaml")))
    assert (read.questionnaire, faults_in(read.content)) == ("bistand", [])


def test_the_staff_list_that_is_shown_can_be_imported(shown):
    people = read_staff(shown("plans.md", "csv")).staff.staff
    assert [person.sign_in for person in people] == ["reviewer-01", "reviewer-02"]
    assert people[1].groups == ["Granskare", "Aktgranskning"]
