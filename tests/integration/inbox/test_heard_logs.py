"""Operators see how the logs stand that a service hears, and set them going again, over HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from stickprov_contracts.events import EVENT_TYPES
from stickprov_contracts.events.findings import FindingRecorded
from stickprov_contracts.http.logs import LogState, QuarantinedEvent
from stickprov_kernel.database.migrations import INBOX
from stickprov_kernel.inbox.heard import HeardLogs
from stickprov_kernel.inbox.routes import heard_logs_router
from stickprov_kernel.log.memory import MemoryStore
from support.api import Api
from support.findings_service import running_findings
from support.inbox import OpenInbox, deliveries, findings_log, open_inbox
from support.log import A_DRAW, append, case_id, command

RESUME = "/v1/logs/findings/resume"
TYPE = "stickprov.findings.finding-recorded.v1"


@pytest.fixture
async def opened(new_database) -> AsyncIterator[OpenInbox]:
    async with open_inbox(await new_database(INBOX), await findings_log(10)) as opened:
        yield opened


@pytest.fixture
def api(opened: OpenInbox) -> Api:
    heard = HeardLogs()
    heard.begin({"findings": opened.inbox})
    return Api(router=heard_logs_router(heard))


async def halt(opened: OpenInbox) -> None:
    """Apply five events, then let the source come back from an older backup."""
    await opened.inbox.receive(deliveries(await opened.feed.reader.read(0, 5)))
    opened.feed.reader = await findings_log(3)
    await opened.inbox.reconcile()


async def state(api: Api) -> LogState:
    [one] = (await api.call("GET", "/v1/logs", "ops")).json()
    return LogState.model_validate(one)


async def test_a_halted_log_goes_on_when_an_operator_resumes_it_after_the_source_was_mended(
    api: Api, opened: OpenInbox
):
    whole = opened.feed.reader
    await halt(opened)
    halted = await state(api)
    assert (halted.state, halted.applied, halted.head) == ("halted", 5, 3)
    assert "ends at 3, but 5 was applied" in (halted.reason or "")

    refused = await api.call("POST", RESUME, "ops")
    assert (refused.status_code, refused.json()["code"]) == (409, "still-halted")
    assert "ends at 3, but 5 was applied" in refused.json()["detail"]
    assert (await state(api)).state == "halted"

    opened.feed.reader = whole
    resumed = await api.call("POST", RESUME, "ops")
    assert resumed.status_code == 200
    assert LogState.model_validate(resumed.json()).state == "following"
    await opened.inbox.reconcile()
    assert (await state(api)).applied == 10


async def test_resuming_a_log_that_goes_on_changes_nothing(api: Api):
    answers = [await api.call("POST", RESUME, "ops") for _ in range(2)]

    assert [(answer.status_code, answer.json()["state"]) for answer in answers] == [(200, "following")] * 2


async def test_a_log_is_not_resumed_unseen(api: Api, opened: OpenInbox):
    await halt(opened)
    opened.feed.away = True

    answer = await api.call("POST", RESUME, "ops")

    assert (answer.status_code, answer.json()["code"]) == (503, "feed-unavailable")
    assert (await state(api)).state == "halted"


@pytest.mark.parametrize("role", ["coordinator", "reviewer", "protected-reviewer", "board", "auditor", "service"])
async def test_nobody_but_operators_may_resume_a_log(api: Api, role: str):
    assert (await api.call("POST", RESUME, role)).status_code == 403


async def test_a_log_that_is_not_heard_is_not_found(api: Api):
    paths = ["/v1/logs/sampler/resume", "/v1/quarantine/sampler/requeue", "/v1/quarantine/sampler/1/requeue"]

    assert [(await api.call("POST", path, "ops")).status_code for path in paths] == [404, 404, 404]


async def test_all_events_in_quarantine_are_tried_again_at_once(api: Api, opened: OpenInbox):
    async def refuse_some(_connection, event) -> None:
        if event.position in refused:
            raise ValueError("not yet")

    refused = {2, 5}
    opened.projection.before = refuse_some
    await opened.inbox.receive(deliveries(await opened.feed.reader.read(0, 10)))
    waiting = [QuarantinedEvent.model_validate(one) for one in (await api.call("GET", "/v1/quarantine", "ops")).json()]
    assert [(event.source, event.position, event.reason) for event in waiting] == [
        ("findings", 2, "ValueError: not yet"),
        ("findings", 5, "ValueError: not yet"),
    ]

    refused.remove(2)
    answer = await api.call("POST", "/v1/quarantine/findings/requeue", "ops")
    assert LogState.model_validate(answer.json()).quarantined == 1

    refused.clear()
    answer = await api.call("POST", "/v1/quarantine/findings/requeue", "coordinator")
    assert LogState.model_validate(answer.json()).quarantined == 0
    assert sorted(await opened.applied()) == list(range(1, 11))


async def test_an_event_in_quarantine_is_told_with_why_since_when_and_what_it_is(
    api: Api, opened: OpenInbox, monkeypatch: pytest.MonkeyPatch
):
    async def refuse(_connection, event) -> None:
        raise ValueError(f"no place for {event.position}")

    opened.projection.before = refuse
    first, second = deliveries(await opened.feed.reader.read(0, 2))
    await opened.inbox.receive([first])
    monkeypatch.delitem(EVENT_TYPES, TYPE)
    await opened.inbox.receive([second])

    told = [QuarantinedEvent.model_validate(one) for one in (await api.call("GET", "/v1/quarantine", "auditor")).json()]

    assert [(one.position, one.code) for one in told] == [(1, "not-applied"), (2, "unknown-type")]
    assert {(one.type, one.actor, one.time) for one in told} == {(TYPE, "p1", "2021-04-01T12:00:00.123456Z")}
    assert [one.stream for one in told] == ["s1", "s2"]
    assert [one.data["control_point"] for one in told] == ["AMF-2021-3"] * 2
    assert all(one.since is not None and one.since.tzinfo is not None for one in told)


async def test_content_that_does_not_fit_its_schema_is_told_as_it_is(api: Api, opened: OpenInbox):
    class Elsewhere(FindingRecorded):
        remark: str  # type: ignore[assignment]

    strange = Elsewhere(draw=A_DRAW, control_point="AMF-2021-3", case=case_id(1), remark="perhaps")
    source = MemoryStore("findings")
    await source.commit(command(), [append("s1", 0, strange)], b"")

    await opened.inbox.receive(deliveries(await source.read(0, 1)))

    [told] = (await api.call("GET", "/v1/quarantine", "ops")).json()
    assert (told["code"], told["data"]["remark"]) == ("invalid-data", "perhaps")


async def test_the_findings_service_tells_how_it_hears_the_sampler(new_database, tmp_path: Path, free_port):
    async with running_findings(await new_database(), tmp_path, f"127.0.0.1:{free_port()}") as service:
        [told] = (await service.get("/v1/logs", who="ops-01")).json()
        resumed = await service.client.post("/v1/logs/sampler/resume", headers=service.signed_in("ops-01"))

    assert (told["source"], told["state"], told["head"]) == ("sampler", "following", None)
    assert (resumed.status_code, resumed.json()["code"]) == (503, "feed-unavailable")
