"""Every event that is published is told in both languages, and nothing that is not understood breaks the trail."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from stickprov_client.language.trail import TYPE_NAMES, told_event, type_name_told, who
from stickprov_client.language.translations import LANGUAGES
from stickprov_contracts.events import EVENT_TYPES
from stickprov_contracts.events.findings import CaseAssigned, CaseMarkedOverCoverage, FindingRecorded
from stickprov_contracts.http.audit import TrailEntry
from stickprov_contracts.http.plans import Person

CORPUS = Path(__file__).parents[3] / "contracts" / "corpus"
CASE = {"draw": UUID(int=1), "control_point": "AMF-2021-3", "case": "a" * 64}


def entry(event, **changes) -> TrailEntry:
    return TrailEntry(
        **{
            "source": event.source,
            "position": 1,
            "chain_hash": "0" * 64,
            "id": UUID(int=1),
            "type": event.name,
            "version": event.version,
            "time": datetime(2021, 1, 31, tzinfo=UTC),
            "actor": "p0",
            "stream": "review/1",
            "stream_version": 1,
            "correlation_id": UUID(int=2),
            "control_points": [],
            "draw": None,
            "case": None,
            "plan": None,
            "period": None,
            "data": event.model_dump(mode="json"),
            **changes,
        }
    )


def test_every_event_type_has_a_name_and_no_other_does():
    assert set(TYPE_NAMES) == {model.name for model in EVENT_TYPES.values()}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("file", sorted(CORPUS.glob("*.json")), ids=lambda file: file.stem)
def test_every_stored_event_has_a_sentence_of_its_own(file, language):
    event = EVENT_TYPES[file.stem].model_validate_json(json.loads(file.read_bytes())["data"])

    sentence = told_event(entry(event), language)

    assert sentence != type_name_told(event.name, language)
    assert "{" not in sentence


def test_a_finding_is_told_with_its_outcome():
    event = FindingRecorded(**CASE, remark=True, categories=["deposit", "rent"])

    assert told_event(entry(event), "sv") == "En iakttagelse registrerades: anmärkning (deposit, rent)"
    assert told_event(entry(event), "en") == "A finding was recorded: remark (deposit, rent)"


def test_a_standard_reason_is_told_in_words_and_another_by_its_id():
    standard = CaseMarkedOverCoverage(**CASE, reason="duplicate")
    other = CaseMarkedOverCoverage(**CASE, reason="ours")

    assert told_event(entry(standard), "sv").endswith(": Samma ärende två gånger i registret")
    assert told_event(entry(other), "sv") == "Ärendet markerades som övertäckning: ours"


def test_people_are_called_by_name_only_where_the_staff_list_is_known():
    event = CaseAssigned(**CASE, purpose="second-review", reviewer="p1", rule="colleague")
    people = [Person(pseudonym="p1", name="Granskare Ett", email=None, unit="", groups=[], clearance="ordinary")]

    assert told_event(entry(event), "en", people) == "The case was given to Granskare Ett for second review"
    assert told_event(entry(event), "en") == "The case was given to p1 for second review"
    assert [who("p1", "sv", people), who("p2", "sv", people), who("system", "sv")] == [
        "Granskare Ett",
        "p2",
        "systemet",
    ]


@pytest.mark.parametrize(
    "changes",
    [{"version": 99}, {"data": {"remark": "perhaps"}}, {"data": {}}, {"source": "elsewhere"}],
)
def test_an_event_that_does_not_read_as_we_know_it_is_told_by_its_name(changes):
    event = FindingRecorded(**CASE, remark=False)

    assert told_event(entry(event, **changes), "sv") == "Iakttagelse registrerad"


def test_an_event_of_a_newer_service_is_told_by_its_own_name():
    assert told_event(entry(FindingRecorded(**CASE, remark=False), type="case-sealed"), "sv") == "case-sealed"
