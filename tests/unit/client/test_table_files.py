"""Tables in and out of CSV and XLSX: what is read is what was meant, and nothing written runs in a spreadsheet."""

import io
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from stickprov_client.documents.faults import BadFile
from stickprov_client.documents.table_file import read_table
from stickprov_client.documents.table_writing import as_csv, as_xlsx

COLUMNS = ("case", "kommentar")
ROWS = [(2, ["ab12cd34", "Rörigt"]), (4, ["ff00ff00", ""])]
CELLS = [
    "=HYPERLINK(1)",
    "+1",
    "-1",
    "@x",
    "\tx",
    "plain",
    "'quoted",
    "12e45678",
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("between", [";", ",", "\t", "|"])
def test_every_common_csv_reads_the_same(encoding, between, tmp_path):
    file = tmp_path / "findings.csv"
    lines = [("case", "kommentar"), ("ab12cd34", "Rörigt"), ("", ""), ("ff00ff00", "")]
    file.write_bytes("\r\n".join(between.join(line) for line in lines).encode(encoding))
    table = read_table(file)
    assert (tuple(table.columns), [(number, list(row)) for number, row in table.rows]) == (COLUMNS, ROWS)


def test_a_spreadsheet_is_read_as_text(tmp_path):
    file = tmp_path / "findings.xlsx"
    with xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["case", "datum", "belopp", "antal", "plan", "kommentar"])
        sheet.write_string(2, 0, "ab12cd34")
        sheet.write_datetime(2, 1, date(2021, 3, 31))
        sheet.write_number(2, 2, 12.5)
        sheet.write_number(2, 3, 3)
        sheet.write_boolean(2, 4, True)  # noqa: FBT003 - xlsxwriter's signature
    (row,) = read_table(file).rows
    assert row == (3, ["ab12cd34", "2021-03-31", "12.5", "3", "yes", ""])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "row 1 is empty"),
        (b"\n\ncase;plan\n", "row 1 is empty"),
        (b"case;plan\n;\n", "nothing below the header"),
        (b'case;"plan\nx;y', "this is no CSV"),
        (b"PK\x03\x04 but no spreadsheet", "this spreadsheet cannot be read"),
    ],
)
def test_what_is_no_table_is_said(content, message, tmp_path):
    file = tmp_path / "findings.csv"
    file.write_bytes(content)
    with pytest.raises(BadFile, match=message):
        read_table(file)


def test_no_text_in_csv_begins_like_a_formula_and_each_comes_back(tmp_path):
    file = tmp_path / "out.csv"
    file.write_bytes(as_csv(["text"], [[cell] for cell in CELLS]))
    written = file.read_text(encoding="utf-8-sig").splitlines()[1:]
    assert not [line for line in written if line.startswith(("=", "+", "-", "@", "\t"))]
    assert [row[0] for _, row in read_table(file).rows] == CELLS


def test_texts_in_xlsx_are_texts_and_each_comes_back(tmp_path):
    file = tmp_path / "out.xlsx"
    content = as_xlsx(["text"], [[cell] for cell in CELLS])
    file.write_bytes(content)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    assert [type(row[0]) for row in sheet.to_python()[1:]] == [str] * len(CELLS)
    assert [row[0] for _, row in read_table(file).rows] == CELLS


def test_numbers_and_dates_stay_what_they_are(tmp_path):
    row = ["ab", Decimal("-12.5"), 3, date(2021, 3, 31), None]
    columns = ["case", "belopp", "antal", "datum", "tomt"]
    assert as_csv(columns, [row]).decode("utf-8-sig").splitlines()[1] == "ab;-12,5;3;2021-03-31;"
    file = tmp_path / "out.xlsx"
    file.write_bytes(as_xlsx(columns, [row]))
    (read,) = read_table(file).rows
    assert list(read[1]) == ["ab", "-12.5", "3", "2021-03-31", ""]
