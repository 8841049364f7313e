"""The projection on a real database: both inboxes at once, and everything that must come out the same."""

import asyncio
import re
from datetime import date
from pathlib import Path

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stickprov_contracts.topics import Source
from stickprov_kernel.log.envelope import decode
from stickprov_kernel.log.records import Incoming
from stickprov_kernel.log.understanding import understand
from stickprov_reporting.adapters.sql.migrations import FOLDERS
from stickprov_reporting.adapters.sql.projection import StatisticsProjection
from stickprov_reporting.adapters.sql.statements import SQL
from stickprov_reporting.adapters.sql.stored import snapshot
from stickprov_reporting.adapters.sql.stored_facts import stored_facts
from stickprov_reporting.adapters.statistics import read_statistics
from stickprov_reporting.domain.audit.digest import tables_of
from stickprov_reporting.domain.projection.cell import PROGRESS, CellKey
from stickprov_reporting.domain.projection.fold import Folded
from stickprov_reporting.domain.statistics.statistic import DateRange
from support.histories import POINTS, History, histories
from support.projected import Reporting, open_reporting
from support.reporting import case_drawn, corrected, defined, month_period, recorded, sample, withdrawn

RECOUNT = (Path(__file__).parents[2] / "support" / "recount.sql").read_text(encoding="utf-8")
ALWAYS = DateRange(date.min, date.max)


async def stored(pool: asyncpg.Pool) -> Folded:
    found = Folded()
    tables = tables_of(found)
    async with snapshot(pool) as connection:
        async for table, key, value in stored_facts(connection, 1):
            tables[table][key] = value
    return found


async def recounted(pool: asyncpg.Pool) -> dict[CellKey, int]:
    return {CellKey(*key): int(count) for *key, count in await pool.fetch(RECOUNT)}


async def folded(pool: asyncpg.Pool) -> Folded:
    projection = Folded()
    for position, chain, envelope, data in await pool.fetch(
        "SELECT position, chain_hash, envelope, data FROM inbox_event ORDER BY source, position"
    ):
        attributes = decode(envelope)
        projection.apply([Incoming(position, chain, attributes, understand(attributes.type, data))])
    return projection


async def told(reporting: Reporting, point: str) -> dict[str, int]:
    async with reporting.readings.now() as reading:
        total = (await read_statistics(reading, point, ALWAYS)).total
    return {name: getattr(total, name.replace("-", "_")) for name in PROGRESS}


async def hear_in_batches(reporting: Reporting, history: History, order: list[tuple[Source, int]]) -> None:
    """Apply both logs, so many events of one and so many of the other, until nothing is left."""
    await reporting.logs.say(*history.sampler_events, *history.findings_events)
    news = {source: await reporting.logs.news(source) for source in reporting.inboxes}
    for source, count in [*order, ("sampler", 10_000), ("findings", 10_000)]:
        await reporting.inboxes[source].receive(news[source][:count])
        del news[source][:count]


# The fixture only makes databases: each example asks for a fresh one.
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    history=histories(),
    order=st.lists(st.tuples(st.sampled_from(["sampler", "findings"]), st.integers(1, 12)), max_size=12),
)
async def test_any_interleaving_gives_what_the_fold_and_an_independent_count_give(new_database, history, order):
    async with open_reporting(await new_database(*FOLDERS)) as reporting:
        await hear_in_batches(reporting, history, order)

        found, counted = await stored(reporting.pool), await recounted(reporting.pool)

        assert found == await folded(reporting.pool)
        assert found.cells == counted
        for point in POINTS:
            assert (await reporting.replayer.replay(point, ALWAYS)).verdict == "verified"
            assert await told(reporting, point) == {
                name: sum(n for key, n in counted.items() if (key.control_point, key.indicator) == (point, name))
                for name in PROGRESS
            }


async def test_both_inboxes_may_touch_the_same_new_rows_at_once(reporting):
    cases = [f"{number}" for number in range(400)]
    await reporting.logs.say(
        defined(categories=["deposit"]),
        sample("d", [("", "2021-01", 2663, 400)], month_period("2021-01")),
        *(case_drawn("d", case, "2021-01") for case in cases),
        # The other way round, so that two batches at once lock the rows in opposite orders.
        *(recorded("d", case, "deposit", remark=True) for case in reversed(cases)),
        *(corrected("d", case) for case in cases[::2]),
        *(withdrawn("d", case) for case in cases[::5]),
    )

    async def hear(source: Source) -> None:
        news = await reporting.logs.news(source)
        for start in range(0, len(news), 20):
            await reporting.inboxes[source].receive(news[start : start + 20])

    await asyncio.gather(hear("sampler"), hear("findings"))

    found = await stored(reporting.pool)
    assert {key.indicator: value for key, value in found.cells.items()} == {
        "drawn": 400,
        "reviewed": 320,
        "remarks": 160,
        "category:deposit": 160,
    }
    assert found == await folded(reporting.pool)


async def test_rows_and_position_stand_or_fall_together(reporting):
    await reporting.logs.say(case_drawn("d", "a", "2021-01"))
    news = await reporting.logs.news("sampler")
    events = [Incoming(1, news[0].chain_hash, news[0].envelope, case_drawn("d", "a", "2021-01"))]

    async with reporting.pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await StatisticsProjection().apply(connection, events)
        await transaction.rollback()

    assert await stored(reporting.pool) == Folded()


async def test_a_requeued_finding_does_not_undo_what_came_after_it(reporting):
    await reporting.hear(case_drawn("d", "a", "2021-01"), recorded("d", "a", "deposit", remark=True))
    before = await stored(reporting.pool)
    await reporting.hear(corrected("d", "a", remark=False))

    await reporting.tamper("INSERT INTO quarantine VALUES ('findings', 1, 'finding-recorded', 'not understood then')")
    assert await reporting.inboxes["findings"].requeue(1) == 1

    after = await stored(reporting.pool)
    assert sum(before.cells.values()) == 4
    assert {key.indicator: value for key, value in after.cells.items()} == {"drawn": 1, "reviewed": 1}


async def test_an_event_that_cannot_be_stored_is_set_aside_and_the_others_count(reporting):
    await reporting.hear(
        case_drawn("d", "a", "2021-01"),
        case_drawn("d", "b", "2021-01", unit="no\x00rth"),
        case_drawn("d", "c", "2021-01"),
    )

    found = await stored(reporting.pool)
    assert list(found.cells.values()) == [2]
    waiting = await reporting.pool.fetch("SELECT source, position FROM quarantine WHERE requeued_at IS NULL")
    assert [tuple(row) for row in waiting] == [("sampler", 2)]


@pytest.mark.parametrize(
    ("name", "condition"),
    [
        ("known_rows", "(case_id = wanted.case_id)"),
        ("definitions_of", "(control_point = ANY ($2))"),
        ("strata_within", "(period_start >= $3)"),
        ("cells_of_draws", "(draw = wanted.draw)"),
        ("progress_of_draws", "(draw = wanted.draw)"),
        ("rows_of_draws", "(draw = wanted.draw)"),
        ("cases_behind", "(draw = wanted.draw)"),
        ("strata_of_draws", "(draw = ANY ($2))"),
        ("entries_of_streams", "(stream = wanted.stream)"),
        ("entries_of_kinds", "(kind = wanted.kind)"),
        ("chain_hashes", '("position" = wanted."position")'),
        ("copies", '("position" > $2)'),
        ("copies_between", '("position" > $2)'),
    ],
)
async def test_a_statement_finds_its_rows_by_an_index_though_it_is_planned_while_the_table_is_empty(
    reporting, name, condition
):
    nothing = ", ".join("NULL" for _ in set(re.findall(r"\$\d+", SQL[name])))
    async with reporting.pool.acquire() as connection:
        await connection.execute(f"PREPARE planned AS {SQL[name]}")
        plan = await connection.fetch(f"EXPLAIN EXECUTE planned ({nothing})")

    conditions = [line[0] for line in plan if "Index Cond" in line[0]]
    assert any(condition in line for line in conditions), plan
