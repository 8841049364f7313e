"""Queues, cases and what came of a command, as lines and columns."""

from pathlib import Path
from typing import Final

from rich.markup import escape

from stickprov_client.cli.columns import print_columns
from stickprov_client.cli.console import print_json, stderr, stdout
from stickprov_client.cli.named_review import short_name_of
from stickprov_client.cli.questionnaire_tables import questions_table, reasons_table
from stickprov_client.cli.review_options import address_of, flag_of
from stickprov_client.cli.session import Session
from stickprov_client.language.assigning import status_name
from stickprov_client.language.numbers import whole
from stickprov_client.language.translations import marked
from stickprov_contracts.http.findings import Purpose, Queue, QueueItem, Recorded, Review, Status

PURPOSES: Final[dict[Purpose, str]] = {
    "review": marked("review"),
    "second-review": marked("second review"),
    "file-review": marked("file review"),
}


def status_in_words(session: Session, status: Status) -> str:
    """Return how a review stands."""
    return status_name(status, session.language)


def item_status(session: Session, item: QueueItem) -> str:
    """Return how a case of a list stands; what was open when its period was closed waits for nobody."""
    if item.closed and item.status in {"waiting", "started"}:
        return session.say("period closed")
    if item.erased and item.status in {"waiting", "started"}:
        return session.say("identity erased")
    return status_name(item.status, session.language)


def print_progress(session: Session, found: Queue) -> None:
    """Print how many cases there are, and how many are done."""
    say, language = session.say, session.language
    counts = {
        say("Waiting"): found.waiting,
        say("Reviewed"): found.reviewed,
        say("Over-coverage"): found.over_coverage,
        say("Non-response"): found.non_response,
        **({say("Period closed"): found.closed} if found.closed else {}),
        say("Total"): found.total,
    }
    shown = [f"{name} {whole(count, language)}" for name, count in counts.items()]
    stdout().print(f"[bold]{escape(' · '.join(shown))}[/]")


def print_queue(session: Session, items: list[QueueItem]) -> None:
    """Print cases, each with what names it in a command."""
    say = session.say
    headings = (say("Month"), say("Order"), say("For"), say("Status"), say("Review"))
    rows = [
        (
            item.month,
            str(item.order),
            say(PURPOSES[item.purpose]),
            item_status(session, item),
            short_name_of(item),
        )
        for item in items
    ]
    print_columns(headings, rows)


def print_asked(session: Session, review: Review, template: Path | None) -> None:
    """Print what is asked about a case, and commands that answer it."""
    say = session.say
    if review.subunits:
        stdout().print(escape(f"{review.subunit_name or say('Subunits')}: {', '.join(review.subunits)}"))
    if review.point_categories:
        ids = ", ".join(category.id for category in review.point_categories)
        stdout().print(escape(f"{say('Categories')}: {ids}"))
    if review.content is not None:
        stdout().print(questions_table(session, review.content))
    stdout().print(reasons_table(session, review.content))
    for command in _commands(review, template):
        stdout().print(escape(command), soft_wrap=True)


def _commands(review: Review, template: Path | None) -> list[str]:
    name = f"{short_name_of(review)}{flag_of(review.purpose)}"
    return [*_answering(review, f"stickprov submit {name}", template), f"stickprov over-coverage {name} --reason …"]


def _answering(review: Review, command: str, template: Path | None) -> list[str]:
    questions = review.content.questions if review.content else []
    if template is not None:
        return [f"{command} --answers {template}"]
    if any(question.level == "subunit" for question in questions):
        return [f"stickprov next{flag_of(review.purpose)} --template svar.yaml", f"{command} --answers svar.yaml"]
    asked = [question.id for question in questions if question.required and question.derived is None]
    answers = "".join(f" --answer {question}=…" for question in asked)
    if review.content is not None and review.content.remark == "by_rules":
        return [f"{command}{answers}"]
    return [f"{command} --no-remark{answers}", f"{command} --remark --category …{answers}"]


def print_recorded(session: Session, recorded: Recorded, *, as_json: bool) -> None:
    """Print what a command came to."""
    if as_json:
        print_json(recorded)
        return
    stdout().print(f"[green]✓[/] {escape(session.say('Recorded as version'))} {recorded.version}")
    stderr().print(escape(address_of(recorded)), style="dim", soft_wrap=True)
