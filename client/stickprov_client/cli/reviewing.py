"""`stickprov queue`, `next`, `submit`, `correct` and `withdraw`: a reviewer's work."""

import asyncio
from typing import Annotated
from uuid import UUID

import typer
from pydantic import ValidationError
from rich.markup import escape

from stickprov_client.api.findings import ReviewKey
from stickprov_client.cli.columns import print_columns
from stickprov_client.cli.console import print_json, stderr, stdout
from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.session import Session, session_of, signed_in
from stickprov_client.language.numbers import whole
from stickprov_contracts.http.findings import (
    CorrectFinding,
    Queue,
    QueueItem,
    Recorded,
    RecordFinding,
    Review,
    Status,
    WithdrawFinding,
)

ReviewAddress = Annotated[str, typer.Argument(metavar="REVIEW", help="DRAW/POINT/CASE, as queue and next print it.")]
Remark = Annotated[bool, typer.Option("--remark/--no-remark", help="Whether the case deviates.", show_default=False)]
CategoryIds = Annotated[list[str] | None, typer.Option("--category", help="Category of the remark; repeatable.")]
Comment = Annotated[str | None, typer.Option("--comment", help="Free text; it can be erased later.")]
Reason = Annotated[str, typer.Option("--reason", help="Why. Stays with the finding.")]
Version = Annotated[int | None, typer.Option("--version", help="The version you saw; else the newest is read first.")]
OnlyPoint = Annotated[str | None, typer.Option("--point", help="Only this control point.")]


def queue(
    context: typer.Context,
    point: OnlyPoint = None,
    status: Annotated[Status | None, typer.Option("--status", help="waiting or reviewed; else both.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="Rows to show.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Show your cases and how far you have come."""
    session = session_of(context)
    found = asyncio.run(_queue(session, point, status, limit))
    if as_json:
        print_json(found)
        return
    _print_progress(session, found)
    _print_queue(session, found.items)


def next_case(context: typer.Context, point: OnlyPoint = None, as_json: AsJson = False) -> None:
    """Show the next case that waits for you, and how to answer it."""
    session = session_of(context)
    found = asyncio.run(_queue(session, point, "waiting", 1))
    if as_json:
        print_json(found.items[:1])
        return
    if not found.items:
        stdout().print(escape(session.say("Nothing waits for you.")))
        return
    address = _address(found.items[0])
    _print_queue(session, found.items[:1])
    stdout().print(f"stickprov submit {address} --no-remark", soft_wrap=True)
    stdout().print(f"stickprov submit {address} --remark --category …", soft_wrap=True)


def submit(
    context: typer.Context,
    review: ReviewAddress,
    remark: Remark,
    category: CategoryIds = None,
    comment: Comment = None,
    as_json: AsJson = False,
) -> None:
    """Record the finding of a case."""
    session = session_of(context)
    key = review_named(review)
    try:
        finding = RecordFinding(remark=remark, categories=category or [], comment=comment)
    except ValidationError as error:
        raise BadInput(_first_fault(error)) from None

    async def send() -> Recorded:
        async with signed_in(session) as services:
            return await services.findings.record(key, finding)

    _print_recorded(session, asyncio.run(send()), as_json=as_json)


def correct(
    context: typer.Context,
    review: ReviewAddress,
    remark: Remark,
    reason: Reason,
    category: CategoryIds = None,
    comment: Comment = None,
    version: Version = None,
    as_json: AsJson = False,
) -> None:
    """Replace the finding of a case by another. The first stays in its history."""
    session = session_of(context)
    key = review_named(review)
    try:
        correction = CorrectFinding(remark=remark, categories=category or [], comment=comment, reason=reason)
    except ValidationError as error:
        raise BadInput(_first_fault(error)) from None

    async def send() -> Recorded:
        async with signed_in(session) as services:
            seen = version if version is not None else (await services.findings.review(key)).version
            return await services.findings.correct(key, correction, version=seen)

    _print_recorded(session, asyncio.run(send()), as_json=as_json)


def withdraw(
    context: typer.Context, review: ReviewAddress, reason: Reason, version: Version = None, as_json: AsJson = False
) -> None:
    """Take a finding back. The case waits again; the finding stays in its history."""
    session = session_of(context)
    key = review_named(review)
    try:
        withdrawal = WithdrawFinding(reason=reason)
    except ValidationError as error:
        raise BadInput(_first_fault(error)) from None

    async def send() -> Recorded:
        async with signed_in(session) as services:
            seen = version if version is not None else (await services.findings.review(key)).version
            return await services.findings.withdraw(key, withdrawal, version=seen)

    _print_recorded(session, asyncio.run(send()), as_json=as_json)


def review_named(text: str) -> ReviewKey:
    """Read ``DRAW/POINT/CASE``.

    Raises:
        BadInput: it is not that.
    """
    parts = text.split("/")
    try:
        draw, control_point, case = parts
        return ReviewKey(draw=UUID(draw), control_point=control_point, case=case)
    except ValueError:
        raise BadInput(f"{text!r} is no review; write DRAW/POINT/CASE as stickprov next prints it.") from None


async def _queue(session: Session, point: str | None, status: Status | None, limit: int) -> Queue:
    async with signed_in(session) as services:
        return await services.findings.queue(control_point=point, status=status, limit=limit)


def _print_progress(session: Session, found: Queue) -> None:
    say, language = session.say, session.language
    counts = (
        f"{say('Waiting')} {whole(found.waiting, language)}",
        f"{say('Reviewed')} {whole(found.reviewed, language)}",
        f"{say('Total')} {whole(found.total, language)}",
    )
    stdout().print(f"[bold]{escape(' · '.join(counts))}[/]")


def _print_queue(session: Session, items: list[QueueItem]) -> None:
    say = session.say
    statuses = {"waiting": say("waiting"), "reviewed": say("reviewed")}
    headings = (say("Month"), say("Order"), say("Status"), say("Review"))
    print_columns(headings, [(item.month, str(item.order), statuses[item.status], _address(item)) for item in items])


def _address(item: QueueItem | Recorded | Review) -> str:
    return f"{item.draw}/{item.control_point}/{item.case}"


def _print_recorded(session: Session, recorded: Recorded, *, as_json: bool) -> None:
    if as_json:
        print_json(recorded)
        return
    stdout().print(f"[green]✓[/] {escape(session.say('Recorded as version'))} {recorded.version}")
    stderr().print(escape(_address(recorded)), style="dim")


def _first_fault(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"--{first['loc'][0]}: {first['msg']}."
