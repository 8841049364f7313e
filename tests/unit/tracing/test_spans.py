"""Spans on their way to a collector: what is recorded, what is passed on, and what happens when nobody takes them."""

import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

import pytest
from pydantic import TypeAdapter, ValidationError

from stickprov_contracts.tracing import exporting
from stickprov_contracts.tracing.batches import MOST, BatchSpans
from stickprov_contracts.tracing.context import TraceContext, read_context
from stickprov_contracts.tracing.spans import Span, current_span, working_in
from stickprov_contracts.tracing.tracing import CollectorUrl, Origin, Tracing, Why
from support.collector import Collector, collecting
from support.waiting import wait_until

TRACE = "0af7651916cd43dd8448eb211c80319c"
RECORDED = f"00-{TRACE}-b7ad6b7169203331-01"
NOT_RECORDED = f"00-{TRACE}-b7ad6b7169203331-00"


@dataclass
class Told:
    counts: Counter[str] = field(default_factory=Counter)
    turns: list[bool] = field(default_factory=list)

    def exported(self, spans: int) -> None:
        self.counts["exported"] += spans

    def dropped(self, why: Why, spans: int) -> None:
        self.counts[why] += spans

    def turned(self, *, taken: bool) -> None:
        self.turns.append(taken)


@pytest.fixture(scope="module")
def running() -> Iterator[Collector]:
    with collecting() as found:
        yield found


@pytest.fixture
def collector(running: Collector) -> Collector:
    running.spans.clear()
    running.status = 200
    return running


@contextmanager
def traced(url: str, sample: float = 1.0, told: Told | None = None) -> Iterator[Tracing]:
    """Open a tracing; what was ended in the block has been sent, or given up, behind it."""
    tracing = Tracing(Origin("stickprov-trial", "1", "here"), url, sample, told or Told())
    tracing.open()
    try:
        yield tracing
    finally:
        tracing.close(5)


def begun(tracing: Tracing, *args, **named) -> Span:
    span = tracing.begin(*args, **named)
    assert span is not None
    return span


def test_a_place_in_a_trace_is_read_as_it_is_written():
    assert read_context(RECORDED) == TraceContext(int(TRACE, 16), 0xB7AD6B7169203331, sampled=True)
    assert read_context(RECORDED).traceparent == RECORDED
    assert read_context(NOT_RECORDED).traceparent == NOT_RECORDED
    assert read_context(None) is None
    assert read_context("00-" + "0" * 32 + "-b7ad6b7169203331-01") is None


def test_a_span_arrives_with_its_parts_its_kind_and_what_it_told(collector: Collector):
    with traced(collector.url) as tracing:
        span = begun(tracing, "GET /v1/queue", "server", attributes={"http.route": "/v1/queue"})
        part = span.child("append findings", "internal", started=1_000_000_000)
        part.tell("stickprov.events", 3)
        part.end(1_002_000_000)
        span.fail("503")
        span.end()

    outer, inner = collector.named("GET /v1/queue")[0], collector.named("append findings")[0]
    assert (outer.service, outer.kind, outer.parent, outer.failed) == ("stickprov-trial", "server", "", True)
    assert outer.attributes == {"http.route": "/v1/queue", "error.type": "503"}
    assert (inner.trace, inner.parent, inner.failed) == (outer.trace, outer.id, False)
    assert (inner.attributes, inner.milliseconds) == ({"stickprov.events": 3}, 2.0)


def test_who_came_with_a_recorded_trace_is_recorded_even_where_none_begins(collector: Collector):
    told = Told()
    with traced(collector.url, sample=0.0, told=told) as tracing:
        begun(tracing, "followed", "server", read_context(RECORDED)).end()
        begun(tracing, "begun here", "server").end()
        begun(tracing, "decided elsewhere", "server", read_context(NOT_RECORDED)).end()

    assert [(span.name, span.trace) for span in collector.spans] == [("followed", TRACE)]
    assert told.counts == {"exported": 1}


def test_what_is_not_recorded_is_passed_on_as_not_recorded(collector: Collector):
    with traced(collector.url, sample=0.0) as tracing:
        span = begun(tracing, "begun here", "server")
        below = span.child("call", "client")

    assert span.is_recorded is below.is_recorded is False
    assert span.traceparent == below.traceparent
    assert span.traceparent.endswith("-00")


def test_work_that_outlives_its_span_belongs_to_no_trace(collector: Collector):
    with traced(collector.url) as tracing:
        span = begun(tracing, "request", "server")
        with working_in(span):
            assert current_span() is span
            span.end()
            assert current_span() is None
        assert current_span() is None


def test_a_fault_is_told_by_its_kind_and_never_by_its_message(collector: Collector):
    with traced(collector.url) as tracing:
        span = begun(tracing, "request", "server")
        with pytest.raises(ValueError, match="Forsberg"), working_in(span):
            raise ValueError("Forsberg")

    assert collector.spans[0].attributes == {"error.type": "ValueError"}
    assert collector.spans[0].failed
    assert b"Forsberg" not in collector.bodies[-1]


def test_a_batch_has_one_span_for_each_recorded_trace_in_it(collector: Collector):
    other = RECORDED.replace(TRACE, "1" * 32)
    with traced(collector.url) as tracing:
        parents = [None, RECORDED, other, RECORDED, NOT_RECORDED, "no trace", None]
        batch = BatchSpans(tracing, "send topic", "producer", parents, {"messaging.system": "kafka"})
        places = [batch.traceparent(parent) for parent in parents]
        batch.part("commit", 1_000, 2_000)
        batch.end()

    sent = {span.trace: span for span in collector.named("send topic")}
    assert sorted(sent) == [TRACE, "1" * 32]
    assert sent[TRACE].parent == sent["1" * 32].parent == "b7ad6b7169203331"
    assert sent[TRACE].attributes == {"messaging.system": "kafka", "messaging.batch.message_count": 2}
    assert places[1] == places[3] == f"00-{TRACE}-{sent[TRACE].id}-01"
    assert (places[0], places[4], places[5]) == (None, NOT_RECORDED, "no trace")
    assert {span.parent for span in collector.named("commit")} == {span.id for span in sent.values()}


def test_five_hundred_events_that_nobody_records_make_no_span(collector: Collector):
    with traced(collector.url) as tracing:
        BatchSpans(tracing, "send topic", "producer", [NOT_RECORDED] * 250 + [None] * 250).end()

    assert collector.spans == []


def test_five_hundred_events_of_one_command_make_one_span(collector: Collector):
    with traced(collector.url) as tracing:
        BatchSpans(tracing, "send topic", "producer", [RECORDED] * 500).end()

    assert [span.attributes for span in collector.spans] == [{"messaging.batch.message_count": 500}]


def test_a_batch_of_too_many_recorded_traces_leaves_some_out_and_counts_them(collector: Collector):
    told = Told()
    parents = [f"00-{number:032x}-b7ad6b7169203331-01" for number in range(1, 501)]
    with traced(collector.url, told=told) as tracing:
        batch = BatchSpans(tracing, "process topic", "consumer", parents)
        batch.end()

    assert len(collector.spans) == MOST
    assert told.counts == {"exported": MOST, "batch-full": 500 - MOST}
    assert batch.traceparent(parents[-1]) == parents[-1]


def test_what_no_collector_takes_is_counted_and_told_once(collector: Collector):
    told = Told()
    collector.status = 400
    with traced(collector.url, told=told) as tracing:
        begun(tracing, "lost", "server").end()
        wait_until(lambda: told.counts["not-taken"] == 1, what="the first refusal")
        begun(tracing, "lost too", "server").end()
        wait_until(lambda: told.counts["not-taken"] == 2, what="the second refusal")
        collector.status = 200
        begun(tracing, "kept", "server").end()

    assert told.counts == {"not-taken": 2, "exported": 1}
    assert [span.name for span in collector.spans] == ["kept"]
    assert told.turns == [False, True]


def test_a_collector_that_never_answers_holds_nobody_up_and_takes_no_memory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exporting, "MOST_WAITING", 50)
    monkeypatch.setattr(exporting, "_TIMEOUT_SECONDS", 0.3)
    told = Told()
    with closing(socket.create_server(("127.0.0.1", 0))) as deaf:
        tracing = Tracing(
            Origin("stickprov-trial", "1", "here"), f"http://127.0.0.1:{deaf.getsockname()[1]}", 1.0, told
        )
        tracing.open()
        # What is on its way when the bound is reached is one export more than may wait.
        for _ in range(1_000):
            begun(tracing, "request", "server").end()
        tracing.close(0.2)
        wait_until(lambda: sum(told.counts.values()) == 1_000, what="an account of every span")

    assert set(told.counts) == {"queue-full", "not-taken"}
    assert told.counts["not-taken"] <= 2 * 50


def test_before_it_is_open_and_after_it_is_closed_nothing_is_traced(collector: Collector):
    tracing = Tracing(Origin("stickprov-trial", "1", "here"), collector.url, 1.0, Told())
    assert tracing.begin("early", "server") is None
    tracing.open()
    tracing.close(5)
    assert tracing.begin("late", "server") is None


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("http://127.0.0.1:4318", "http://127.0.0.1:4318"),
        ("https://tempo.example.se/otlp/", "https://tempo.example.se/otlp"),
        ("http://jaeger:4318/v1/traces", "http://jaeger:4318"),
    ],
)
def test_a_collectors_address_is_read_with_or_without_its_path(given: str, read: str):
    assert TypeAdapter(CollectorUrl).validate_python(given) == read


@pytest.mark.parametrize(
    "wrong", ["", "tempo:4318", "grpc://tempo:4317", "http://", "http://user:secret@tempo:4318", "http://tempo?key=1"]
)
def test_an_address_that_is_none_or_says_more_is_refused(wrong: str):
    with pytest.raises(ValidationError, match=r"collector|OTEL_EXPORTER_OTLP_HEADERS"):
        TypeAdapter(CollectorUrl).validate_python(wrong)
