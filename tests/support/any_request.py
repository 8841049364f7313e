"""Sends a service every kind of request that its OpenAPI document describes, and many that it forbids."""

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, get_args
from uuid import uuid4

import httpx
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

from stickprov_contracts.http.headers import COMMAND_ID, IF_MATCH
from stickprov_kernel.http.identity import Role
from support.tokens import Issuer

EXAMPLES = int(os.environ.get("STICKPROV_ANY_REQUEST_EXAMPLES", "3"))
"""Requests for each operation and each way to make them; more by hand."""

reproducible = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)

_BASE = "http://service"
_AWAY = {"/health/ready"}
"""Is not ready while no broker is there."""


@dataclass
class AnyRequest:
    """Asks one application.

    Attributes:
        known: values that stand for something that is there, by the parameter's name.
        away: codes of problems that say that another service does not answer; none does in a test of one.
        answered: how many answers there were, by status.
        faults: what was answered with a fault of the service's own.
    """

    client: httpx.AsyncClient
    issuer: Issuer
    known: Mapping[str, str]
    away: frozenset[str] = frozenset()
    answered: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    async def send_all(self) -> None:
        """Send requests to every operation of the document."""
        document = (await self.client.get("/openapi.json")).json()
        for result in schemathesis.openapi.from_dict(document).get_all_operations():
            for made in _made(result.ok()):
                if made.knowing:
                    known = {name: self.known[name] for name in made.case.path_parameters if name in self.known}
                    made.case.path_parameters.update(known)
                roles = get_args(Role) if made.role == _EVERY else (made.role,)
                headers = self.issuer.bearer("reviewer-01", *roles)
                if made.knowing:
                    headers[COMMAND_ID] = str(uuid4())
                if made.seen is not None:
                    headers[IF_MATCH] = made.seen
                await self._ask(made.case, headers)

    async def _ask(self, case: Any, headers: dict[str, str]) -> None:
        try:
            arguments = case.as_transport_kwargs(base_url=_BASE)
            arguments["headers"] = {**arguments["headers"], **headers}
            prepared = requests.Request(**{name: arguments[name] for name in arguments if name in _SENT}).prepare()
            request = self.client.build_request(
                str(prepared.method), str(prepared.url), headers=dict(prepared.headers), content=prepared.body or b""
            )
        except (ValueError, TypeError, UnicodeError, httpx.InvalidURL):
            return  # No client can put this on the wire.
        response = await self.client.send(request)
        self.answered[response.status_code] += 1
        if response.status_code >= 500 and not self._is_expected(request, response):
            body = (prepared.body or b"")[:300]
            self.faults.append(f"{response.status_code} {case.method} {prepared.url} {body!r}: {response.text[:200]}")

    def _is_expected(self, request: httpx.Request, response: httpx.Response) -> bool:
        if request.url.path in _AWAY:
            return True
        return response.status_code == 503 and response.json().get("code") in self.away


@dataclass
class _Made:
    """A request.

    Attributes:
        knowing: whether it names what is there, under a new command id.
        role: in which it is sent.
        seen: version that the client says it saw.
    """

    case: Any
    knowing: bool
    role: str
    seen: str | None


def _made(operation: Any) -> list[_Made]:
    """Return requests to an operation. Nothing else runs meanwhile: Hypothesis minds random numbers."""
    made: list[_Made] = []
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        choices = st.tuples(
            operation.as_strategy(generation_mode=mode), st.booleans(), st.sampled_from(_ROLES), st.sampled_from(_SEEN)
        )
        reproducible(given(choices)(lambda chosen: made.append(_Made(*chosen))))()
    return made


_EVERY = "every"
_ROLES = [*[_EVERY] * 10, *get_args(Role)]
_SEEN = [None, '"0"', '"1"', '"2"']
_SENT = {"method", "url", "headers", "params", "data", "json", "files", "cookies"}
