"""The projection folded anew beside the one that is read: the same facts, no moment without them, nothing lost."""

import asyncio
import shutil
from contextlib import asynccontextmanager
from datetime import date
from importlib.resources import files

import pytest
from hypothesis import HealthCheck, given, settings

from stickprov_contracts.http.statistics import Statistics
from stickprov_kernel.database.migrations import INBOX, MigrationFolder, migrate
from stickprov_kernel.inbox.inbox import Inbox
from stickprov_kernel.inbox.metrics import InboxMetrics
from stickprov_reporting.adapters.generations import Generations
from stickprov_reporting.adapters.measuring import Progress
from stickprov_reporting.adapters.sql import migrations, rebuilding
from stickprov_reporting.adapters.sql.migrations import FOLDERS
from stickprov_reporting.adapters.sql.projection import ReplacedReleaseError
from stickprov_reporting.adapters.sql.replay import BeingRebuiltError
from stickprov_reporting.adapters.sql.stored import NotReadableError
from stickprov_reporting.adapters.statistics import read_statistics
from stickprov_reporting.domain.statistics.statistic import DateRange
from support.histories import histories
from support.pipeline import running
from support.projected import Reporting, open_reporting, reporting_on
from support.reporting import (
    JANUARY_TO_MARCH,
    POINT,
    MonthCount,
    TwoLogs,
    case_drawn,
    defined,
    month_of_document,
    recorded,
)
from support.waiting import eventually

YEAR = DateRange(date(2021, 1, 1), date(2022, 1, 1))
JANUARY = MonthCount("2021-01", 100, 5, 2)
FEBRUARY = MonthCount("2021-02", 100, 6, 3)
TABLES = ("case_row", "cell", "draw_stratum", "control_point", "register_measure", "chronicle")


@pytest.fixture
def small_pages(monkeypatch):
    """Many pages where a test has few events."""
    monkeypatch.setattr(rebuilding, "PAGE", 7)


@pytest.fixture
async def small(reporting: Reporting, small_pages) -> Reporting:
    await reporting.hear(defined(categories=["deposit"]), *month_of_document(JANUARY))
    return reporting


def generations_of(reporting: Reporting) -> Generations:
    return Generations(reporting.pool, reporting.database.service_url, Progress("reporting", None))


async def statistics(reporting: Reporting) -> Statistics:
    async with reporting.readings.now() as reading:
        return await read_statistics(reading, POINT, YEAR)


async def generations_left(reporting: Reporting) -> dict[str, list[int]]:
    """Return by table the generations that have rows in it."""
    found = {}
    for table in TABLES:
        rows = await reporting.pool.fetch(f"SELECT DISTINCT generation FROM {table} ORDER BY 1")
        found[table] = [row[0] for row in rows]
    return found


@asynccontextmanager
async def rebuilt(reporting: Reporting):
    """Rebuild in the background; when the block ends, wait until the new generation stands alone."""
    generations = generations_of(reporting)
    before = (await generations.state()).generation
    await generations.rebuild()
    async with running(generations.run()):
        yield generations

        async def alone() -> bool:
            state = await generations.state()
            return state.generation > before and state.rebuilding is None and state.leaving == []

        await eventually(alone, what="the next generation alone")


async def test_the_next_generation_has_the_same_facts_and_the_old_one_is_deleted(small):
    before = await small.replayer.replay(POINT, YEAR)

    async with rebuilt(small):
        pass

    after = await small.replayer.replay(POINT, YEAR)
    assert (after.verdict, after.digest_stored) == ("verified", before.digest_stored)
    assert {number for numbers in (await generations_left(small)).values() for number in numbers} == {2}


# The fixtures only make databases and keep pages small: each example asks for a fresh one.
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories())
async def test_any_history_is_rebuilt_to_the_same_digest(new_database, small_pages, history):
    async with open_reporting(await new_database(*FOLDERS)) as reporting:
        await reporting.hear(*history.sampler_events, *history.findings_events)
        before = await reporting.replayer.replay("P4", YEAR)
        async with rebuilt(reporting):
            pass
        after = await reporting.replayer.replay("P4", YEAR)

    assert (after.verdict, after.digest_stored) == ("verified", before.digest_stored)


async def test_what_is_heard_meanwhile_is_read_at_once_and_is_in_the_next_generation_too(small):
    events = [event for count in JANUARY_TO_MARCH[1:] for event in month_of_document(count)]
    await small.logs.say(*events)
    read = []

    async def hear(source: str) -> None:
        news = await small.logs.news(source)
        for start in range(0, len(news), 20):
            await small.inboxes[source].receive(news[start : start + 20])
            found = await statistics(small)
            heard = (await small.inboxes[source].state()).position
            read.append((found.as_of[source].position >= heard, found.total.drawn >= 5))

    async with rebuilt(small):
        await asyncio.gather(hear("sampler"), hear("findings"))

    assert set(read) == {(True, True)}
    assert (await statistics(small)).total.drawn == 5 + 159 + 194
    assert (await small.replayer.replay(POINT, YEAR)).verdict == "verified"


async def test_a_rebuild_that_is_stopped_in_the_middle_goes_on_where_it_was(small):
    generations = generations_of(small)
    await generations.rebuild()
    async with small.pool.acquire() as connection:
        assert await rebuilding.build_on(connection)
    halfway = (await generations.state()).rebuilding
    assert (halfway.folded, halfway.left) == ({"sampler": 7, "findings": 5}, 0)

    async with rebuilt(small):
        pass

    assert (await small.replayer.replay(POINT, YEAR)).verdict == "verified"


async def test_two_wishes_are_one_rebuild(small):
    generations = generations_of(small)

    first, second = await generations.rebuild(), await generations.rebuild()

    assert (first.rebuilding.generation, second.rebuilding.generation) == (2, 2)


async def test_an_event_that_is_requeued_while_its_page_is_past_is_not_lost(small):
    await small.tamper(
        "INSERT INTO quarantine VALUES ('findings', 1, 'stickprov.findings.finding-recorded.v1', 'not understood then')"
    )
    generations = generations_of(small)
    await generations.rebuild()
    async with small.pool.acquire() as connection:
        assert await rebuilding.build_on(connection)
    assert await small.inboxes["findings"].requeue(1) == 1

    async with rebuilt(small):
        pass

    assert (await statistics(small)).total.reviewed == 5
    assert (await small.replayer.replay(POINT, YEAR)).verdict == "verified"


async def test_before_anything_was_heard_a_rebuild_takes_nothing_away(reporting):
    async with rebuilt(reporting):
        pass

    await reporting.hear(defined(), *month_of_document(JANUARY))
    assert (await statistics(reporting)).total.drawn == 5
    assert (await reporting.replayer.replay(POINT, YEAR)).verdict == "verified"


async def test_an_older_release_s_figures_stand_until_the_next_generation_is_there(small):
    await small.tamper("UPDATE generation SET version = 1")
    generations = generations_of(small)
    await generations.begin()
    await small.hear(*month_of_document(FEBRUARY))

    old, state = await statistics(small), await generations.state()
    assert (old.projection, old.total.drawn, old.as_of["sampler"].position) == (1, 5, 7)
    assert (state.following, state.version, state.release) == (False, 1, 2)
    with pytest.raises(BeingRebuiltError):
        await small.replayer.replay(POINT, YEAR)

    async with running(generations.run()):

        async def current() -> bool:
            return (await generations.state()).version == 2

        await eventually(current, what="this release's generation")
    found = await statistics(small)
    assert (found.projection, found.total.drawn, found.as_of["sampler"].position) == (2, 11, 14)
    assert (await small.replayer.replay(POINT, YEAR)).verdict == "verified"


async def test_a_newer_release_s_generation_is_neither_written_nor_read(small):
    await small.tamper("UPDATE generation SET version = 99")
    await generations_of(small).begin()
    await small.logs.say(case_drawn("d", "later", "2021-01"))

    with pytest.raises(ReplacedReleaseError):
        await small.hear_news("sampler")
    with pytest.raises(NotReadableError):
        await statistics(small)

    assert await small.pool.fetchval("SELECT count(*) FROM quarantine") == 0
    assert (await small.inboxes["sampler"].state()).position == 7


class NothingToProject:
    """Fills the log copies alone."""

    async def apply(self, connection, events) -> None:
        return


async def test_a_database_of_the_first_release_is_read_as_it_was_and_then_rebuilt(new_database, tmp_path):
    database, logs = await new_database(), TwoLogs()
    for step in files(migrations.__name__).iterdir():
        if step.name.startswith(("0001", "0002", "0003", "0004")):
            shutil.copy(step, tmp_path)
    await migrate(database.owner_url, database.service_role, (INBOX, MigrationFolder("reporting", tmp_path)))
    async with reporting_on(database, logs) as old:
        for source, feed in logs.feeds.items():
            old.inboxes[source] = Inbox(old.pool, source, NothingToProject(), feed, InboxMetrics(f"old-{source}", None))
        await old.hear(defined(), *month_of_document(JANUARY))
        await old.pool.execute(
            "INSERT INTO control_point SELECT 1, $1, 1, convert_from(data, 'UTF8')::jsonb FROM inbox_event"
            " WHERE source = 'sampler' AND position = 1",
            POINT,
        )

    await migrate(database.owner_url, database.service_role, FOLDERS)
    async with reporting_on(database, logs) as reporting:
        generations = generations_of(reporting)
        await generations.begin()
        assert (await statistics(reporting)).projection == 1
        await reporting.hear(recorded("2021-01", "2021-01 4", remark=True))

        async with running(generations.run()):

            async def current() -> bool:
                return (await generations.state()).version == 2

            await eventually(current, what="this release's generation")
        found = await statistics(reporting)

    assert (found.total.drawn, found.total.remarks) == (5, 3)


async def test_applying_by_this_release_follows_the_switch(small):
    async with rebuilt(small):
        pass

    await small.hear(*month_of_document(FEBRUARY))

    assert (await statistics(small)).total.drawn == 11
