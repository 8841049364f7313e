"""Files that are made to harm whoever reads them: small on the wire, large in memory."""

import io
import struct
import zipfile
from pathlib import Path

_TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>
<Override PartName="/xl/sharedStrings.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>"""
_OF = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = f"""<?xml version="1.0"?><Relationships
 xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="{_OF}/officeDocument" Target="xl/workbook.xml"/></Relationships>"""
_OF_BOOK = f"""<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="{_OF}/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="{_OF}/sharedStrings" Target="sharedStrings.xml"/></Relationships>"""
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_BOOK = f"""<?xml version="1.0"?><workbook xmlns="{_MAIN}" xmlns:r="{_OF}">
<sheets><sheet name="Blad" sheetId="1" r:id="rId1"/></sheets></workbook>"""


def workbook_of(sheet: str, shared: str = "", *, beside: dict[str, bytes] | None = None) -> bytes:
    """Return a workbook with this sheet's rows and shared texts as XML."""
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS,
        "xl/workbook.xml": _BOOK,
        "xl/_rels/workbook.xml.rels": _OF_BOOK,
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{sheet}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{shared}</sst>',
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        for name, data in (beside or {}).items():
            archive.writestr(name, data)
    return target.getvalue()


def cell(place: str, text: str) -> str:
    """Return a cell with a text of its own."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def padded_workbook(megabytes: int) -> bytes:
    """Return a workbook with a part that unpacks to a thousand times its size."""
    return workbook_of(f'<row r="1">{cell("A1", "Id")}</row>', beside={"xl/padding.xml": bytes(megabytes * 1_000_000)})


def repeated_text_workbook() -> bytes:
    """Return a workbook whose every cell is the same long text, which stands there once."""
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(2, 20_000))
    return workbook_of(f'<row r="1">{cell("A1", "Id")}</row>{rows}', f"<si><t>{'x' * 1_000_000}</t></si>")


def far_cell_workbook() -> bytes:
    """Return a workbook with a first and a last cell, and seventeen billion between them."""
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return workbook_of(f'<row r="1">{cell("A1", "Id")}</row>{far}')


def many_parts_workbook(parts: int) -> bytes:
    """Return a workbook with very many parts."""
    row = f'<row r="1">{cell("A1", "Id")}</row>'
    return workbook_of(row, beside={f"xl/p{number}": b"" for number in range(parts)})


def entity_workbook() -> bytes:
    """Return a workbook whose sheet stands for gigabytes by entities of entities (billion laughs)."""
    entities = '<!ENTITY a0 "lol">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    whole = workbook_of(f'<row r="1">{cell("A1", "Id")}</row><row r="2">{cell("A2", "&a11;")}</row>')
    return _with_sheet(whole, lambda text: f"<!DOCTYPE worksheet [{entities}]>{text}")


def outside_entity_workbook(file: Path) -> bytes:
    """Return a workbook whose sheet asks for a file of whoever reads it."""
    whole = workbook_of(f'<row r="1">{cell("A1", "Id")}</row><row r="2">{cell("A2", "&outside;")}</row>')
    asks = f'<!DOCTYPE worksheet [<!ENTITY outside SYSTEM "file://{file}">]>'
    return _with_sheet(whole, lambda text: asks + text)


def lying_workbook() -> bytes:
    """Return a workbook whose directory says that a part of ten megabytes is ten bytes long."""
    whole = bytearray(padded_workbook(10))
    actual, small = struct.pack("<I", 10_000_000), struct.pack("<I", 10)
    return bytes(whole.replace(actual, small))


def wide_csv(columns: int) -> bytes:
    """Return a CSV file with very many columns."""
    return (";".join(f"k{number}" for number in range(columns)) + "\n" + ";" * (columns - 1) + "\n").encode()


def _with_sheet(workbook: bytes, change) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            content = source.read(name).decode()
            archive.writestr(name, change(content) if name.endswith("sheet1.xml") else content)
    return target.getvalue()
