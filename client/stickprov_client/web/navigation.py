"""Which links a person sees: those of their role, among the pages that exist."""

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.routing import Match

from stickprov_client.language.translations import marked
from stickprov_client.web.sessions import Session

_NOBODY: Final = "nobody"
_EVERYBODY: Final = frozenset({_NOBODY, "coordinator", "reviewer", "protected-reviewer", "board", "auditor", "ops"})


@dataclass(frozen=True)
class Link:
    """A link of the head of every page.

    Attributes:
        path: the page; those below it belong to it. text: to be translated. roles: whose it is.
    """

    path: str
    text: str
    roles: frozenset[str]


LINKS: Final = (
    Link("/", marked("Overview"), _EVERYBODY),
    Link("/dashboard", marked("Dashboard"), frozenset({_NOBODY, "coordinator", "board", "auditor"})),
    Link("/plans", marked("Plans"), frozenset({"coordinator"})),
    Link("/frames", marked("Frames"), frozenset({"coordinator"})),
    Link("/draws", marked("Draws"), frozenset({"coordinator", "auditor"})),
    Link("/measures", marked("Register measures"), frozenset({"coordinator", "auditor"})),
    Link("/plan-size", marked("Planner"), frozenset({"coordinator"})),
    Link("/queue", marked("Queue"), frozenset({"reviewer", "protected-reviewer"})),
    Link("/progress", marked("Reviewing"), frozenset({"coordinator", "auditor"})),
    Link("/actions", marked("Follow-up"), frozenset({_NOBODY, "coordinator", "board", "auditor"})),
    Link("/audit", marked("Audit"), frozenset({"coordinator", "auditor"})),
    Link("/erasure", marked("Erasure"), frozenset({"coordinator", "auditor", "ops"})),
    Link("/operations", marked("State of the logs"), frozenset({"ops"})),
    Link("/statistics", marked("Statistics"), _EVERYBODY - {"ops"}),
    Link("/reports", marked("Reports"), frozenset({_NOBODY, "coordinator", "board", "auditor"})),
)


def navigation_of(request: Request, session: Session | None) -> list[Link]:
    """Return the links to show; a page that somebody adds at one of the paths has its link at once."""
    if session is None and request.app.state.is_closed:
        return []
    roles = session.roles if session is not None else {_NOBODY}
    return [link for link in LINKS if not link.roles.isdisjoint(roles) and _is_page(request, link.path)]


def _is_page(request: Request, path: str) -> bool:
    wanted = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
    return any(route.matches(dict(wanted))[0] is Match.FULL for route in request.app.routes)
