"""Freezing: a register extract that was read without a fault becomes an immutable frame, once per name."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from stickprov_contracts.events import Event, Period
from stickprov_contracts.events.sampler import FrameFrozen
from stickprov_contracts.http.sampler import Frame, FrameReport
from stickprov_contracts.problems import FieldProblem
from stickprov_kernel.errors import BadInputError, ConflictError
from stickprov_sampler.domain.frame.name import frame_id


class FrameNameTakenError(ConflictError):
    """A frame with this name was frozen before; what is frozen stays as it is."""

    code: ClassVar[str] = "frame-name-taken"
    title: ClassVar[str] = "There is a frame with this name"

    def __init__(self, frame_name: str) -> None:
        super().__init__(f"A frame named “{frame_name}” is frozen already, and stays as it is. Choose another name.")


class RowsRejectedError(BadInputError):
    """Rows of the file are rejected, so nothing of it is frozen."""

    code: ClassVar[str] = "rows-rejected"
    title: ClassVar[str] = "The file has rows that cannot be used"


class SeriesUnknownError(BadInputError):
    """The series that a frame is to join is not there, or can no longer make pseudonyms."""

    code: ClassVar[str] = "series-unknown"
    title: ClassVar[str] = "There is no such series"

    @classmethod
    def named(cls, series: str, why: str) -> "SeriesUnknownError":
        """Return the error about the option."""
        message = f"{why} Give the id of a series, or a frame of it, as “series”; “{series}” is none."
        return cls(message, errors=[FieldProblem(field="series", code=cls.code, message=message)])


class EmptyFrameError(BadInputError):
    """There is no unit to draw from."""

    code: ClassVar[str] = "frame-empty"
    title: ClassVar[str] = "The file has no rows"


@dataclass(frozen=True, slots=True)
class Freeze:
    """Command: make this register extract the frame of that name.

    Attributes:
        series: whose key made the pseudonyms.
        report: what was seen in the file.
        frame_hash: SHA-256 of the frame file's bytes, hex. source_hash: of the imported file's.
        listing_hash: of the frame's listing.
        columns: the frame columns that the register filled.
        filter: as it was written. extract_date: the day the register was read.
    """

    frame_name: str
    control_point: str
    period: Period
    series: UUID
    report: FrameReport
    frame_hash: str
    source_hash: str
    columns: list[str]
    listing_hash: str | None = None
    filter: str | None = None
    extract_date: date | None = None


State = FrameFrozen | None
"""The frame as it was frozen; None while it is not."""


def check_rows(report: FrameReport) -> None:
    """Refuse a file of which any row is rejected.

    Raises:
        EmptyFrameError: the file has no data rows.
        RowsRejectedError: counts the rows; ``errors`` has the first rejected values. The values stand only there.
    """
    if report.rows == 0:
        raise EmptyFrameError("The file has a header but no rows under it. Export the register again.")
    if report.accepted == 0 and not report.rejected_rows:
        raise EmptyFrameError("The filter removes every row, so there is nothing to draw from. Widen the filter.")
    if report.rejected_rows:
        raise RowsRejectedError(
            f"{report.rejected_rows} of {report.rows} rows are rejected, {report.duplicates} of them because they "
            "repeat a unit id. Nothing was stored. Correct the rows and import the file again.",
            errors=report.rejected,
        )
    if report.rejected_subunit_rows:
        raise RowsRejectedError(
            f"{report.rejected_subunit_rows} rows of the subunits' file are rejected. Nothing was stored. Correct the "
            "rows and import both files again.",
            errors=report.rejected,
        )


def check_name(state: State) -> None:
    """Refuse a name that is taken.

    Raises:
        FrameNameTakenError: names the frame.
    """
    if state is not None:
        raise FrameNameTakenError(state.frame_name)


def decide(command: Freeze, state: State) -> list[FrameFrozen]:
    """Return the fact that the frame is frozen.

    Raises:
        FrameNameTakenError, EmptyFrameError, RowsRejectedError: see the checks.
    """
    check_name(state)
    check_rows(command.report)
    return [
        FrameFrozen(
            frame=frame_id(command.frame_name),
            frame_name=command.frame_name,
            control_point=command.control_point,
            period=command.period,
            series=command.series,
            size=command.report.accepted,
            subunits=command.report.subunits,
            strata=command.report.strata,
            frame_hash=command.frame_hash,
            source_hash=command.source_hash,
            columns=command.columns,
            filter=command.filter,
            excluded={clause.text: clause.removed for clause in command.report.clauses},
            extract_date=command.extract_date,
            listing_hash=command.listing_hash,
        )
    ]


def evolve(state: State, event: Event) -> State:
    """Return the frame after an event of its stream."""
    return event if isinstance(event, FrameFrozen) else state


def as_answer(frozen: FrameFrozen, position: int | None) -> Frame:
    """Return a frame as the API shows it; ``position`` is None until the event is sequenced."""
    return Frame(
        frame=frozen.frame,
        frame_name=frozen.frame_name,
        control_point=frozen.control_point,
        period=frozen.period,
        series=frozen.series,
        size=frozen.size,
        subunits=frozen.subunits,
        strata=frozen.strata,
        frame_hash=frozen.frame_hash,
        source_hash=frozen.source_hash,
        filter=frozen.filter,
        excluded=frozen.excluded,
        columns=frozen.columns,
        extract_date=frozen.extract_date,
        listing_hash=frozen.listing_hash,
        position=position,
    )
