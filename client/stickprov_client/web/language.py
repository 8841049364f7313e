"""Which language a page is in: what the address says, else what was chosen before, else what the browser prefers."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from stickprov_client.language.translations import Language, language_named
from stickprov_client.web.headers import is_over_tls

COOKIE: Final = "stickprov-language"
PARAMETER: Final = "lang"
_YEAR: Final = 365 * 24 * 3600


def language_of(request: Request) -> Language:
    """Return the language to answer in; Swedish when nobody says anything we know."""
    return (
        language_named(request.query_params.get(PARAMETER))
        or language_named(request.cookies.get(COOKIE))
        or _preferred(request.headers.get("Accept-Language", ""))
        or "sv"
    )


def remember_language(request: Request, response: Response) -> None:
    """Keep a choice made by the address, for the pages that follow."""
    chosen = language_named(request.query_params.get(PARAMETER))
    if chosen is not None:
        secure = is_over_tls(request.scope)
        response.set_cookie(COOKIE, chosen, max_age=_YEAR, httponly=True, samesite="lax", secure=secure)
    response.headers["Vary"] = "Accept-Language, Cookie"
    response.headers["Content-Language"] = language_of(request)


def _preferred(accepted: str) -> Language | None:
    """Read ``Accept-Language``: the language of ours with the greatest weight, the first of equals."""
    ranked: list[tuple[float, Language]] = []
    for part in accepted.split(","):
        name, _, weight = part.partition(";q=")
        language = language_named(name.strip())
        try:
            wanted = float(weight) if weight else 1.0
        except ValueError:
            wanted = 0.0
        if language is not None and wanted > 0:
            ranked.append((wanted, language))
    return max(ranked, key=lambda one: one[0])[1] if ranked else None
