"""`stickprov plan-size`: how many cases a sample needs, in words."""

import asyncio
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.failure import BadInput, CheckFailed
from stickprov_client.cli.option_values import checked, share
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.session import Session, session_of, signed_in
from stickprov_client.language.planning import (
    attribute_sentences,
    headline,
    margin_sentences,
    staged_rows,
    staged_sentence,
)
from stickprov_client.language.translations import Language, texts
from stickprov_contracts.http.planning import GivenStage, PlannedSize, PlanSize, StagedPlan


def plan_size(
    context: typer.Context,
    frame_size: Annotated[
        int | None, typer.Option("--frame-size", help="N; else the frame counts as infinite.")
    ] = None,
    tolerable: Annotated[
        str | None,
        typer.Option("--tolerable", help="Share of deviating units that is no longer tolerable: 5% or 0,05."),
    ] = None,
    confidence: Annotated[str, typer.Option("--confidence", help="1 minus the risk: 95% or 0,95.")] = "95%",
    expected: Annotated[
        str | None,
        typer.Option("--expected", help="Share that is expected to deviate; else none, or for a margin half."),
    ] = None,
    margin: Annotated[
        str | None, typer.Option("--margin", help="How far the interval may reach to either side: 5% or 0,05.")
    ] = None,
    stages: Annotated[
        str | None,
        typer.Option("--stages", help="Plan in so many stages: 2. Or judge a plan, add:allowed for each: 59:0,34:1."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say how many cases a sample needs: for a tolerable rate, for a margin of error, in stages. Nothing is stored.

    Ends with exit code 1 when the stages that were to be judged do not hold.
    """
    session = session_of(context)
    number, given = _stages(stages)
    asked = checked(
        PlanSize,
        {
            "frame_size": frame_size,
            "tolerable": share("--tolerable", tolerable),
            "confidence": share("--confidence", confidence),
            "expected": share("--expected", expected),
            "margin": share("--margin", margin),
            "stages": number,
            "given": given,
        },
        {"given": "--stages"},
    )
    planned = asyncio.run(_ask(session, asked))
    if as_json:
        print_json(planned)
    else:
        _print(planned, session.language)
    if planned.given is not None and not planned.given.holds:
        raise CheckFailed


def _stages(text: str | None) -> tuple[int | None, list[GivenStage]]:
    """Read how many stages are wanted, or the stages themselves."""
    if text is None:
        return None, []
    try:
        if ":" not in text:
            return int(text), []
        pairs = [[int(number) for number in stage.split(":")] for stage in text.split(",")]
        return None, [GivenStage(add=add, allowed=allowed) for add, allowed in pairs]
    except ValueError:
        raise BadInput(f"“{text}” is neither a number such as 2 nor stages such as 59:0,34:1.", "--stages") from None


async def _ask(session: Session, asked: PlanSize) -> PlannedSize:
    async with signed_in(session) as services:
        return await services.sampler.plan_size(asked)


def _print(planned: PlannedSize, language: Language) -> None:
    say = texts(language).gettext
    out = stdout()
    out.print(Text(headline(planned, language), style="bold"))
    if planned.attribute is not None:
        for sentence in attribute_sentences(planned, planned.attribute, language):
            out.print(Text(sentence))
    if planned.margin is not None:
        for sentence in margin_sentences(planned, planned.margin, language):
            out.print(Text(sentence))
    for heading, plan in ((say("The given stages"), planned.given), (say("Stages that hold"), planned.stop_or_go)):
        if plan is not None:
            out.print()
            out.print(Text(heading, style="bold"))
            out.print(_table(plan, language))
            out.print(Text(staged_sentence(planned, plan, language)))


def _table(plan: StagedPlan, language: Language) -> Table:
    say = texts(language).gettext
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 1))
    for name in (say("Draw more"), say("Drawn in all"), say("Stop if at most"), say("Adds risk")):
        table.add_column(name, justify="right", no_wrap=True)
    for row in staged_rows(plan, language):
        table.add_row(*row)
    return table
