"""`stickprov questionnaire`: what is asked about each case."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from stickprov_client.api import ApiProblem, Services
from stickprov_client.cli.calling import call
from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.file_warnings import print_warnings
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.questionnaire_tables import questionnaire_tables, questionnaires_table
from stickprov_client.cli.session import session_of
from stickprov_client.documents.questionnaire_file import QuestionnaireFile, questionnaire_in
from stickprov_client.documents.yaml_document import read_document
from stickprov_contracts.http.plans import PublishedQuestionnaire

questionnaire = typer.Typer(no_args_is_help=True, help="Questionnaires: what is asked about each case.")


@questionnaire.command("publish", epilog="Example: stickprov questionnaire publish handlingsplan.yaml --dry-run")
def publish(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="YAML file with questionnaire, sv, en and questions.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check it and show it; publish nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Publish a version of a questionnaire. The same file again publishes nothing."""
    session = session_of(context)
    read = questionnaire_in(read_document(file))
    try:
        published = call(session, lambda services: _publish(services, read, dry_run=dry_run))
    except ApiProblem as error:
        if error.problem.errors:
            raise read.document.refused(error.problem.errors) from None
        raise
    print_warnings(session, read.document.name, read.warnings)
    if as_json:
        print_json(published)
        return
    if dry_run:
        for part in questionnaire_tables(session, published):
            stdout().print(part)
        stdout().print(escape(session.say("Nothing has been stored.")))
        return
    line = session.say("Questionnaire {id} is at version {number} with {count} questions.")
    stdout().print(
        line.format(id=published.questionnaire, number=published.number, count=len(published.content.questions))
    )


@questionnaire.command("show", epilog="Example: stickprov questionnaire show handlingsplan --version 1")
def show(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="[ID]", help="A questionnaire; all when left out.")] = None,
    number: Annotated[int | None, typer.Option("--version", min=1, help="A version; else the newest.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show all questionnaires, or the questions of one: when they are asked, and which answers are remarks."""
    session = session_of(context)
    if name is None:
        published = call(session, lambda services: services.plans.questionnaires())
        if as_json:
            print_json(published)
        else:
            stdout().print(questionnaires_table(session, published))
        return
    one = call(session, lambda services: services.plans.questionnaire(name, number=number))
    if as_json:
        print_json(one)
        return
    for part in questionnaire_tables(session, one):
        stdout().print(part)


async def _publish(services: Services, read: QuestionnaireFile, *, dry_run: bool) -> PublishedQuestionnaire:
    if dry_run:
        return await services.plans.preview_questionnaire(read.questionnaire, read.content)
    return await services.plans.publish(read.questionnaire, read.content)
