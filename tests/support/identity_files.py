"""Reading a sealed identity file, as only who has the key can."""

from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb

from stickprov_kernel.sealing.sealed_files import open_file
from stickprov_kernel.sealing.sealing import Sealing
from stickprov_sampler.adapters.frames.writing import Places, Written
from stickprov_sampler.adapters.sql.vault import about_identity_file


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
