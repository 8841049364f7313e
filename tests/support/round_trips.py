"""What each command costs its service's database, pinned: docs/reference/round-trips.md is made of this table.

A command that costs more than it did fails its test and has to be argued for here; one that costs less is told here.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, NamedTuple

import httpx
import pytest

from stickprov_kernel.inbox.consumer import LogConsumer
from stickprov_kernel.log.checkpointing import Checkpointing
from stickprov_kernel.log.relay import Relay
from support.wire import Door


class Cost(NamedTuple):
    """What one command costs.

    Attributes:
        statements: SQL statements run, but BEGIN and COMMIT.
        round_trips: how often an answer of the database is waited for, BEGIN and COMMIT included.
    """

    statements: int
    round_trips: int


PINNED: Final[Mapping[str, Mapping[str, Cost]]] = {
    "sampler": {
        "adopt a plan of five points": Cost(6, 6),
        "a plan": Cost(5, 5),
        "define a control point": Cost(3, 3),
        "the control points": Cost(1, 1),
        "publish a questionnaire": Cost(3, 3),
        "list twelve people": Cost(5, 7),
        "close a period": Cost(4, 6),
        "freeze a frame of 87 units": Cost(10, 12),
        "the frames": Cost(1, 1),
        "preview a draw": Cost(7, 7),
        "draw 20 cases by month": Cost(21, 23),
        "the draws": Cost(7, 7),
        "a draw's cases": Cost(5, 5),
        "show who a case is": Cost(7, 7),
        "replace a case": Cost(17, 19),
        "extend a draw by four": Cost(17, 19),
        "verify a draw": Cost(6, 6),
        "count a register measure": Cost(6, 6),
        "decide a retention": Cost(4, 4),
        "what is due for erasure": Cost(5, 7),
        "erase a draw's identities": Cost(32, 42),
    },
    "findings": {
        "the queue": Cost(2, 4),
        "the next case": Cost(3, 5),
        "a review": Cost(1, 1),
        "whether one may see who a case is": Cost(1, 1),
        "start a review": Cost(2, 2),
        "submit a finding": Cost(2, 2),
        "submit a finding with a comment": Cost(3, 5),
        "submit eight answers": Cost(2, 2),
        "submit the same once more": Cost(2, 2),
        "correct a finding": Cost(3, 5),
        "withdraw a finding": Cost(3, 5),
        "mark over-coverage": Cost(2, 2),
        "save a draft": Cost(2, 2),
        "submit a table of three findings": Cost(7, 7),
        "give a draw's cases to reviewers": Cost(7, 11),
        "move a case to somebody else": Cost(9, 15),
        "progress": Cost(2, 4),
        "disagreements": Cost(2, 4),
        "conclude a control": Cost(5, 7),
        "conclusions": Cost(2, 2),
        "propose an action": Cost(4, 6),
        "follow an action up": Cost(4, 6),
        "actions": Cost(2, 2),
        "report a plan's row": Cost(5, 7),
        "the plan's rows": Cost(2, 2),
    },
    "reporting": {
        "hear one event": Cost(5, 7),
        "hear fifty events at once": Cost(5, 7),
        "the control points": Cost(5, 7),
        "a quarter's statistic": Cost(6, 8),
        "a statistic as it was at an earlier moment": Cost(3, 5),
        "a trend by month": Cost(6, 8),
        "the difference of two periods": Cost(6, 8),
        "the dashboard": Cost(12, 14),
        "the cases behind a number": Cost(6, 8),
        "the board's form": Cost(11, 13),
        "a plan's status as a report": Cost(6, 8),
        "a page of the trail": Cost(8, 12),
        "how far the logs are heard": Cost(2, 2),
        "the replay of a quarter with 1,040 events": Cost(27, 35),
    },
}

PAGE: Final = "docs/reference/round-trips.md"

_HEAD: Final = """# Round trips

What each command asks of its service's own database: statements, and round trips, which is how often an answer is
waited for (BEGIN and COMMIT are round trips too; statements sent together share one). A connection prepares each
statement once in its life, which is not counted; sequencer, relay and consumer work by themselves and are not counted
either. Counted on the wire between service and database, and pinned: a command that costs more fails its test. This
page is generated; `make reference` makes it again.
"""


def let_only_commands_work(patch: pytest.MonkeyPatch) -> None:
    """Keep what a service does by itself from its pool, so that whatever is counted is a command's."""

    async def rest(_self: object) -> None:
        await asyncio.Event().wait()

    for background in (Checkpointing, LogConsumer, Relay):
        patch.setattr(background, "run", rest)


async def cost_of(door: Door, *requests: Callable[[], Awaitable[httpx.Response]]) -> Cost:
    """Carry out three alike requests one after another, and return what two of them cost at least.

    The first may fill what is kept in memory, and a rare look of the service's own may be counted with one of them.
    """
    found = []
    for request in requests:
        async with door.counting() as wire:
            answer = await request()
        assert answer.is_success, answer.text
        found.append(Cost(len(wire.statements), wire.round_trips))
    (cost, times), *_ = Counter(found).most_common()
    assert times > 1, f"no two of them cost the same: {found}"
    return cost


def page() -> str:
    """Return the page."""
    lines = [_HEAD]
    for service, commands in PINNED.items():
        lines += [f"## {service.capitalize()}\n", "| Command | Statements | Round trips |", "|---|---:|---:|"]
        lines += [f"| {name} | {cost.statements} | {cost.round_trips} |" for name, cost in commands.items()]
        lines.append("")
    return "\n".join(lines)
