"""People at work while everything breaks: reviewers submit, correct and withdraw, a coordinator draws and closes.

What must not break: a request that nobody answered is made again with the same command id, until it is; what is
remembered as acknowledged is what a service said.
"""

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Final, TypeVar
from uuid import UUID, uuid4

from chaos.memory import CATEGORY, CONTROL_POINT, OTHER_POINT, PLAN, Acknowledged, Case, Memory
from chaos.world import World
from stickprov_client.api import Addresses, ApiProblem, ClientError, Services, open_services
from stickprov_client.api.findings import ReviewKey
from stickprov_client.api.retrying import NO_RETRY
from stickprov_client.api.sampler import upload_of
from stickprov_contracts.events.sampler import Category
from stickprov_contracts.http.findings import CorrectFinding, RecordFinding, WithdrawFinding
from stickprov_contracts.http.plans import AdoptPlan, PlannedPoint
from stickprov_contracts.http.sampler import DefineControlPoint, Draw, FrameOptions, MakeDraw

T = TypeVar("T")

REVIEWERS: Final = 4
MONTHS: Final = tuple(f"2021-{month:02}" for month in range(1, 13))
_UNITS: Final = 2_000
_DRAWN: Final = 40
_LOW: Final = 20
_MOST_ACTIONS: Final = 6
_PAUSE: Final = 0.04
_ANSWER_SECONDS: Final = 8.0
_NOT_HEARD_YET: Final = "case-not-drawn"


class Load:
    """All people at work."""

    def __init__(self, world: World, memory: Memory, seed: int, progress: Callable[[], float]) -> None:
        self._world = world
        self._memory = memory
        self._chance = random.Random(seed)
        self._progress = progress
        self._doors: list[Services] = []
        self._waiting: deque[Case] = deque()
        self._busy: set[str] = set()
        self._month = 0
        self._defined = 0
        self._ending = asyncio.Event()

    async def run(self) -> None:
        """Work until told to end; everything that was begun is brought to its acknowledgement."""
        async with AsyncExitStack() as stack:
            await self._open_doors(stack)
            await self._adopt()
            async with asyncio.TaskGroup() as group:
                group.create_task(self._coordinate())
                for number in range(1, REVIEWERS + 1):
                    group.create_task(self._review(f"reviewer-{number:02}"))

    def end(self) -> None:
        """Ask everybody to finish what they have begun."""
        self._ending.set()

    async def _open_doors(self, stack: AsyncExitStack) -> None:
        """Connect to where the services live, and to where their second instances may."""
        world = self._world
        urls = {name: seat.url for name, seat in world.seats.items()}
        for beside in ({}, {name: seat.url for name, seat in world.twins.items()}):
            addresses = Addresses(version="", **{**urls, **beside})
            self._doors.append(
                await stack.enter_async_context(
                    open_services(addresses, lambda: None, retry=NO_RETRY, connections=2 * REVIEWERS)
                )
            )

    async def _until_acknowledged(self, who: str, ask: Callable[[Services], Awaitable[T]]) -> T | None:
        """Ask again and again with the same command id; None if it was refused, which is remembered."""
        token = self._world.tokens[who]
        attempts = 0
        while True:
            doors = self._doors if any(twin.ready.is_set() for twin in self._world.twins.values()) else self._doors[:1]
            attempts += 1
            try:
                async with asyncio.timeout(_ANSWER_SECONDS):
                    answer = await ask(self._chance.choice(doors).signed_in_with(lambda: token))
            except (ClientError, TimeoutError) as error:
                if isinstance(error, ApiProblem) and error.is_our_fault and error.problem.code != _NOT_HEARD_YET:
                    self._memory.refused.append(f"{who}: {error.problem.code}: {error.problem.detail}")
                    return None
                await asyncio.sleep(self._chance.uniform(0.05, 0.4))
            else:
                self._memory.repeated += attempts > 1
                return answer

    async def _adopt(self) -> None:
        plan = AdoptPlan(
            board="Socialnämnden",
            year=2021,
            control_points=[
                PlannedPoint(
                    control_point=CONTROL_POINT,
                    number="1",
                    measure="Klienter anger korrekta uppgifter",
                    unit_name="hushåll",
                    categories=[Category(id=CATEGORY, sv="Insättningar", en="Deposits")],
                )
            ],
        )
        command = uuid4()
        await self._until_acknowledged("coordinator", lambda door: door.plans.adopt(PLAN, plan, command=command))
        self._memory.acknowledged.append(Acknowledged("sampler", command))

    async def _coordinate(self) -> None:
        frame = await self._freeze()
        while not self._ending.is_set():
            month = min(int(self._progress() * len(MONTHS)), len(MONTHS) - 1)
            if month > self._month:
                await self._close_month()
                self._month = month
                frame = await self._freeze()
            if len(self._waiting) < _LOW:
                await self._draw(frame)
            else:
                await self._define()
            await asyncio.sleep(2 * _PAUSE)

    async def _freeze(self) -> UUID | None:
        month = MONTHS[self._month]
        rows = "\n".join(f"H{number:05}" for number in range(_UNITS))
        register = self._world.folder / f"{month}.csv"
        await asyncio.to_thread(register.write_text, f"Hushåll\n{rows}\n", encoding="windows-1252")
        options = FrameOptions(frame_name=f"hushåll {month}", control_point=CONTROL_POINT, period=month)
        command = uuid4()
        frozen = await self._until_acknowledged(
            "coordinator", lambda door: door.sampler.freeze(upload_of(register, options), command=command)
        )
        if frozen is None:
            return None
        self._memory.acknowledged.append(Acknowledged("sampler", command))
        return frozen.frame.frame

    async def _draw(self, frame: UUID | None) -> None:
        if frame is None:
            return
        command = uuid4()
        request = MakeDraw(frame=frame, n=_DRAWN)
        draw = await self._until_acknowledged(
            "coordinator", lambda door: door.sampler.make_draw(request, command=command)
        )
        if draw is None:
            return
        self._memory.acknowledged.append(Acknowledged("sampler", command))
        await self._hand_out(draw)

    async def _hand_out(self, draw: Draw) -> None:
        drawn = await self._until_acknowledged("coordinator", lambda door: door.sampler.cases(draw.draw))
        cases = [Case(draw.draw, one.case) for one in drawn or ()]
        self._memory.cases += cases
        self._waiting += cases

    async def _define(self) -> None:
        """Say something new about a point beside the plan: a small command that is its own event."""
        self._defined += 1
        definition = DefineControlPoint(number="2", year=2021, board="Socialnämnden", measure=f"Gång {self._defined}")
        command = uuid4()
        point = await self._until_acknowledged(
            "coordinator", lambda door: door.sampler.define(OTHER_POINT, definition, command=command)
        )
        if point is not None:
            stream = f"control-point/{OTHER_POINT}"
            self._memory.acknowledged.append(Acknowledged("sampler", command, stream, point.version))

    async def _close_month(self) -> None:
        """Let everybody finish with the month's cases, then close it."""
        self._waiting.clear()
        while self._busy:
            await asyncio.sleep(_PAUSE)
        month, command = MONTHS[self._month], uuid4()
        closed = await self._until_acknowledged(
            "coordinator", lambda door: door.plans.close_period(PLAN, month, command=command)
        )
        if closed is not None:
            self._memory.closed.add(month)
            self._memory.acknowledged.append(Acknowledged("sampler", command))

    async def _review(self, who: str) -> None:
        while not self._ending.is_set():
            if not self._waiting:
                await asyncio.sleep(_PAUSE)
                continue
            case = self._waiting.popleft()
            self._busy.add(who)
            for _ in range(self._chance.randint(1, _MOST_ACTIONS)):
                if not await self._act(who, case):
                    break
                await asyncio.sleep(_PAUSE)
            self._busy.discard(who)

    async def _act(self, who: str, case: Case) -> bool:
        """Do the next thing to a case; return whether it was acknowledged."""
        key, command = ReviewKey(case.draw, CONTROL_POINT, case.case), uuid4()
        withdraw = case.reviewed and self._chance.random() < 0.25
        remark = not case.remark if case.reviewed else self._chance.random() < 0.5
        categories = [CATEGORY] if remark else []
        version, reason = case.version, "ny uppgift"

        async def ask(door: Services) -> int:
            desk = door.findings
            if withdraw:
                withdrawal = WithdrawFinding(reason=reason)
                return (await desk.withdraw(key, withdrawal, version=version, command=command)).version
            if case.reviewed:
                correction = CorrectFinding(remark=remark, categories=categories, reason=reason)
                return (await desk.correct(key, correction, version=version, command=command)).version
            finding = RecordFinding(remark=remark, categories=categories)
            return (await desk.record(key, finding, version=version or None, command=command)).version

        told = await self._until_acknowledged(who, ask)
        if told is None:
            return False
        case.version, case.reviewed, case.remark = told, not withdraw, remark and not withdraw
        self._memory.acknowledged.append(Acknowledged("findings", command, case.stream, told))
        return True
