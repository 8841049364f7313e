"""Whoever is asked before something irreversible answers in their own language, and no other word is an answer."""

import sys

import pytest
import typer

from stickprov_client.cli import sure as asking
from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.session import Session


@pytest.fixture
def answers(monkeypatch):
    """Let a terminal answer; return what was asked."""
    asked = []

    def terminal(*given):
        left = list(given)
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
        monkeypatch.setattr(asking.typer, "prompt", lambda text, **_: asked.append(text) or left.pop(0))
        return asked

    return terminal


@pytest.mark.parametrize("word", ["j", "ja", "J", "y", "yes"])
def test_yes_in_swedish_is_yes(answers, word):
    asked = answers(word)
    asking.sure(Session(), "Gallra?")

    assert asked == ["Gallra? [j/N]"]


def test_another_word_asks_again_in_swedish(answers, capsys):
    asked = answers("kanske", "ja")
    asking.sure(Session(), "Gallra?", "Varning")

    assert len(asked) == 2
    assert capsys.readouterr().err == "Varning\nSvara ja (j) eller nej (n).\n"


@pytest.mark.parametrize("word", ["", "n", "nej"])
def test_no_does_nothing_and_says_so_in_swedish(answers, capsys, word):
    answers(word)
    with pytest.raises(typer.Exit):
        asking.sure(Session(), "Gallra?")

    assert capsys.readouterr().err == "Inget gjordes.\n"


def test_nobody_there_is_told_of_the_option(monkeypatch):
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    with pytest.raises(BadInput) as refused:
        asking.sure(Session(), "Gallra?")

    assert refused.value.text("sv") == "Det som gallras kan inte återskapas: ange --yes när ingen kan tillfrågas."
