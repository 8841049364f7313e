"""What looks odd in a file and is used all the same."""

from collections.abc import Iterable

from stickprov_client.cli.console import stderr
from stickprov_client.cli.session import Session
from stickprov_client.documents.faults import FileFault
from stickprov_client.language.file_places import place_told


def print_warnings(session: Session, file: str, warnings: Iterable[FileFault]) -> None:
    """Say it on stderr, a line each."""
    for warning in warnings:
        text = place_told(warning, session.language)
        stderr().print(f"{session.say('Warning')}: {file}: {text}", markup=False)
