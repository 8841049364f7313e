"""The services that the running application is connected to."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from stickprov_client.api import Services
from stickprov_client.web.visitor import signed_in


def _services_of(request: Request) -> Services:
    services = request.app.state.services
    if not isinstance(services, Services):
        raise TypeError("the application has not started")
    session = signed_in(request)
    return services.signed_in_with(session.token) if session is not None else services


Connected = Annotated[Services, Depends(_services_of)]
"""A route's parameter: the services, open for calls by who is signed in; by the board when nobody is."""
