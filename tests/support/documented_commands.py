"""The `stickprov` commands that pages show, and what is wrong with one of them by the command's own word."""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from typer.main import get_command

from stickprov_client.cli.main import app

_BLOCK: Final = re.compile(r"^[ ]*```(\w*)\n(.*?)^[ ]*```", re.DOTALL | re.MULTILINE)
_INLINE: Final = re.compile(r"`(stickprov [^`\n]+)`")
_ENDS: Final = frozenset({"|", "||", "&&", ";", ">", ">>", "2>", "<", ")"})


def commands_in(text: str) -> Iterator[str]:
    """Yield every line of code and every piece of code within prose that begins with the command."""
    for language, block in _BLOCK.findall(text):
        if language in {"", "sh", "bash", "console"}:
            yield from _in_shell(block)
    yield from _INLINE.findall(_BLOCK.sub("", text))


def fault_in(command: str) -> str | None:
    """Return what the command says no to: a name or an option that it has not. What is only alluded to is left."""
    node: Any = _root()
    options = _options(node)
    words = _words(command)[1:]
    skipped = False
    for word in words:
        if skipped:
            skipped = False
        elif word.startswith("--"):
            name = word.split("=", 1)[0]
            if name not in options:
                return f"{command}: no option {name}"
            skipped = options[name] and "=" not in word
        elif getattr(node, "commands", None):
            below = node.commands.get(word)
            if below is None and not _is_allusion(word):
                return f"{command}: no command {word}"
            if below is None:
                return None
            node, options = below, _options(below)
    return None


def _in_shell(block: str) -> Iterator[str]:
    joined = re.sub(r"\\\n\s*", " ", block)
    for line in joined.splitlines():
        for part in re.split(r"(?<=[(|;&])\s*(?=stickprov )", line.removeprefix("$ ").strip()):
            if part.startswith(("stickprov ", ".venv/bin/stickprov ")):
                yield part.removeprefix(".venv/bin/")


def _words(command: str) -> list[str]:
    lexer = shlex.shlex(command.replace("…", "..."), posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    try:
        words = list(lexer)
    except ValueError:
        words = command.split()
    ends = [place for place, word in enumerate(words) if word in _ENDS]
    return words[: ends[0]] if ends else words


@cache
def _root() -> Any:  # the whole of it takes a while to put together
    return get_command(app)


def _options(command: Any) -> dict[str, bool]:
    """Return a command's options, each with whether a value follows."""
    found = {"--help": False}
    for parameter in command.params:
        for name in (*parameter.opts, *parameter.secondary_opts):
            found[name] = not getattr(parameter, "is_bool_flag", False)
    return found


def _is_allusion(word: str) -> bool:
    return not word.isascii() or word.startswith((".", "<")) or word.isupper()
