"""The event store in memory: for tests of domain and adapters, and for nothing else. Same contract as PostgreSQL's."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from stickprov_contracts.topics import Source
from stickprov_kernel.errors import VersionConflictError
from stickprov_kernel.log.envelope import encode, envelope_of
from stickprov_kernel.log.hashing import GENESIS, chain_hash, leaf_hash
from stickprov_kernel.log.lasting import check_lasting
from stickprov_kernel.log.postgres import check_same_command
from stickprov_kernel.log.records import (
    CommandContext,
    Head,
    History,
    Receipt,
    Recorded,
    Sequenced,
    SideStatement,
    StreamAppend,
)
from stickprov_kernel.log.tree import Frontier


@dataclass(frozen=True, slots=True)
class _Command:
    actor: str
    request_hash: bytes
    answer: bytes


class MemoryStore:
    """Implements ``EventStore`` and ``LogReader``; every event is sequenced at once. Side statements are ignored."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._streams: dict[str, list[Recorded]] = {}
        self._commands: dict[UUID, _Command] = {}
        self._log: list[Sequenced] = []
        self._positions: dict[UUID, int] = {}
        self._frontier = Frontier()

    async def load(self, stream: str) -> History:
        return History(stream, tuple(self._streams.get(stream, ())))

    async def answer_to(self, context: CommandContext) -> bytes | None:
        command = self._commands.get(context.command_id)
        if command is None:
            return None
        check_same_command(context, command.actor, command.request_hash)
        return command.answer

    async def commit(
        self,
        context: CommandContext,
        appends: Sequence[StreamAppend],
        answer: bytes,
        also: Sequence[SideStatement] = (),  # noqa: ARG002 - there are no tables here
    ) -> Receipt:
        earlier = await self.answer_to(context)
        if earlier is not None:
            return Receipt(earlier, repeated=True)
        for append in appends:
            actual = len(self._streams.get(append.stream, ()))
            if actual != append.expected_version:
                raise VersionConflictError(append.stream, expected=append.expected_version, actual=actual)
            for pending in append.events:
                check_lasting(pending.event.model_dump_json().encode())
        self._commands[context.command_id] = _Command(context.actor, context.request_hash, answer)
        for append in appends:
            self._extend(context, append)
        return Receipt(answer, repeated=False)

    async def head(self) -> Head:
        return Head(len(self._log), self._log[-1].chain_hash if self._log else GENESIS, self._frontier.root())

    async def read(self, after: int, limit: int) -> list[Sequenced]:
        return self._log[after : after + limit]

    async def position_of(self, event_id: UUID) -> int | None:
        return self._positions.get(event_id)

    def _extend(self, context: CommandContext, append: StreamAppend) -> None:
        stream = self._streams.setdefault(append.stream, [])
        for pending in append.events:
            version = len(stream) + 1
            stream.append(
                Recorded(
                    id=pending.id,
                    stream=append.stream,
                    version=version,
                    time=context.time,
                    actor=context.actor,
                    correlation_id=context.correlation_id,
                    causation_id=context.causation_id,
                    event=pending.event,
                )
            )
            envelope = encode(envelope_of(self._source, pending, context, append.stream, version))
            self._sequence(pending.id, envelope, pending.event.model_dump_json().encode(), context.traceparent)

    def _sequence(self, event_id: UUID, envelope: bytes, data: bytes, traceparent: str | None) -> None:
        leaf = leaf_hash(envelope, data)
        previous = self._log[-1].chain_hash if self._log else GENESIS
        self._frontier.add(leaf)
        self._log.append(Sequenced(len(self._log) + 1, chain_hash(previous, leaf), envelope, data, traceparent))
        self._positions[event_id] = len(self._log)
