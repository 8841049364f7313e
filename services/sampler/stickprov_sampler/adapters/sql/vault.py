"""Statements on the vault. They run inside the commit of the events they belong to.

What must not break: nothing that identifies a person, and no key, reaches the database but sealed.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from stickprov_kernel.log.records import SideStatement
from stickprov_kernel.notes.keeping import NOTES
from stickprov_kernel.sealing.rotation import SealedTable
from stickprov_kernel.sealing.sealing import Row, Sealed, Sealing
from stickprov_kernel.sealing.wrapping import WrappedKey
from stickprov_sampler.adapters.draws.sampling import Identity
from stickprov_sampler.adapters.sql import SQL


def about_identity(case: str) -> str:
    """Return what a case's identity is sealed about."""
    return f"identity/{case}"


def about_identity_file(frame: UUID) -> str:
    """Return what a frame's identity file is sealed about."""
    return f"identities/{frame}"


def about_series_key(series: UUID) -> str:
    """Return what a series' key is sealed about."""
    return f"series-key/{series}"


def about_seed(seed_hash: str) -> str:
    """Return what a secret seed is sealed about."""
    return f"seed/{seed_hash}"


def about_staff(pseudonym: str) -> str:
    """Return what the name behind a pseudonym of the staff list is sealed about."""
    return f"staff/{pseudonym}"


def keep_series_keys(sealing: Sealing, keys: Iterable[tuple[UUID, bytes, datetime]]) -> SideStatement:
    """Return the statement that puts series' keys into the vault, given with when they were made."""
    rows = [(series, *_sealed(sealing.seal(key, about_series_key(series))), made) for series, key, made in keys]
    return SideStatement(SQL["keep_series_keys"], _columns(rows))


def keep_frame_key(frame: UUID, series: UUID, file: str, key: WrappedKey) -> SideStatement:
    """Return the statement that puts the key of a frame's identity file into the vault."""
    return SideStatement(SQL["keep_frame_key"], (frame, series, file, key.master, key.wrapped_key))


def keep_identities(sealing: Sealing, identities: Sequence[tuple[UUID, Identity]]) -> list[SideStatement]:
    """Return the statement that puts what drawn pseudonyms stand for into the vault, given with their series.

    Takes a moment for thousands.
    """
    rows = []
    for series, one in identities:
        content = json.dumps({"unit_id": one.unit_id, "fields": json.loads(one.fields)}, ensure_ascii=False)
        sealed = sealing.seal(content.encode(), about_identity(one.case))
        rows.append((one.case, series, one.protected, one.research_day, *_sealed(sealed)))
    return [SideStatement(SQL["keep_identities"], _columns(rows))] if rows else []


def keep_drawn_cases(draw: UUID, cases: Sequence[str]) -> SideStatement:
    """Return the statement that keeps who was drawn in a draw."""
    return SideStatement(SQL["keep_drawn_cases"], (draw, list(cases)))


def opened_identity(sealing: Sealing, row: Row) -> Identity:
    """Return the identity in a row of ``identities``.

    Raises:
        MasterKeyMissingError, SealBrokenError: it cannot be opened.
    """
    case = row["case_id"]
    content = json.loads(sealing.open_row(row, about_identity(case)))
    fields = json.dumps(content["fields"], ensure_ascii=False)
    return Identity(case, content["unit_id"], fields, protected=row["protected"], research_day=row["research_day"])


def _sealed(sealed: Sealed) -> tuple[str, bytes, bytes]:
    return sealed.master, sealed.wrapped_key, sealed.sealed


def _columns(rows: Sequence[tuple[object, ...]]) -> tuple[list[object], ...]:
    return tuple(map(list, zip(*rows, strict=True)))


SEALED: Final = (
    SealedTable("vault.identity", ("case_id",), lambda row: about_identity(row["case_id"])),
    SealedTable("vault.frame_key", ("frame",), lambda row: about_identity_file(row["frame"])),
    SealedTable("vault.series_key", ("series",), lambda row: about_series_key(row["series"])),
    SealedTable("vault.committed_seed", ("seed_hash",), lambda row: about_seed(row["seed_hash"])),
    SealedTable("vault.staff", ("pseudonym",), lambda row: about_staff(row["pseudonym"])),
    NOTES,
)
"""Everything that the sampler keeps sealed, for the rotation of master keys."""
