"""Who a case is, shown to whoever reviews it; the vault records each showing, as it does for the case's page."""

from http import HTTPStatus

from rich.markup import escape

from stickprov_client.api import ApiProblem, ClientError, Services
from stickprov_client.cli.console import stdout
from stickprov_client.cli.session import Session
from stickprov_contracts.http.findings import QueueItem, Review
from stickprov_contracts.http.sampler import CaseIdentity, ShowIdentity


async def identity_of(services: Services, case: QueueItem | Review) -> CaseIdentity | ClientError:
    """Return who a case is, or why it cannot be shown; the case can be reviewed all the same."""
    asked = ShowIdentity(control_point=case.control_point, why=case.purpose)
    try:
        return await services.sampler.identity(case.draw, case.case, asked)
    except ClientError as error:
        return error


def print_identity(session: Session, shown: CaseIdentity | ClientError) -> None:
    """Print a case's own number and its fields, or that they cannot be shown."""
    say = session.say
    if isinstance(shown, ClientError):
        if isinstance(shown, ApiProblem) and shown.problem.code == "identity-erased":
            stdout().print(escape(say("Who this case is has been erased; what was found of it stays.")))
            return
        refused = isinstance(shown, ApiProblem) and shown.problem.status == HTTPStatus.FORBIDDEN
        told = (
            say("You may not see who this case is. Look it up by its place in the list you were given.")
            if refused
            else say("Who this case is cannot be shown just now.")
        )
        stdout().print(escape(told))
        return
    if shown.protected:
        stdout().print(f"[bold]{escape(say('Protected identity'))}[/]")
    others = [f"{name} {value}" for name, value in shown.fields.items() if value and value != shown.unit_id]
    stdout().print(f"[bold]{escape(' · '.join([shown.unit_id, *others]))}[/]")
