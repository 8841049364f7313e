"""Files made to harm whoever reads them are refused in words; what reads them goes on."""

import pytest

from stickprov_client.documents import sheet_reading
from stickprov_client.documents.faults import BadFile
from stickprov_client.documents.table_file import table_in
from stickprov_client.documents.yaml_document import document_of
from support import hostile_files as hostile


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda: hostile.padded_workbook(300), "it unpacks to too much"),
        (lambda: hostile.many_parts_workbook(1500), "it unpacks to too much"),
        (hostile.repeated_text_workbook, "stands for too much"),
        (hostile.far_cell_workbook, "stands for too much"),
        (lambda: hostile.workbook_of("<row>" * 100), "row 1 is empty"),
        (lambda: b"PK\x03\x04" + bytes(100), "no whole XLSX workbook"),
    ],
    ids=["padded", "parts", "repeated", "far", "broken", "cut"],
)
def test_a_workbook_that_stands_for_too_much_is_refused(made, words: str):
    with pytest.raises(BadFile, match=words):
        table_in("t.xlsx", made())


def test_a_workbook_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(sheet_reading, "_SECONDS", 0.001)
    with pytest.raises(BadFile, match="takes too long"):
        table_in("t.xlsx", hostile.workbook_of(f'<row r="1">{hostile.cell("A1", "Id")}</row>'))


def test_entities_are_not_followed(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("what nobody should see", encoding="utf-8")
    for content in (hostile.entity_workbook(), hostile.outside_entity_workbook(secret)):
        try:
            told = str(table_in("t.xlsx", content).rows)
        except BadFile as bad:
            told = str(bad.faults)
        assert "lollol" not in told
        assert "nobody should see" not in told


@pytest.mark.parametrize("columns", [2001, 1_000_000])
def test_a_table_of_very_many_columns_is_refused(columns: int):
    with pytest.raises(BadFile, match="more than 2000 columns"):
        table_in("t.csv", hostile.wide_csv(columns))


def test_references_to_references_are_given_up():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]

    with pytest.raises(BadFile) as refused:
        document_of("plan.yaml", "\n".join(lines).encode())
    assert "repeats itself more often" in refused.value.faults[0].message


def test_a_document_within_itself_or_deeper_than_any_is_refused():
    for content in (b"a: &a [*a]", b"[" * 100_000, b"a: " + b"{b: " * 5000):
        with pytest.raises(BadFile):
            document_of("plan.yaml", content)
