"""Which query parameters a route knows. Another is refused: a misspelt filter must not give the unfiltered answer."""

from collections.abc import Iterator, Mapping, Sequence

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel
from starlette.routing import BaseRoute

from stickprov_contracts.problems import FieldProblem
from stickprov_kernel.errors import BadInputError
from stickprov_kernel.http.roles import is_guarded


class KnownParameters:
    """What the routes of a finished application know; those outside the API are nobody's business here."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._names: Mapping[int, frozenset[str]] = {
            id(route.original_route): frozenset(_names(route.dependant))
            for route in iter_route_contexts(routes)
            if isinstance(route.original_route, APIRoute) and is_guarded(route.path or "")
        }

    def of(self, route: BaseRoute) -> frozenset[str] | None:
        """Return what a route knows; None where nobody asks."""
        return self._names.get(id(route))


async def refuse_unknown_parameters(request: Request) -> None:
    """Refuse query parameters of which the route knows nothing. The application's state has ``known_parameters``.

    Raises:
        BadInputError: names each unknown parameter, and all that there are.
    """
    known = request.app.state.known_parameters.of(request.scope["route"])
    if known is None:
        return
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        there_are = f"there are {', '.join(sorted(known))}" if known else "there are none here"
        raise BadInputError(
            "Correct the fields named in errors.",
            errors=[
                FieldProblem(field=name[:200], code="unknown-parameter", message=f"No such parameter; {there_are}.")
                for name in unknown[:100]
            ],
        )


def _names(dependant: Dependant) -> Iterator[str]:
    for parameter in dependant.query_params:
        annotation = parameter.field_info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            yield from (field.alias or name for name, field in annotation.model_fields.items())
        else:
            yield parameter.alias
    for needed in dependant.dependencies:
        yield from _names(needed)
