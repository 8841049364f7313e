"""`stickprov staff`: who handles and reviews cases."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from stickprov_client.api import ApiProblem
from stickprov_client.cli.calling import call
from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.session import Session, session_of
from stickprov_client.documents.staff_file import read_staff
from stickprov_client.language.assigning import PROTECTED_TAKES_BOTH, anybody_cleared
from stickprov_client.language.numbers import NOTHING
from stickprov_client.language.people import called, change_told
from stickprov_contracts.http.plans import StaffPreview

staff = typer.Typer(no_args_is_help=True, help="The staff list: pseudonyms, units, groups, clearance.")


@staff.command("import", epilog="Example: stickprov staff import personal.csv --dry-run")
def import_staff(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV with sign_in, name, email, unit, groups (a|b) and clearance.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say who is new, changed or gone.")] = False,
    as_json: AsJson = False,
) -> None:
    """Replace the staff list. Names and addresses go to the vault; the log knows pseudonyms."""
    session = session_of(context)
    read = read_staff(file)
    try:
        if dry_run:
            _print_preview(session, call(session, lambda services: services.plans.preview_staff(read.staff)), as_json)
            return
        listed = call(session, lambda services: services.plans.list_staff(read.staff))
    except ApiProblem as error:
        if error.problem.errors:
            raise read.refused(error.problem.errors) from None
        raise
    if as_json:
        print_json(listed)
        return
    line = session.say("{listed} on the list: {added} new, {changed} changed, {removed} gone.")
    numbers = {"listed": listed.listed, "added": listed.added, "changed": listed.changed, "removed": listed.removed}
    stdout().print(line.format(**numbers))


@staff.command("show", epilog="Example: stickprov staff show")
def show_staff(context: typer.Context, as_json: AsJson = False) -> None:
    """Show the staff list with the names that the vault knows."""
    session = session_of(context)
    people = call(session, lambda services: services.plans.staff())
    if as_json:
        print_json(people)
        return
    say = session.say
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in (say("Pseudonym"), say("Name"), say("Sign-in name"), say("Unit"), say("Groups"), say("Clearance")):
        table.add_column(heading, overflow="fold")
    for person in people:
        name = person.name or NOTHING
        row = (
            person.pseudonym,
            name,
            person.sign_in or NOTHING,
            person.unit,
            ", ".join(person.groups),
            person.clearance,
        )
        table.add_row(*(escape(text) for text in row))
    stdout().print(table)
    if anybody_cleared(people):
        stdout().print(escape(say(PROTECTED_TAKES_BOTH)))


def _print_preview(session: Session, seen: StaffPreview, as_json: bool) -> None:
    if as_json:
        print_json(seen)
        return
    for one in seen.changes:
        stdout().print(escape(f"{called(one.person)}: {change_told(one, session.language)}"))
    if not seen.changes:
        stdout().print(session.say("Nothing changes: the list is like this already."))
    stdout().print(session.say("Nothing has been stored."))
