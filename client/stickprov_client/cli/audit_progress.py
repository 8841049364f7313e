"""How far logs have been read again, on stderr: a bar for each in a terminal, nothing elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from stickprov_client.cli.console import stderr
from stickprov_client.cli.session import Session
from stickprov_contracts.http.progress import AuditStage


@contextmanager
def reading_again(session: Session) -> Iterator[Callable[[AuditStage], None]]:
    """Yield what is to be told each stage."""
    console = stderr()
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        shown: dict[str, TaskID] = {}

        def told(stage: AuditStage) -> None:
            text = stage_in_words(session, stage)
            if text not in shown:
                shown[text] = bars.add_task(text, total=stage.of)
            bars.update(shown[text], completed=stage.done, total=stage.of)

        yield told


def stage_in_words(session: Session, stage: AuditStage) -> str:
    """Say what is being done."""
    say = session.say
    words = {
        "verifying": say("Reading the log of {source} again"),
        "folding": say("Counting the figures again"),
        "comparing": say("Comparing them with what is stored"),
    }
    return words[stage.stage].format(source=stage.source or "")
