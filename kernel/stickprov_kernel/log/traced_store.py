"""An event store whose commits are spans, and whose events are stored as parts of them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from stickprov_contracts.tracing.spans import working_in
from stickprov_kernel.log.postgres import PostgresStore
from stickprov_kernel.log.records import CommandContext, Receipt, SideStatement, StreamAppend
from stickprov_kernel.log.traces import LogTraces


class TracedStore(PostgresStore):
    """The store on PostgreSQL, where traces are recorded. The statements are the same."""

    def __init__(self, traces: LogTraces, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - as the store's own
        """Make the store: who makes the spans, then as ``PostgresStore``."""
        super().__init__(*arguments, **named)
        self._traces = traces

    async def commit(
        self,
        context: CommandContext,
        appends: Sequence[StreamAppend],
        answer: bytes,
        also: Sequence[SideStatement] = (),
    ) -> Receipt:
        span = self._traces.appending(context, appends)
        if span is None:
            return await super().commit(context, appends, answer, also)
        with working_in(span):
            return await super().commit(replace(context, traceparent=span.traceparent), appends, answer, also)
