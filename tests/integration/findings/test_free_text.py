"""Free text may name a person: it is in one table only, and gone when it is erased there."""

import pytest

from stickprov_client.bundle.verifying.verification import FromElsewhere, verify_bundle
from stickprov_contracts.questionnaires import Question, Questionnaire
from support.bundles import Books, Entry, LogBook
from support.reviews import QUESTIONNAIRE, case_drawn, point_defined, published
from support.waiting import eventually

PLANTED = "Planterad Person 19121212-1212"
TABLES = [
    *("event", "command", "ledger", "tree", "checkpoint", "checkpoint_key", "inbox", "inbox_event", "quarantine"),
    *("drawn_case", "replaced_case", "control_point", "questionnaire_version", "staff", "staff_list", "closed_period"),
    *("draft", "projection", "assignment", "protections_heard"),
]


@pytest.fixture(autouse=True)
async def commented(service):
    asked = Questionnaire(
        sv="Fritext", en="Text", remark="asked", questions=[Question(id="what", sv="Vad?", en="What?", type="text")]
    )
    answers = {"answers": {"what": PLANTED}}
    await service.hear(point_defined(questionnaire=QUESTIONNAIRE), case_drawn(), published(asked))
    await service.save_draft({"answers.what": [PLANTED]}, seen=0)
    await service.post("finding", {"remark": False, "comment": PLANTED, **answers})
    await service.post(
        "correction",
        {"remark": True, "categories": ["swish"], "comment": PLANTED, "reason": PLANTED, **answers},
        seen=1,
    )
    await service.post("withdrawal", {"reason": PLANTED}, seen=2)


async def test_free_text_is_in_no_table_but_sealed(service):
    known = await service.pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    searched = {row["tablename"] for row in known} - {"relay", "schema_migration"}

    assert {table: await _rows_with(service, table) for table in searched} == dict.fromkeys(searched, 0)
    assert {*TABLES, "note"} <= searched
    assert len([note for note in await service.notes() if PLANTED in note.text]) == 6


async def test_a_note_that_was_moved_or_changed_is_noticed_and_not_shown(service):
    await service.pool.execute("UPDATE note SET wrapped_key = set_byte(wrapped_key, 20, get_byte(wrapped_key, 20) # 1)")

    answer = await service.get_review()

    assert (answer.status_code, answer.json()["code"]) == (500, "seal-broken")
    assert PLANTED not in answer.text


async def test_an_erased_note_leaves_the_history_standing(service):
    await service.pool.execute("DELETE FROM note")
    review = await service.review()

    assert [(entry["what"], entry["comment"], entry["reason"]) for entry in review["history"]] == [
        ("recorded", None, None),
        ("corrected", None, None),
        ("withdrawn", None, None),
    ]
    assert [entry["answers"] for entry in review["history"][:2]] == [
        [{"question": "what", "chosen": [], "number": None, "day": None, "text": None}]
    ] * 2
    assert (await service.post("finding", {"remark": False, "answers": {"what": "x"}})).status_code == 201


async def test_an_erased_note_changes_nothing_in_what_a_bundle_verifies(service, tmp_path):
    # given: what a bundle would have of the log
    before = await book_of(service)

    # when
    await service.pool.execute("DELETE FROM note")
    after = await book_of(service)

    # then
    assert after.contents() == before.contents()
    report = verify_bundle(Books(findings=after).write(tmp_path / "bundle.zip"), FromElsewhere())
    assert (report.verdict, report.difference) == ("verified", None)
    assert [said.values["events"] for said in report.checks if "events" in said.values] == [0, 3]
    assert PLANTED not in after.contents()["logs/findings/events.jsonl"].decode()


async def book_of(service):
    async def sequenced():
        return (await service.get("/v1/log/head", who="auditor")).json()["position"] == 3

    await eventually(sequenced, what="a place in the log for every event")
    book = LogBook("findings")
    for entry in (await service.get("/v1/log", who="auditor")).json()["entries"]:
        book.entries.append(Entry({name: text for name, text in entry["envelope"].items() if text}, entry["data"]))
    return book


async def test_the_same_text_has_another_digest_each_time(service):
    digests = {note.reference.digest for note in await service.notes() if note.text == PLANTED}
    in_events = b"".join(row["data"] for row in await service.pool.fetch("SELECT data FROM event"))

    assert len(digests) == 6
    assert all(digest.encode() in in_events for digest in digests)


async def _rows_with(service, table: str) -> int:
    """Search each row as text, and every bytes column of it as UTF-8."""
    rows = await service.pool.fetch(f"SELECT * FROM {table}")
    return sum(any(PLANTED in _text(value) for value in row.values()) for row in rows)


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
