"""The committed schemas are what the code says, and no released event becomes unreadable."""

import copy
import json
from pathlib import Path

import jsonschema
import pytest

from stickprov_contracts.events import EVENT_TYPES
from stickprov_contracts.published import asyncapi, breaking_changes, first_releases, released, render, write

ROOT = Path(__file__).parents[3]
SCHEMAS = ROOT / "contracts" / "schemas"


@pytest.mark.parametrize("path", sorted(render()))
def test_the_committed_schema_is_what_the_code_says(path: str):
    assert (SCHEMAS / path).read_text(encoding="utf-8") == render()[path], "run `make reference`"


def test_no_schema_file_is_left_of_a_type_that_is_gone():
    committed = {path.relative_to(SCHEMAS).as_posix() for path in SCHEMAS.glob("events/*.json")}

    assert committed == {path for path in render() if path.startswith("events/")}


def test_nothing_released_is_broken():
    assert breaking_changes(json.loads((SCHEMAS / "released.json").read_text(encoding="utf-8")), released()) == []


def test_every_asyncapi_reference_leads_somewhere():
    document = asyncapi()

    def references(part: object):
        if isinstance(part, dict):
            for key, value in part.items():
                if key == "$ref":
                    yield value
                else:
                    yield from references(value)

    for reference in references(document):
        if reference.startswith("#/"):
            place = document
            for step in reference[2:].split("/"):
                place = place[step]
        else:
            assert (SCHEMAS / reference).is_file()


def changed(edit):
    after = copy.deepcopy(released())
    edit(after["stickprov.findings.finding-recorded.v1"])
    return breaking_changes(released(), after)


def test_a_removed_field_is_breaking():
    assert changed(lambda fields: fields.pop("remark")) == ["stickprov.findings.finding-recorded.v1.remark is gone"]


def test_a_new_required_field_is_breaking():
    said = changed(lambda fields: fields.update(more={"required": True, "shape": {"type": "string"}}))

    assert said == ["stickprov.findings.finding-recorded.v1.more is new and required"]


def test_a_new_optional_field_is_not_breaking():
    assert changed(lambda fields: fields.update(more={"required": False, "shape": {"type": "string"}})) == []


def test_another_shape_is_breaking():
    said = changed(lambda fields: fields["case"]["shape"].update(pattern="^[0-9a-f]{32}$"))

    assert said == ["stickprov.findings.finding-recorded.v1.case has changed"]


def test_a_field_that_becomes_required_is_breaking():
    said = changed(lambda fields: fields["categories"].update(required=True))

    assert said == ["stickprov.findings.finding-recorded.v1.categories has changed"]


def test_a_removed_type_is_breaking():
    after = released()
    del after["stickprov.sampler.case-drawn.v1"]

    assert breaking_changes(released(), after) == ["stickprov.sampler.case-drawn.v1 is gone"]


def test_a_breaking_change_is_not_written(tmp_path: Path):
    before = released()
    before["stickprov.sampler.case-drawn.v0"] = {"case": {"required": True, "shape": {}}}
    (tmp_path / "released.json").write_text(json.dumps(before))

    assert write(tmp_path) == ["stickprov.sampler.case-drawn.v0 is gone"]
    assert [path.name for path in tmp_path.iterdir()] == ["released.json"]


def test_a_field_came_with_the_release_that_wrote_it_first():
    before = first_releases({}, "1.0.0")
    del before["stickprov.findings.finding-recorded.v1.comment"]

    since = first_releases(before, "1.1.0")

    assert since["stickprov.findings.finding-recorded.v1"] == "1.0.0"
    assert since["stickprov.findings.finding-recorded.v1.remark"] == "1.0.0"
    assert since["stickprov.findings.finding-recorded.v1.comment"] == "1.1.0"


def test_the_release_of_every_type_and_field_is_remembered():
    remembered = json.loads((SCHEMAS / "since.json").read_text(encoding="utf-8"))

    assert first_releases(remembered, "unknown") == remembered, "run `make reference`"


@pytest.mark.parametrize("type_", sorted(EVENT_TYPES))
def test_each_schema_is_a_valid_json_schema(type_: str):
    schema = json.loads((SCHEMAS / "events" / f"{type_}.json").read_text(encoding="utf-8"))

    jsonschema.Draft202012Validator.check_schema(schema)
