"""Sign-in of the local stack: choose an account. There is no password, so it is only there where a setting says so."""

from functools import partial
from http import HTTPStatus
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

import structlog
from fastapi import APIRouter, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.language.translations import marked, texts
from stickprov_client.web.access import safe_address
from stickprov_client.web.forms import Fault, Form, read_form
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_client.web.tokens import token_in
from stickprov_client.web.visitor import doorkeeper_of, set_visit, visit_of

_log = structlog.get_logger(__name__)

TASKS = {
    "coordinator": marked("Coordinator: plans, frames and draws"),
    "reviewer": marked("Reviewer"),
    "protected-reviewer": marked("Reviewer, of protected identities too (the staff list must have them as cleared)"),
    "board": marked("The board: statistics"),
    "auditor": marked("Auditor: draws and logs"),
    "ops": marked("Operations: how the services are"),
}
"""By account, without a number at its end. Tokens of services are no account."""


def sign_in_router(tokens: Path) -> APIRouter:
    """Return the local sign-in page.

    Args:
        tokens: folder of files ``<account>.jwt``, written anew while the stack runs.
    """
    router = APIRouter()

    @router.get("/sign-in")
    async def choose(request: Request, onward: Annotated[str, Query(alias="next")] = "/") -> Response:
        _only_at_this_machine(request)
        return _page(request, tokens, Form(values={"next": (safe_address(onward),)}))

    @router.post("/sign-in")
    async def sign_in(request: Request) -> Response:
        _only_at_this_machine(request)
        form = await read_form(request)
        account = form.value("account")
        if account not in accounts_in(tokens):
            message = texts(language_of(request)).gettext("Choose one of the accounts.")
            return _page(request, tokens, form.with_faults([Fault("account", message)]))
        doorkeeper = doorkeeper_of(request)
        doorkeeper.show_out(visit_of(request))
        response = RedirectResponse(safe_address(form.value("next", "/")), status_code=HTTPStatus.SEE_OTHER)
        set_visit(request, response, doorkeeper.sessions.begin(account, partial(token_in, tokens / f"{account}.jwt")))
        _log.info("signed in", account=account)
        return response

    return router


def accounts_in(tokens: Path) -> list[str]:
    """Return the accounts, in the order of their tasks."""
    order = list(TASKS)
    known = (file.stem for file in tokens.glob("*.jwt"))
    return sorted(
        (name for name in known if kind_of(name) in TASKS), key=lambda name: (order.index(kind_of(name)), name)
    )


def kind_of(account: str) -> str:
    """Return what an account is for, such as ``reviewer`` for ``reviewer-03``."""
    return account.rstrip("0123456789").rstrip("-")


def _page(request: Request, tokens: Path, form: Form) -> Response:
    accounts = [(name, TASKS[kind_of(name)]) for name in accounts_in(tokens)]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.faults else HTTPStatus.OK
    return page(request, "sign_in.html", status=status, accounts=accounts, form=form)


def _only_at_this_machine(request: Request) -> None:
    """Refuse another name for this machine: a page elsewhere could have it point here and press the button itself."""
    host = request.url.hostname or ""
    try:
        here = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        here = False
    if not here:
        raise HTTPException(HTTPStatus.NOT_FOUND)
