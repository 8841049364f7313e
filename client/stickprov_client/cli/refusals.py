"""What Typer refuses before a command begins, in our sentences, which the catalogue has in Swedish."""

import re
from typing import Final

import typer

from stickprov_client.cli.failure import BadInput

_SENTENCES: Final = (
    (r"No such option: (?P<name>\S+)", "there is no such option."),
    (
        r"No such option: (?P<name>\S+) \(Possible options: (?P<alike>.+)\)",
        "there is no such option. Did you mean {alike}?",
    ),
    (r"No such command '(?P<name>.*)'\.", "there is no such command."),
    (
        r"No such command '(?P<name>.*)'\. Did you mean (?P<alike>.+)\?",
        "there is no such command. Did you mean {alike}?",
    ),
    (r"Missing (?:argument|option) '(?P<name>.*)'\.", "it is missing."),
    (r"Option '(?P<name>.*)' requires an argument\.", "write a value after it."),
    (r"Option '(?P<name>.*)' does not take a value\.", "write it without a value."),
    (r"Got unexpected extra argument\(s\) \((?P<name>.*)\)", "nothing more is expected here."),
)
"""Typer's messages, each with what is said of whom it names."""
_READ: Final = tuple((re.compile(pattern), sentence) for pattern, sentence in _SENTENCES)


def in_our_words(error: typer.TyperException) -> BadInput | None:
    """Return Typer's refusal with the help to turn to; None for one that it tells in words we do not know."""
    message = error.format_message()
    for pattern, sentence in _READ:
        if found := pattern.fullmatch(message):
            alike = (found.groupdict().get("alike") or "").replace("'", "")
            faults = [(found["name"], sentence.format(alike=alike))]
            if (context := getattr(error, "ctx", None)) is not None:
                faults.append(("", f"See {context.command_path} --help."))
            return BadInput(faults=faults)
    return None
