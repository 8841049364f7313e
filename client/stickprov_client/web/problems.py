"""Pages for what went wrong: kind, in the reader's language, saying what to do."""

from http import HTTPStatus
from typing import cast

import structlog
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.api import ApiProblem, MalformedAnswer, Unreachable
from stickprov_client.language.numbers import whole
from stickprov_client.language.problems import title_of
from stickprov_client.language.roles import ROLES
from stickprov_client.language.service_messages import told
from stickprov_client.language.translations import texts
from stickprov_client.web.access import AnotherRole, SignInFirst, onward_of, sign_in_address
from stickprov_client.web.door import NoRole
from stickprov_client.web.forms import typed_before
from stickprov_client.web.guard import FormTooLarge, FormTooOld, NotFromHere
from stickprov_client.web.headers import protect
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page

_log = structlog.get_logger(__name__)


class PageProblem(Exception):  # noqa: N818 - what the reader is told
    """Something the reader asked for cannot be shown.

    Attributes:
        status: HTTP status. title, detail: already in the reader's language.
        way_on: address and text of a link that helps, if one does.
    """

    def __init__(self, status: int, title: str, detail: str, way_on: tuple[str, str] | None = None) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.detail = detail
        self.way_on = way_on


def answer_problems(app: FastAPI) -> None:
    """Make every failure of a page a page."""
    app.add_exception_handler(PageProblem, _page_problem)
    app.add_exception_handler(SignInFirst, _sign_in_first)
    app.add_exception_handler(AnotherRole, _another_role)
    app.add_exception_handler(NoRole, _no_role)
    app.add_exception_handler(NotFromHere, _not_from_here)
    app.add_exception_handler(FormTooOld, _too_old)
    app.add_exception_handler(FormTooLarge, _too_large)
    app.add_exception_handler(Unreachable, _away)
    app.add_exception_handler(MalformedAnswer, _misunderstood)
    app.add_exception_handler(ApiProblem, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _fault)


async def _page_problem(request: Request, error: Exception) -> Response:
    problem = cast("PageProblem", error)
    return _problem_page(request, problem.status, problem.title, problem.detail, problem.way_on)


async def _sign_in_first(request: Request, error: Exception) -> Response:
    say = texts(language_of(request)).gettext
    onward = cast("SignInFirst", error).onward
    address = sign_in_address(request, onward)
    if address is None:
        detail = say("This page is for somebody who is signed in, and no sign-in is set up here.")
        return _problem_page(request, HTTPStatus.FORBIDDEN, say("Sign in first"), detail, None)
    if request.method == "GET":
        return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)
    detail = say("Nobody is signed in any more. Sign in in another tab, then come back here and send it again.")
    return _problem_page(request, HTTPStatus.FORBIDDEN, say("Sign in first"), detail, (address, say("Sign in")))


async def _another_role(request: Request, error: Exception) -> Response:
    other = cast("AnotherRole", error)
    say = texts(language_of(request)).gettext
    roles = ", ".join(say(ROLES[role]) for role in other.roles)
    detail = say("You are signed in as {account}. This page is for: {roles}.").format(
        account=other.account, roles=roles
    )
    address = sign_in_address(request, onward_of(request))
    way_on = (address, say("Sign in as somebody else")) if address else None
    return _problem_page(request, HTTPStatus.FORBIDDEN, say("Not your page"), detail, way_on)


async def _no_role(request: Request, error: Exception) -> Response:
    say = texts(language_of(request)).gettext
    roles = ", ".join(say(ROLES[role]) for role in ROLES)
    detail = say(
        "You are signed in as {account}, but nobody has given you a role in Stickprov, so there is nothing to see yet. "
        "Ask whoever looks after your organisation's accounts for one of: {roles}. Then sign out and in again."
    ).format(account=cast("NoRole", error).account, roles=roles)
    return _problem_page(request, HTTPStatus.FORBIDDEN, say("You have no role here yet"), detail, None)


async def _not_from_here(request: Request, _error: Exception) -> Response:
    _log.warning("form from elsewhere refused", path=request.url.path)
    say = texts(language_of(request)).gettext
    detail = say("A page of another site sent this, so nothing was done. Begin from the pages here.")
    title = say("This did not come from Stickprov")
    return _problem_page(request, HTTPStatus.FORBIDDEN, title, detail, ("/", say("To the start page")))


async def _too_old(request: Request, _error: Exception) -> Response:
    say = texts(language_of(request)).gettext
    detail = say(
        "The form was opened before you signed in or out, or before Stickprov was started anew. "
        "Nothing was done and nothing you wrote is lost: look through it and send it again."
    )
    return _problem_page(request, HTTPStatus.FORBIDDEN, say("The form has become too old"), detail, None)


async def _too_large(request: Request, error: Exception) -> Response:
    say = texts(language_of(request)).gettext
    limit = whole(cast("FormTooLarge", error).limit // 2**20, language_of(request))
    detail = say("At most {limit} MiB are taken here. Larger files can be sent with the command.").format(limit=limit)
    response = _problem_page(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, say("Too large"), detail, None)
    # The rest of the body is not read.
    response.headers["Connection"] = "close"
    return response


def too_many(request: Request, seconds: int) -> Response:
    """Return the page for one request too many; the same caller may go on after so many seconds."""
    say = texts(language_of(request)).gettext
    detail = say("So many requests come from here that others would have to wait. Try again in a moment.")
    response = _problem_page(request, HTTPStatus.TOO_MANY_REQUESTS, say("Too many requests"), detail, None)
    response.headers["Retry-After"] = str(seconds)
    return response


async def _away(request: Request, error: Exception) -> Response:
    away = cast("Unreachable", error)
    _log.warning("service away", away=away.service, reason=away.reason)
    say = texts(language_of(request)).gettext
    response = _problem_page(
        request,
        HTTPStatus.SERVICE_UNAVAILABLE,
        say("The service {name} does not answer").format(name=away.service),
        say(
            "Nothing is lost: what has been recorded is kept. Reload the page in a moment. "
            "If it stays like this, whoever runs Stickprov can see more with: stickprov doctor"
        ),
        ("/", say("See how the services are")),
    )
    response.headers["Retry-After"] = "5"
    return response


async def _misunderstood(request: Request, error: Exception) -> Response:
    _log.error("answer not understood", reason=str(error))
    say = texts(language_of(request)).gettext
    return _problem_page(
        request,
        HTTPStatus.BAD_GATEWAY,
        say("A service answered in a way this page does not understand"),
        say("Its version may be another than this page's. Whoever runs Stickprov can see more with: stickprov doctor"),
        ("/", say("See how the services are")),
    )


async def _refused(request: Request, error: Exception) -> Response:
    refused = cast("ApiProblem", error)
    say = texts(language_of(request)).gettext
    match refused.problem.status:
        case HTTPStatus.NOT_FOUND:
            return _not_found(request)
        case HTTPStatus.UNAUTHORIZED:
            return await _sign_in_first(request, SignInFirst(onward_of(request)))
        case HTTPStatus.FORBIDDEN:
            return _forbidden(request, refused)
        case HTTPStatus.TOO_MANY_REQUESTS:
            return too_many(request, 1)
        case HTTPStatus.SERVICE_UNAVAILABLE:
            return await _away(request, Unreachable(refused.service, "", refused.problem.detail))
        case _:
            _log.error(
                "service refused", by=refused.service, code=refused.problem.code, correlation=refused.correlation_id
            )
            detail = say("{name} said: {detail}").format(
                name=refused.service, detail=told(refused.problem.detail, language_of(request))
            )
            title = say("The page could not be put together")
            return _problem_page(request, HTTPStatus.BAD_GATEWAY, title, detail, ("/", say("See how the services are")))


def _forbidden(request: Request, refused: ApiProblem) -> Response:
    say = texts(language_of(request)).gettext
    if refused.problem.code == "case-not-yours":
        detail = told(refused.problem.detail, language_of(request))
        title = title_of(refused.problem, language_of(request))
        return _problem_page(request, HTTPStatus.FORBIDDEN, title, detail, ("/queue", say("To the queue")))
    detail, way_on = say("Your role does not allow this."), ("/", say("To the start page"))
    return _problem_page(request, HTTPStatus.FORBIDDEN, say("Not your page"), detail, way_on)


async def _http(request: Request, error: Exception) -> Response:
    http = cast("HTTPException", error)
    if http.status_code == HTTPStatus.NOT_FOUND:
        return _not_found(request)
    say = texts(language_of(request)).gettext
    return _problem_page(
        request, http.status_code, say("This cannot be done here"), "", ("/", say("To the start page"))
    )


async def _fault(request: Request, error: Exception) -> Response:
    _log.exception("page failed", path=request.url.path, exc_info=error)
    say = texts(language_of(request)).gettext
    title = say("Something went wrong on our side")
    detail = say("It has been noted. Reload the page, or begin again from the start page.")
    way_on = ("/", say("To the start page"))
    response = _problem_page(request, HTTPStatus.INTERNAL_SERVER_ERROR, title, detail, way_on)
    protect(response.headers, request.scope)
    return response


def _not_found(request: Request) -> Response:
    say = texts(language_of(request)).gettext
    detail = say("The address may be misspelt, or what was here has another name now.")
    way_on = ("/statistics", say("All control points"))
    return _problem_page(request, HTTPStatus.NOT_FOUND, say("There is nothing here"), detail, way_on)


def _problem_page(request: Request, status: int, title: str, detail: str, way_on: tuple[str, str] | None) -> Response:
    """Return the page; what somebody typed into a form stands on it and can be sent again."""
    typed = typed_before(request)
    return page(request, "problem.html", status=status, title=title, detail=detail, way_on=way_on, typed=typed)
