"""Names behind pseudonyms, for those who may see them."""

from starlette.requests import Request

from stickprov_client.api import Services
from stickprov_client.web.visitor import signed_in


async def names_for(request: Request, services: Services) -> dict[str, str]:
    """Return the staff list's names by pseudonym, for a coordinator; none for anybody else."""
    session = signed_in(request)
    if session is None or "coordinator" not in session.roles:
        return {}
    return {person.pseudonym: person.name for person in await services.plans.staff() if person.name}
