"""Options of `stickprov draw make` and `stickprov draw preview`, and the request that they make."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import wraps
from inspect import Signature, signature
from typing import Annotated, TypeAlias, TypeVar

import typer

from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.option_values import checked, share
from stickprov_contracts.events.sampler import Design
from stickprov_contracts.http.sampler import MakeDraw

DrawOptions: TypeAlias = dict[str, object]
"""What was given, by field of the request; what was not is None, [] or False."""


def _draw_options(
    frame: Annotated[str, typer.Argument(help="Name or id of a frozen frame.")],
    design: Annotated[
        Design | None, typer.Option("--design", help="Else simple, or stratified with --stratify-by.")
    ] = None,
    n: Annotated[int | None, typer.Option("--n", help="How many cases in all.")] = None,
    rate: Annotated[
        str | None, typer.Option("--rate", help="Or which share of the frame, such as 6% or 0.06; rounded up.")
    ] = None,
    stratify_by: Annotated[
        list[str] | None,
        typer.Option("--stratify-by", help="month, stratum, unit, handler or a column of the frame. Repeatable."),
    ] = None,
    per_stratum: Annotated[int | None, typer.Option("--per-stratum", help="The same n from every stratum.")] = None,
    allocate: Annotated[
        list[str] | None,
        typer.Option(
            "--allocate", help="proportional, equal, per_reviewer, neyman; or STRATUM=N for each stratum, repeatable."
        ),
    ] = None,
    deviation: Annotated[
        list[str] | None, typer.Option("--deviation", help="STRATUM=STANDARD DEVIATION, with neyman. Repeatable.")
    ] = None,
    per_group: Annotated[int | None, typer.Option("--per-group", help="Cases of each handler, for per_group.")] = None,
    sort_key: Annotated[str | None, typer.Option("--sort-key", help="Column to walk through, for systematic.")] = None,
    interval: Annotated[
        int | None, typer.Option("--interval", help="Every how many units one is drawn, for systematic.")
    ] = None,
    size_column: Annotated[
        str | None, typer.Option("--size-column", help="What chances are proportional to, for pps.")
    ] = None,
    shift: Annotated[
        str | None, typer.Option("--shift", help="Where tickets begin to count, such as 0.25; with the series' seed.")
    ] = None,
    panel: Annotated[bool, typer.Option("--panel", help="The same cases as the first draw of the series.")] = False,
    secret: Annotated[
        bool, typer.Option("--secret", help="Keep the seed secret behind its hash until it is revealed.")
    ] = False,
    seed: Annotated[
        str | None, typer.Option("--seed", help="From a public ceremony; else the system makes one.")
    ] = None,
    control_points: Annotated[
        list[str] | None, typer.Option("--point", help="Control point the cases serve; else the frame's. Repeatable.")
    ] = None,
) -> None:
    """Declare the options of a draw."""


_RULES = {"proportional", "equal", "per_reviewer", "neyman"}
_Request = TypeVar("_Request", bound=MakeDraw)


def with_draw_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command all options of a draw, before its own. It gets them together, as ``wanted``."""
    shared = signature(_draw_options).parameters

    @wraps(command)
    def called(context: typer.Context, **values: object) -> None:
        wanted = {name: values.pop(name) for name in shared}
        command(context, wanted=wanted, **values)

    context, _wanted, *own = signature(command).parameters.values()
    # Typer reads both of these from the function that it is given.
    parameters = [context, *shared.values(), *own]
    called.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    called.__annotations__ = {one.name: one.annotation for one in parameters}
    return called


def draw_request(kind: type[_Request], options: DrawOptions) -> _Request:
    """Return the request that a command's options make.

    Raises:
        BadInput: an option has no value that could be meant; names it.
    """
    fields = {name: value for name, value in options.items() if value not in (None, [], False)}
    if "rate" in fields:
        fields["rate"] = share("--rate", str(fields["rate"]))
    texts = [str(text) for text in _listed(fields.pop("allocate", None))]
    rules = [text for text in texts if text in _RULES]
    if len(rules) > 1 or (rules and len(texts) > 1):
        raise BadInput("Give one rule, or STRATUM=N for each stratum.", "--allocate")
    if rules:
        fields["allocate"] = rules[0]
    elif texts:
        fields["allocation"] = [_pair("--allocate", text, "n") for text in texts]
    deviations = _listed(fields.pop("deviation", None))
    if deviations:
        fields["standard_deviations"] = [_pair("--deviation", str(text), "value") for text in deviations]
    if "design" not in fields and "stratify_by" in fields:
        fields["design"] = "stratified"
    return checked(
        kind, fields, {"allocation": "--allocate", "standard_deviations": "--deviation", "control_points": "--point"}
    )


def extension_parts(texts: list[str] | None) -> list[dict[str, object]]:
    """Return STRATUM=N options as the API has them."""
    return [_pair("--allocate", text, "n") for text in texts or []]


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def _pair(option: str, text: str, name: str) -> dict[str, object]:
    stratum, separator, number = text.rpartition("=")
    try:
        value = Decimal(number.replace(",", "."))
    except InvalidOperation:
        separator = ""
    if not separator or (name == "n" and not number.isdigit()):
        raise BadInput(f"“{text}” is not STRATUM=N, such as 2021-03=6.", option)
    return {"stratum": stratum, name: int(number) if name == "n" else value}
