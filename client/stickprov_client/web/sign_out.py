"""Signing out: here, at the provider, and from the provider.

What must not break: the session here is over before anything else is tried, and its tokens are renewed no more.
"""

from http import HTTPStatus
from typing import Any, Final

import structlog
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.signing_in.provider import SignIn
from stickprov_client.signing_in.renewed import RenewedTokens
from stickprov_client.web.openid import marks_of
from stickprov_client.web.rendering import page
from stickprov_client.web.sessions import new_session_id
from stickprov_client.web.visitor import doorkeeper_of, set_visit, signed_in, visit_of
from stickprov_contracts.openid.asking import ProviderError

_log = structlog.get_logger(__name__)

BACK_CHANNEL: Final = "/sign-out/back-channel"
_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"


def sign_out_router(sign_in: SignIn | None, base_url: str | None) -> APIRouter:
    """Return ``POST /sign-out``; the browser gets another id.

    Args:
        sign_in: the provider where people sign in, if they do.
        base_url: of these pages, as the provider knows them.
    """
    router = APIRouter()

    @router.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        session = signed_in(request)
        doorkeeper_of(request).show_out(visit_of(request))
        onward = None
        if sign_in is not None and session is not None and isinstance(session.token, RenewedTokens):
            onward = await _ended(sign_in, session.token, f"{base_url}/signed-out")
        if onward is not None:
            # No redirect: the policy lets forms lead nowhere but here, and browsers follow it into redirects.
            response: Response = page(request, "signing_out.html", onward=onward)
            response.headers["Refresh"] = f"0; url={onward}"
        else:
            where = "/" if sign_in is None else "/signed-out"
            response = RedirectResponse(where, status_code=HTTPStatus.SEE_OTHER)
        set_visit(request, response, new_session_id())
        return response

    if sign_in is not None:
        _add_back_channel(router, sign_in)
    return router


async def _ended(sign_in: SignIn, token: RenewedTokens, back: str) -> str | None:
    token.end()
    try:
        await sign_in.revoke(token.tokens)
        return await sign_in.ending_address(token.tokens, back)
    except ProviderError as error:
        _log.warning("not signed out at the provider", reason=str(error))
        return None


def _add_back_channel(router: APIRouter, sign_in: SignIn) -> None:
    @router.post(BACK_CHANNEL)
    async def told_by_provider(request: Request) -> Response:
        """End the sessions that hang on one that has ended at the provider (OpenID Connect Back-Channel Logout)."""
        token = (await request.form()).get("logout_token")
        claims: dict[str, Any] = {}
        if isinstance(token, str):
            try:
                claims = dict(await sign_in.signed_claims(token))
            except ProviderError as error:
                _log.warning("provider's sign-out not believed", reason=str(error))
        events, marks = claims.get("events"), sorted(marks_of(claims))
        if not isinstance(events, dict) or _EVENT not in events or not marks:
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        doorkeeper = doorkeeper_of(request)
        # The one of a session says more than the one of a person, who may have several.
        for visit in doorkeeper.sessions.ended_at_provider(marks[0]):
            doorkeeper.show_out(visit)
        return Response(status_code=HTTPStatus.OK)
