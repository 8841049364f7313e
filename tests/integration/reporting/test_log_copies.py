"""The copy of a log, served as its source serves the log."""

import pytest

from stickprov_contracts.log import LogPage
from stickprov_kernel.log.envelope import encode
from stickprov_kernel.log.hashing import GENESIS, chain_hash, leaf_hash
from stickprov_kernel.log.tree import EMPTY_ROOT, root_of
from stickprov_reporting.adapters.sql.migrations import FOLDERS
from support.reporting import POINT, MonthCount, defined, month_of_document
from support.reporting_service import running_reporting

SMALL = MonthCount("2021-01", 100, 5, 2)


@pytest.fixture
async def service(new_database, tmp_path, free_port):
    async with running_reporting(await new_database(*FOLDERS), tmp_path, f"127.0.0.1:{free_port()}") as running:
        yield running


async def page(service, source, **query) -> LogPage:
    answer = await service.get(f"/v1/copies/{source}", who="ops", **query)
    assert answer.status_code == 200, answer.text
    return LogPage.model_validate_json(answer.content)


async def test_a_copy_is_read_in_pages_that_give_the_chain_and_root_of_the_source(service):
    await service.hear(defined(), *month_of_document(SMALL))

    pages = [await page(service, "sampler", after=after, limit=3) for after in (0, 3, 6)]

    entries = [entry for one in pages for entry in one.entries]
    leaves = [leaf_hash(encode(entry.envelope), entry.data.encode()) for entry in entries]
    chain = GENESIS
    for leaf in leaves:
        chain = chain_hash(chain, leaf)
    head = await service.logs.stores["sampler"].head()
    assert [entry.position for entry in entries] == [1, 2, 3, 4, 5, 6, 7]
    assert entries[-1].chain_hash == chain.hex() == head.chain_hash.hex()
    assert {one.head.root for one in pages} == {root_of(leaves).hex()}
    assert {one.head.position for one in pages} == {7}


async def test_a_log_that_was_never_heard_of_is_an_empty_copy(service):
    found = await page(service, "findings")

    assert (found.head.position, found.head.root, found.entries) == (0, EMPTY_ROOT.hex(), [])


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("UPDATE inbox_event SET envelope = '\\x00' WHERE position = 2", "position 2"),
        ("DELETE FROM inbox_event WHERE position = 2", "a hole"),
    ],
)
async def test_a_damaged_copy_is_a_problem_that_says_where_and_what_to_do(service, statement, where):
    await service.hear(defined(), *month_of_document(SMALL))
    await service.tamper(f"ALTER TABLE inbox_event DISABLE TRIGGER insert_only; {statement}")

    answer = await service.get("/v1/copies/sampler", who="ops")

    assert (answer.status_code, answer.json()["code"]) == (409, "copy-damaged")
    assert where in answer.json()["detail"]
    assert "stickprov audit replay" in answer.json()["detail"]


async def test_a_copy_is_for_services_operators_and_auditors(service):
    statuses = {
        who: (await service.get("/v1/copies/sampler", who=who)).status_code
        for who in ("service", "ops", "auditor", "coordinator", "board", "reviewer")
    }

    assert statuses == {"service": 200, "ops": 200, "auditor": 200, "coordinator": 403, "board": 403, "reviewer": 403}
    assert (await service.get(f"/v1/copies/{POINT}", who="ops")).status_code == 422
