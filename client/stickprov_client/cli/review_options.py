"""Options that the commands about one review share."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from stickprov_client.api.findings import ReviewKey
from stickprov_client.cli.failure import BadInput
from stickprov_contracts.http.findings import Purpose, QueueItem, Recorded, Review

ReviewAddress = Annotated[
    str, typer.Argument(metavar="REVIEW", help="POINT/CASE as queue and next print it, or DRAW/POINT/CASE.")
]
Remark = Annotated[
    bool | None,
    typer.Option("--remark/--no-remark", help="Whether the case deviates; the answers say it where there are rules."),
]
CategoryIds = Annotated[list[str] | None, typer.Option("--category", help="Category of the remark; repeatable.")]
Comment = Annotated[str | None, typer.Option("--comment", help="Free text; it can be erased later.")]
Reason = Annotated[str, typer.Option("--reason", help="Why. Stays with the finding.")]
MarkReason = Annotated[
    str, typer.Option("--reason", help="Id of the reason, from the list that next shows; other needs --comment.")
]
Version = Annotated[int | None, typer.Option("--version", help="The version you saw; else the newest is read first.")]
OnlyPoint = Annotated[str | None, typer.Option("--point", help="Only this control point.")]
Second = Annotated[bool, typer.Option("--second", help="The second, blind review of the case.")]
FileReview = Annotated[bool, typer.Option("--file-review", help="The file review of a case with a remark.")]
TypedAnswers = Annotated[
    list[str] | None,
    typer.Option("--answer", help="QUESTION=ANSWER; several answers with | between; repeatable.", metavar="Q=A"),
]
AnswersFile = Annotated[
    Path | None,
    typer.Option("--answers", help="YAML or JSON file with answers, and subunits; next --template writes one."),
]


def purpose_of(second: bool, file_review: bool) -> Purpose:
    """Return which review of a case is meant.

    Raises:
        BadInput: both options are given.
    """
    if second and file_review:
        raise BadInput("Give --second or --file-review, not both.")
    if second:
        return "second-review"
    return "file-review" if file_review else "review"


def review_named(text: str, purpose: Purpose = "review") -> ReviewKey:
    """Read ``DRAW/POINT/CASE``.

    Raises:
        BadInput: it is not that.
    """
    parts = text.split("/")
    try:
        draw, control_point, case = parts
        return ReviewKey(draw=UUID(draw), control_point=control_point, case=case, purpose=purpose)
    except ValueError:
        raise BadInput(
            f"“{text}” is no review; write POINT/CASE or DRAW/POINT/CASE as stickprov next prints it."
        ) from None


def address_of(item: QueueItem | Recorded | Review) -> str:
    """Return what names a review in a command."""
    return f"{item.draw}/{item.control_point}/{item.case}"


def flag_of(purpose: Purpose) -> str:
    """Return the option that names a purpose, with a space before it; "" for the first review."""
    return {"review": "", "second-review": " --second", "file-review": " --file-review"}[purpose]
