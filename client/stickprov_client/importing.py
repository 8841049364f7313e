"""Sends a table of findings: the same for the command and the page."""

from uuid import UUID, uuid4, uuid5

from stickprov_client.api import ApiProblem, Services
from stickprov_client.documents.findings_import import FindingsTable, Wanted, case_numbers, request_of, with_cases
from stickprov_client.documents.table_file import Table
from stickprov_contracts.http.case_numbers import MOST_NUMBERS, FindCases, FoundCase
from stickprov_contracts.http.imports import ImportedFindings


async def import_table(
    services: Services, table: Table, wanted: Wanted, *, dry_run: bool, command: UUID | None = None
) -> ImportedFindings:
    """Record what a table says, all of it or nothing; or only look.

    Case numbers are looked up first, as whoever is signed in; that they were is recorded.

    Raises:
        BadFile: every fault is named by its row and column; nothing was stored.
        ApiProblem: refused as a whole.
    """
    command = command or uuid4()
    found = await _cases_in(services, table, wanted, command)
    sent = with_cases(table, found, wanted)
    if sent.faults and not sent.table.rows:
        raise sent.refused()
    request = request_of(sent.table, wanted)
    try:
        if dry_run or sent.faults:
            done = await services.findings.preview_import(request)
        else:
            done = await services.findings.import_findings(request, command=command)
    except ApiProblem as error:
        if error.problem.errors:
            raise sent.refused(error.problem.errors) from None
        raise
    _require_whole(sent)
    return done


def _require_whole(sent: FindingsTable) -> None:
    if sent.faults:
        raise sent.refused()


async def _cases_in(services: Services, table: Table, wanted: Wanted, command: UUID) -> list[FoundCase]:
    """Return the cases that a table names by their numbers, as far as the caller may know them."""
    numbers = case_numbers(table)
    found: list[FoundCase] = []
    for begin in range(0, len(numbers), MOST_NUMBERS):
        asked = FindCases(
            control_point=wanted.control_point,
            draw=wanted.draw,
            why=wanted.purpose,
            unit_ids=[number[:200] for number in numbers[begin : begin + MOST_NUMBERS]],
        )
        answer = await services.sampler.find_cases(asked, command=uuid5(command, f"numbers from {begin}"))
        found += answer.cases
    return found
