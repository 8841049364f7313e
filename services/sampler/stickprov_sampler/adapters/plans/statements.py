"""What a commit must also do for the plan: keep names."""

from collections.abc import Sequence
from typing import Final

from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.log.records import SideStatement
from stickprov_sampler.adapters import sql
from stickprov_sampler.domain.staff.listing import Identified

SQL: Final = load_queries(sql.__name__, "plans.sql")


def keep_names(people: Sequence[Identified]) -> SideStatement:
    """Return the statement that keeps whom pseudonyms stand for."""
    return SideStatement(
        SQL["keep_names"],
        (
            [person.pseudonym for person in people],
            [person.sign_in for person in people],
            [person.name for person in people],
            [person.email for person in people],
        ),
    )
