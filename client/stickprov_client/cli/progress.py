"""Progress bars on stderr, for people only: nothing is drawn where no terminal is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from stickprov_client.cli.console import stderr


@contextmanager
def sending(file: Path, what: str) -> Iterator[Callable[[int], None]]:
    """Show how much of a file has been sent; then that the service is working on it."""
    console = stderr()
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bars:
        task = bars.add_task(what, total=file.stat().st_size)
        yield lambda sent: bars.update(task, completed=sent)


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show that something takes its time."""
    console = stderr()
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bars:
        bars.add_task(what, total=None)
        yield
