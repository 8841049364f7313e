"""From units that were read to the two files of a frame: pseudonyms for the draw, identities for the vault."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from stickprov_contracts.http.progress import FrameStage
from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.sealing.sealed_files import seal_file
from stickprov_kernel.sealing.sealing import Sealing
from stickprov_kernel.sealing.wrapping import WrappedKey
from stickprov_sampler.adapters.duck import fill, text_literal
from stickprov_sampler.adapters.frames.files import frame_path, hash_of, new_identity_path, settle
from stickprov_sampler.adapters.frames.listing import listing_hash
from stickprov_sampler.adapters.frames.reading import Extract, Stage, kept_columns
from stickprov_sampler.adapters.hmac_keys import padded
from stickprov_sampler.adapters.sql.vault import about_identity_file
from stickprov_sampler.domain.frame.columns import ColumnPlan
from stickprov_sampler.domain.identity.research import RESEARCH_DAYS

SQL = load_queries(__package__, "writing.sql")

_READ_ONLY: Final = 0o400
_OURS_ALONE: Final = 0o600


@dataclass(frozen=True, slots=True)
class Written:
    """The files of a frame, under their final names.

    Attributes:
        identity_key: opens the identity file.
        frame_hash: SHA-256 of the frame file, hex. listing_hash: of its listing.
    """

    frame_file: Path
    identity_file: Path
    identity_key: WrappedKey
    frame_hash: str
    listing_hash: str
    protected: Sequence[str]

    def discard(self, *, frame_file: bool) -> None:
        """Remove the identity file, and the frame file if asked, when the freeze did not come about after all."""
        if frame_file:
            self.frame_file.unlink(missing_ok=True)
        self.identity_file.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Places:
    """Where the files of a frame are made and kept, and what seals its identities.

    Attributes:
        frame_work: workspace in the frame folder. vault_work: workspace in the vault folder.
        forgotten: cases of the series whose identities are not written: they asked for it.
    """

    frame_folder: Path
    frame_work: Path
    vault_folder: Path
    vault_work: Path
    sealing: Sealing
    forgotten: frozenset[str] = frozenset()


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
    carried += [] if extract.plan.protection is None else ["protected"]
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
                protected="false" if extract.plan.protection is None else "protected",
                research_day=_research_day(extract.plan),
                left_out=_left_out(places.forgotten),
                path=text_literal(str(identity_part)),
            )
        )
    frame_hash = hash_of(frame_part)
    if frame_hash is None:
        raise FileNotFoundError(f"{frame_part} went while the frame was being written")
    sealed_part = places.vault_work / "identity.sealed"
    identity_key = seal_file(places.sealing, identity_part, sealed_part, about_identity_file(frame))
    identity_part.unlink()
    written = Written(
        frame_file=frame_path(places.frame_folder, frame_hash),
        identity_file=new_identity_path(places.vault_folder, frame),
        identity_key=identity_key,
        frame_hash=frame_hash,
        listing_hash=listed_hash.result(),
        protected=_protected(extract),
    )
    settle(sealed_part, written.identity_file, _OURS_ALONE)
    settle(frame_part, written.frame_file, _READ_ONLY)
    return written


def _left_out(forgotten: frozenset[str]) -> str:
    if not forgotten:
        return ""
    return f" WHERE case_id NOT IN ({', '.join(map(text_literal, sorted(forgotten)))})"


def _protected(extract: Extract) -> list[str]:
    if extract.plan.protection is None:
        return []
    return [case for (case,) in extract.connection.execute(SQL["protected_cases"]).fetchall()]


def _research_day(plan: ColumnPlan) -> str:
    """Return the SQL expression for whether a row's person was born on day 5, 15 or 25."""
    if plan.personal_number is None:
        return "false"
    number = "unit_id" if plan.personal_number == plan.unit_id else f"i{plan.personal_number}"
    days = ", ".join(text_literal(day) for day in sorted(RESEARCH_DAYS))
    return f"coalesce(substr({number}, 7, 2) IN ({days}), false)"


def _fields(extract: Extract) -> str:
    """Return the SQL expression for a row's identity columns, by name."""
    header, places = extract.plan.header, extract.plan.identity
    if not places:
        return "map([]::VARCHAR[], []::VARCHAR[])"
    return "{" + ", ".join(f"{text_literal(header[place])}: coalesce(i{place}, '')" for place in places) + "}"
