"""`stickprov start`, `over-coverage`, `non-response` and `reopen`: a case that is begun, or not reviewed at all."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Protocol

import typer

from stickprov_client.api import Services
from stickprov_client.api.findings import FindingsClient, ReviewKey
from stickprov_client.cli.calling import call
from stickprov_client.cli.named_review import named_review
from stickprov_client.cli.option_values import checked
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.review_options import (
    Comment,
    FileReview,
    MarkReason,
    Reason,
    ReviewAddress,
    Second,
    Version,
    purpose_of,
)
from stickprov_client.cli.review_tables import print_recorded
from stickprov_client.cli.session import Session, session_of
from stickprov_contracts.http.findings import MarkCase, Recorded, ReopenReview


class _Mark(Protocol):
    """One of the marks of the findings client."""

    def __call__(
        self, client: FindingsClient, review: ReviewKey, mark: MarkCase, /, *, version: int | None = None
    ) -> Awaitable[Recorded]: ...


_Seen = Annotated[
    int | None, typer.Option("--version", help="The version you saw; needed where the case has a finding or a mark.")
]


def start(
    context: typer.Context,
    review: ReviewAddress,
    second: Second = False,
    file_review: FileReview = False,
    as_json: AsJson = False,
) -> None:
    """Say that you have begun with a case, so that nobody else is given it."""
    session = session_of(context)
    key = named_review(session, review, purpose_of(second, file_review))
    _send(session, lambda services: services.findings.start(key), as_json=as_json)


def over_coverage(
    context: typer.Context,
    review: ReviewAddress,
    reason: MarkReason,
    comment: Comment = None,
    second: Second = False,
    file_review: FileReview = False,
    version: _Seen = None,
    as_json: AsJson = False,
) -> None:
    """Say that a case should not have been among those that are controlled."""
    session = session_of(context)
    key = named_review(session, review, purpose_of(second, file_review))
    _mark(context, FindingsClient.mark_over_coverage, key, reason, comment, version, as_json=as_json)


def non_response(
    context: typer.Context,
    review: ReviewAddress,
    reason: MarkReason,
    comment: Comment = None,
    second: Second = False,
    file_review: FileReview = False,
    version: _Seen = None,
    as_json: AsJson = False,
) -> None:
    """Say that a case could not be reviewed."""
    session = session_of(context)
    key = named_review(session, review, purpose_of(second, file_review))
    _mark(context, FindingsClient.mark_non_response, key, reason, comment, version, as_json=as_json)


def reopen(
    context: typer.Context,
    review: ReviewAddress,
    reason: Reason,
    second: Second = False,
    file_review: FileReview = False,
    version: Version = None,
    as_json: AsJson = False,
) -> None:
    """Take a mark of over-coverage or non-response back. The case waits again."""
    session = session_of(context)
    key = named_review(session, review, purpose_of(second, file_review))
    reopening = checked(ReopenReview, {"reason": reason})

    async def send(services: Services) -> Recorded:
        seen = version if version is not None else (await services.findings.review(key)).version
        return await services.findings.reopen(key, reopening, version=seen)

    _send(session, send, as_json=as_json)


def _mark(
    context: typer.Context,
    mark: _Mark,
    key: ReviewKey,
    reason: str,
    comment: str | None,
    version: int | None,
    *,
    as_json: bool,
) -> None:
    said = checked(MarkCase, {"reason": reason, "comment": comment})
    session = session_of(context)
    _send(session, lambda services: mark(services.findings, key, said, version=version), as_json=as_json)


def _send(session: Session, work: Callable[[Services], Awaitable[Recorded]], *, as_json: bool) -> None:
    print_recorded(session, call(session, work), as_json=as_json)
