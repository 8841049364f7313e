"""What WordprocessingML has and python-docx does not: borders, repeated heads, fields, languages."""

from typing import Any, Final, TypeAlias

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

Part: TypeAlias = Any
"""A part of the document; the library's own types are of no use to its callers."""
FONT: Final = "Cambria"


def set_font(style: Part, size: float, colour: RGBColor, font: str = FONT) -> None:
    """Give a style its font, size and colour; the template names its theme's fonts, which would win over ours."""
    style.font.name = font
    style.font.size = Pt(size)
    style.font.color.rgb = colour
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{name}"), font)


def set_language(style: Part, locale: str) -> None:
    """Say in which language a style's text is, such as ``sv-SE``."""
    properties = style.element.get_or_add_rPr()
    language = properties.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        properties.append(language)
    language.set(qn("w:val"), locale)


def drop_border(style: Part) -> None:
    """Take the line under a style's paragraphs away."""
    for border in style.element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
        return


def set_widths(table: Part, widths_of_columns: list[int]) -> None:
    """Set the columns' widths, in the cells too: Word reads them there."""
    for column, width in zip(table.columns, widths_of_columns, strict=True):
        column.width = width
    for row in table.rows:
        cells = row._tr.tc_lst  # noqa: SLF001 - a merged cell stands once here
        if len(cells) == len(widths_of_columns):
            for cell, width in zip(cells, widths_of_columns, strict=True):
                cell.width = width


def mark(row: Part, name: str) -> None:
    """Set a switch of a row, such as that it stands again on the next page."""
    row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001 - the library has no such switch


def draw_edges(row: Part, **colours: str) -> None:
    """Draw lines above or below a row: ``top`` and ``bottom`` are colours."""
    for cell in row.cells:
        borders = OxmlElement("w:tcBorders")
        for side in ("top", "bottom"):
            if side in colours:
                edge = OxmlElement(f"w:{side}")
                for name, value in (("val", "single"), ("sz", "4"), ("color", colours[side])):
                    edge.set(qn(f"w:{name}"), value)
                borders.append(edge)
        cell._tc.get_or_add_tcPr().append(borders)  # noqa: SLF001 - the library has no borders of cells


def add_field(paragraph: Part, name: str) -> None:
    """Add a field that Word fills in, such as the page's number."""
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, name), ("separate", None), ("text", "1"), ("end", None)):
        if kind == "text":
            run.add_text(text)
            continue
        element = OxmlElement("w:instrText" if kind is None else "w:fldChar")
        if kind is None:
            element.text = f" {text} "
        else:
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)  # noqa: SLF001 - the library has no fields
