"""Whatever somebody with all rights changes in the log's tables is found and named: table, position and column."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import asyncpg
import pytest

from stickprov_contracts.http.checkpoints import LogVerification
from stickprov_contracts.http.progress import AuditStage
from stickprov_kernel.log import verifying
from stickprov_kernel.log.checkpoints import Checkpoints
from stickprov_kernel.log.verifying import TableVerification
from support.log import OpenLog, append, command, finding, open_log
from support.notes import signing_key

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
FIRST, SECOND = signing_key(number=1), signing_key(number=2)
SIGNER = f"{FIRST.name} ({FIRST.verifier.key_id.hex()})"


@pytest.fixture
async def log(new_database) -> AsyncIterator[OpenLog]:
    """A log of 12 events in four batches, with a checkpoint after each two of them and a change of keys between."""
    async with open_log(await new_database()) as opened:
        checkpoints = Checkpoints(opened.pool)
        for key, former in ((FIRST, None), (SECOND, FIRST)):
            await checkpoints.adopt(key, former, NOW)
            for _ in range(2):
                case = command().command_id
                await opened.store.commit(
                    command(), [append(f"review/{case}", 0, finding(1), finding(2), finding(3, remark=True))], b""
                )
                await opened.sequence_all()
            await checkpoints.make(key, "interval", NOW)
        yield opened


async def verified(log: OpenLog) -> LogVerification:
    return await TableVerification(log.pool, "findings").run(lambda _stage: None)


async def tamper(log: OpenLog, *statements: str) -> None:
    """Do what only a superuser can: switch the triggers off and change rows."""
    connection = await asyncpg.connect(log.database.superuser_url)
    try:
        for table in ("event", "ledger", "tree", "checkpoint", "checkpoint_key"):
            await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER insert_only")
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


AT_5 = "WHERE id = (SELECT event_id FROM ledger WHERE position = 5)"
UNGENERATED = "ALTER TABLE event ALTER COLUMN leaf_hash DROP EXPRESSION"


async def test_a_log_that_nobody_touched_is_verified(log: OpenLog):
    told: list[AuditStage] = []

    outcome = await TableVerification(log.pool, "findings").run(told.append)

    head = await log.reader.head()
    assert outcome == LogVerification(
        source="findings",
        verdict="verified",
        events=12,
        checkpoints=2,
        chain_hash=head.chain_hash.hex(),
        root=head.root.hex(),
        first_difference=None,
    )
    assert told == [AuditStage(stage="verifying", source="findings", done=12, of=12)]


async def test_an_empty_log_is_verified(new_database):
    async with open_log(await new_database()) as empty:
        outcome = await verified(empty)

    assert (outcome.verdict, outcome.events, outcome.chain_hash) == ("verified", 0, "00" * 32)


@pytest.mark.parametrize("page", [1, 2, 5, 12])
async def test_the_size_of_a_page_changes_nothing(log: OpenLog, monkeypatch: pytest.MonkeyPatch, page: int):
    monkeypatch.setattr(verifying, "_PAGE", page)

    assert (await verified(log)).verdict == "verified"
    await tamper(log, f"UPDATE event SET actor = 'p2' {AT_5}")
    outcome = await verified(log)
    assert (outcome.events, outcome.first_difference) == (
        4,
        "Table event, position 5, column actor: it is not what the event's envelope says.",
    )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("id", "gen_random_uuid()"),
        ("stream", "'review/another'"),
        ("version", "9"),
        ("type", "'stickprov.findings.finding-withdrawn.v1'"),
        ("schema_version", "2"),
        ("time", "time + interval '1 microsecond'"),
        ("actor", "'p2'"),
        ("correlation_id", "gen_random_uuid()"),
        ("causation_id", "gen_random_uuid()"),
    ],
)
async def test_a_changed_column_of_an_event_is_named(log: OpenLog, column: str, value: str):
    link = "UPDATE ledger SET event_id = (SELECT id FROM changed) WHERE position = 5" if column == "id" else "SELECT 1"
    await tamper(log, f"WITH changed AS (UPDATE event SET {column} = {value} {AT_5} RETURNING id) {link}")

    outcome = await verified(log)

    assert outcome.verdict == "different"
    assert outcome.first_difference == (
        f"Table event, position 5, column {column}: it is not what the event's envelope says."
    )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("data", "set_byte(data, 3, get_byte(data, 3) # 1)"),
        ("data", "data || ' '::bytea"),
        ("envelope", "set_byte(envelope, 20, get_byte(envelope, 20) # 1)"),
        ("envelope", "'\\x00'::bytea"),
    ],
)
async def test_changed_bytes_of_an_event_are_named(log: OpenLog, column: str, value: str):
    await tamper(log, f"UPDATE event SET {column} = {value} {AT_5}")

    assert (await verified(log)).first_difference == (
        f"Table event, position 5, column {column}: it is not what was hashed when the event got its place."
    )


async def test_a_changed_event_whose_generated_hash_was_kept_is_named(log: OpenLog):
    await tamper(log, UNGENERATED, f"UPDATE event SET data = data || ' '::bytea {AT_5}")

    assert "position 5, column data" in str((await verified(log)).first_difference)


LEDGER = "Table ledger, position 5, column"


@pytest.mark.parametrize(
    ("statements", "difference"),
    [
        (
            [UNGENERATED, f"UPDATE event SET leaf_hash = sha256('x') {AT_5}"],
            "Table event, position 5, column leaf_hash: it is not the hash of the event's bytes.",
        ),
        (["DELETE FROM event " + AT_5], f"{LEDGER} event_id: there is no such event."),
        (
            ["UPDATE ledger SET event_id = gen_random_uuid() WHERE position = 5"],
            f"{LEDGER} event_id: there is no such event.",
        ),
        (
            [
                "CREATE TEMP TABLE swapped AS SELECT position, event_id FROM ledger WHERE position IN (5, 9)",
                "UPDATE ledger SET event_id = gen_random_uuid() WHERE position = 9",
                "UPDATE ledger SET event_id = (SELECT event_id FROM swapped WHERE position = 9) WHERE position = 5",
                "UPDATE ledger SET event_id = (SELECT event_id FROM swapped WHERE position = 5) WHERE position = 9",
            ],
            f"{LEDGER} event_id: it is another event than the one that was hashed.",
        ),
        (
            ["UPDATE ledger SET leaf_hash = sha256('x') WHERE position = 5"],
            f"{LEDGER} leaf_hash: it is not the hash of the event's bytes.",
        ),
        (
            ["UPDATE ledger SET chain_hash = sha256('x') WHERE position = 5"],
            f"{LEDGER} chain_hash: it does not follow from the one before and the leaf.",
        ),
        (["DELETE FROM ledger WHERE position = 5"], "Table ledger, position 5: there is no such row."),
        (["UPDATE ledger SET position = 99 WHERE position = 5"], "Table ledger, position 5: there is no such row."),
        (["DELETE FROM ledger WHERE position = 12"], "Table tree, position 11, column size: the tree ends at 12."),
        (
            ["UPDATE tree SET frontier = sha256('x') || substring(frontier FROM 33) WHERE size = 6"],
            "Table tree, position 6, column frontier: it is not that of the leaves.",
        ),
        (
            ["UPDATE tree SET root = sha256('x') WHERE size = 3"],
            "Table tree, position 3, column root: it is not that of the leaves.",
        ),
        (
            ["UPDATE tree SET size = 4 WHERE size = 3"],
            "Table tree, position 4, column frontier: it is not that of the leaves.",
        ),
        (["UPDATE tree SET size = 99 WHERE size = 12"], "Table tree, position 12, column size: the tree ends at 99."),
        (["DELETE FROM tree WHERE size = 12"], "Table tree, position 12, column size: the tree ends at 9."),
        (
            ["DELETE FROM tree WHERE size = 6"],
            "Table tree, position 6: there is no such row, and a checkpoint is of it.",
        ),
        (
            [
                "DELETE FROM ledger WHERE position > 9",
                "DELETE FROM tree WHERE size > 9",
                "DELETE FROM event WHERE seq > 9",
            ],
            "Table checkpoint, position 12, column size: the log ends at 9.",
        ),
        (
            ["UPDATE checkpoint SET root = sha256('x') WHERE size = 6"],
            "Table checkpoint, position 6, column root: it is not the tree's.",
        ),
        (
            ["UPDATE checkpoint SET size = 9 WHERE size = 6"],
            "Table checkpoint, position 9, column root: it is not the tree's.",
        ),
        (
            ["UPDATE checkpoint SET size = 9, root = (SELECT root FROM tree WHERE size = 9) WHERE size = 6"],
            "Table checkpoint, position 9, column note: it is of another log, size or root.",
        ),
        (
            ["UPDATE checkpoint SET key = 2 WHERE size = 6"],
            "Table checkpoint, position 6, column key: it is not the key that signed.",
        ),
        (
            ["UPDATE checkpoint SET note = set_byte(note, 3, get_byte(note, 3) # 1) WHERE size = 6"],
            f"Table checkpoint, position 6, column note: the signature of {SIGNER} does not fit the text.",
        ),
        (
            ["UPDATE checkpoint SET note = (SELECT note FROM checkpoint WHERE size = 12) WHERE size = 6"],
            "Table checkpoint, position 6, column key: it is not the key that signed.",
        ),
        (
            [f"UPDATE checkpoint_key SET verifier_key = '{signing_key(number=3).verifier.text}' WHERE number = 2"],
            "Table checkpoint_key, position 2, column handover: it is not what both keys signed.",
        ),
        (
            ["UPDATE checkpoint_key SET verifier_key = 'nonsense' WHERE number = 1"],
            "Table checkpoint_key, position 1, column verifier_key: a verifier key is <name>+<id>+<key>.",
        ),
        (
            ["UPDATE checkpoint_key SET adopted = adopted + interval '1 second' WHERE number = 2"],
            "Table checkpoint_key, position 2, column handover: it is not what both keys signed.",
        ),
        (
            ["UPDATE checkpoint_key SET size = 5 WHERE number = 2"],
            "Table checkpoint_key, position 2, column handover: it is not what both keys signed.",
        ),
        (
            ["UPDATE checkpoint_key SET handover = set_byte(handover, 3, 65) WHERE number = 2"],
            "Table checkpoint_key, position 2, column handover: it is not what both keys signed.",
        ),
        (
            ["UPDATE checkpoint_key SET number = 3 WHERE number = 2"],
            "Table checkpoint_key, position 2: there is no such row.",
        ),
    ],
)
async def test_whatever_else_was_changed_is_named(log: OpenLog, statements: list[str], difference: str):
    await tamper(log, *statements)

    outcome = await verified(log)

    assert (outcome.verdict, outcome.first_difference) == ("different", difference)


async def test_a_rewritten_log_that_fits_together_is_given_away_by_its_checkpoints(log: OpenLog):
    """Whoever rewrites events, ledger and tree so that they fit cannot sign the checkpoints of what came out."""
    await tamper(
        log,
        f"UPDATE event SET data = data || ' '::bytea {AT_5}",
        "DELETE FROM ledger WHERE position > 3",
        "DELETE FROM tree WHERE size > 3",
    )
    await log.sequence_all(batch=3)

    first = await verified(log)
    await tamper(log, "UPDATE checkpoint SET root = tree.root FROM tree WHERE tree.size = checkpoint.size")
    second = await verified(log)

    assert (first.events, second.events) == (12, 12)
    assert first.first_difference == "Table checkpoint, position 6, column root: it is not the tree's."
    assert second.first_difference == ("Table checkpoint, position 6, column note: it is of another log, size or root.")


async def test_an_event_that_never_gets_a_place_is_named(log: OpenLog, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(verifying, "_PLACED_SECONDS", 0.0)
    await log.store.commit(command(), [append("late", 0, finding(9))], b"")
    event = await log.pool.fetchval("SELECT id FROM event WHERE stream = 'late'")

    outcome = await verified(log)

    assert outcome.first_difference == (
        f"Table event, position 13, column id: event {event} has no place in the ledger."
    )


async def test_what_arrives_while_the_log_is_read_is_no_difference(log: OpenLog, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(verifying, "_PAGE", 1)

    async def go_on_working() -> None:
        for number in range(10):
            await log.store.commit(command(), [append(f"late/{number}", 0, finding(number))], b"")
            await log.sequence_all()

    outcome, _ = await asyncio.gather(verified(log), go_on_working())

    assert (outcome.verdict, outcome.first_difference) == ("verified", None)
    assert 12 <= outcome.events <= 22
    assert (await verified(log)).events == 22
