"""Replaying: what is untouched is verified; whatever was tampered with is found and named."""

import asyncio
from datetime import date

import pytest

from stickprov_contracts.http.audit import Replay
from stickprov_contracts.topics import Source
from stickprov_kernel.errors import NotFoundError
from stickprov_kernel.log.memory import MemoryStore
from stickprov_reporting.domain.statistics.statistic import DateRange
from support.log import append, command, finding
from support.projected import Reporting
from support.reporting import JANUARY_TO_MARCH, POINT, MonthCount, case_drawn, defined, draw_id, month_of_document

YEAR = DateRange(date(2021, 1, 1), date(2022, 1, 1))
SMALL = MonthCount("2021-01", 100, 5, 2)


async def replay(reporting: Reporting) -> Replay:
    return await reporting.replayer.replay(POINT, YEAR)


def named(found: Replay) -> list[tuple[str, str, str]]:
    return [(difference.figure, difference.stored, difference.replayed) for difference in found.differences]


@pytest.fixture
async def small(reporting: Reporting) -> Reporting:
    await reporting.hear(defined(categories=["deposit"]), *month_of_document(SMALL))
    return reporting


async def test_untouched_logs_and_figures_are_verified(reporting):
    events = [event for count in JANUARY_TO_MARCH for event in month_of_document(count)]
    await reporting.hear(defined(categories=["deposit"]), *events)

    found = await replay(reporting)

    assert (found.verdict, found.differences) == ("verified", [])
    assert [(log.source, log.events, log.verdict) for log in found.logs] == [
        ("sampler", 1 + 3 + 509, "verified"),
        ("findings", 509, "verified"),
    ]
    for log in found.logs:
        head = await reporting.logs.stores[log.source].head()
        assert (log.chain_hash, log.root) == (head.chain_hash.hex(), head.root.hex())
    assert found.figures_compared > 50
    assert found.digest_stored == found.digest_replayed


async def test_nothing_but_a_control_point_is_verified_too(reporting):
    await reporting.hear(defined())

    found = await replay(reporting)

    assert (found.verdict, [log.events for log in found.logs]) == ("verified", [1, 0])


async def test_a_source_that_has_more_than_was_heard_agrees(small):
    await small.logs.say(case_drawn("d", "later", "2021-01"))

    assert (await replay(small)).verdict == "verified"


async def test_a_tampered_cell_is_named_with_the_figures_it_spoils(small):
    await small.tamper("UPDATE cell SET value = 1 WHERE indicator = 'remarks'")

    found = await replay(small)

    assert found.verdict == "different"
    assert [log.verdict for log in found.logs] == ["verified", "verified"]
    assert ("total.remarks", "1", "2") in named(found)
    assert ("months[2021-01].remarks", "1", "2") in named(found)
    cell = f'cell ["{POINT}","{draw_id("2021-01")}","2021-01","","","remarks"]'
    assert (cell, "1", "2") in named(found)
    assert found.digest_stored != found.digest_replayed


async def test_a_tampered_row_is_named_though_no_figure_shows_it(small):
    await small.tamper("UPDATE case_row SET remark = false, categories = '[]' WHERE remark AND categories <> '[]'")

    found = await replay(small)

    assert found.verdict == "different"
    assert [figure.split()[0] for figure, _, _ in named(found)] == ["case_row"]
    [(_, stored, replayed)] = named(found)
    assert (stored, replayed) == (
        '[["2021-01","","",0,0.1],[1,"reviewed","",false,[],"",[],[],false],false,null,null,null]',
        '[["2021-01","","",0,0.1],[1,"reviewed","",true,["deposit"],"",[],[],false],false,null,null,null]',
    )


async def test_a_tampered_size_is_named(small):
    await small.tamper("UPDATE draw_stratum SET size = 50")

    found = await replay(small)

    assert ("total.size", "50", "100") in named(found)


async def test_a_row_that_was_removed_and_one_that_was_put_in_are_named(small):
    await small.tamper("DELETE FROM cell WHERE indicator = 'category:deposit'")
    await small.tamper(
        "INSERT INTO cell SELECT generation, control_point, draw, month, unit, stratum, 'category:invented', 7"
        " FROM cell WHERE indicator = 'drawn'"
    )

    found = await replay(small)

    key = f'"{POINT}","{draw_id("2021-01")}","2021-01","",""'
    assert (f'cell [{key},"category:invented"]', "7", "absent") in named(found)
    assert (f'cell [{key},"category:deposit"]', "absent", "1") in named(found)


async def test_a_control_point_that_was_removed_is_named(small):
    await small.tamper("DELETE FROM control_point")

    found = await replay(small)

    assert found.verdict == "different"
    assert ("total.remarks", "absent", "2") in named(found)


async def test_a_tampered_entry_of_a_log_copy_is_named(small):
    await small.tamper(
        "UPDATE inbox_event SET data = convert_to(replace(convert_from(data, 'UTF8'), '\"remark\":true',"
        " '\"remark\":false'), 'UTF8') WHERE source = 'findings' AND position = 2"
    )

    found = await replay(small)

    assert found.verdict == "different"
    findings = found.logs[1]
    assert (findings.source, findings.verdict) == ("findings", "different")
    assert findings.first_difference == "the bytes at position 2 do not give the chain hash that is stored there"
    assert ("total.remarks", "2", "1") in named(found)


async def test_an_entry_of_a_log_copy_that_is_gone_is_named(small):
    await small.tamper("DELETE FROM inbox_event WHERE source = 'sampler' AND position = 4")

    assert (await replay(small)).logs[0].first_difference == "position 4 is missing from the log copy"


async def test_entries_cut_off_the_end_are_named(small):
    await small.tamper("DELETE FROM inbox_event WHERE source = 'findings' AND position > 3")

    found = await replay(small)

    assert found.logs[1].first_difference == "the inbox stands at position 5, its log copy ends at 3"


async def test_an_entry_that_makes_no_sense_any_more_is_named(small):
    await small.tamper("UPDATE inbox_event SET envelope = 'x' WHERE source = 'findings' AND position = 1")

    found = await replay(small)

    assert found.logs[1].first_difference == "the bytes at position 1 do not give the chain hash that is stored there"
    assert found.verdict == "different"


async def test_a_copy_that_was_forged_as_a_whole_does_not_agree_with_its_source(small):
    forged = MemoryStore("findings")
    for number in range(5):
        await forged.commit(command(), [append(f"s{number}", 0, finding(number))], b"")
    small.logs.feeds["findings"].reader = forged

    found = await replay(small)

    assert found.logs[1].first_difference == "the source has another chain hash at position 5"


async def test_a_source_that_lost_events_is_named(small):
    small.logs.feeds["findings"].reader = MemoryStore("findings")

    found = await replay(small)

    assert found.logs[1].first_difference == "the source's log ends at position 0, its copy at 5"


async def test_a_source_that_does_not_answer_is_neither_verified_nor_different(small):
    small.logs.feeds["findings"].away = True

    found = await replay(small)

    assert (found.verdict, [log.verdict for log in found.logs]) == ("unreachable", ["verified", "unreachable"])
    assert found.differences == []


async def test_a_difference_outweighs_a_source_that_does_not_answer(small):
    small.logs.feeds["findings"].away = True
    await small.tamper("UPDATE cell SET value = 1 WHERE indicator = 'remarks'")

    assert (await replay(small)).verdict == "different"


async def test_an_event_in_quarantine_is_no_difference(small):
    await small.hear(case_drawn("2021-01", "b", "2021-01", unit="no\x00rth"))

    found = await replay(small)

    assert (found.verdict, found.logs[0].events) == ("verified", 8)


async def test_a_control_point_that_nobody_defined_is_not_found(small):
    with pytest.raises(NotFoundError) as refused:
        await small.replayer.replay("AMF-2021-9", YEAR)

    assert str(refused.value) == f"There is no control point AMF-2021-9. There are: {POINT}."


async def test_a_replay_sees_one_moment_while_the_logs_go_on(small):
    events = [event for count in JANUARY_TO_MARCH for event in month_of_document(count)]
    await small.logs.say(*events)

    async def hear(source: Source) -> None:
        news = await small.logs.news(source)
        for start in range(0, len(news), 25):
            await small.inboxes[source].receive(news[start : start + 25])

    *replays, _, _ = await asyncio.gather(
        replay(small), replay(small), replay(small), hear("sampler"), hear("findings")
    )

    assert [found.verdict for found in [*replays, await replay(small)]] == ["verified"] * 4
