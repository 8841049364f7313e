"""Progress bars on stderr, for people only: nothing is drawn where no terminal is."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from stickprov_client.cli.console import stderr


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
