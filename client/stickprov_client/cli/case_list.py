"""A list of cases for those who review them: what tells a case apart without telling who it is.

Its columns are those that an import of findings reads or passes over, so that a list may be filled in and sent back.
"""

import asyncio
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final

from stickprov_client.api import ApiProblem, Services
from stickprov_client.cli.review_tables import status_in_words
from stickprov_client.cli.session import Session
from stickprov_client.documents.table_writing import Cell, as_csv
from stickprov_contracts.http.findings import QueueItem
from stickprov_contracts.http.sampler import ShowIdentity

_AT_ONCE: Final = 6
_SHORT: Final = 8
"""Characters of a draw's id: enough to tell it from the others of a control point."""


def case_list(
    session: Session, items: Sequence[QueueItem], names: Mapping[str, str], numbers: Sequence[str] | None = None
) -> bytes:
    """Return a list as CSV.

    Args:
        session: says in which language.
        items: the cases, in order.
        names: of the staff, by pseudonym.
        numbers: the case number of each, where they were asked for.
    """
    say = session.say
    columns = [
        *(say("Reviewer"), say("Order"), *([say("Case number")] if numbers is not None else [])),
        *(say("Control point"), say("Month"), say("Stratum"), say("Unit"), say("Handler"), say("Status"), say("Draw")),
    ]
    rows: list[list[Cell]] = []
    for place, item in enumerate(items):
        whose = [_named(person, names) for person in (item.reviewer, item.handler)]
        number: list[Cell] = [] if numbers is None else [numbers[place]]
        where = (item.control_point, item.month, item.stratum, item.unit)
        status = status_in_words(session, item.status)
        rows.append([whose[0], item.order, *number, *where, whose[1], status, str(item.draw)[:_SHORT]])
    return as_csv(columns, rows)


async def case_numbers_of(services: Services, items: Sequence[QueueItem]) -> list[str]:
    """Return the case number of each case, "" where it has been erased; each reading is recorded as coordination."""
    turns = asyncio.Semaphore(_AT_ONCE)

    async def number(item: QueueItem) -> str:
        asked = ShowIdentity(control_point=item.control_point, why="coordination")
        try:
            async with turns:
                return (await services.sampler.identity(item.draw, item.case, asked)).unit_id
        except ApiProblem as error:
            if error.problem.status == HTTPStatus.NOT_FOUND:
                return ""
            raise

    return list(await asyncio.gather(*(number(item) for item in items)))


def _named(person: str | None, names: Mapping[str, str]) -> str:
    return names.get(person, person) if person else ""
