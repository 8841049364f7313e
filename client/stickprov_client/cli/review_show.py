"""`stickprov show`: one review as it stands, and everything that has happened to it."""

import typer
from rich.markup import escape

from stickprov_client.api import Services
from stickprov_client.cli.calling import call
from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.facts import facts_table
from stickprov_client.cli.named_review import named_review, short_name_of
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.review_options import FileReview, ReviewAddress, Second, purpose_of
from stickprov_client.cli.session import Session, session_of
from stickprov_client.language.assigning import status_name
from stickprov_client.language.moments import moment
from stickprov_client.language.review_words import answers_in_words, happening
from stickprov_contracts.http.findings import HistoryEntry, Review


def show(
    context: typer.Context,
    review: ReviewAddress,
    second: Second = False,
    file_review: FileReview = False,
    as_json: AsJson = False,
) -> None:
    """Show what is recorded of a case now, and its history: what was said, when, by whom and why."""
    session = session_of(context)
    key = named_review(session, review, purpose_of(second, file_review))

    async def read(services: Services) -> Review:
        return await services.findings.review(key)

    found = call(session, read)
    if as_json:
        print_json(found)
        return
    _print_head(session, found)
    for entry in found.history:
        _print_entry(session, found, entry)


def _print_head(session: Session, found: Review) -> None:
    say = session.say
    stdout().print(f"[bold]{escape(short_name_of(found))}[/] {escape(status_name(found.status, session.language))}")
    facts = [(say("Order"), str(found.order)), (say("Month"), found.month), (say("Version"), str(found.version))]
    if found.closed:
        facts.append((say("Period closed"), found.closed))
    stdout().print(facts_table(facts))
    if not found.history:
        stdout().print(escape(say("Nothing is recorded of this case yet.")))


def _print_entry(session: Session, found: Review, entry: HistoryEntry) -> None:
    say = session.say
    who = say("you") if entry.actor == found.caller else entry.actor[:9]
    time = moment(entry.time, session.language)
    heading = f"{entry.version}. {happening(entry, session.language)}"
    stdout().print(f"[bold]{escape(heading)}[/] {escape(f'{time}, {who}')}")
    lines = answers_in_words(found, entry, session.language)
    if entry.reason:
        lines.append((say("Reason"), entry.reason))
    for label, text in lines:
        stdout().print(escape(f"   {label}: {text}"), soft_wrap=True)
