"""`stickprov demo`: start a stack, play three months, show and verify what came out, stop the stack.

What must not break: however this ends, by its own end, a signal or a failure, the stack ends with it.
"""

import asyncio
import signal
import socket
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Annotated, Final, Literal

import typer
from rich.markup import escape

from stickprov_client.api import Services, discover, open_services
from stickprov_client.api.retrying import Retry
from stickprov_client.cli.console import stderr
from stickprov_client.cli.draw_tables import print_verification
from stickprov_client.cli.failure import CheckFailed
from stickprov_client.cli.narration import Narrator
from stickprov_client.cli.replay_tables import print_replay
from stickprov_client.cli.session import DEFAULT_DATA, DEFAULT_PORT, Session, session_of
from stickprov_client.cli.statistics_tables import print_statistics
from stickprov_client.demo.expectations import unexpected_figures
from stickprov_client.demo.left_work import WAITING, leave_work
from stickprov_client.demo.play import As, DemoFailed, Play
from stickprov_client.demo.register import HOUSEHOLDS
from stickprov_client.demo.stack import RunningStack, StackFailed, running_stack
from stickprov_client.demo.story import DRAWN, MONTHS, REVIEWERS, Month
from stickprov_client.language.numbers import whole
from stickprov_client.language.periods import month_name
from stickprov_contracts.http.sampler import Draw, DrawVerification

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_RETRY: Final = Retry(attempts=8, first_wait=0.05)


def demo(
    context: typer.Context,
    data: Annotated[Path, typer.Option("--data", help="Folder for the stack's data.")] = DEFAULT_DATA,
    port: Annotated[
        int | None,
        typer.Option("--port", min=1, max=65535, help="Port of the one address; 8800 if it is free."),
    ] = None,
    keep_running: Annotated[
        Literal["yes", "no"], typer.Option("--keep-running", help="yes: leave the stack running until Ctrl-C.")
    ] = "no",
    leaving: Annotated[
        Literal["yes", "no"],
        typer.Option("--leave-work", help="no: leave no plan, staff list and waiting cases beside the played control."),
    ] = "yes",
) -> None:
    """Play control point 3 of 2021, January to March, on a real stack, and stop it again."""
    try:
        performance = _Performance(
            session_of(context),
            data,
            port or _free_port(),
            keep_running=keep_running == "yes",
            leave_work=leaving == "yes",
        )
        told_by = asyncio.run(performance.run())
    except (DemoFailed, StackFailed) as error:
        raise CheckFailed(str(error)) from None
    if told_by is not None:
        raise typer.Exit(128 + told_by)


def _free_port() -> int:
    """Return the usual port, or any free one: the play is not to be visited, so its address does not matter."""
    for port in (DEFAULT_PORT, 0):
        with socket.socket() as trial, suppress(OSError):
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(("127.0.0.1", port))
            taken: int = trial.getsockname()[1]
            return taken
    raise StackFailed("No port is free on 127.0.0.1.")


class _Performance:
    def __init__(self, session: Session, data: Path, port: int, *, keep_running: bool, leave_work: bool) -> None:
        self._session = session
        self._say = session.say
        self._data = data
        self._port = port
        self._keep_running = keep_running
        self._leave_work = leave_work
        self._narrator = Narrator(session.language)
        self._played = False

    async def run(self) -> signal.Signals | None:
        """Do it all; return the signal that ended it early, if one did."""
        told: list[signal.Signals] = []
        loop = asyncio.get_running_loop()
        work = asyncio.create_task(self._perform())

        def stop(told_by: signal.Signals) -> None:
            # Only the first one: a second must not interrupt the stopping.
            if not told:
                told.append(told_by)
                work.cancel()

        for one in _SIGNALS:
            loop.add_signal_handler(one, stop, one)
        try:
            await work
        except asyncio.CancelledError:
            if not told:
                raise
            stderr().print(escape(self._say("Stopped; nothing is left running.")))
            # Who let it run on after the play ended it as it is meant to end.
            return None if self._played else told[0]
        return None

    async def _perform(self) -> None:
        async with AsyncExitStack() as cleanup:
            with self._narrator.step(self._say("Started PostgreSQL, a broker, three services and the web client")):
                stack = await cleanup.enter_async_context(running_stack(self._data, self._port))
            await _unless_it_ends(stack, self._play(stack))
            self._played = True
            if self._keep_running:
                self._narrator.tell(self._say("Still running at {url}. Ctrl-C stops it.").format(url=stack.url))
                await stack.ended
            with self._narrator.step(self._say("Stopped everything")):
                await cleanup.aclose()

    async def _play(self, stack: RunningStack) -> None:
        addresses = await discover(stack.url)
        async with open_services(addresses, lambda: None, retry=_RETRY, connections=2 * len(REVIEWERS)) as services:

            def signed_in_as(name: str) -> Services:
                token = stack.token(name)
                return services.signed_in_with(lambda: token)

            play = Play(signed_in_as, stack.data / "demo")
            draws = await self._collect(play)
            await self._show(play, draws)
            if self._leave_work:
                await self._leave(signed_in_as, stack.data / "demo")
        self._narrator.heading(self._say("Where it is"))
        self._narrator.tell(self._say("Data and logs: {folder}").format(folder=stack.data))
        self._narrator.tell(
            self._say("Look at it: {start}, then open {url}/").format(start=self._start(), url=self._later_url())
        )

    def _start(self) -> str:
        """Return the command that serves this data again."""
        return "make up" if self._data == DEFAULT_DATA else f"stickprov up --data {self._data}"

    def _later_url(self) -> str:
        """Return where that command will serve it: its own default address, wherever the play ran."""
        return f"http://127.0.0.1:{DEFAULT_PORT}"

    async def _leave(self, signed_in_as: As, folder: Path) -> None:
        self._narrator.heading(self._say("Something to go on with"))
        line = self._say(
            "Left {count} cases of control point 4 to review, with a plan, a questionnaire and a staff list"
        )
        with self._narrator.step(line.format(count=WAITING)):
            await leave_work(signed_in_as, folder)
        self._narrator.tell(self._say("Sign in as reviewer-05 to review, as coordinator to follow the reviewing."))

    async def _collect(self, play: Play) -> list[Draw]:
        say, narrator, language = self._say, self._narrator, self._session.language
        with narrator.step(say("Wrote three register files and defined control point 3")):
            play.write_registers()
            await play.define()
        with narrator.step(
            say("Previewed and froze three frames of {count} households").format(count=whole(HOUSEHOLDS, language))
        ):
            frames = await play.freeze()
        drawn = ", ".join(whole(month.drawn, language) for month in MONTHS)
        with narrator.step(say("Drew {counts} households").format(counts=drawn)):
            draws = await play.draw(frames)
        with narrator.step(say("Findings has heard of {count} cases").format(count=DRAWN)):
            reviewed = await play.wait_for_queues()
        if reviewed:
            line = say("This folder holds a played demonstration: {count} findings are there already.")
            narrator.tell(line.format(count=whole(reviewed, language)))
        submitted = say("{people} reviewers submitted {count} findings").format(
            people=len(REVIEWERS), count=whole(DRAWN - reviewed, language)
        )
        with narrator.counted(submitted, DRAWN - reviewed) as advance:
            await play.review(advance)
        with narrator.step(say("Concluded the control for the quarter")):
            await play.conclude()
        return draws

    async def _show(self, play: Play, draws: list[Draw]) -> None:
        say, narrator = self._say, self._narrator
        with narrator.step(say("Reporting has heard of everything")):
            statistics = await play.wait_for_statistics()
        narrator.heading(say("Statistics"))
        print_statistics(statistics, self._session.language)
        narrator.heading(say("The standard form, for the board"))
        with narrator.step(say("Written as PDF, Word, Excel and HTML")):
            files = await play.write_reports(self._session.language)
        for file in files:
            narrator.tell(f"  {file}")
        narrator.heading(say("The draws, computed again"))
        verifications = await play.verify_draws(draws)
        for month, verification in zip(MONTHS, verifications, strict=True):
            self._tell_verification(month, verification)
        narrator.heading(say("The logs, read again"))
        outcome = await play.replay()
        print_replay(outcome, self._session.language)
        wrong = unexpected_figures(statistics)
        if wrong:
            raise DemoFailed("\n".join([say("These figures are not those of the document:"), *wrong]))
        if outcome.verdict != "verified" or any(one.verdict != "verified" for one in verifications):
            raise DemoFailed(say("A log or a draw did not verify; see above."))

    def _tell_verification(self, month: Month, verification: DrawVerification) -> None:
        """One line for what is as it should be; everything for what is not."""
        name = month_name(month.label, self._session.language)
        if verification.verdict == "verified":
            held = self._say("{month}: the same {cases} cases come out again, {checks} checks hold")
            line = held.format(month=name, cases=month.drawn, checks=len(verification.checks))
            self._narrator.good(f"{line}  {verification.draw}")
        else:
            self._narrator.tell(f"{name}: {verification.draw}")
            print_verification(self._session, verification)


async def _unless_it_ends(stack: RunningStack, work: Coroutine[None, None, None]) -> None:
    """Do the work, and fail at once when the stack ends under it."""
    task = asyncio.create_task(work)
    try:
        await asyncio.wait({task, stack.ended}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise StackFailed(f"The stack ended by itself:\n{stack.last_lines()}")
        await task
    finally:
        task.cancel()
        await asyncio.wait({task})
