"""`stickprov questionnaire`: what is asked about each case."""

from pathlib import Path
from typing import Annotated

import typer

from stickprov_client.api import ApiProblem
from stickprov_client.cli.calling import call
from stickprov_client.cli.console import print_json, stdout
from stickprov_client.cli.options import AsJson
from stickprov_client.cli.plan_document import read_document
from stickprov_client.cli.session import session_of
from stickprov_contracts.http.plans import QuestionnaireId
from stickprov_contracts.questionnaires import Questionnaire

questionnaire = typer.Typer(no_args_is_help=True, help="Questionnaires: what is asked about each case.")


class _File(Questionnaire):
    """A questionnaire file: its id beside its content."""

    questionnaire: QuestionnaireId


@questionnaire.command("publish", epilog="Example: stickprov questionnaire publish handlingsplan.yaml")
def publish(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="YAML file with questionnaire, sv, en and questions.")],
    as_json: AsJson = False,
) -> None:
    """Publish a version of a questionnaire. The same file again publishes nothing."""
    session = session_of(context)
    document = read_document(file)
    read = document.checked(_File, document.content)
    content = Questionnaire(**{name: getattr(read, name) for name in Questionnaire.model_fields})
    try:
        published = call(session, lambda services: services.plans.publish(read.questionnaire, content))
    except ApiProblem as error:
        if error.problem.errors:
            raise document.refused(error.problem.errors) from None
        raise
    if as_json:
        print_json(published)
        return
    line = session.say("Questionnaire {id} is at version {number} with {count} questions.")
    stdout().print(
        line.format(id=published.questionnaire, number=published.number, count=len(published.content.questions))
    )
