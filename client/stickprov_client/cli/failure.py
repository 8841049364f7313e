"""How a command fails: words on stderr, and an exit code that tells whose fault it was.

Exit code 2: what was asked is wrong (options, a file, a refusal by the service). Exit code 1: something failed
(a service is away, or it answered with a fault), or a check that was asked for did not hold.
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import Final

from rich.markup import escape

from stickprov_client.api import ApiProblem, ClientError, MalformedAnswer, Unreachable
from stickprov_client.cli.console import stderr
from stickprov_client.cli.faults import fault_lines, file_text
from stickprov_client.documents.faults import BadFile
from stickprov_client.language.numbers import NOTHING
from stickprov_client.language.problems import title_of
from stickprov_client.language.service_messages import told
from stickprov_client.language.translations import Language, texts
from stickprov_contracts.problems import Problem

_SHOWN_BY_SHOW: Final = frozenset(
    {"already-marked", "already-reviewed", "not-marked", "not-reviewed", "nothing-changed", "stale-version"}
)
"""Refusals of a command about a case that has moved on."""


class Exit(IntEnum):
    """The command's exit codes beside 0."""

    FAILED = 1
    BAD_INPUT = 2
    INTERRUPTED = 130


class BadInput(Exception):  # noqa: N818 - says the situation
    """What was asked is wrong; the message says why and what to do.

    Attributes:
        faults: each option, "" where it is none, and an English sentence that the catalogue of sentences has.
    """

    def __init__(self, message: str = "", option: str = "", *, faults: Sequence[tuple[str, str]] = ()) -> None:
        self.faults = tuple(faults) or ((option, message),)
        super().__init__(self.text("en"))

    def text(self, language: Language) -> str:
        """Return what is wrong, a line for each option."""
        said = ((option, told(message, language)) for option, message in self.faults)
        return "\n".join(f"{option}: {message}" if option else message for option, message in said)


class CheckFailed(Exception):  # noqa: N818 - says the situation
    """A check was carried out and did not hold. What was found has been printed."""


def report(error: Exception, language: Language) -> Exit:
    """Say on stderr what went wrong, and return the exit code for it."""
    say = texts(language).gettext
    if isinstance(error, ApiProblem):
        _print_problem(error.problem, language)
        if error.problem.code in _SHOWN_BY_SHOW:
            stderr().print(escape(say("See what is recorded, and its history, with: stickprov show REVIEW")))
        if error.is_our_fault:
            return Exit.BAD_INPUT
        logged = say("In the log of {service} under correlation id {id}")
        stderr().print(escape(logged.format(service=error.service, id=error.correlation_id or NOTHING)))
        return Exit.FAILED
    if isinstance(error, BadInput | BadFile):
        _print(say("Error"), file_text(error, language) if isinstance(error, BadFile) else error.text(language))
        return Exit.BAD_INPUT
    if isinstance(error, Unreachable | MalformedAnswer | ClientError):
        _print(say("Failed"), told(str(error), language))
        stderr().print(say("Is the stack running? Start it with: stickprov up. Look closer with: stickprov doctor"))
    elif str(error):
        _print(say("Failed"), told(str(error), language))
    return Exit.FAILED


def _print_problem(problem: Problem, language: Language) -> None:
    _print(title_of(problem, language), told(problem.detail, language))
    for line in fault_lines((fault for fault in problem.errors if fault.message != problem.detail), language):
        stderr().print(line)


def _print(heading: str, message: str) -> None:
    stderr().print(f"[bold red]{escape(heading)}:[/] {escape(message)}")
