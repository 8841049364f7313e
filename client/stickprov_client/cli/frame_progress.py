"""How far an import has come, on stderr: bars in a terminal, a line for each stage elsewhere, nothing beside JSON."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from babel.numbers import format_decimal
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from stickprov_client.cli.console import stderr
from stickprov_client.cli.session import Session
from stickprov_client.language.numbers import whole
from stickprov_contracts.http.progress import FrameStage, StageName

_KILOBYTE, _MEGABYTE = 1_000, 1_000_000


@dataclass(frozen=True)
class Watcher:
    """What wants to be told.

    Attributes:
        sent: of the number of bytes that were sent. told: of what the service is doing.
    """

    sent: Callable[[int], None] | None = None
    told: Callable[[FrameStage], None] | None = None


@contextmanager
def watching(session: Session, file: Path, *, silent: bool) -> Iterator[Watcher]:
    """Show how much of a file has been sent, and then what the service is doing with it."""
    console = stderr()
    if silent:
        yield Watcher()
    elif console.is_terminal:
        with _bars(console) as bars:
            shown = _Bars(session, bars, _sending(session, file, bars))
            yield Watcher(shown.sent, shown.told)
    else:
        sending = session.say("Sending {name}").format(name=file.name)
        console.print(f"{sending} ({_size(file.stat().st_size, session)})")
        yield Watcher(told=_Lines(session, console).told)


def stage_text(session: Session, stage: FrameStage) -> str:
    """Say what is being done, with the rows it is done with."""
    say = session.say
    words: dict[StageName, str] = {
        "reading": say("Reading the file") if stage.rows is None else say("Reading the file: {rows} rows so far"),
        "checking": say("Checking {rows} rows"),
        "naming": say("Giving {rows} units their pseudonyms"),
        "sorting": say("Sorting {rows} units and writing the frame"),
        "writing": say("Writing the identities of {rows} units to the vault"),
        "storing": say("Entering the frame in the log"),
    }
    return words[stage.stage].format(rows=whole(stage.rows, session.language))


@dataclass
class _Lines:
    """A line for each stage, once."""

    session: Session
    console: Console
    stage: StageName | None = None

    def told(self, stage: FrameStage) -> None:
        if stage.stage != self.stage:
            self.console.print(stage_text(self.session, stage))
        self.stage = stage.stage


@dataclass
class _Bars:
    """A bar for what is sent and one for each stage, which stops its clock when the next one begins."""

    session: Session
    bars: Progress
    sending: TaskID
    stages: dict[StageName, TaskID] = field(default_factory=dict)

    def sent(self, size: int) -> None:
        self.bars.update(self.sending, completed=size)

    def told(self, stage: FrameStage) -> None:
        text = stage_text(self.session, stage)
        if stage.stage in self.stages:
            self.bars.update(self.stages[stage.stage], description=text)
            return
        for earlier in self.stages.values():
            self.bars.update(earlier, total=1, completed=1)
        self.stages[stage.stage] = self.bars.add_task(text, total=None)


def _size(size: int, session: Session) -> str:
    unit, name = (_MEGABYTE, "MB") if size >= _MEGABYTE else (_KILOBYTE, "kB")
    return f"{format_decimal(size / unit, format='#,##0.0', locale=session.language)} {name}"


def _bars(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True)


def _sending(session: Session, file: Path, bars: Progress) -> TaskID:
    return bars.add_task(session.say("Sending {name}").format(name=file.name), total=file.stat().st_size)
