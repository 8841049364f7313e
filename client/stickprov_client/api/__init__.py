"""The typed HTTP client of the three services: pydantic models in and out, problems as exceptions.

What must not break: a command keeps its id over every retry, so that a connection that died after the service had
committed leads to the same answer and not to a second event.
"""

from stickprov_client.api.discovery import Addresses, discover
from stickprov_client.api.errors import ApiProblem, ClientError, MalformedAnswer, Unreachable
from stickprov_client.api.services import Services, open_services

__all__ = [
    "Addresses",
    "ApiProblem",
    "ClientError",
    "MalformedAnswer",
    "Services",
    "Unreachable",
    "discover",
    "open_services",
]
