"""Reports: one document, said in blocks, from which every format is made. Its JSON is a format as well.

``GET /v1/reports/{kind}?control_point=&plan=&year=&from=&to=&language=&format=&sampler_position=&findings_position=``
answers the file. ``control_point`` may be given several times: points that share one form.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from stickprov_contracts.http.base import Answer
from stickprov_contracts.http.statistics import AsOf

ReportKind = Literal["standard-form", "plan-status", "actions"]
ReportFormat = Literal["html", "pdf", "docx", "xlsx", "csv", "json"]
ReportLanguage = Literal["sv", "en"]


class Heading(Answer):
    """A heading; level 1 is a chapter, the title stands apart."""

    kind: Literal["heading"] = "heading"
    level: int = Field(ge=1, le=3)
    text: str


class Paragraph(Answer):
    """Running text. ``tone``: ``note`` explains a figure, ``erased`` stands for lost free text, ``code`` is a hash."""

    kind: Literal["paragraph"] = "paragraph"
    text: str
    tone: Literal["plain", "note", "erased", "code"] = "plain"


class FormField(Answer):
    """One field of a form: what it is called and what stands in it, a paragraph each."""

    label: str
    lines: list[Paragraph]


class Fields(Answer):
    """The fields of a form, such as the standard form's head."""

    kind: Literal["fields"] = "fields"
    fields: list[FormField]


class Cell(Answer):
    """A cell of a table.

    Attributes:
        text: as people read it, typography and all.
        number: the bare value where it is one, for spreadsheets. unit: ``count``, ``share`` or ``decimal``.
    """

    text: str
    number: float | None = None
    unit: Literal["count", "share", "decimal"] | None = None


class Table(Answer):
    """A table with a caption; ``head`` names the columns; numbers stand to the right.

    Attributes:
        groups: by row number, a line that stands before that row, such as a risk with its score.
        totals: numbers of the rows that sum up others.
        widths: of the columns, in proportion to each other; empty where their texts decide.
    """

    kind: Literal["table"] = "table"
    caption: str
    head: list[str]
    rows: list[list[Cell]]
    groups: dict[int, str] = {}
    totals: list[int] = []
    widths: list[int] = []


class ChartPoint(Answer):
    """A share with its interval, or a length; ``text`` says the same in words."""

    label: str
    value: float | None
    lower: float | None = None
    upper: float | None = None
    text: str


class Chart(Answer):
    """A chart; every figure of it stands in ``table`` too.

    Attributes:
        shape: ``intervals`` (points with their intervals by period) or ``bars``.
        tolerance: a line to compare with, as a share. svg: the drawing, self-contained.
        description: what it shows, for those who do not see it.
    """

    kind: Literal["chart"] = "chart"
    shape: Literal["intervals", "bars"]
    title: str
    description: str
    points: list[ChartPoint]
    tolerance: float | None = None
    svg: str
    table: Table


Block = Annotated[Heading | Paragraph | Fields | Table | Chart, Field(discriminator="kind")]


class Stamp(Answer):
    """What a report was made from; with the same positions it can be made again.

    Attributes:
        as_of: by source, position and chain hash. roots: by source, the tree's root there.
        made: when. request: the address that makes it again, positions and all.
        release: of the software.
        erased: how many free texts had been erased. altered: how many were left out because they are not what the log
            has the fingerprint of.
    """

    as_of: dict[str, AsOf]
    roots: dict[str, str]
    made: datetime
    request: str
    release: str
    erased: int
    altered: int = 0


class Report(Answer):
    """A report.

    Attributes:
        organisation: the board. registration: the plan's number in the register of documents (dnr).
        blocks: the same, byte for byte, from the same log positions while no free text is erased.
    """

    report: ReportKind
    language: ReportLanguage
    title: str
    subtitle: str
    organisation: str
    registration: str | None
    blocks: list[Block]
    stamp: Stamp
