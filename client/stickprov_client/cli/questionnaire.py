"""`stickprov questionnaire`: what is asked about each case."""

from pathlib import Path
from typing import Annotated

import typer

from stickprov_client.api import ApiProblem
from stickprov_client.cli.calling import call
from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.session import session_of
from stickprov_client.documents.questionnaire_file import questionnaire_in
from stickprov_client.documents.yaml_document import read_document

questionnaire = typer.Typer(no_args_is_help=True, help="Questionnaires: what is asked about each case.")


@questionnaire.command("publish", epilog="Example: stickprov questionnaire publish handlingsplan.yaml")
def publish(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="YAML file with questionnaire, sv, en and questions.")],
    as_json: AsJson = False,
) -> None:
    """Publish a version of a questionnaire. The same file again publishes nothing."""
    session = session_of(context)
    read = questionnaire_in(read_document(file))
    try:
        published = call(session, lambda services: services.plans.publish(read.questionnaire, read.content))
    except ApiProblem as error:
        if error.problem.errors:
            raise read.document.refused(error.problem.errors) from None
        raise
    if as_json:
        print_json(published)
        return
    line = session.say("Questionnaire {id} is at version {number} with {count} questions.")
    stdout().print(
        line.format(id=published.questionnaire, number=published.number, count=len(published.content.questions))
    )
