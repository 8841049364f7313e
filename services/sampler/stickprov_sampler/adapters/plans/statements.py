"""What a commit must also do for the plan: keep names."""

import json
from collections.abc import Sequence
from typing import Final

from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.log.records import SideStatement
from stickprov_kernel.sealing.sealing import Row, Sealing
from stickprov_sampler.adapters import sql
from stickprov_sampler.adapters.sql.vault import about_staff
from stickprov_sampler.domain.staff.listing import Identified

SQL: Final = load_queries(sql.__name__, "plans.sql")


def keep_names(sealing: Sealing, people: Sequence[Identified]) -> list[SideStatement]:
    """Return the statements that keep whom pseudonyms stand for, in place of what was kept before."""
    if not people:
        return []
    rows = []
    for person in people:
        content = json.dumps([person.sign_in, person.name, person.email], ensure_ascii=False)
        sealed = sealing.seal(content.encode(), about_staff(person.pseudonym))
        rows.append((person.pseudonym, sealed.master, sealed.wrapped_key, sealed.sealed))
    columns = tuple(map(list, zip(*rows, strict=True)))
    return [SideStatement(SQL["forget_names"], columns[:1]), SideStatement(SQL["keep_names"], columns)]


def opened_names(sealing: Sealing, row: Row) -> Identified:
    """Return whom a row of ``names`` stands for.

    Raises:
        MasterKeyMissingError, SealBrokenError: it cannot be opened.
    """
    pseudonym = row["pseudonym"]
    sign_in, name, email = json.loads(sealing.open_row(row, about_staff(pseudonym)))
    return Identified(pseudonym, sign_in, name, email)
