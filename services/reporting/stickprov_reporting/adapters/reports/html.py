"""A report as one HTML page that needs nothing else: style and charts are in it, no script, no address outside.

What must not break: every text is escaped; only our own drawings are not.
"""

import json
from importlib.resources import files
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from stickprov_reporting.adapters.reports.layout import number_columns, part_of_page
from stickprov_reporting.domain.reports.printing import Printed

_ENVIRONMENT: Final = Environment(
    loader=PackageLoader("stickprov_reporting.adapters.reports", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def as_html(printed: Printed) -> bytes:
    """Return the page, in UTF-8."""
    page = _ENVIRONMENT.get_template("report.html").render(report=printed.report, printed=printed, style=_style())
    return page.encode()


def _style() -> Markup:
    return Markup(files(__package__).joinpath("templates", "report.css").read_text(encoding="utf-8"))  # noqa: S704 - ours


def _drawing(svg: str) -> Markup:
    """Let a chart through as it is: it was drawn by us, and its texts are escaped in it."""
    return Markup(svg)  # noqa: S704 - see above


def _css_text(text: str) -> Markup:
    """Write a text between quotes for a style sheet, in which neither quotes nor ``</style>`` can end anything."""
    quoted = json.dumps(text, ensure_ascii=False).replace("<", "\\3c ")
    return Markup(quoted)  # noqa: S704 - nothing that ends the string or the sheet is left in it


_ENVIRONMENT.filters |= {
    "number_columns": number_columns,
    "part_of_page": part_of_page,
    "drawing": _drawing,
    "css_text": _css_text,
}
