"""Statements on the vault. They run inside the commit of the events they belong to."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from stickprov_kernel.log.records import SideStatement
from stickprov_sampler.adapters.draws.sampling import Identity
from stickprov_sampler.adapters.sql import SQL


def keep_series_key(series: UUID, key: bytes, made_at: datetime) -> SideStatement:
    """Return the statement that puts a series' key into the vault."""
    return SideStatement(SQL["keep_series_key"], (series, key, made_at))


def keep_identities(series: UUID, identities: Sequence[Identity]) -> SideStatement:
    """Return the statement that puts what drawn pseudonyms stand for into the vault."""
    return SideStatement(
        SQL["keep_identities"],
        (
            series,
            [identity.case for identity in identities],
            [identity.unit_id for identity in identities],
            [identity.fields for identity in identities],
        ),
    )
