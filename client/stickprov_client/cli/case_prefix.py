"""A case of a draw by the first digits of its pseudonym."""

from uuid import UUID

from stickprov_client.api import Services
from stickprov_client.cli.failure import BadInput


async def case_of(services: Services, draw: UUID, begins: str) -> str:
    """Return the whole pseudonym of the one case of a draw that begins so.

    Raises:
        BadInput: there is none, or there are several.
    """
    found = [one.case for one in await services.sampler.cases(draw) if one.case.startswith(begins.lower())]
    if len(found) == 1:
        return found[0]
    if found:
        raise BadInput(f"Several cases of the draw begin with {begins}; write more of it.")
    raise BadInput(f"The draw has no case that begins with {begins}.")
