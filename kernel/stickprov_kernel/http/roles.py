"""Which route asks for which role, read off the routes themselves, so that no table can disagree with the code."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastapi.dependencies.models import Dependant
from fastapi.params import Form
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.routing import BaseRoute

from stickprov_kernel.http.commands import reads_body
from stickprov_kernel.http.identity import Requirement

API_PREFIX = "/v1"


@dataclass(frozen=True, slots=True)
class GuardedRoute:
    """A route of the API and who may call it.

    Attributes:
        method: HTTP method.
        path: template, such as ``/v1/frames/{frame}``.
        roles: any one of them suffices.
    """

    method: str
    path: str
    roles: frozenset[str]


class UnguardedRouteError(RuntimeError):
    """A route under ``/v1`` names no role. Deny by default: the service does not start."""


class UnusableRouteError(RuntimeError):
    """A route's parts do not fit together. The service does not start."""


def is_guarded(path: str) -> bool:
    """Return whether a path belongs to the API, where everybody must be signed in."""
    return path == API_PREFIX or path.startswith(API_PREFIX + "/")


def guarded_routes(routes: Sequence[BaseRoute]) -> list[GuardedRoute]:
    """Return every route of the API with its roles.

    Raises:
        UnguardedRouteError: one has no ``require`` or ``command``, or is of a kind that cannot have one.
        UnusableRouteError: one takes a form but asks for a command that hashes the body.
    """
    found: list[GuardedRoute] = []
    for route in iter_route_contexts(routes):
        path = route.path or ""
        if not is_guarded(path):
            continue
        roles = _roles(route, path)
        found.extend(GuardedRoute(method, path, roles) for method in sorted(route.methods or ()))
    return found


def _roles(route: RouteContext, path: str) -> frozenset[str]:
    if not isinstance(route.original_route, APIRoute):
        raise UnguardedRouteError(f"{path} is not an ordinary route, so it cannot name the roles that may call it.")
    calls = [dependant.call for dependant in _walk(route.dependant)]
    requirements = [call.roles for call in calls if isinstance(call, Requirement)]
    if not requirements:
        raise UnguardedRouteError(
            f"{path} ({route.name}) names no role. Give it a dependency on require(...) or command(...)."
        )
    takes_form = route.body_field is not None and isinstance(route.body_field.field_info, Form)
    if takes_form and any(reads_body(call) for call in calls):
        raise UnusableRouteError(
            f"{path} ({route.name}) takes a form, whose bytes differ with every retry. "
            "Use command_head(...) and complete the hash with hashed_with(...)."
        )
    return frozenset.intersection(*requirements)


def _walk(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for needed in dependant.dependencies:
        yield from _walk(needed)
