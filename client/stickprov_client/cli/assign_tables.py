"""Assignments, lists of cases and progress as tables."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from stickprov_client.cli.review_options import address_of
from stickprov_client.cli.review_tables import status_in_words
from stickprov_client.cli.session import Session
from stickprov_client.language.assigning import why_unassigned
from stickprov_client.language.numbers import NOTHING, whole
from stickprov_contracts.http.findings import Assigned, ProgressRow, QueueItem
from stickprov_contracts.http.notices import NoticesSent


def assigned_tables(session: Session, done: Assigned, names: Mapping[str, str]) -> Iterable[RenderableType]:
    """Yield who was given how much, then why some cases were given to nobody."""
    say, language = session.say, session.language
    told = say("{given} cases given; {already} had a reviewer already.")
    yield escape(told.format(given=whole(done.given, language), already=whole(done.already, language)))
    if done.loads:
        table = _table(say("Reviewer"), say("Unit"), say("Waiting before"), say("Given now"))
        for load in done.loads:
            counts = (whole(load.waiting, language), whole(load.given, language))
            table.add_row(*_safe((names.get(load.reviewer, load.reviewer), load.unit or NOTHING, *counts)))
        yield table
    if done.unassigned:
        table = _table(say("Given to nobody, because"), say("Cases"))
        for why, count in Counter(one.why for one in done.unassigned).most_common():
            table.add_row(*_safe((why_unassigned(why, language), whole(count, language))))
        yield table


def headings(session: Session) -> tuple[str, ...]:
    """Return the headings of a list of cases."""
    say = session.say
    return (
        *(say("Reviewer"), say("Control point"), say("Unit"), say("Month"), say("Stratum")),
        *(say("Order"), say("Status"), say("Review")),
    )


def cells(session: Session, item: QueueItem, names: Mapping[str, str]) -> tuple[str, ...]:
    """Return a case of a list; its reviewer by name where the vault has one."""
    whose = names.get(item.reviewer, item.reviewer) if item.reviewer else ""
    where = (item.control_point, item.unit, item.month, item.stratum, str(item.order))
    return (whose, *where, status_in_words(session, item.status), address_of(item))


def list_table(session: Session, items: Sequence[QueueItem], names: Mapping[str, str]) -> Table:
    """Return a list of cases; each reviewer's name stands once."""
    table = _table(*headings(session))
    before = None
    for item in items:
        row = cells(session, item, names)
        table.add_row(*_safe(row if row[0] != before else ("", *row[1:])))
        before = row[0]
    return table


def progress_table(session: Session, kind: str, rows: Sequence[ProgressRow], names: Mapping[str, str]) -> Table:
    """Return how far the reviewing has come, a part of the cases a row; the whole last where there is one."""
    say, language = session.say, session.language
    table = _table(
        *(kind, say("Total"), say("Waiting"), say("Of which begun"), say("Overdue"), say("Reviewed")),
        *(say("With remark"), say("Over-coverage"), say("Non-response")),
    )
    for row in rows:
        counts = (row.total, row.waiting, row.started, row.overdue, row.reviewed, row.remarks)
        marks = (row.over_coverage, row.non_response)
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
