"""Assignments, lists of cases and progress as tables."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from stickprov_client.cli.columns import print_columns
from stickprov_client.cli.console import stdout
from stickprov_client.cli.named_review import short_name_of
from stickprov_client.cli.review_tables import PURPOSES, item_status
from stickprov_client.cli.session import Session
from stickprov_client.language.assigning import why_unassigned
from stickprov_client.language.numbers import NOTHING, whole
from stickprov_contracts.http.findings import Assigned, ProgressRow, QueueItem
from stickprov_contracts.http.notices import NoticesSent


def assigned_tables(
    session: Session, done: Assigned, names: Mapping[str, str], *, dry_run: bool = False
) -> Iterable[RenderableType]:
    """Yield who was given how much, or would be, then why some cases go to nobody."""
    say, language = session.say, session.language
    told = (
        say("{given} cases would be given; {already} have a reviewer already.")
        if dry_run
        else say("{given} cases given; {already} had a reviewer already.")
    )
    yield escape(told.format(given=whole(done.given, language), already=whole(done.already, language)))
    if done.loads:
        table = _table(
            say("Reviewer"), say("Unit"), say("Waiting before"), say("Would be given") if dry_run else say("Given now")
        )
        for load in done.loads:
            counts = (whole(load.waiting, language), whole(load.given, language))
            table.add_row(*_safe((names.get(load.reviewer, load.reviewer), load.unit or NOTHING, *counts)))
        yield table
    if done.unassigned:
        nobody = say("Would be given to nobody, because") if dry_run else say("Given to nobody, because")
        table = _table(nobody, say("Cases"))
        for why, count in Counter(one.why for one in done.unassigned).most_common():
            table.add_row(*_safe((why_unassigned(why, language), whole(count, language))))
        yield table


def print_list(session: Session, items: Sequence[QueueItem], names: Mapping[str, str]) -> None:
    """Print cases by reviewer: a line with the name, then a line for each case that is never folded."""
    say = session.say
    headings = (say("Order"), say("Month"), say("For"), say("Status"), say("Unit"), say("Review"))
    for whose, theirs in groupby(items, key=lambda item: item.reviewer or ""):
        cases = list(theirs)
        name = names.get(whose, whose) or say("nobody yet")
        stdout().print(f"[bold]{escape(name)}[/] ({whole(len(cases), session.language)})")
        rows = [
            (
                str(item.order),
                item.month,
                say(PURPOSES[item.purpose]),
                item_status(session, item),
                item.unit,
                short_name_of(item),
            )
            for item in cases
        ]
        print_columns(headings, rows)


def progress_table(session: Session, kind: str, rows: Sequence[ProgressRow], names: Mapping[str, str]) -> Table:
    """Return how far the reviewing has come, a part of the cases a row; the whole last where there is one."""
    say, language = session.say, session.language
    table = _table(
        *(kind, say("Total"), say("Waiting"), say("Of which begun"), say("Overdue"), say("Reviewed")),
        *(say("With remark"), say("Over-coverage"), say("Non-response"), say("Period closed")),
    )
    for row in rows:
        counts = (row.total, row.waiting, row.started, row.overdue, row.reviewed, row.remarks)
        marks = (row.over_coverage, row.non_response, row.closed)
        name = names.get(row.name, row.name) or NOTHING
        table.add_row(escape(name), *(whole(count, language) for count in (*counts, *marks)))
    return table


def notices_told(session: Session, sent: NoticesSent, names: Mapping[str, str]) -> Iterable[str]:
    """Yield what became of notices: how many were sent, and who could not be reached."""
    say = session.say
    yield say("{count} notices sent.").format(count=whole(sent.sent, session.language))
    for told, people in (
        (say("Without an address on the staff list: {names}"), sent.without_address),
        (say("The mail server did not take the address of: {names}"), sent.not_taken),
    ):
        if people:
            yield told.format(names=", ".join(names.get(one, one) for one in people))


def _table(*names: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in names:
        table.add_column(escape(name), overflow="fold")
    return table


def _safe(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(escape(text) for text in texts)
