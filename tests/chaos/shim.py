"""Between Kafka and the inbox: duplicates, reorders, drops and alters records, and writes down what it did.

Also writes down what the inbox found, because a process that is killed takes its metrics along.
"""

import os
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from aiokafka import ConsumerRecord

from stickprov_kernel.inbox import subscription
from stickprov_kernel.inbox.damage import DamageReport
from stickprov_kernel.inbox.inbox import Inbox
from stickprov_kernel.inbox.subscription import Subscription
from stickprov_kernel.messaging.cloudevents import NotALogRecordError
from stickprov_kernel.messaging.delivery import Delivery

_Records = tuple[ConsumerRecord[bytes, bytes], ...]


class Witness:
    """A file of what happened, one word a line. It is complete up to a SIGKILL, because each line is one write."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def tell(self, what: str, count: int = 1) -> None:
        """Write down that something happened so many times."""
        if count:
            os.write(self._file, f"{what}\n".encode() * count)


def watch(witness: Witness) -> None:
    """Write down gaps that are opened and healed, and records that are not believed."""
    heal, tell, read = Inbox._heal, DamageReport.tell, subscription._delivery

    async def healing(self: Inbox, up_to: int) -> int:
        witness.tell("gap opened")
        reached = await heal(self, up_to)
        witness.tell("gap healed" if reached >= up_to else "gap of nothing")
        return reached

    async def telling(self: DamageReport, doubtful: Sequence[Delivery]) -> None:
        await tell(self, doubtful)
        witness.tell("altered found", len(doubtful))

    def reading(*arguments: Any) -> Delivery:
        try:
            return read(*arguments)
        except NotALogRecordError:
            witness.tell("altered found")
            raise

    Inbox._heal = healing  # type: ignore[method-assign]
    DamageReport.tell = telling  # type: ignore[method-assign]
    subscription._delivery = reading


class Shim:
    """Does to a share of all records what a bad way does."""

    def __init__(self, seed: int, share: float, witness: Witness) -> None:
        self._chance = random.Random(seed)
        self._share = share
        self._witness = witness

    def prepare(self) -> None:
        """Stand between the consumer and the inbox."""
        apply = Subscription._apply

        async def applying(subscription: Subscription, records: _Records) -> None:
            await apply(subscription, self.spoil(records))

        Subscription._apply = applying  # type: ignore[method-assign]

    def spoil(self, records: _Records) -> _Records:
        """Return the records as they come out of a bad way."""
        spoiled: list[ConsumerRecord[bytes, bytes]] = []
        for record in records:
            if self._chance.random() >= self._share:
                spoiled.append(record)
                continue
            match self._chance.choice(("dropped", "doubled", "altered")):
                case "dropped" as what:
                    pass
                case "doubled" as what:
                    spoiled += [record, record]
                case what:
                    spoiled.append(altered(record, self._chance))
            self._witness.tell(f"record {what}")
        if len(spoiled) > 1 and self._chance.random() < self._share:
            self._chance.shuffle(spoiled)
            self._witness.tell("batch reordered")
        return tuple(spoiled)


def altered(record: ConsumerRecord[bytes, bytes], chance: random.Random) -> ConsumerRecord[bytes, bytes]:
    """Return a record with one bit flipped in its key, its value or one of its CloudEvents headers."""
    headers = list(record.headers)
    ours = [number for number, (name, _) in enumerate(headers) if name.startswith("ce_") or name == "content-type"]
    field = chance.choice(("key", "value", *ours))
    if field == "key":
        return replace(record, key=flipped(record.key or b"", chance))
    if field == "value":
        return replace(record, value=flipped(record.value or b"", chance))
    name, value = headers[int(field)]
    headers[int(field)] = (name, flipped(value, chance))
    return replace(record, headers=headers)


def flipped(data: bytes, chance: random.Random) -> bytes:
    """Return bytes with one bit flipped; empty ones get a byte."""
    if not data:
        return b"\x00"
    bits = bytearray(data)
    bits[chance.randrange(len(bits))] ^= 1 << chance.randrange(8)
    return bytes(bits)
