"""From units that were read to the two files of a frame: pseudonyms for the draw, identities for the vault."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from stickprov_contracts.http.progress import FrameStage
from stickprov_kernel.database.queries import load_queries
from stickprov_sampler.adapters.duck import fill, text_literal
from stickprov_sampler.adapters.frames.files import frame_path, hash_of, identity_path, settle
from stickprov_sampler.adapters.frames.listing import listing_hash
from stickprov_sampler.adapters.frames.reading import Extract, Stage, kept_columns
from stickprov_sampler.adapters.hmac_keys import padded

SQL = load_queries(__package__, "writing.sql")

_READ_ONLY: Final = 0o400
_OURS_ALONE: Final = 0o600


@dataclass(frozen=True, slots=True)
class Written:
    """The files of a frame, under their final names.

    Attributes:
        frame_hash: SHA-256 of the frame file, hex. listing_hash: of its listing.
    """

    frame_file: Path
    identity_file: Path
    frame_hash: str
    listing_hash: str

    def discard(self, *, frame_file: bool) -> None:
        """Remove the identity file, and the frame file if asked, when the freeze did not come about after all."""
        if frame_file:
            self.frame_file.unlink(missing_ok=True)
        self.identity_file.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Places:
    """Where the files of a frame are made and kept.

    Attributes:
        frame_work: workspace in the frame folder. vault_work: workspace in the vault folder.
    """

    frame_folder: Path
    frame_work: Path
    vault_folder: Path
    vault_work: Path


def write(extract: Extract, frame: UUID, series_key: bytes, staff_key: bytes, places: Places, stage: Stage) -> Written:
    """Write both files. Blocks; the extract must be without rejected rows.

    Args:
        extract: the units.
        frame: the frame's id.
        series_key: makes the cases' pseudonyms.
        staff_key: makes the handlers' pseudonyms.
        places: where to.
        stage: is told what is being done.
    """
    size = extract.report.accepted
    stage(FrameStage(stage="naming", rows=size))
    frame_part, identity_part = places.frame_work / "frame.parquet", places.vault_work / "identity.parquet"
    run = extract.connection.execute
    listed = "subunit_ids" in extract.columns
    carried = [f"k{place}" for place in extract.plan.further] + [f"i{place}" for place in extract.plan.identity]
    run(SQL["name_handlers"], padded(staff_key)._asdict())
    for role, source in (("month", "accepted"), ("stratum", "accepted"), ("unit", "accepted"), ("handler", "handler")):
        value = "pseudonym" if role == "handler" else f"coalesce({role}, '')"
        run(fill(SQL["name_values"], role=role, value=value, source=source))
    own_ids = f", {SQL['subunit_pseudonyms']} AS subunit_ids, subunit_ids AS register_ids" if listed else ""
    run(
        fill(SQL["name_cases"], listed=own_ids, carried="".join(f", {name}" for name in carried)),
        padded(series_key)._asdict(),
    )
    run(SQL["drop_judged"])
    stage(FrameStage(stage="sorting", rows=size))
    run(
        fill(
            SQL["write_frame"],
            subunit_ids="list_sort(subunit_ids)" if listed else "NULL::VARCHAR[]",
            kept=kept_columns(extract.plan),
            path=text_literal(str(frame_part)),
        )
    )
    stage(FrameStage(stage="writing", rows=size))
    subunits = "map(subunit_ids, register_ids)" if listed else "NULL::MAP(VARCHAR, VARCHAR)"
    with extract.connection.cursor() as second, ThreadPoolExecutor(max_workers=1) as beside:
        # Beside each other: each of them waits for its disk and its single steps.
        listed_hash = beside.submit(listing_hash, second, frame_part, places.frame_work)
        run(
            fill(
                SQL["write_identities"],
                fields=_fields(extract),
                subunits=subunits,
                path=text_literal(str(identity_part)),
            )
        )
    frame_hash = hash_of(frame_part)
    if frame_hash is None:
        raise FileNotFoundError(f"{frame_part} went while the frame was being written")
    written = Written(
        frame_file=frame_path(places.frame_folder, frame_hash),
        identity_file=identity_path(places.vault_folder, frame, frame_hash),
        frame_hash=frame_hash,
        listing_hash=listed_hash.result(),
    )
    settle(identity_part, written.identity_file, _OURS_ALONE)
    settle(frame_part, written.frame_file, _READ_ONLY)
    return written


def _fields(extract: Extract) -> str:
    """Return the SQL expression for a row's identity columns, by name."""
    header, places = extract.plan.header, extract.plan.identity
    if not places:
        return "map([]::VARCHAR[], []::VARCHAR[])"
    return "{" + ", ".join(f"{text_literal(header[place])}: coalesce(i{place}, '')" for place in places) + "}"
