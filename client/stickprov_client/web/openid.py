"""Sign-in at the organisation's OpenID provider: the browser goes there and comes back with a code.

What must not break: an answer of the provider counts once, in the browser that began the sign-in; the browser gets no
token; and a signed-in visit has an id that nobody knew before.
"""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, Final

import structlog
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.language.translations import marked, texts
from stickprov_client.signing_in.provider import Begun, SignIn, SignInRefused
from stickprov_client.signing_in.renewed import RenewedTokens
from stickprov_client.web.access import SIGN_IN, safe_address, sign_in_address
from stickprov_client.web.language import language_of
from stickprov_client.web.problems import PageProblem
from stickprov_client.web.rendering import page
from stickprov_client.web.sessions import claims_in, new_session_id, roles_in
from stickprov_client.web.sign_in_settings import SignInSettings
from stickprov_client.web.visitor import doorkeeper_of, set_visit, signed_in, visit_of
from stickprov_contracts.openid.asking import ProviderError

_log = structlog.get_logger(__name__)

BACK: Final = "/sign-in/back"
_MINUTES: Final = 10
_MOST: Final = 10_000

_REFUSALS: Final = {
    "access_denied": marked("You stopped the sign-in, or are not let in there. Nothing has happened."),
    "temporarily_unavailable": marked("Your organisation's sign-in cannot be used right now. Try again in a moment."),
    "server_error": marked("Your organisation's sign-in cannot be used right now. Try again in a moment."),
}


@dataclass(frozen=True)
class _Pending:
    """A sign-in that is under way, and the visit that it was begun in."""

    begun: Begun
    visit: str
    onward: str
    at: float


class PendingSignIns:
    """Sign-ins under way; each is taken once, in time, by the visit that began it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._by_state: OrderedDict[str, _Pending] = OrderedDict()

    def begin(self, begun: Begun, visit: str, onward: str) -> None:
        """Remember a sign-in."""
        while len(self._by_state) >= _MOST:
            self._by_state.popitem(last=False)
        self._by_state[begun.state] = _Pending(begun, visit, onward, self._clock())

    def take(self, state: str, visit: str | None) -> tuple[Begun, str] | None:
        """Return the sign-in with its way on; None for another visit's, a late one and one that never was."""
        pending = self._by_state.get(state)
        if pending is None or visit is None or not secrets.compare_digest(pending.visit.encode(), visit.encode()):
            return None
        del self._by_state[state]
        late = self._clock() - pending.at > _MINUTES * 60
        return None if late else (pending.begun, pending.onward)


def openid_router(sign_in: SignIn, settings: SignInSettings) -> APIRouter:
    """Return the pages of sign-in."""
    router = APIRouter()
    pending = PendingSignIns()

    @router.get(SIGN_IN)
    async def choose(request: Request, onward: Annotated[str, Query(alias="next")] = "/") -> Response:
        return page(request, "sign_in_there.html", onward=safe_address(onward), signed_out=False)

    @router.get("/signed-out")
    async def signed_out(request: Request) -> Response:
        return page(request, "sign_in_there.html", onward="/", signed_out=True)

    @router.get("/sign-in/go")
    async def go(request: Request, onward: Annotated[str, Query(alias="next")] = "/") -> Response:
        begun = Begun(f"{settings.base_url}{BACK}")
        try:
            address = await sign_in.address(begun)
        except ProviderError as error:
            raise _away(request, error) from None
        visit = visit_of(request) or new_session_id()
        pending.begin(begun, visit, safe_address(onward))
        response = RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)
        set_visit(request, response, visit)
        return response

    @router.get(BACK)
    async def back(request: Request) -> Response:
        answer = dict(request.query_params)
        taken = pending.take(answer.get("state", ""), visit_of(request))
        if taken is None:
            return _begun_elsewhere(request)
        begun, onward = taken
        try:
            tokens, claims = await sign_in.finish(begun, answer)
        except SignInRefused as error:
            raise _refused(request, error, onward) from None
        except ProviderError as error:
            raise _away(request, error) from None
        if claims_in(tokens.access) is None:
            raise _not_for_services(request)
        roles = roles_in(tokens.access, settings.token_roles_claim, settings.token_roles)
        account = next((name for claim in (settings.account_claim, "sub") if (name := _shown(claims.get(claim)))), "?")
        doorkeeper = doorkeeper_of(request)
        doorkeeper.show_out(visit_of(request))
        visit = doorkeeper.sessions.begin(account, RenewedTokens(sign_in, tokens), roles, marks_of(claims))
        response = RedirectResponse(onward, status_code=HTTPStatus.SEE_OTHER)
        set_visit(request, response, visit)
        _log.info("signed in", roles=sorted(roles))
        return response

    return router


def marks_of(claims: Mapping[str, Any]) -> frozenset[str]:
    """Return the marks of a session by which the provider may end it."""
    return frozenset(f"{name} {claims[name]}" for name in ("sid", "sub") if isinstance(claims.get(name), str))


def _shown(name: object) -> str | None:
    return name if isinstance(name, str) and name.isprintable() and 0 < len(name) <= 255 else None  # noqa: PLR2004


def _begun_elsewhere(request: Request) -> Response:
    """Answer to a sign-in that is not under way in this browser: a page read again, a late one, or somebody's trick."""
    if signed_in(request) is not None:
        return RedirectResponse("/", status_code=HTTPStatus.SEE_OTHER)
    say = texts(language_of(request)).gettext
    detail = say("It took too long, was begun in another browser, or has been used already. Begin again.")
    title = say("This sign-in cannot be finished")
    raise PageProblem(HTTPStatus.BAD_REQUEST, title, detail, (SIGN_IN, say("Sign in")))


def _refused(request: Request, error: SignInRefused, onward: str) -> PageProblem:
    say = texts(language_of(request)).gettext
    _log.info("sign-in refused by the provider", code=error.code[:100])
    detail = _REFUSALS.get(error.code)
    other = marked("Your organisation's sign-in refused. Tell whoever looks after it: {code}")
    code = error.code if error.code.isidentifier() else "error"
    told = say(detail) if detail is not None else say(other).format(code=code)
    way_on = (sign_in_address(request, onward) or SIGN_IN, say("Try again"))
    return PageProblem(HTTPStatus.FORBIDDEN, say("You are not signed in"), told, way_on)


def _away(request: Request, error: ProviderError) -> PageProblem:
    say = texts(language_of(request)).gettext
    _log.warning("provider not usable", reason=str(error))
    detail = say("Your organisation's sign-in does not answer as it should. Nothing is lost. Try again in a moment.")
    title = say("Sign-in does not work right now")
    return PageProblem(HTTPStatus.SERVICE_UNAVAILABLE, title, detail, (SIGN_IN, say("Try again")))


def _not_for_services(request: Request) -> PageProblem:
    say = texts(language_of(request)).gettext
    _log.error("the provider's access tokens cannot be read; is STICKPROV_WEB_RESOURCE or _SCOPES right?")
    detail = say("The sign-in gave no token for the services. Whoever set it up finds more in the log of the pages.")
    return PageProblem(HTTPStatus.BAD_GATEWAY, say("Sign-in is not set up right"), detail, None)
