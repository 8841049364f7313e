"""One report in any of its formats."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from stickprov_contracts.http.reports import Report, ReportFormat
from stickprov_reporting.adapters.reports.html import as_html
from stickprov_reporting.adapters.reports.pdf import as_pdf
from stickprov_reporting.adapters.reports.separated import as_csv
from stickprov_reporting.adapters.reports.spreadsheet import as_xlsx
from stickprov_reporting.adapters.reports.word import as_docx
from stickprov_reporting.domain.reports.printing import Printed, file_name, printed

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class File:
    """A rendered report."""

    name: str
    media_type: str
    content: bytes


def _as_json(sheet: Printed) -> bytes:
    return sheet.report.model_dump_json().encode()


_FORMATS: Final[Mapping[ReportFormat, tuple[str, Callable[[Printed], bytes]]]] = {
    "html": ("text/html; charset=utf-8", as_html),
    "pdf": ("application/pdf", as_pdf),
    "docx": (f"{_OFFICE}.wordprocessingml.document", as_docx),
    "xlsx": (f"{_OFFICE}.spreadsheetml.sheet", as_xlsx),
    "csv": ("text/csv; charset=utf-8", as_csv),
    "json": ("application/json", _as_json),
}


MEDIA_TYPES: Final = {name: media_type for name, (media_type, _) in _FORMATS.items()}


def rendered(report: Report, wanted: ReportFormat) -> File:
    """Return a report as a file."""
    media_type, render = _FORMATS[wanted]
    return File(file_name(report, wanted), media_type, render(printed(report)))
