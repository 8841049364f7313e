"""One trace from the command to the statistic, and one from the draw to the queue, over everything that runs."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import get_args

import httpx
import pytest

from stickprov_contracts.http.findings import QueueItem
from stickprov_contracts.tracing.spans import AttributeName
from support.collector import Collector, Seen, collecting, tree
from support.commands import run_command
from support.control import CONTROL_POINT, prepare, queue_of, statistics_of
from support.stack import LocalStack
from support.waiting import eventually, wait_until

SERVICES = ("SAMPLER", "FINDINGS", "REPORTING", "WEB")
STAGES = {"append findings", "sequence findings", "send stickprov.findings.log.v1", "commit findings"}
FORCED = "0af7651916cd43dd8448eb211c80319c"


@dataclass
class Traced:
    stack: LocalStack
    collector: Collector
    items: list[QueueItem]
    to_submit: list[QueueItem]

    def submit(self, item: QueueItem) -> None:
        """Record a finding by command, as its reviewer would."""
        told = run_command(
            [
                *("--url", self.stack.url, "--token-file", str(self.stack.data / "tokens" / "reviewer-01.jwt")),
                *("submit", f"{item.control_point}/{item.case}", "--remark", "--category", "deposits"),
            ],
            {**os.environ, "STICKPROV_TRACES_ENDPOINT": self.collector.url},
        )
        assert told.returncode == 0, told.stderr

    async def submitted(self) -> list[Seen]:
        """Submit the finding of one more case, and return its trace when it has arrived."""
        known = {span.trace for span in self.collector.named("stickprov submit")}
        self.submit(self.to_submit.pop())
        [trace] = {span.trace for span in self.collector.named("stickprov submit")} - known
        await eventually(partial(self._is_whole, trace), bound=30, what="the trace's arrival at the statistic")
        return self.collector.trace(trace)

    async def _is_whole(self, trace: str) -> bool:
        spans = self.collector.trace(trace)
        ids, names = {span.id for span in spans}, {span.name for span in spans}
        return names >= STAGES and all(span.parent in ids for span in spans if span.parent)


@pytest.fixture(scope="module")
def traced(session_folder: Path, module_kafka, tmp_path_factory) -> Iterator[Traced]:
    folder = session_folder / "traced"
    folder.mkdir()
    with (
        collecting() as collector,
        pytest.MonkeyPatch.context() as environment,
        closing(LocalStack(folder, module_kafka)) as stack,
    ):
        for service in SERVICES:
            environment.setenv(f"STICKPROV_{service}_TRACES_ENDPOINT", collector.url)
            environment.setenv(f"STICKPROV_{service}_TRACES_SAMPLE", "1")
            if service != "WEB":
                # What is read from the feed has no trace; here it only heals what Kafka loses.
                environment.setenv(f"STICKPROV_{service}_RECONCILE_SECONDS", "3600")
        stack.start()

        async def drawn() -> list[QueueItem]:
            async with stack.services() as services:
                await prepare(services, tmp_path_factory.mktemp("registers"), size=40, drawn=10)
                return await queue_of(services, 20)

        items = asyncio.run(drawn())
        yield Traced(stack, collector, items, list(items))


def only(spans: list[Seen], name: str, service: str) -> Seen:
    [span] = [span for span in spans if (span.name, span.service) == (name, f"stickprov-{service}")]
    return span


def ancestry(spans: list[Seen], span: Seen) -> list[str]:
    """Return a span's name and those of all it is a part of, the first last."""
    by_id = {one.id: one for one in spans}
    names = [span.name]
    while span.parent:
        span = by_id[span.parent]
        names.append(span.name)
    return names


async def test_a_submitted_finding_is_one_trace_from_the_command_to_the_statistic(traced: Traced):
    spans = await traced.submitted()

    print(tree(spans))  # noqa: T201 - shown by -rP
    seen = only(spans, "commit findings", "reporting")
    appended = only(spans, "append findings", "findings")
    assert ancestry(spans, seen) == [
        "commit findings",
        "process stickprov.findings.log.v1",
        "send stickprov.findings.log.v1",
        "append findings",
        "POST /v1/reviews/{draw}/{control_point}/{case}/finding",
        "POST",
        "stickprov submit",
        *(["stickprov submit"] if len([span for span in spans if span.name == "stickprov submit"]) > 1 else []),
    ]
    assert only(spans, "sequence findings", "findings").parent == appended.id
    assert only(spans, "apply findings", "reporting").parent == seen.parent
    assert {span.trace for span in spans} == {seen.trace}
    stages = ["append findings", "sequence findings", "apply findings", "commit findings"]
    ends = [next(span.ended for span in spans if span.name == name) for name in stages]
    assert ends == sorted(ends)
    async with traced.stack.services() as services:
        assert (await statistics_of(services, 1)).total.reviewed >= 1


async def test_a_draw_is_one_trace_from_the_sampler_to_the_queue_of_findings(traced: Traced):
    drawn = traced.collector.named("POST /v1/draws", "stickprov-sampler")

    def heard() -> list[Seen]:
        """Return a trace in which both services heard of the draw and of its cases."""
        for span in drawn:
            spans = traced.collector.trace(span.trace)
            commits = [(one.service, one.name) for one in spans if one.name == "commit sampler"]
            if len(commits) == len(set(commits)) * 2 == 4:
                return spans
        return []

    wait_until(lambda: bool(heard()), what="a draw's arrival in both services")
    spans = heard()
    print(tree(spans))  # noqa: T201 - shown by -rP
    for commit in [span for span in spans if span.name == "commit sampler"]:
        assert ancestry(spans, commit) == [
            "commit sampler",
            "process stickprov.sampler.log.v1",
            "send stickprov.sampler.log.v1",
            "append sampler",
            "POST /v1/draws",
        ]


async def test_a_page_begins_a_trace_that_the_services_go_on_with(traced: Traced):
    forced = {"traceparent": f"00-{FORCED}-b7ad6b7169203331-01"}
    async with httpx.AsyncClient(base_url=traced.stack.url, headers=forced) as browser:
        page = await browser.get(f"/statistics/{CONTROL_POINT}", params={"from": "2021-01-01", "to": "2021-03-01"})
        assert page.status_code == 200
        assert (await browser.get("/static/pico.min.css")).status_code in {200, 404}

    def told() -> list[Seen]:
        pages = traced.collector.named("GET /statistics/{control_point}", "stickprov-web")
        return traced.collector.trace(pages[0].trace) if pages else []

    wait_until(lambda: "stickprov-reporting" in {span.service for span in told()}, what="the page's trace")
    spans = told()
    asked = only(spans, "GET /v1/statistics/{control_point}", "reporting")
    assert ancestry(spans, asked) == ["GET /v1/statistics/{control_point}", "GET", "GET /statistics/{control_point}"]
    assert FORCED not in {span.trace for span in traced.collector.spans}
    assert not [span.name for span in traced.collector.spans if "static" in span.name or "health" in span.name]


async def test_log_lines_carry_the_id_of_their_trace(traced: Traced):
    spans = await traced.submitted()

    lines = (traced.stack.data / "logs" / "findings.log").read_text().splitlines()
    of_it = [line for line in lines if f'"trace_id": "{spans[0].trace}"' in line]
    assert any('/finding"' in line and '"event": "request"' in line for line in of_it)


def test_spans_say_nothing_but_what_the_documentation_lists(traced: Traced):
    assert {name for span in traced.collector.spans for name in span.attributes} <= set(get_args(AttributeName))
    told = {str(value) for span in traced.collector.spans for value in span.attributes.values()}
    names = {span.name for span in traced.collector.spans}
    cases, draws = ({getattr(item, what) for item in traced.items} for what in ("case", "draw"))
    for known in {CONTROL_POINT, *map(str, cases), *map(str, draws)}:
        assert not [one for one in told | names if known in one]
    for token in (traced.stack.token(who).strip() for who in ("reviewer-01", "coordinator", "service")):
        assert not any(part.encode() in body for body in traced.collector.bodies for part in token.split(".")[1:])
