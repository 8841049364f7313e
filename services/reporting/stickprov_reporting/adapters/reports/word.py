"""A report as DOCX: real styles, real tables whose heads repeat, charts as pictures with a description."""

import io
from typing import Final

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from stickprov_contracts.http.reports import Block, Chart, Fields, Heading, Paragraph, Table
from stickprov_reporting.adapters.reports.layout import number_columns, part_of_page, widths
from stickprov_reporting.adapters.reports.pdf import chart_image
from stickprov_reporting.adapters.reports.word_markup import (
    Part,
    add_field,
    draw_edges,
    drop_border,
    mark,
    set_font,
    set_language,
    set_widths,
)
from stickprov_reporting.domain.reports.printing import Printed

_INK: Final = RGBColor(0x1A, 0x27, 0x33)
_QUIET: Final = RGBColor(0x4A, 0x58, 0x63)
_HAIR: Final = "C3CCD3"
_SHADE: Final = "EEF2F5"
_FITS: Final = 900
"""Letters up to which a field is kept on one page."""
_MARGIN: Final = Mm(22)
_LOCALES: Final = {"sv": "sv-SE", "en": "en-GB"}
_STYLES: Final = {"note": "Stickprov Note", "erased": "Stickprov Erased", "code": "Stickprov Code"}


def as_docx(printed: Printed) -> bytes:
    """Return the document."""
    writer = _Document(printed)
    for block in printed.blocks:
        writer.add(block)
    target = io.BytesIO()
    writer.document.save(target)
    return target.getvalue()


class _Document:
    """Writes one document."""

    def __init__(self, printed: Printed) -> None:
        self.document = Document()
        self._printed = printed
        self._pictures = 0
        self._set_styles()
        self._cell_style = self.document.styles["Stickprov Cell"].style_id
        self._set_page()
        self._set_properties()
        report = printed.report
        self.document.add_paragraph(report.title, style="Title")
        self.document.add_paragraph(report.subtitle, style="Subtitle")

    def add(self, block: Block) -> None:
        """Add a block at the end."""
        match block:
            case Heading(level=level, text=text):
                self.document.add_heading(text, level=level)
            case Paragraph() as paragraph:
                self._paragraph(self.document.add_paragraph(), paragraph)
            case Fields() as fields:
                self._fields(fields)
            case Table() as table:
                self._table(table)
            case Chart() as chart:
                self._chart(chart)
                self._table(chart.table)

    @property
    def _width(self) -> int:
        section = self.document.sections[0]
        return int((section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0))

    def _fields(self, fields: Fields) -> None:
        table = self._new_table(len(fields.fields), [32, 68])
        for row, field in zip(table.rows, fields.fields, strict=True):
            draw_edges(row, top=_HAIR, bottom=_HAIR)
            if sum(len(line.text) for line in field.lines) < _FITS:
                mark(row, "w:cantSplit")
            label, value = row.cells
            label.paragraphs[0].style = "Stickprov Label"
            label.paragraphs[0].add_run(field.label)
            for place, line in enumerate(field.lines):
                self._paragraph(value.paragraphs[0] if place == 0 else value.add_paragraph(), line)
        self._space()

    def _table(self, table: Table) -> None:
        self.document.add_paragraph(table.caption, style="Caption")
        numbers = number_columns(table)
        made = self._new_table(1, widths(table))
        head = made.rows[0]
        draw_edges(head, top="1A2733", bottom="1A2733")
        mark(head, "w:tblHeader")
        for column, text in enumerate(table.head):
            self._cell(head.cells[column], text, right=column in numbers, bold=True)
        for place, row in enumerate(table.rows):
            if place in table.groups:
                self._group(made, table.groups[place])
            line = made.add_row()
            draw_edges(line, bottom=_HAIR)
            mark(line, "w:cantSplit")
            for column, cell in enumerate(row):
                self._cell(line.cells[column], cell.text, right=column in numbers, bold=place in table.totals)
        page = int(self._width * part_of_page(table))
        set_widths(made, [page * width // sum(widths(table)) for width in widths(table)])
        self._space()

    def _group(self, made: Part, text: str) -> None:
        row = made.add_row()
        draw_edges(row, bottom=_HAIR)
        mark(row, "w:cantSplit")
        merged = row.cells[0].merge(row.cells[-1])
        shading = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", _SHADE)):
            shading.set(qn(f"w:{name}"), value)
        merged._tc.get_or_add_tcPr().append(shading)  # noqa: SLF001 - the library has no shading
        self._cell(merged, text, right=False, bold=True)
        merged.paragraphs[0].paragraph_format.keep_with_next = True

    def _cell(self, cell: Part, text: str, *, right: bool, bold: bool) -> None:
        paragraph = cell.paragraphs[0]
        # By name the library looks through all styles, which took most of the time that a document takes.
        paragraph._p.style = self._cell_style  # noqa: SLF001 - see above
        paragraph.add_run(text).bold = bold or None
        if right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def _chart(self, chart: Chart) -> None:
        caption = self.document.add_paragraph(chart.title, style="Caption")
        caption.paragraph_format.keep_with_next = True
        picture = self.document.add_picture(io.BytesIO(chart_image(chart.svg)), width=min(self._width, Mm(166)))
        self._pictures += 1
        # Word reads the description to those who do not see the picture.
        properties = picture._inline.docPr  # noqa: SLF001 - the library has no alternative text
        properties.set("descr", chart.description)
        properties.set("name", chart.title)
        self.document.paragraphs[-1].paragraph_format.keep_with_next = True

    def _paragraph(self, made: Part, paragraph: Paragraph) -> None:
        if paragraph.tone in _STYLES:
            made.style = _STYLES[paragraph.tone]
        made.add_run(paragraph.text)

    def _new_table(self, rows: int, proportions: list[int]) -> Part:
        table = self.document.add_table(rows=rows, cols=len(proportions))
        table.alignment = WD_TABLE_ALIGNMENT.LEFT
        table.autofit = False
        set_widths(table, [self._width * part // sum(proportions) for part in proportions])
        return table

    def _space(self) -> None:
        """Part a table from what follows; Word joins two tables that nothing stands between."""
        gap = self.document.add_paragraph()
        gap.paragraph_format.space_after = Pt(0)
        gap.paragraph_format.line_spacing = Pt(8)

    def _set_styles(self) -> None:
        styles = self.document.styles
        normal = styles["Normal"]
        set_font(normal, 10.5, _INK)
        normal.paragraph_format.space_after = Pt(4)
        normal.paragraph_format.line_spacing = 1.15
        set_language(normal, _LOCALES[self._printed.report.language])
        looks = (
            ("Title", 22, _INK),
            ("Subtitle", 13, _QUIET),
            ("Heading 1", 15, _INK),
            ("Heading 2", 12.5, _INK),
            ("Heading 3", 11, _INK),
            ("Caption", 9.5, _INK),
            ("Header", 8.5, _QUIET),
            ("Footer", 8.5, _QUIET),
        )
        for name, size, colour in looks:
            set_font(styles[name], size, colour)
            styles[name].font.italic = False
            styles[name].font.bold = name not in {"Subtitle", "Header", "Footer"}
        for name, before, after in (
            ("Title", 0, 2),
            ("Subtitle", 0, 14),
            ("Heading 1", 20, 6),
            ("Heading 2", 16, 4),
            ("Caption", 6, 3),
        ):
            styles[name].paragraph_format.space_before = Pt(before)
            styles[name].paragraph_format.space_after = Pt(after)
        styles["Caption"].paragraph_format.keep_with_next = True
        for name in ("Header", "Footer"):
            # The template's own stops, in the middle and for American paper.
            styles[name].paragraph_format.tab_stops.clear_all()
        drop_border(styles["Title"])
        for name, size, colour in (
            ("Stickprov Note", 9, _QUIET),
            ("Stickprov Erased", 10.5, _QUIET),
            ("Stickprov Code", 7, _QUIET),
            ("Stickprov Cell", 9, _INK),
            ("Stickprov Label", 9.5, _INK),
        ):
            style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = normal
            set_font(style, size, colour)
        styles["Stickprov Erased"].font.italic = True
        styles["Stickprov Label"].font.bold = True
        styles["Stickprov Cell"].paragraph_format.space_after = Pt(0)
        set_font(styles["Stickprov Code"], 7, _QUIET, "Consolas")

    def _set_page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        if self._printed.wide:
            section.orientation = WD_ORIENT.LANDSCAPE
            section.page_width, section.page_height = Mm(297), Mm(210)
        section.left_margin = section.right_margin = _MARGIN
        section.top_margin = section.bottom_margin = Mm(25)
        head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
        for paragraph in (head, foot):
            paragraph.paragraph_format.tab_stops.clear_all()
            paragraph.paragraph_format.tab_stops.add_tab_stop(self._width, WD_TAB_ALIGNMENT.RIGHT)
        head.add_run(f"{self._printed.organisation}\t{self._printed.registration}")
        foot.add_run(f"{self._printed.foot}\t{self._printed.page} ")
        add_field(foot, "PAGE")
        foot.add_run(f" {self._printed.of} ")
        add_field(foot, "NUMPAGES")

    def _set_properties(self) -> None:
        properties, report = self.document.core_properties, self._printed.report
        properties.title = f"{report.title}, {report.subtitle}"
        properties.author = report.organisation[:255]
        properties.language = _LOCALES[report.language]
        properties.comments = ""
        properties.created = properties.modified = report.stamp.made.replace(tzinfo=None)
