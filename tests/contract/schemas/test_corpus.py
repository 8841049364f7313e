"""One stored event per type and version, kept for ever: whatever we become, we can read what we wrote."""

import json
from pathlib import Path

import jsonschema
import pytest

from stickprov_contracts.events import EVENT_TYPES, type_name
from stickprov_kernel.log.envelope import decode, encode
from stickprov_kernel.log.hashing import leaf_hash
from stickprov_kernel.log.understanding import NotUnderstoodError, understand

ROOT = Path(__file__).parents[3]
CORPUS = ROOT / "contracts" / "corpus"
FILES = sorted(CORPUS.glob("*.json"))


def stored(path: Path) -> dict[str, str]:
    return json.loads(path.read_text(encoding="utf-8"))


def test_every_published_type_has_its_stored_event():
    assert {path.stem for path in FILES} >= set(EVENT_TYPES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_stored_event_is_understood_and_its_leaf_is_what_it_always_was(path: Path):
    event = stored(path)
    canonical = bytes.fromhex(event["envelope"])

    envelope = decode(canonical)
    understood = understand(envelope.type, event["data"].encode())

    assert envelope.type == path.stem
    assert encode(envelope) == canonical
    assert type_name(understood) == envelope.type
    assert leaf_hash(canonical, event["data"].encode()).hex() == event["leaf"]
    jsonschema.validate(json.loads(event["data"]), json.loads(_schema(envelope.type)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_we_write_today_is_what_was_stored(path: Path):
    """An added optional field may lengthen the data; nothing that was there may read otherwise."""
    event = stored(path)

    today = json.loads(understand(path.stem, event["data"].encode()).model_dump_json())

    assert json.loads(event["data"]).items() <= today.items()


def test_an_unknown_type_says_so():
    with pytest.raises(NotUnderstoodError, match=r"unknown event type stickprov\.sampler\.case-painted\.v1"):
        understand("stickprov.sampler.case-painted.v1", b"{}")


def test_data_that_does_not_fit_is_explained_without_its_values():
    with pytest.raises(NotUnderstoodError) as refused:
        understand("stickprov.findings.finding-recorded.v1", b'{"case": "199001012385", "remark": "perhaps"}')

    assert "case: string_pattern_mismatch" in str(refused.value)
    assert "199001012385" not in str(refused.value)


def _schema(type_: str) -> str:
    return (ROOT / "contracts" / "schemas" / "events" / f"{type_}.json").read_text(encoding="utf-8")
