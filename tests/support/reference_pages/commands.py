"""``docs/reference/cli.md``: every command with arguments, options and example, from the command itself."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin

from typer.main import get_command

from stickprov_client.cli.failure import Exit
from stickprov_client.cli.main import app
from support.reference_pages.markdown import anchor, table

PAGE: Final = "docs/reference/cli.md"
_EXAMPLE: Final = "Example: "
_KINDS: Final[Mapping[object, str]] = {str: "text", int: "whole number", float: "number", Path: "path"}
_EXITS: Final[Mapping[int, str]] = {
    0: "done; a check that was asked for holds",
    Exit.FAILED: "something failed: a service is away or at fault, or the check that was asked for does not hold",
    Exit.BAD_INPUT: "what was asked is wrong: an option, a file, or a refusal by a service; nothing is stored",
    Exit.INTERRUPTED: "Ctrl-C; `demo` ends with 128 and the number of the signal",
}
_HEAD: Final = """# The command

Every command of `stickprov` with its arguments, options and an example. This page is generated from the command
itself; `make reference` makes it again. `--help` after any command says the same on the spot. What each is good
for, step by step: [how-to/](../README.md#how-to).

Answers go to stdout, everything else to stderr. `--json` prints what the services answer, with the names of [the
API](api/sampler.md).
"""


def page() -> str:
    """Return the page."""
    root = get_command(app)
    parts = [_HEAD, "\n## Exit codes\n\n", table(("Code", "Meaning"), ((str(int(c)), t) for c, t in _EXITS.items()))]
    parts += ["\n## Before the command\n\n", _parameters(root), "\n## All commands\n\n"]
    found = list(commands())
    parts.append(table(("Command", "What it does"), ((_link(name), _first(command)) for name, command in found)))
    parts += [_section(name, command) for name, command in found]
    return "".join(parts)


def commands() -> Iterator[tuple[str, Any]]:
    """Yield every command that does something, by its whole name, in the order of the help."""
    yield from _below(get_command(app), "stickprov")


def _below(group: Any, name: str) -> Iterator[tuple[str, Any]]:
    for part, command in group.commands.items():
        whole = f"{name} {part}"
        subcommands = getattr(command, "commands", None)
        if command.hidden:
            continue
        if not subcommands or command.invoke_without_command:
            yield whole, command
        if subcommands:
            yield from _below(command, whole)


def _link(name: str) -> str:
    return f"[`{name.removeprefix('stickprov ')}`](#{anchor(name)})"


def _section(name: str, command: Any) -> str:
    example = (command.epilog or "").removeprefix(_EXAMPLE)
    usage = " ".join([name, *map(_argument, _arguments(command)), "[OPTIONS]"])
    said = "\n\n".join(" ".join(part.split()) for part in (command.help or "").split("\n\n"))
    shown = f"```sh\n{example}\n```\n" if example else ""
    return f"\n## {name}\n\n{said}\n\n`{usage}`\n\n{shown}\n{_parameters(command)}".rstrip("\n") + "\n"


def _first(command: Any) -> str:
    return (command.help or "").split("\n\n")[0]


def _arguments(command: Any) -> list[Any]:
    return [one for one in command.params if not _is_option(one)]


def _argument(argument: Any) -> str:
    name = _argument_name(argument)
    shown = name if argument.nargs == 1 or name.endswith("...") else f"{name}..."
    return shown if argument.required else f"[{shown}]"


def _argument_name(argument: Any) -> str:
    return str(argument.metavar or argument.name.upper()).strip("[]")


def _is_option(parameter: Any) -> bool:
    return str(parameter.opts[0]).startswith("-")


def _parameters(command: Any) -> str:
    rows = [_row(one) for one in (*_arguments(command), *filter(_is_option, command.params)) if not one.hidden]
    return table(("Argument or option", "Value", "Default", "What it is"), rows) if rows else ""


def _row(parameter: Any) -> tuple[str, str, str, str]:
    if not _is_option(parameter):
        name = f"`{_argument_name(parameter)}`"
    else:
        name = ", ".join(f"`{one}`" for one in (*parameter.opts, *parameter.secondary_opts))
    told = parameter.help or ""
    if getattr(parameter, "multiple", False) and "epeat" not in told:
        told += " Repeatable."
    if parameter.envvar:
        told += f" Environment: `{parameter.envvar}`."
    return name, _value(parameter), _default(parameter), told


def _value(parameter: Any) -> str:
    if getattr(parameter, "is_bool_flag", False):
        return ""
    kind = _kind(parameter.type_descriptor.annotation)
    if parameter.min is not None or parameter.max is not None:
        kind += f", {parameter.min} to {parameter.max}" if parameter.max is not None else f", from {parameter.min}"
    return kind


def _kind(annotation: object) -> str:
    if get_origin(annotation) is Literal:
        return ", ".join(f"`{one}`" for one in get_args(annotation))
    if get_origin(annotation) is list:
        return _kind(get_args(annotation)[0])
    return _KINDS.get(annotation, str(getattr(annotation, "__name__", annotation)))


def _default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    if parameter.default in (None, False, [], ()) or callable(parameter.default):
        return ""
    return f"`{parameter.default}`"
