"""What the audit's pages make of what services say: keys as people compare them, entries as the trail has them."""

from datetime import UTC, datetime
from uuid import UUID

from stickprov_client.language.trail import told_event
from stickprov_client.web.auditing.content import content_of
from stickprov_client.web.auditing.entry_page import told_of
from stickprov_client.web.auditing.logs_asked import SignedLog, fingerprint_of
from stickprov_contracts.http.checkpoints import Checkpoint
from stickprov_contracts.log import LogEntry, LogHead

# Of the bytes 00 to 1f; their SHA-256 by sha256sum.
KEY = "stickprov.local/sampler+75c14fc4+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
FINGERPRINT = "630d cd29 66c4 3366 9112 5448 bbb2 5b4f f412 a49c 732d b2c8 abc1 b858 1bd7 10dd"
DRAW = "0192aa00-0000-7000-8000-000000000001"


def entry(data: str, **envelope: str) -> LogEntry:
    usual = {
        "id": "0192aa00-0000-7000-8000-00000000000e",
        "source": "/stickprov/findings",
        "type": "stickprov.findings.finding-recorded.v1",
        "subject": f"review/{DRAW}/AMF-2021-3/ab",
        "streamversion": "2",
        "time": "2021-04-01T12:00:00.123456Z",
        "actor": "p1",
        "correlationid": "0192aa00-0000-7000-8000-00000000000c",
    }
    return LogEntry.model_validate({"position": 7, "chain_hash": "ab" * 32, "envelope": usual | envelope, "data": data})


def test_an_entry_of_a_log_is_told_as_the_trail_tells_it():
    data = f'{{"draw": "{DRAW}", "control_point": "AMF-2021-3", "case": "{"a" * 64}", "remark": false}}'

    told = told_of("findings", entry(data))

    assert (told.type, told.version, told.stream_version, told.position) == ("finding-recorded", 1, 2, 7)
    assert (told.control_points, told.draw, told.case) == (["AMF-2021-3"], UUID(DRAW), "a" * 64)
    assert told.time == datetime(2021, 4, 1, 12, 0, 0, 123456, tzinfo=UTC)
    assert told_event(told, "sv") == "En iakttagelse registrerades: ingen anmärkning"


def test_an_entry_of_a_release_to_come_is_told_by_its_name():
    told = told_of("findings", entry('{"colour": "red"}', type="stickprov.findings.case-painted.v2"))

    assert (told.type, told.version, told.control_points) == ("case-painted", 2, [])
    assert told_event(told, "sv") == "case-painted"


def test_content_is_indented_and_keeps_its_letters():
    assert content_of({"namn": "åäö"}) == '{\n  "namn": "åäö"\n}'
    assert content_of(None) == ""


def test_a_key_has_its_fingerprint_in_groups_that_can_be_read_aloud():
    assert fingerprint_of(KEY) == FINGERPRINT


def test_a_key_that_cannot_be_read_has_no_fingerprint():
    assert fingerprint_of("no key") == ""


def test_what_came_after_the_newest_checkpoint_is_not_signed():
    def checkpoint(size: int) -> Checkpoint:
        return Checkpoint(
            source="sampler",
            origin="o",
            size=size,
            root="0" * 64,
            time=datetime(2021, 4, 1, tzinfo=UTC),
            reason="interval",
            note="",
        )

    head = LogHead(source="sampler", position=12, chain_hash="0" * 64, root="0" * 64)
    log = SignedLog("sampler", "o", head, [], [checkpoint(10), checkpoint(4)], more=False)

    assert (log.unsigned, log.newest) == (2, checkpoint(10))
    assert SignedLog("sampler", "o", head, [], [], more=False).unsigned == 12
