"""Saying what happens while it happens: one line a step, with the time it took."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from stickprov_client.cli.console import stdout
from stickprov_client.language.numbers import one_decimal
from stickprov_client.language.translations import Language


class Narrator:
    """Prints a line for each step that is done; shows the one under way where a terminal is."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._console = stdout()

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Do something that takes a while."""
        started = time.monotonic()
        if self._console.is_terminal:
            with self._console.status(f"{escape(what)} …"):
                yield
        else:
            yield
        self._done(what, time.monotonic() - started)

    @contextmanager
    def counted(self, what: str, total: int) -> Iterator[Callable[[int], None]]:
        """Do something many times; call what is given with how many more are done."""
        started = time.monotonic()
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        ) as bars:
            task = bars.add_task(escape(what), total=total)
            yield lambda more: bars.advance(task, more)
        self._done(what, time.monotonic() - started)

    def tell(self, line: str) -> None:
        """Print a line of plain text."""
        self._console.print(escape(line))

    def good(self, line: str) -> None:
        """Print a line for something that is as it should be."""
        self._console.print(f"[green]✓[/] {escape(line)}")

    def heading(self, line: str) -> None:
        """Print a line that begins a new part."""
        self._console.print(f"\n[bold]{escape(line)}[/]")

    def _done(self, what: str, seconds: float) -> None:
        took = f"{one_decimal(seconds, self._language)}\N{NO-BREAK SPACE}s"
        self._console.print(f"[green]✓[/] {escape(what)}  [dim]{took}[/]")
