"""Every format of a report is read back with somebody else's reader, and says what the document says."""

import csv
import io
import json
import zipfile
from decimal import Decimal

import pypdf
import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from stickprov_contracts.http.reports import Report
from stickprov_reporting.adapters.reports.rendering import rendered
from support.report_documents import CORRECT, correct_information
from support.report_making import made, tables_of, wanted
from support.report_scenes import concluded, point_of_the_document
from support.report_texts import Notes

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


@pytest.fixture(scope="module")
def report():
    notes = Notes()
    return made([*correct_information(tolerance="0.1"), concluded(notes)], wanted(points=[CORRECT]), notes)


@pytest.fixture(scope="module")
def pdf(report):
    return pypdf.PdfReader(io.BytesIO(rendered(report, "pdf").content))


def test_a_pdf_holds_every_text_with_its_signs(report, pdf):
    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split()).replace("\xa0", " ")

    assert "Den sammanlagda andelen med anmärkning är 20,4 % (104 av 509)." in text
    assert "mellan 1 353 och 1 913" in text
    assert "Insättningar på konto" in text
    for row in tables_of(report)["Antal och andelar enhet för enhet"]:
        assert " ".join(row).replace("\xa0", " ") in text


def test_a_pdf_is_tagged_titled_in_its_language_and_archivable(pdf):
    catalog = pdf.trailer["/Root"]
    packet = catalog["/Metadata"].get_data().decode()

    assert catalog["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalog
    assert catalog["/Lang"] == "sv-SE"
    assert pdf.metadata.title == "Internkontrollmoment 3, januari–mars 2021"
    assert "<pdfuaid:part>1</pdfuaid:part>" in packet
    assert "<pdfaid:part>2</pdfaid:part>" in packet


def test_tables_and_pictures_of_a_pdf_are_told_to_those_who_hear_it(pdf):
    tags = list(_tags(pdf.trailer["/Root"]["/StructTreeRoot"]))

    assert {"/Table", "/TH", "/TD", "/H1", "/H2", "/Figure", "/P"} <= {tag["/S"] for tag in tags}
    figures = [tag["/Alt"] for tag in tags if tag["/S"] == "/Figure" and "/Alt" in tag]
    assert any("mars 2021 24,2\xa0% (47 av 194)" in told for told in figures)


def test_a_pdf_has_its_fonts_in_it(pdf):
    fonts = [font.get_object() for page in pdf.pages for font in page["/Resources"].get("/Font", {}).values()]
    for font in fonts:
        descendant = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert any(name in descendant for name in ("/FontFile2", "/FontFile3"))


def test_the_same_report_makes_the_same_pdf(report):
    assert rendered(report, "pdf").content == rendered(report, "pdf").content


def test_a_text_with_signs_that_no_font_has_still_makes_a_pdf():
    notes = Notes()
    conclusion = concluded(notes, texts={"result": notes.write("Bra \N{GRINNING FACE} 漢字 \x07")})
    report = made([point_of_the_document(), conclusion], wanted(points=[CORRECT]), notes)

    for ending in ("pdf", "docx", "xlsx", "html", "csv"):
        assert rendered(report, ending).content


def test_a_docx_has_real_headings_tables_with_heads_and_described_pictures(report):
    document = Document(io.BytesIO(rendered(report, "docx").content))
    styles = {paragraph.text: paragraph.style.name for paragraph in document.paragraphs}
    months = next(table for table in document.tables if table.cell(0, 0).text == "Månad")
    described = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]

    assert styles["Internkontrollmoment 3"] == "Title"
    assert (styles["Siffrorna"], styles["Månad för månad"]) == ("Heading 1", "Heading 2")
    assert [cell.text for cell in months.rows[3].cells][:6] == ["mars", "2\xa0663", "194", "194", "47", "24,2\xa0%"]
    assert months.rows[0]._tr.trPr is not None
    assert "mars 2021 24,2\xa0% (47 av 194)" in described[0]
    assert document.core_properties.language == "sv-SE"
    assert document.styles["Normal"].element.rPr.xpath("w:lang/@w:val") == ["sv-SE"]


def test_an_xlsx_has_numbers_as_numbers_and_identifiers_as_text():
    report = made(correct_information(number="003"), wanted(points=[CORRECT]))
    book = CalamineWorkbook.from_filelike(io.BytesIO(rendered(report, "xlsx").content))
    form = {row[0]: row[1] for row in book.get_sheet_by_index(0).to_python() if len(row) > 1}
    months = book.get_sheet_by_name("Månad för månad").to_python()
    march = next(row for row in months if row[0] == "mars")

    assert form["Internkontrollmoment nr"] == "003"
    assert march[1:5] == [2663.0, 194.0, 194.0, 47.0]
    assert march[5] == pytest.approx(47 / 194)


def test_a_csv_opens_in_swedish_spreadsheets(report):
    content = rendered(report, "csv").content
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))

    assert content.startswith(b"\xef\xbb\xbf")
    assert ["mars", "2663", "194", "194", "47", f"{47 / 194}".replace(".", ",")] == next(
        row[:6] for row in rows if row and row[0] == "mars"
    )


def test_json_is_the_document_itself(report):
    assert Report.model_validate_json(rendered(report, "json").content) == report
    assert json.loads(rendered(report, "json").content)["stamp"]["request"].startswith("/v1/reports/standard-form?")


def test_an_html_page_asks_for_nothing_and_escapes_what_people_write():
    notes = Notes()
    conclusion = concluded(notes, texts={"result": notes.write('<script src="//x">alert(1)</script>')})
    events = [
        *correct_information(measure="</title><b>", categories=[{"id": "a", "sv": "<i>x</i>", "en": "x"}]),
        conclusion,
    ]
    page = rendered(made(events, wanted(points=[CORRECT]), notes), "html").content.decode()

    assert "<script" not in page
    assert "<b>" not in page
    assert "<i>" not in page
    assert "http:" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "url(" not in page


@settings(max_examples=25, deadline=None)
@given(
    text=st.one_of(st.sampled_from(DANGEROUS), st.text(max_size=3)).flatmap(
        lambda start: st.text(max_size=8).map(start.__add__)
    )
)
def test_whatever_people_write_is_no_formula_in_a_spreadsheet(text):
    notes = Notes()
    conclusion = concluded(notes, texts={"assessment": notes.write(text)})
    point = point_of_the_document(number=text[:5] or "3", measure=text, area=text)
    report = made([point, conclusion], wanted(points=[CORRECT]), notes)

    rows = csv.reader(io.StringIO(rendered(report, "csv").content.decode("utf-8-sig"), newline=""), delimiter=";")
    for cell in (cell for row in rows for cell in row):
        assert not cell.startswith(DANGEROUS) or _is_number(cell)
    assert b"<f>" not in _sheets(rendered(report, "xlsx").content)


def _is_number(text: str) -> bool:
    try:
        Decimal(text.replace(",", "."))
    except ArithmeticError:
        return False
    return True


def _sheets(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet"))


def _tags(node):
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from _tags(child)
        return
    if not hasattr(node, "get"):
        return
    if "/S" in node:
        yield node
    if "/K" in node:
        yield from _tags(node["/K"])
