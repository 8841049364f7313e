"""The findings API for many findings at once: into the log from a table of text, as a file's rows hold it, and out.

A row is a case, or one of its subunits. Columns, by heading, in English or Swedish:

- ``case`` (``ärende``): its 64 hex digits, a beginning of at least 8 that no other drawn case of the control point has,
  or ``DRAW/POINT/CASE``. Or else ``order`` (``ordning``, ``ordningsnummer``): its number in the draw, as the queue and
  the lists of cases tell it. One of the two is needed; where a row has both, both must fit.
- ``draw`` (``urval``, ``dragning``): id of the draw or a beginning of it, ``month`` (``månad``) and ``stratum``: where
  the case was drawn more than once, or its number stands for several cases.
- ``subunit`` (``underenhet``): its public id. Left empty, the row is about the case.
- ``outcome`` (``utfall``): ``reviewed`` when empty, ``over-coverage`` or ``non-response``; of the
  subunit, or of the case.
- ``reason`` (``orsak``): id or wording of the reason for the latter two.
- ``remark`` (``anmärkning``): yes or no, where the reviewer says so. ``categories`` (``kategorier``): ids or wordings
  with ``|`` between.
- ``comment`` (``kommentar``): free text of the case.
- ``control_point``, ``period``, ``unit``, ``handler``, ``reviewer``, ``status`` and their Swedish names, which lists of
  cases have beside these, are passed over unless they are a question's id. A case number (``case_number``,
  ``ärendenummer``) is refused: it is no business of findings.
- Every other heading is a question's id: ``answers.`` may stand before it. A choice is its id or its wording, several
  stand with ``|`` between; a date is written ``2021-03-31``, a number with a comma or a point. What is said of a
  derived answer is passed over.

Rows of one case stand anywhere in the file; what is said of the case itself may stand in one of them or in all alike.
"""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictInt

from stickprov_contracts.http.base import Answer, Request
from stickprov_contracts.http.findings import Purpose, Status
from stickprov_contracts.http.sampler import ControlPointId

_Cell = Annotated[str, Field(max_length=10_000)]


class ImportedRow(Request):
    """A row of the file.

    Attributes:
        row: its number in the file, the header's is 1.
        cells: one for each column; those at the end that are empty may be left out.
    """

    row: StrictInt = Field(ge=1, lt=2**31)
    cells: list[_Cell] = Field(max_length=600)


class ImportFindings(Request):
    """``POST /v1/findings/import``: record them all, or none; ``POST /v1/findings/import/preview`` only looks.

    Attributes:
        draw: only cases of this draw are meant.
        columns: headings. rows: without those that are empty.
    """

    control_point: ControlPointId
    draw: UUID | None = None
    purpose: Purpose = "review"
    columns: list[Annotated[str, Field(max_length=300)]] = Field(min_length=1, max_length=600)
    rows: list[ImportedRow] = Field(min_length=1, max_length=20_000)


class ImportedFindings(Answer):
    """What was recorded, or would be: numbers of cases.

    Attributes:
        remarks: how many of the recorded have one.
        unchanged: said the same already.
    """

    recorded: int
    remarks: int
    over_coverage: int
    non_response: int
    unchanged: int


class MyFinding(Answer):
    """A review whose newest outcome or mark is the caller's."""

    purpose: Purpose
    draw: UUID
    control_point: str
    case: str
    status: Status
    version: int


class MyFindings(Answer):
    """``GET /v1/findings?control_point=&draw=&purpose=&export=``: a page of what the caller has found, in queue order.

    Attributes:
        left_out: how many are not told because they may stand in no file; with ``export`` only, and only for those who
            are cleared for protected identities.
    """

    total: int
    items: list[MyFinding]
    left_out: int = 0
