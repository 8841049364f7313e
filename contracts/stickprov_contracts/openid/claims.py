"""What a sign-in's claims say of somebody's roles: services decide by it, and pages show by it.

A claim is named by its own name, or by the path to it: ``realm_access.roles`` is ``roles`` within ``realm_access``.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal, get_args

Role = Literal["coordinator", "reviewer", "protected-reviewer", "board", "auditor", "ops", "service"]

ROLES: Final[frozenset[str]] = frozenset(get_args(Role))


class RolesClaimError(ValueError):
    """The claim of roles is neither names nor absent."""


def claim_at(claims: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401  # whatever JSON holds
    """Return a claim by its name, else by its dotted path; None where there is none."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        if not isinstance(found, Mapping) or name not in found:
            return None
        found = found[name]
    return found


def roles_of(claims: Mapping[str, Any], path: str, theirs: Mapping[str, str]) -> frozenset[str]:
    """Return those of our roles that the claims give.

    Args:
        claims: of a token that was checked.
        path: where the roles are: a list of names, or one name.
        theirs: our role by the provider's name for it; empty where the provider uses our names.

    Raises:
        RolesClaimError: something else than names is there.
    """
    given = claim_at(claims, path)
    names = [] if given is None else [given] if isinstance(given, str) else given
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise RolesClaimError(path)
    return frozenset(theirs.get(name, "") if theirs else name for name in names) & ROLES
