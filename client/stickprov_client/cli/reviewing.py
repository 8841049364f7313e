"""`stickprov queue`, `next`, `submit`, `correct` and `withdraw`: a reviewer's work."""

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.markup import escape

from stickprov_client.api import Services
from stickprov_client.api.findings import ReviewKey
from stickprov_client.cli.answering import Said, standing_finding
from stickprov_client.cli.calling import call
from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.named_review import named_review
from stickprov_client.cli.option_values import checked
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.review_options import (
    AnswersFile,
    CategoryIds,
    Comment,
    FileReview,
    OnlyPoint,
    Reason,
    Remark,
    ReviewAddress,
    Second,
    TypedAnswers,
    Version,
    purpose_of,
)
from stickprov_client.cli.review_tables import print_asked, print_progress, print_queue, print_recorded
from stickprov_client.cli.session import session_of
from stickprov_client.cli.shown_identity import identity_of, print_identity
from stickprov_client.documents.answers_file import template_of
from stickprov_contracts.http.findings import (
    CorrectFinding,
    Purpose,
    QueueItem,
    Recorded,
    Review,
    WithdrawFinding,
)


def queue(
    context: typer.Context,
    point: OnlyPoint = None,
    status: Annotated[
        Literal["waiting", "started", "reviewed", "over-coverage", "non-response", "closed"] | None,
        typer.Option("--status", help="Only these; else all."),
    ] = None,
    second: Second = False,
    file_review: FileReview = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="Rows to show.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Show your cases and how far you have come."""
    session = session_of(context)
    purpose = _only(second, file_review)
    found = call(
        session,
        lambda services: services.findings.queue(purpose=purpose, control_point=point, status=status, limit=limit),
    )
    if as_json:
        print_json(found)
        return
    print_progress(session, found)
    print_queue(session, found.items)


def next_case(
    context: typer.Context,
    point: OnlyPoint = None,
    second: Second = False,
    file_review: FileReview = False,
    template: Annotated[
        Path | None, typer.Option("--template", help="Write a file to fill in, for submit --answers.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the next case that waits for you: which it is, what is asked about it, and how to answer.

    Who it is is shown as on its page, and recorded as shown; not with --json.
    """
    session = session_of(context)
    item, review = call(session, lambda services: _next(services, _only(second, file_review), point))
    if as_json:
        print_json([item] if item else [])
    elif item is None:
        stdout().print(escape(session.say("Nothing waits for you.")))
    else:
        print_queue(session, [item])
        print_identity(session, call(session, lambda services: identity_of(services, item)))
    if review is None:
        return
    if template is not None:
        _write(template, template_of(review, session.language))
    if not as_json:
        print_asked(session, review, template)


def submit(
    context: typer.Context,
    review: ReviewAddress,
    remark: Remark = None,
    category: CategoryIds = None,
    comment: Comment = None,
    answer: TypedAnswers = None,
    answers: AnswersFile = None,
    second: Second = False,
    file_review: FileReview = False,
    as_json: AsJson = False,
) -> None:
    """Record the finding of a case."""
    session = session_of(context)
    key = named_review(session, review, purpose_of(second, file_review))
    said = Said(remark, category or (), comment, answer or (), answers)
    if said.is_nothing:
        raise BadInput("Say what you found: --answer or --answers, or --remark or --no-remark where nothing is asked.")
    recorded = call(session, lambda services: _record(services, key, said))
    print_recorded(session, recorded, as_json=as_json)


def correct(
    context: typer.Context,
    review: ReviewAddress,
    reason: Reason,
    remark: Remark = None,
    category: CategoryIds = None,
    comment: Comment = None,
    answer: TypedAnswers = None,
    answers: AnswersFile = None,
    second: Second = False,
    file_review: FileReview = False,
    version: Version = None,
    as_json: AsJson = False,
) -> None:
    """Correct the finding of a case; what you do not name stays as it is. The first stays in its history.

    An empty answer or comment takes away what stood there.
    """
    session = session_of(context)
    key = named_review(session, review, purpose_of(second, file_review))
    said = Said(remark, category or (), comment, answer or (), answers)
    recorded = call(session, lambda services: _correct(services, key, said, reason, version))
    print_recorded(session, recorded, as_json=as_json)


def withdraw(
    context: typer.Context,
    review: ReviewAddress,
    reason: Reason,
    second: Second = False,
    file_review: FileReview = False,
    version: Version = None,
    as_json: AsJson = False,
) -> None:
    """Take a finding back. The case waits again; the finding stays in its history."""
    session = session_of(context)
    key = named_review(session, review, purpose_of(second, file_review))
    withdrawal = checked(WithdrawFinding, {"reason": reason})

    async def send(services: Services) -> Recorded:
        seen = version if version is not None else (await services.findings.review(key)).version
        return await services.findings.withdraw(key, withdrawal, version=seen)

    print_recorded(session, call(session, send), as_json=as_json)


async def _next(
    services: Services, purpose: Purpose | None, point: str | None
) -> tuple[QueueItem | None, Review | None]:
    item = await services.findings.next_case(purpose=purpose, control_point=point)
    if item is None:
        return None, None
    key = ReviewKey(item.draw, item.control_point, item.case, item.purpose)
    return item, await services.findings.review(key)


async def _record(services: Services, key: ReviewKey, said: Said) -> Recorded:
    review = await services.findings.review(key) if said.needs_questions else None
    return await services.findings.record(key, said.finding(review=review))


async def _correct(services: Services, key: ReviewKey, said: Said, reason: str, version: int | None) -> Recorded:
    review = await services.findings.review(key)
    finding = said.finding(standing_finding(review), review)
    correction = checked(CorrectFinding, finding.model_dump(exclude_unset=True) | {"reason": reason})
    return await services.findings.correct(key, correction, version=review.version if version is None else version)


def _only(second: bool, file_review: bool) -> Purpose | None:
    """Return the purpose that was asked for; None for every one."""
    purpose = purpose_of(second, file_review)
    return None if purpose == "review" else purpose


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{file} cannot be written: {error.strerror}.", "--template") from None
