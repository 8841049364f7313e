"""One service over HTTP: identity, command ids, bounded retries, problems as exceptions."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, NoReturn, TypeVar
from uuid import UUID

import httpx
from pydantic import BaseModel, TypeAdapter, ValidationError

from stickprov_client.api.errors import ApiProblem, MalformedAnswer, Unreachable
from stickprov_client.api.following import ACCEPTED, Stages, followed
from stickprov_client.api.renewing import RenewableToken
from stickprov_client.api.retrying import Retry, seconds_asked_for
from stickprov_client.api.upload import Upload
from stickprov_contracts.http.headers import COMMAND_ID, CORRELATION_ID, IF_MATCH
from stickprov_contracts.http.progress import FrameStage
from stickprov_contracts.problems import Problem
from stickprov_contracts.tracing.calls import Calling

Answer = TypeVar("Answer")
Token = Callable[[], str | None]
Parameters = Mapping[str, str | int | Sequence[str] | None]

_AGAIN: Final = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request, which may safely be made again: it changes nothing, or its ``command`` id makes it one command.

    Attributes:
        version: the stream's version that the caller saw.
        stages: what listens to the stages of a long piece of work, if anybody does.
    """

    path: str
    method: str = "GET"
    parameters: Parameters = field(default_factory=dict)
    body: BaseModel | None = None
    upload: Upload | None = None
    command: UUID | None = None
    version: int | None = None
    stages: Stages | None = None

    @property
    def listening(self) -> Stages | None:
        """What listens to the work's stages."""
        if self.upload is None or self.upload.told is None:
            return self.stages
        return Stages(FrameStage, self.upload.told)


class Transport:
    """Calls to one service.

    Args:
        service: its short name, for messages.
        http: the connection pool; its ``base_url`` is the service's address.
        token: gives the bearer token at each call, so that a renewed one is used; None for none.
        retry: how patient to be.
    """

    def __init__(self, service: str, http: httpx.AsyncClient, token: Token, retry: Retry) -> None:
        self.service = service
        self._http = http
        self._token = token
        self._retry = retry

    @property
    def url(self) -> str:
        """The service's address, without a slash at the end."""
        return str(self._http.base_url).rstrip("/")

    def signed_in_with(self, token: Token) -> "Transport":
        """Return the same connection used by somebody else."""
        return Transport(self.service, self._http, token, self._retry)

    async def fetch(self, answer: type[Answer], call: Call) -> Answer:
        """Make a call and read its answer.

        Raises:
            ApiProblem: the service said no.
            Unreachable: nobody answered, after every retry.
            MalformedAnswer: the answer is not what the contract promises.
        """
        return self.read(answer, await self.send(call))

    def read(self, answer: type[Answer], response: httpx.Response) -> Answer:
        """Return what a successful response says.

        Raises:
            MalformedAnswer: the answer is not what the contract promises.
        """
        try:
            return TypeAdapter(answer).validate_json(response.content)
        except ValidationError as error:
            raise MalformedAnswer(self.service, str(response.url), _first_of(error)) from None

    async def send(self, call: Call) -> httpx.Response:
        """Make a call, again while that may help, and return a successful response. Raises as ``fetch`` does."""
        attempt = 0
        while True:
            asked: float | None = None
            final = attempt + 1 >= self._retry.attempts
            try:
                response = await self._ask(call)
            except httpx.TransportError as error:
                if final:
                    raise Unreachable(self.service, self.url, str(error) or type(error).__name__) from error
            else:
                if response.is_success:
                    return response
                if final or response.status_code not in _AGAIN:
                    self._refuse(response)
                asked = seconds_asked_for(response)
            await asyncio.sleep(self._retry.wait(attempt, asked))
            attempt += 1

    @asynccontextmanager
    async def passing_on(self, call: Call) -> AsyncIterator[httpx.Response]:
        """Make a call once and give a successful response whose body is read as it comes. Raises as ``fetch`` does."""
        await self._renew_in_time()
        request = self._request(call)
        request.headers["Accept"] = "*/*"
        try:
            with Calling(request) as tracing:
                response = tracing.answered(await self._http.send(request, stream=True))
            try:
                if not response.is_success:
                    await response.aread()
                    self._refuse(response)
                yield response
            finally:
                await response.aclose()
        except httpx.TransportError as error:
            raise Unreachable(self.service, self.url, str(error) or type(error).__name__) from error

    async def _ask(self, call: Call) -> httpx.Response:
        await self._renew_in_time()
        response = await self._ask_once(call)
        if response.status_code == HTTPStatus.UNAUTHORIZED and isinstance(self._token, RenewableToken):
            refused = response.request.headers.get("Authorization", "").removeprefix("Bearer ")
            if await self._token.renew_after(refused or None):
                response = await self._ask_once(call)
        return response

    async def _renew_in_time(self) -> None:
        if isinstance(self._token, RenewableToken):
            await self._token.renew_in_time()

    async def _ask_once(self, call: Call) -> httpx.Response:
        request = self._request(call)
        with Calling(request) as tracing:
            if call.listening is None:
                return tracing.answered(await self._http.send(request))
            request.headers["Accept"] = ACCEPTED
            return tracing.answered(await followed(self._http, request, call.listening))

    def _request(self, call: Call) -> httpx.Request:
        headers = {"Accept": "application/json"}
        token = self._token()
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if call.command is not None:
            headers[COMMAND_ID] = str(call.command)
        if call.version is not None:
            headers[IF_MATCH] = f'"{call.version}"'
        content: Any = None
        if call.upload is not None:
            headers |= {"Content-Type": call.upload.content_type, "Content-Length": str(call.upload.length)}
            content = call.upload.pieces()
        elif call.body is not None:
            headers["Content-Type"] = "application/json"
            content = call.body.model_dump_json()
        parameters = {name: value for name, value in call.parameters.items() if value is not None}
        return self._http.build_request(call.method, call.path, params=parameters, headers=headers, content=content)

    def _refuse(self, response: httpx.Response) -> NoReturn:
        try:
            problem = Problem.model_validate_json(response.content)
        except ValidationError:
            status = response.status_code
            raise MalformedAnswer(
                self.service, str(response.url), f"HTTP {status} without a problem document"
            ) from None
        raise ApiProblem(problem, service=self.service, correlation_id=response.headers.get(CORRELATION_ID))


def _first_of(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(str(part) for part in first['loc']) or 'the answer'}: {first['msg']}"
