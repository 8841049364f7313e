"""Reading what the vault holds sealed, as only who has the key can."""

from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import duckdb

from stickprov_contracts.events.sampler import FrameFrozen
from stickprov_kernel.notes.keeping import opened
from stickprov_kernel.sealing.sealed_files import open_file
from stickprov_kernel.sealing.sealing import Sealing
from stickprov_kernel.sealing.wrapping import WrappedKey
from stickprov_sampler.adapters.frames.files import clear_identity_path
from stickprov_sampler.adapters.frames.writing import Places, Written
from stickprov_sampler.adapters.plans.statements import opened_names
from stickprov_sampler.adapters.sql.vault import about_identity_file, about_seed, about_series_key, opened_identity


def clear_rows(
    written: Written, sealing: Sealing, folder: Path, frame: UUID, columns: str = "*"
) -> list[tuple[Any, ...]]:
    """Return some columns of a frame's identities."""
    clear = folder / "opened.parquet"
    open_file(sealing, written.identity_file, written.identity_key, clear, about_identity_file(frame))
    return duckdb.sql(f"SELECT {columns} FROM '{clear}'").fetchall()


def in_clear(written: Written, places: Places, frame: UUID) -> list[tuple[Any, ...]]:
    """Return what the identities of a frame are, without what is told beside them."""
    return clear_rows(written, places.sealing, places.vault_work, frame, "case_id, unit_id, fields, subunits")


async def in_clear_again(dsn: str, sealing: Sealing, vault: Path, frame: FrameFrozen) -> Path:
    """Put a sampler's vault back into the clear, as the release before sealing had it; return the identity file."""
    connection = await asyncpg.connect(dsn)
    for row in await connection.fetch("DELETE FROM vault.identity RETURNING *"):
        one = opened_identity(sealing, row)
        statement = "INSERT INTO vault.clear_case_identity VALUES ($1, $2, $3, $4::jsonb)"
        await connection.execute(statement, one.case, row["series"], one.unit_id, one.fields)
    for row in await connection.fetch("DELETE FROM vault.series_key RETURNING *"):
        key = sealing.open_row(row, about_series_key(row["series"]))
        statement = "INSERT INTO vault.clear_series_key VALUES ($1, $2, $3)"
        await connection.execute(statement, row["series"], key, row["made_at"])
    for row in await connection.fetch("DELETE FROM vault.committed_seed RETURNING *"):
        seed = sealing.open_row(row, about_seed(row["seed_hash"])).decode()
        statement = "INSERT INTO vault.clear_committed_seed VALUES ($1, $2, $3)"
        await connection.execute(statement, row["seed_hash"], row["series"], seed)
    for row in await connection.fetch("DELETE FROM vault.staff RETURNING *"):
        person = opened_names(sealing, row)
        statement = "INSERT INTO vault.clear_staff VALUES ($1, $2, $3, $4)"
        await connection.execute(statement, person.pseudonym, person.sign_in, person.name, person.email)
    for row in await connection.fetch("DELETE FROM note RETURNING *"):
        note = opened(sealing, row)
        statement = "INSERT INTO clear_note VALUES ($1, $2, $3, $4, $5)"
        await connection.execute(statement, note.note, row["stream"], note.salt, note.text, row["written_at"])
    (row,) = await connection.fetch("DELETE FROM vault.frame_key RETURNING *")
    sealed, clear = vault / row["file"], clear_identity_path(vault, frame.frame, frame.frame_hash)
    wrapped = WrappedKey(row["master"], row["wrapped_key"])
    opened_file = vault / "opened.parquet"
    open_file(sealing, sealed, wrapped, opened_file, about_identity_file(frame.frame))
    columns = "case_id, unit_id, fields, subunits"
    duckdb.sql(f"COPY (SELECT {columns} FROM '{opened_file}') TO '{clear}' (FORMAT parquet)")
    opened_file.unlink()
    sealed.unlink()
    await connection.close()
    return clear
