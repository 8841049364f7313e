"""People as they are typed: by name, by sign-in name or by pseudonym."""

from collections.abc import Sequence

from stickprov_client.api import Services
from stickprov_client.cli.failure import BadInput
from stickprov_client.language.people import meant
from stickprov_contracts.http.plans import Person


async def owner_typed(services: Services, option: str, text: str | None) -> str | None:
    """Return the pseudonym of who is typed; None, or "", where nobody is.

    Raises:
        BadInput: nobody on the staff list, or several.
    """
    return pseudonym_typed(option, text, await services.plans.staff()) if text else text


def pseudonym_typed(option: str, text: str, people: Sequence[Person]) -> str:
    """Return the pseudonym of who is typed.

    Raises:
        BadInput: nobody on the staff list, or several.
    """
    found = meant(text, people)
    if len(found) == 1:
        return found[0].pseudonym
    if found:
        message = "Several on the staff list have this name. Write the sign-in name or the pseudonym of one."
        raise BadInput(message, option)
    message = (
        "Write the name, the sign-in name or the pseudonym of somebody on the staff list; "
        "stickprov staff show lists them."
    )
    raise BadInput(message, option)
