"""From a register file to a per-period statistic, over HTTP alone."""

import asyncio
import os
import pwd
from contextlib import closing
from uuid import uuid4

import httpx
import pytest

from support.control import CONTROL_POINT, END, START, prepare, queue_of, review, statistics_of
from support.stack import LocalStack

SIZE, DRAWN = 200, 40
BOTH = 2 * DRAWN


async def _play(stack, folder):
    async with stack.services() as services:
        await prepare(services, folder, size=SIZE, drawn=DRAWN)
        reviewers = [stack.signed_in_as(services, f"reviewer-{number:02}") for number in range(1, 13)]
        for number, item in enumerate(await queue_of(services, BOTH)):
            await review(reviewers[number % 12], item, uuid4())
        return await statistics_of(services, BOTH)


@pytest.fixture(scope="module")
def played(module_stack, tmp_path_factory):
    """The module's stack with the control played on it, and its statistic."""
    return module_stack, asyncio.run(_play(module_stack, tmp_path_factory.mktemp("registers")))


async def test_a_register_becomes_a_statistic_that_can_be_verified(played):
    stack, statistics = played

    assert [(month.month, month.size, month.drawn, month.remarks) for month in statistics.months] == [
        ("2021-01", 200, 40, 8),
        ("2021-02", 200, 40, 8),
    ]
    assert (statistics.pooled.numerator, statistics.pooled.denominator, statistics.pooled.value) == (16, 80, 0.2)
    assert statistics.mean_of_months == pytest.approx(0.2)
    assert [(one.category, one.share.numerator, one.by_month) for one in statistics.categories] == [
        ("deposits", 16, {"2021-01": 8, "2021-02": 8})
    ]
    assert statistics.interval is not None
    assert (statistics.interval.method, statistics.interval.exact) == ("stratified-exact", True)
    async with stack.services("auditor") as auditor:
        replay = await auditor.reporting.replay(CONTROL_POINT, START, END)
        verifications = [await auditor.sampler.verify(draw.draw) for draw in await auditor.sampler.draws()]
    assert (replay.verdict, replay.differences) == ("verified", [])
    assert replay.digest_replayed == replay.digest_stored
    assert {log.source: log.verdict for log in replay.logs} == {"sampler": "verified", "findings": "verified"}
    assert [one.verdict for one in verifications] == ["verified", "verified"]


async def test_a_second_start_finds_the_data_and_goes_on(played):
    stack, before = played
    assert stack.stop() == 0

    stack.start()

    async with stack.services() as services:
        after = await statistics_of(services, BOTH)
        reviewed = await queue_of(services, BOTH)
    assert after == before
    assert {item.status for item in reviewed} == {"reviewed"}


@pytest.mark.skipif(os.geteuid() != 0, reason="without root, every test here is one of an ordinary user")
async def test_an_ordinary_user_can_run_the_stack_too(short_folder, kafka, tmp_path):
    home = short_folder / "home"
    home.mkdir()
    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    short_folder.chmod(0o711)
    # May read what root may, because the interpreter can be in root's own home, and write nothing but its own.
    as_nobody = ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]
    may_read = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    stack = LocalStack(home, kafka, run_by=[*as_nobody, *may_read])
    with closing(stack):
        stack.start()

        statistics = await _play(stack, tmp_path)

        owners = {path.stat().st_uid for path in stack.data.rglob("*")}
        assert stack.stop() == 0
    assert (statistics.total.reviewed, statistics.total.remarks) == (80, 16)
    assert owners == {nobody.pw_uid}
    assert stack.is_deserted()


def test_the_one_address_tells_where_everything_is_and_each_service_how_it_is(module_stack):
    stack = module_stack

    addresses = httpx.get(f"{stack.url}/.well-known/stickprov").json()

    start_page = httpx.get(f"{stack.url}/", follow_redirects=True)
    answers = {
        (name, path): httpx.get(f"{addresses[name]}{path}").status_code
        for name in ("sampler", "findings", "reporting")
        for path in ("/health/live", "/health/ready", "/metrics")
    }

    assert start_page.status_code == 200
    assert "Stickprov" in start_page.text
    assert set(answers.values()) == {200}
