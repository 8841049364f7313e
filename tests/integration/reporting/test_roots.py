"""A root is that of every leaf up to its place, and a first report after a start reads no more leaves than the next."""

import pytest

from stickprov_contracts.http.statistics import AsOf
from stickprov_kernel.log.hashing import leaf_hash
from stickprov_kernel.log.tree import root_of
from stickprov_reporting.adapters.damage import CopyDamagedError
from stickprov_reporting.adapters.reports.roots import Roots
from stickprov_reporting.adapters.sql import following
from support.projected import Reporting
from support.reporting import MonthCount, defined, month_of_document

EVENTS = MonthCount("2021-01", 2663, 90, 20)
EDGE = 32


@pytest.fixture
def small_edges(monkeypatch):
    monkeypatch.setattr(following, "EDGE", EDGE)
    monkeypatch.setattr(following, "PAGE", 8)
    monkeypatch.setattr("stickprov_reporting.adapters.reports.roots.EDGE", EDGE)


@pytest.fixture
async def followed(reporting: Reporting, small_edges) -> Reporting:
    await reporting.hear(defined(), *month_of_document(EVENTS))
    await reporting.trails.catch_up()
    return reporting


async def expected(reporting: Reporting, position: int) -> str:
    entries = await reporting.logs.stores["findings"].read(0, position)
    return root_of(leaf_hash(entry.envelope, entry.data) for entry in entries).hex()


async def root(reporting: Reporting, position: int, roots: Roots | None = None) -> str:
    place = AsOf(position=position, chain_hash="0" * 64)
    return (await (roots or Roots(reporting.pool)).at({"findings": place}))["findings"]


@pytest.mark.parametrize("position", [0, 1, 31, 32, 33, 64, 89, 90])
async def test_a_root_after_a_start_is_that_of_every_leaf(followed, position):
    assert await root(followed, position) == await expected(followed, position)


async def test_one_that_knows_edges_already_gives_the_same_in_any_order(followed):
    roots = Roots(followed.pool)

    for position in (90, 5, 64, 40, 33, 90, 32):
        assert await root(followed, position, roots) == await expected(followed, position)


async def test_a_first_root_reads_only_the_leaves_behind_the_kept_edge(followed):
    # Leaves that are gone cannot have been read.
    await followed.tamper(f"DELETE FROM inbox_event WHERE source = 'findings' AND position <= {2 * EDGE}")

    assert await root(followed, 80) == await expected(followed, 80)
    with pytest.raises(CopyDamagedError, match="hole"):
        await root(followed, EDGE - 1)


async def test_without_any_kept_edge_every_leaf_is_read(followed):
    await followed.tamper("TRUNCATE tree_edge")

    assert await root(followed, 90) == await expected(followed, 90)


async def test_an_edge_that_is_none_is_passed_over(followed):
    await followed.tamper("UPDATE tree_edge SET subtrees = 'x'")

    assert await root(followed, 90) == await expected(followed, 90)
