"""Whatever somebody changes in a table behind everybody's back is found by a replay, and never a fault of ours."""

import json
import random
from datetime import date, timedelta
from typing import ClassVar
from uuid import uuid4

import asyncpg
import pytest

from stickprov_contracts.events import Event
from stickprov_contracts.events.findings import (
    AnswerRecorded,
    DisagreementSettled,
    FileReviewRecorded,
    FindingRecorded,
    SecondReviewRecorded,
    SubunitOutcome,
)
from stickprov_contracts.events.follow_ups import ControlConcluded, PlanStatusReported
from stickprov_contracts.http.audit import PeriodReplay
from stickprov_contracts.topics import Source
from stickprov_reporting.domain.statistics.statistic import DateRange
from support.log import append, command
from support.projected import Reporting
from support.reporting import (
    POINT,
    REASON,
    case_drawn,
    case_id,
    defined,
    draw_id,
    measured,
    month_period,
    recorded,
    sample,
)
from support.reporting_service import running_reporting

YEAR = DateRange(date(2021, 1, 1), date(2022, 1, 1))
SEED = 20211231
FLIPS = 14
"""Of each table; more cells and columns than that have been tried by hand with other seeds."""

JANUARY = month_period("2021-01")
FACTS = ("case_row", "cell", "draw_stratum", "control_point", "register_measure", "chronicle")
LOGS = ("inbox", "inbox_event", "quarantine")
NOBODY_CAN_TELL = {
    # How an inbox fares, not what it heard; when an event was set aside.
    "inbox": {"state", "reason", "healed"},
    "quarantine": {"quarantined_at"},
}


class CaseSealed(Event):
    """An event of a newer release."""

    source: ClassVar[Source] = "findings"
    name: ClassVar[str] = "case-sealed"


def of(case: str) -> dict[str, object]:
    return {"draw": draw_id("d"), "control_point": POINT, "case": case_id(case)}


def everything_said() -> list[Event]:
    """At least one row in every table, with every column in use."""
    answers = [AnswerRecorded(question="q1", chosen=["yes"])]
    subunits = [SubunitOutcome(subunit="1", outcome="reviewed", remark=True, categories=["deposit"], answers=answers)]
    drawn = [case_drawn("d", case, "2021-01", stratum="a", unit="north") for case in "abcdef"]
    return [
        defined(categories=["deposit"]),
        sample("d", [("a", "2021-01", 40, 6)], JANUARY, by=["stratum"]),
        *(one.model_copy(update={"subunits": ["1"]}) for one in drawn),
        measured("rule", [("2021-01", "north", 1, 2)], JANUARY),
        recorded("d", "a", "deposit", remark=True),
        recorded("d", "b"),
        FindingRecorded(**of("c"), remark=True, questionnaire="q", answers=answers, subunits=subunits),
        SecondReviewRecorded(**of("a"), remark=False),
        DisagreementSettled(**of("a"), remark=True, categories=["deposit"], settles=1, second=1, reason=REASON),
        FileReviewRecorded(**of("c"), remark=True, questionnaire="f", answers=answers),
        ControlConcluded(control_point=POINT, period=JANUARY, verdict="followed"),
        PlanStatusReported(plan="P-2021", control_point=POINT, period=JANUARY, status="done"),
    ]


@pytest.fixture
async def full(reporting: Reporting) -> Reporting:
    await reporting.hear(*everything_said())
    await reporting.logs.stores["findings"].commit(command(), [append("sealed/1", 0, CaseSealed())], b"")
    await reporting.hear_news("findings")
    return reporting


async def replays(reporting: Reporting) -> PeriodReplay:
    return await reporting.replayer.replays([], YEAR, lambda _stage: None)


class Flipping:
    """A superuser who changes one column of one row, and puts it back."""

    def __init__(self, connection: asyncpg.Connection, chance: random.Random) -> None:
        self._connection = connection
        self._chance = chance

    async def flip(self, table: str) -> str:
        """Change something; return what, in words."""
        columns = await self._connection.fetch(
            "SELECT column_name::text, udt_name::text FROM information_schema.columns WHERE table_name = $1"
            " ORDER BY ordinal_position",
            table,
        )
        possible = [tuple(column) for column in columns if column[0] not in NOBODY_CAN_TELL.get(table, ())]
        self._table, (self._column, type_) = table, self._chance.choice(possible)
        rows = await self._connection.fetch(f"SELECT ctid, {self._column} FROM {table} ORDER BY ctid")
        place, self._before = self._chance.choice(rows)
        changed = self._other(self._before, type_)
        self._place = await self._set(place, changed)
        return f"{table}.{self._column}: {self._before!r} -> {changed!r}"

    async def put_back(self) -> None:
        await self._set(self._place, self._before)

    async def _set(self, place: object, value: object) -> object:
        statement = f"UPDATE {self._table} SET {self._column} = $2 WHERE ctid = $1 RETURNING ctid"
        return await self._connection.fetchval(statement, place, value)

    def _other(self, value: object, type_: str) -> object:  # noqa: PLR0911 - one for each type
        """Return another value of a column's type."""
        match type_:
            case "text":
                return f"{value or ''}x"
            case "bool":
                return not value
            case "uuid":
                return uuid4()
            case "date":
                return (value or date(2021, 1, 1)) + timedelta(1)
            case "bytea":
                place = self._chance.randrange(8 * len(value))
                return bytes(
                    byte ^ (1 << place % 8 if number == place // 8 else 0) for number, byte in enumerate(value)
                )
            case "json" | "jsonb":
                return json.dumps(self._other_json(json.loads(value) if value is not None else []))
            case "timestamptz":
                return date(2021, 1, 1) if value is None else None
            case _:
                return (value or 0) + 1000

    def _other_json(self, value: object) -> object:
        """Return JSON that says something else."""
        if isinstance(value, dict) and value:
            name = self._chance.choice(sorted(value))
            return {**value, name: self._other_json(value[name])}
        if isinstance(value, list) and value:
            place = self._chance.randrange(len(value))
            return [self._other_json(one) if number == place else one for number, one in enumerate(value)]
        return "changed" if value != "changed" else "changed anew"


@pytest.mark.parametrize("table", [*FACTS, *LOGS])
async def test_every_change_of_a_row_is_found_and_named(full, table):
    chance = random.Random(f"{SEED} {table}")
    assert (await replays(full)).verdict == "verified"
    connection = await asyncpg.connect(full.database.superuser_url, timeout=20)
    try:
        await connection.execute("ALTER TABLE inbox_event DISABLE TRIGGER insert_only")
        for _ in range(FLIPS):
            flipping = Flipping(connection, chance)
            what = await flipping.flip(table)
            found = await replays(full)
            assert found.verdict == "different", what
            if table in FACTS:
                assert any(difference.figure.startswith(f"{table} ") for difference in found.differences), what
            else:
                assert any(log.first_difference for log in found.logs), what
            await flipping.put_back()
    finally:
        await connection.close()
    assert (await replays(full)).verdict == "verified"


@pytest.mark.parametrize("table", [*FACTS, *LOGS])
async def test_every_row_that_is_taken_away_is_found(full, table):
    await full.tamper(f"DELETE FROM {table} WHERE ctid = (SELECT min(ctid) FROM {table})")

    found = await replays(full)

    assert found.verdict == "different"
    assert found.differences or any(log.first_difference for log in found.logs)


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE cell SET value = value + 0.5 WHERE indicator = 'drawn'", "cell "),
        ("UPDATE cell SET value = 'NaN' WHERE indicator = 'drawn'", "cell "),
        ("UPDATE control_point SET year = 2099", "control_point "),
        ("UPDATE register_measure SET period_start = '2020-01-01'", "register_measure "),
        ("UPDATE chronicle SET kind = 'nothing' WHERE kind = 'control-concluded'", "chronicle "),
        ("UPDATE chronicle SET data = '{}' WHERE kind = 'control-concluded'", "chronicle "),
        ("UPDATE case_row SET detail = detail || '{\"more\": 1}' WHERE detail IS NOT NULL", "case_row "),
        ("UPDATE case_row SET detail = '[]' WHERE detail IS NOT NULL", "case_row "),
    ],
)
async def test_what_no_answer_would_show_is_named_all_the_same(full, statement, named):
    await full.tamper(statement)

    found = await replays(full)

    assert found.verdict == "different"
    assert found.digest_stored != found.digest_replayed
    assert any(difference.figure.startswith(named) for difference in found.differences)


async def test_an_event_that_cannot_be_understood_was_never_applied_whatever_is_said_of_it(full):
    await full.tamper("UPDATE quarantine SET requeued_at = now()")
    said = (await replays(full)).logs[1].first_difference
    await full.tamper("DELETE FROM quarantine")
    unsaid = (await replays(full)).logs[1].first_difference

    assert said == "the quarantine says that position 9 was applied, but its bytes cannot be understood"
    assert unsaid == "position 9 was applied, but its bytes cannot be understood"


async def test_an_event_that_was_applied_and_is_said_to_wait_shows_in_what_it_led_to(full):
    await full.tamper(
        "INSERT INTO quarantine (source, position, type, reason)"
        " VALUES ('findings', 1, 'stickprov.findings.finding-recorded.v1', 'x')"
    )

    found = await replays(full)

    assert found.verdict == "different"
    assert any(difference.figure.startswith("case_row ") for difference in found.differences)


async def test_a_kept_edge_of_the_tree_and_a_shortened_trail_are_found(full):
    await full.trails.catch_up()
    assert (await replays(full)).verdict == "verified"

    await full.tamper("DELETE FROM trail WHERE source = 'findings' AND position = 3")
    shortened = await replays(full)
    await full.tamper("UPDATE trail_follower SET subtrees = decode(repeat('00', 64), 'hex') WHERE source = 'findings'")
    edge = await replays(full)

    assert shortened.logs[1].first_difference == "the trail has 8 events of the first 9"
    assert (
        edge.logs[1].first_difference == "the edge of the tree that is kept at size 9 is not that of the copy's leaves"
    )


NOT_COUNTED = (
    "UPDATE cell SET value = 'NaN'",
    "UPDATE cell SET value = 10^30",
    "UPDATE cell SET month = 'never'",
    "UPDATE draw_stratum SET size = -1, drawn = -1",
    "UPDATE draw_stratum SET design = 'invented', month = ''",
    "UPDATE control_point SET definition = '{}'",
    "UPDATE register_measure SET measured = '[]'",
    "UPDATE case_row SET detail = '7', second = '{}', file_review = '3', categories = '{}'",
)


async def test_what_cannot_be_counted_is_a_problem_that_says_how_to_find_out_more(new_database, tmp_path, free_port):
    async with running_reporting(await new_database(), tmp_path, f"127.0.0.1:{free_port()}") as service:
        await service.hear(*everything_said())
        query = {"from": "2021-01-01", "to": "2022-01-01"}
        paths: list[tuple[str, dict[str, object]]] = [
            (f"/v1/statistics/{POINT}", query),
            (f"/v1/trends/{POINT}", query),
            (f"/v1/cases/{POINT}", query),
            (f"/v1/register-measures/{POINT}", {}),
            ("/v1/dashboard", {"year": 2021}),
            ("/v1/control-points", {"year": 2021}),
            ("/v1/reports/standard-form", {**query, "control_point": POINT, "format": "json"}),
        ]
        told: dict[str, set[int]] = {}
        for statement in NOT_COUNTED:
            await service.tamper(statement)
            for path, asked in paths:
                answer = await service.get(path, **asked)
                told.setdefault(path, set()).add(answer.status_code)
                assert answer.status_code in {200, 409}, (statement, path, answer.text)
                if answer.status_code == 409:
                    assert answer.json()["code"] == "figures-damaged"
                    assert "stickprov audit replay" in answer.json()["detail"]
            replayed = await service.get("/v1/audit/replays", who="auditor", **query)
            assert replayed.json()["verdict"] == "different", statement

    assert 409 in told[f"/v1/statistics/{POINT}"]
