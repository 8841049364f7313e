"""Asking whether somebody is sure, in their own language."""

import sys

import typer

from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.session import Session
from stickprov_client.language.translations import Language

_YES: dict[Language, frozenset[str]] = {"sv": frozenset({"j", "ja", "y", "yes"}), "en": frozenset({"y", "yes"})}
_NO: dict[Language, frozenset[str]] = {"sv": frozenset({"", "n", "nej", "no"}), "en": frozenset({"", "n", "no"})}


def sure(session: Session, question: str, warning: str | None = None) -> None:
    """Ask until the answer is yes or no; nothing is done after a no.

    Args:
        session: says the language.
        question: what is asked.
        warning: what is told before it.

    Raises:
        BadInput: there is nobody to ask.
        typer.Exit: the answer was no.
    """
    if not sys.stdin.isatty():
        raise BadInput("What is erased cannot come back: give --yes where nobody can be asked.")
    if warning is not None:
        typer.echo(warning, err=True)
    while not _answered(session, question):
        typer.echo(session.say("Answer yes (y) or no (n)."), err=True)


def _answered(session: Session, question: str) -> bool:
    prompt = f"{question} {session.say('[y/N]')}"
    answer = typer.prompt(prompt, default="", show_default=False, err=True).strip().lower()
    if answer in _NO[session.language]:
        typer.echo(session.say("Nothing was done."), err=True)
        raise typer.Exit(1)
    return answer in _YES[session.language]
