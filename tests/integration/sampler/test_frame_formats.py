"""XLSX and Parquet beside CSV; personal numbers, filters and subunits over whole files."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stickprov_contracts.http.sampler import FrameOptions
from stickprov_kernel.errors import BadInputError
from stickprov_kernel.period import parse_period
from stickprov_sampler.adapters.duck import engine
from stickprov_sampler.adapters.frames import spreadsheet
from stickprov_sampler.adapters.frames.filtering import compiled
from stickprov_sampler.adapters.frames.reading import Files, reading
from stickprov_sampler.adapters.frames.rules import ROUNDED, RULE
from stickprov_sampler.adapters.frames.sources import FormatError
from stickprov_sampler.adapters.frames.spreadsheet import SpreadsheetError
from stickprov_sampler.adapters.frames.writing import Places, write
from stickprov_sampler.domain.frame.columns import ColumnsError
from stickprov_sampler.domain.frame.name import frame_id
from stickprov_sampler.domain.identity.personal_number import (
    NotAPersonalNumberError,
    check_digit,
    read_personal_number,
)
from support.identity_files import in_clear
from support.master_keys import sealing

EXTRACT = date(2021, 3, 31)
SERIES_KEY, STAFF_KEY = bytes(range(32)), b"staff key"


def unheard(_stage):
    """Listen to no stage."""


def workbook(**sheets):
    """Make a workbook; a sheet is a list of rows."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, place, value)
                elif value is not None:
                    sheet.write(number, place, value)
    book.close()
    return target.getvalue()


def parquet(folder, select):
    file = Path(folder) / "made.parquet"
    duckdb.sql(f"COPY ({select}) TO '{file}' (FORMAT parquet)")
    return file.read_bytes()


@pytest.fixture
def extracted(tmp_path):
    """Return a register's report, and what lies in the frame file and the identity file made of it."""
    times = []

    def extract(content, subunits=None, **given):
        times.append(content)
        folder = tmp_path / str(len(times))
        places = Places(
            *(folder / name for name in ("frames", "frames/.work", "vault", "vault/.work")), sealing(tmp_path)
        )
        for work in (places.frame_work, places.vault_work):
            work.mkdir(parents=True)
        wanted = FrameOptions(**({"frame_name": "M", "control_point": "P", "period": "2021-Q1"} | given))
        data, more = (one.encode() if isinstance(one, str) else one for one in (content, subunits))
        files = Files(io.BytesIO(data), None if more is None else io.BytesIO(more))
        period = parse_period(wanted.period)
        with reading(
            files, wanted, period, places.vault_work, writable=places.frame_work, memory="128MB", stage=unheard
        ) as got:
            if got.report.rejected_rows or got.report.rejected_subunit_rows or not got.report.accepted:
                return got.report, None, None
            written = write(got, frame_id("M"), SERIES_KEY, STAFF_KEY, places, unheard)
        frame = duckdb.sql(f"FROM '{written.frame_file}'")
        rows = [dict(zip(frame.columns, row, strict=True)) for row in frame.fetchall()]
        return got.report, rows, in_clear(written, places, frame_id("M"))

    return extract


def problems(report):
    return [(problem.row, problem.field, problem.code) for problem in report.rejected]


# Workbooks


def test_a_workbook_is_read_like_the_same_rows_as_text(extracted):
    rows = [
        ["Id", "Datum", "Område", "Barn", "Kvar"],
        ["007", date(2021, 1, 5), "Norr", 2, 1.5],
        [8, "2021-02", "Öst", 0, 2],
    ]
    text = "Id;Datum;Område;Barn;Kvar\n007;2021-01-05;Norr;2;1,5\n8;2021-02;Öst;0;2\n"
    options = {"month_column": "Datum", "stratum_column": "Område", "subunits_column": "Barn", "kept_columns": ["Kvar"]}
    one, frame, identities = extracted(workbook(Blad=rows), **options)
    other, frame_of_text, identities_of_text = extracted(text, **options)
    assert (one.format, one.sheet, one.sheets, one.encoding) == ("xlsx", "Blad", ["Blad"], None)
    assert (frame, identities) == (frame_of_text, identities_of_text)
    assert one.columns == other.columns


def test_a_sheet_and_its_header_row_can_be_chosen(extracted):
    book = workbook(
        Om=[["Uttag ur registret"]], Data=[["Hushåll i mars"], [], ["Id", "B"], ["A", 1], [], ["B"], [None, 3]]
    )
    report, _, _ = extracted(book, sheet="Data", header_row=3)
    assert (report.sheets, report.rows) == (["Om", "Data"], 3)
    assert problems(report) == [(7, "Id", "missing-value")]


@pytest.mark.parametrize(
    ("options", "option", "words"),
    [
        ({"sheet": "Nix"}, "sheet", "no sheet “Nix”. Its sheets are “Blad”"),
        ({"header_row": 9}, "header_row", "Row 9 of sheet “Blad” is empty"),
        ({"encoding": "utf-8"}, "encoding", "XLSX, which has no encoding"),
        ({"delimiter": ";"}, "delimiter", "XLSX, which has no delimiter"),
    ],
)
def test_an_option_that_does_not_fit_a_workbook_is_named(extracted, options, option, words):
    with pytest.raises(BadInputError, match=words) as caught:
        extracted(workbook(Blad=[["Id"], ["1"]]), **options)
    assert caught.value.errors[0].field == option


def test_a_number_as_id_keeps_its_digits_and_a_rounded_one_is_refused(extracted):
    book = workbook(Blad=[["Id", "B"], [198112189876, 1.5], [1.5, 1], [1e16, 1], ["0012", 1]])
    report, _, _ = extracted(book)
    assert problems(report) == [(3, "Id", "float-id"), (4, "Id", "float-id")]
    _, _, identities = extracted(workbook(Blad=[["Id"], [198112189876], ["0012"]]))
    assert {unit for _, unit, _, _ in identities} == {"198112189876", "0012"}


def test_dates_times_and_truth_values_of_a_workbook_are_seen(extracted):
    rows = [["Id", "d", "t", "b"], ["1", date(2021, 1, 2), datetime(2021, 1, 2, 3, 4, 5), True]]  # noqa: DTZ001
    report, _, _ = extracted(workbook(Blad=rows))
    assert [column.type for column in report.columns] == ["integer", "date", "date", "boolean"]


def test_a_value_beside_the_header_is_told_by_row(extracted):
    with pytest.raises(SpreadsheetError, match="Row 3 has a value to the right of the header's 1 columns"):
        extracted(workbook(Blad=[["Id"], ["1"], ["2", "x"]]))


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + b"\0" * 200])
def test_a_broken_workbook_is_refused(extracted, content):
    with pytest.raises(SpreadsheetError, match="no whole XLSX workbook"):
        extracted(content)


def test_an_archive_that_is_no_workbook_is_refused(extracted):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(SpreadsheetError, match=r"The workbook cannot be read|broken"):
        extracted(target.getvalue())


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(extracted, monkeypatch):
    monkeypatch.setattr(spreadsheet, "UNPACKED_BYTES", 1_000)
    with pytest.raises(SpreadsheetError, match=r"unpacks to [\d,]+ bytes; 1,000 are the most"):
        extracted(workbook(Blad=[["Id"], ["1"]]))


def test_a_workbook_that_wants_all_the_memory_there_is_is_refused(extracted):
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write(0, 0, "Id")
    sheet.write(1_048_575, 16_383, 1)
    book.close()
    with pytest.raises(SpreadsheetError, match=r"broken, or wants too much memory\. Save it as CSV"):
        extracted(target.getvalue())


def test_an_old_workbook_is_explained(extracted):
    with pytest.raises(FormatError, match=r"old kind \(XLS\). Save it as XLSX or CSV"):
        extracted(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100)


# Parquet


def test_a_parquet_file_is_read_like_the_same_rows_as_text(extracted, tmp_path):
    select = """
        SELECT * FROM (VALUES ('007', DATE '2021-01-05', 'Norr', 2, 1.50::DECIMAL(9, 2)),
            ('8', DATE '2021-02-01', 'Öst', 0, 2)) AS rows ("Id", "Datum", "Område", "Barn", "Kvar")"""
    text = "Id;Datum;Område;Barn;Kvar\n007;2021-01-05;Norr;2;1,5\n8;2021-02-01;Öst;0;2\n"
    options = {"month_column": "Datum", "stratum_column": "Område", "subunits_column": "Barn", "kept_columns": ["Kvar"]}
    one, frame, identities = extracted(parquet(tmp_path, select), **options)
    other, frame_of_text, identities_of_text = extracted(text, **options)
    assert one.format == "parquet"
    assert (frame, identities, one.columns) == (frame_of_text, identities_of_text, other.columns)


def test_a_float_id_of_a_parquet_file_is_refused(extracted, tmp_path):
    report, _, _ = extracted(parquet(tmp_path, 'SELECT 198112189876::DOUBLE AS "Id"'))
    assert problems(report) == [(2, "Id", "float-id")]


@pytest.mark.parametrize("column", ["{'a': 1}", "[1, 2]", "MAP {'a': 1}", "'a'::BLOB"])
def test_a_nested_column_of_a_parquet_file_is_explained(extracted, tmp_path, column):
    with pytest.raises(ColumnsError, match=r"Column “x” holds .*flatten the column, or leave it out"):
        extracted(parquet(tmp_path, f"SELECT '1' AS \"Id\", {column} AS x"))


def test_a_list_column_of_a_parquet_file_can_name_the_subunits(extracted, tmp_path):
    content = parquet(tmp_path, "SELECT 'A' AS \"Id\", ['b1', 'b2'] AS barn")
    report, frame, identities = extracted(content, subunit_ids_column="barn")
    assert (report.subunits, len(frame[0]["subunit_ids"])) == (2, 2)
    assert sorted(identities[0][3].values()) == ["b1", "b2"]


def test_a_broken_parquet_file_is_refused(extracted, tmp_path):
    whole = parquet(tmp_path, "SELECT 'A' AS \"Id\"")
    with pytest.raises(FormatError, match="The Parquet file is broken"):
        extracted(whole[:-20])


# Personal numbers


def test_a_person_has_one_case_id_in_any_spelling(extracted):
    options = {"personal_number_column": "Pnr", "extract_date": EXTRACT}
    found = [
        extracted(f"Pnr;B\n{spelling};1\n", **options)
        for spelling in ("811218-9876", "8112189876", "19811218-9876", "198112189876")
    ]
    assert len({frame[0]["case_id"] for _, frame, _ in found}) == 1
    assert {identities[0][1] for _, _, identities in found} == {"198112189876"}


def test_two_spellings_of_a_person_are_one_unit_twice(extracted):
    report, _, _ = extracted("Pnr\n811218-9876\n198112189876\n", personal_number_column="Pnr", extract_date=EXTRACT)
    assert problems(report) == [(3, "Pnr", "repeated-id")]


def test_a_personal_number_beside_the_unit_id_goes_to_the_vault_normalised(extracted):
    _, frame, identities = extracted(
        "Id;Pnr\nA;811218-9876\n", personal_number_column="Pnr", extract_date=EXTRACT, unit_id_column="Id"
    )
    assert "Pnr" not in frame[0]
    assert identities[0][1:3] == ("A", {"Pnr": "198112189876"})


def test_what_is_wrong_with_a_personal_number_is_told_by_row(extracted):
    numbers = ["811218-9875", "x", "", "811318-9876", "20210401-2380", "19811218+9876", "178112189876", "1,98E+11"]
    content = "Pnr;Id\n" + "".join(f"{number};{row}\n" for row, number in enumerate(numbers))
    report, _, _ = extracted(
        content, personal_number_column="Pnr", extract_date=EXTRACT, unit_id_column="Id", delimiter=";"
    )
    codes = ["check", "form", None, "day", "late", "sign", "century"]
    expected = [f"number-{code}" if code else "missing-value" for code in codes] + ["float-id"]
    assert [problem.code for problem in report.rejected] == expected
    assert report.rejected[0].message == (
        "Row 2, column “Pnr”: “811218-9875” has a wrong check digit, so at least one digit is mistyped."
    )


def test_a_personal_number_column_needs_the_extracts_date(extracted):
    with pytest.raises(ColumnsError, match="Give it as extract_date") as caught:
        extracted("Pnr\n811218-9876\n", personal_number_column="Pnr")
    assert caught.value.errors[0].field == "extract_date"


_DATES = st.builds(
    "{:02}{:02}{:02}".format, st.integers(0, 99), st.integers(0, 13), st.integers(0, 31) | st.integers(58, 93)
)
_NUMBERS = st.builds(
    lambda century, dated, sign, first, rest, wrong: (
        f"{century}{dated}{sign}{first}{rest:02}" + str((check_digit(f"{dated}{first}{rest:02}") + wrong) % 10)
    ),
    st.sampled_from(["", "", "19", "20", "18", "17"]),
    _DATES,
    st.sampled_from(["", "-", "+"]),
    st.sampled_from("0123456789TRSUWXJKLMNA"),
    st.integers(0, 99),
    st.sampled_from([0, 0, 0, 1]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    numbers=st.lists(_NUMBERS | st.text("0123456789-+TA", max_size=14), min_size=20, max_size=60),
    extract=st.dates(date(1990, 1, 1), date(2060, 1, 1)),
)
def test_the_statement_and_the_rule_judge_every_number_alike(tmp_path, numbers, extract):
    expected = []
    for number in numbers:
        try:
            expected.append((None, *_good(number, extract)))
        except NotAPersonalNumberError as error:
            code = f"number-{error.reason}" if number else "missing-value"
            expected.append((code, None, None))
    with engine(tmp_path, [], memory="64MB") as connection:
        found = connection.execute(
            "WITH cleaned AS (SELECT ordinal, value AS number_text FROM (SELECT unnest($numbers) AS value, "
            f"generate_subscripts($numbers, 1) AS ordinal)), {RULE} "
            "SELECT CASE WHEN number_code = 'float-id' THEN 'number-form' ELSE number_code END, digits, "
            "CASE WHEN number_code IS NULL THEN born END FROM coded ORDER BY ordinal",
            {"numbers": numbers, "extract_date": extract, "rounded": ROUNDED},
        ).fetchall()
    assert found == expected


def _good(number, extract):
    read = read_personal_number(number, extract)
    return read.digits, read.born


# Filters

PEOPLE = (
    "Id;Pnr;aktiv;Belopp;Slut datum;Ort\n"
    "1;19560331-2389;ja;1,50;2021-01-01;Norr\n"
    "2;19550331-2380;ja;2;2021-02-01; Syd \n"
    "3;20050331-2388;nej;3;;norr\n"
    "4;20050401-2385;ja;;2021-03-01;\n"
)


def people():
    """Return the register with check digits that are right."""
    lines = []
    for line in PEOPLE.splitlines():
        cells = line.split(";")
        if cells[1] != "Pnr":
            nine = cells[1].replace("-", "")[2:11]
            cells[1] = f"{cells[1][:-1]}{check_digit(nine)}"
        lines.append(";".join(cells))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("text", "kept", "removed"),
    [
        ("age between 16 and 65", "13", [2]),
        ("age between 16 and 65 and aktiv", "1", [2, 1]),
        ("aktiv and age between 16 and 65", "1", [1, 2]),
        ("not aktiv", "3", [3]),
        ("Belopp > 1.5", "23", [2]),
        ("Belopp = 1.5", "1", [3]),
        ("Belopp is null", "4", [3]),
        ("\"Slut datum\" < date('2021-03-01') - 20", "12", [2]),
        ("date('2021-03-01') - \"Slut datum\" = 28", "2", [3]),
        ("Ort = 'Syd'", "2", [3]),
        ("lower(Ort) in ('norr', 'syd')", "123", [1]),
        ("Ort <> 'Norr' or Ort is null", "234", [1]),
        ("Belopp + 1 between 2.5 and 3", "12", [2]),
        ("\"Slut datum\" + 999999999999 > date('2021-01-01')", "", [4]),
        ("Id is not null", "1234", [0]),
    ],
)
def test_a_filter_keeps_the_right_rows_and_counts_what_each_clause_removed(extracted, text, kept, removed):
    report, _, identities = extracted(
        people(), unit_id_column="Id", personal_number_column="Pnr", extract_date=EXTRACT, filter=text
    )
    assert "".join(sorted(unit for _, unit, _, _ in identities or [])) == kept
    assert [clause.removed for clause in report.clauses] == removed
    assert (report.excluded, report.accepted + report.excluded + report.rejected_rows) == (sum(removed), 4)


def test_a_row_that_the_filter_removes_need_not_be_right(extracted):
    content = "Id;Datum;Med\n1;2021-01-01;ja\n;x;nej\n1;2021-01-01;nej\n"
    report, frame, _ = extracted(content, month_column="Datum", filter="Med", delimiter=";")
    assert (report.accepted, report.excluded, report.duplicates, len(frame)) == (1, 2, 0, 1)


def test_a_row_whose_age_cannot_be_told_is_rejected_and_not_left_out(extracted):
    content = people().replace("nej", "ja").replace("20050331-", "20051331-")
    report, _, _ = extracted(
        content, unit_id_column="Id", personal_number_column="Pnr", extract_date=EXTRACT, filter="age > 60 and aktiv"
    )
    assert problems(report) == [(4, "Pnr", "number-day")]
    assert report.excluded == 1


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cells=st.lists(st.tuples(st.integers(-5, 5) | st.none(), st.integers(-5, 5) | st.none()), min_size=1, max_size=20),
    low=st.integers(-5, 5),
    high=st.integers(-5, 5),
)
def test_a_filter_means_what_it_says(tmp_path_factory, cells, low, high):
    folder = tmp_path_factory.mktemp("filter")
    content = "Id;a;b\n" + "".join(
        f"{place};{'' if a is None else a};{'' if b is None else b}\n" for place, (a, b) in enumerate(cells)
    )
    text = f"a between {low} and {high} or (b is not null and not b - 1 > {low})"
    expected = sum((a is not None and low <= a <= high) or (b is not None and not b - 1 > low) for a, b in cells)
    wanted = FrameOptions(frame_name="M", control_point="P", period="2021-Q1", filter=text)
    files = Files(io.BytesIO(content.encode()))
    period = parse_period("2021-Q1")
    with reading(files, wanted, period, folder, writable=folder, memory="64MB", stage=unheard) as got:
        assert got.report.accepted == expected


# Subunits


HOUSEHOLDS = "Id;Barn\nA;x, y\nB;\nC;x|z; å\n"


def test_subunits_are_listed_in_a_column(extracted):
    report, frame, identities = extracted(HOUSEHOLDS.replace("; å", ""), subunit_ids_column="Barn")
    assert report.subunits == 4
    assert sorted(row["subunits"] for row in frame) == [0, 2, 2]
    public = [one for row in frame for one in row["subunit_ids"]]
    assert len(set(public)) == 4
    assert all(len(one) == 64 for one in public)
    known = {unit: subunits for _, unit, _, subunits in identities}
    assert {unit: sorted(subunits.values()) for unit, subunits in known.items()} == {
        "A": ["x", "y"],
        "B": [],
        "C": ["x", "z"],
    }
    assert {one for subunits in known.values() for one in subunits} == set(public)


def test_subunits_come_in_a_file_of_their_own_in_any_order(extracted):
    children = ["A;1", "C;1", "A;2", "C;9"]
    found = [
        extracted("Id\nA\nB\nC\n", "Hushåll;Barn\n" + "\n".join(order) + "\n", delimiter=";")
        for order in (children, children[::-1])
    ]
    assert [report.subunits for report, _, _ in found] == [4, 4]
    assert found[0][1] == found[1][1]
    assert {unit: sorted(subunits.values()) for _, unit, _, subunits in found[0][2]} == {
        "A": ["1", "2"],
        "B": [],
        "C": ["1", "9"],
    }


def test_a_subunit_finds_its_unit_in_another_spelling_of_the_personal_number(extracted):
    report, _, _ = extracted(
        "Pnr\n811218-9876\n", "Förälder;Barn\n198112189876;b\n", personal_number_column="Pnr", extract_date=EXTRACT
    )
    assert report.subunits == 1


def test_what_is_wrong_in_the_subunits_file_is_told_by_its_row(extracted):
    report, frame, _ = extracted(
        "Id;Med\nA;ja\nB;nej\n", "Id;Barn\nA;1\nX;1\n;2\nA;1\nB;3\nA;\n", filter="Med", delimiter=";"
    )
    assert frame is None
    assert problems(report) == [
        (3, "Id", "unknown-unit"),
        (4, "Id", "missing-value"),
        (5, "Barn", "repeated-subunit"),
        (7, "Barn", "missing-value"),
    ]
    assert (report.rejected_rows, report.rejected_subunit_rows) == (0, 4)
    assert report.rejected[0].message.startswith("In the subunits' file: Row 3, column “Id”: no unit")


# Kept columns


def test_kept_columns_have_their_types_in_the_frame(extracted):
    _, frame, _ = extracted(
        "Id;n;belopp;dag;ja nej;ort\nA;1;1,5;2021-01-02;ja;\n",
        kept_columns=["n", "belopp", "dag", "ja nej", "ort"],
    )
    assert {name: frame[0][name] for name in ("n", "dag", "ja nej", "ort")} == {
        "n": 1,
        "dag": date(2021, 1, 2),
        "ja nej": True,
        "ort": None,
    }
    assert float(frame[0]["belopp"]) == 1.5


@pytest.mark.parametrize("column", ["Id", "Namn", "Handläggare", "Month"])
def test_a_column_that_identifies_is_not_kept(extracted, column):
    with pytest.raises(ColumnsError) as caught:
        extracted(
            "Id;Namn;Handläggare;Month\nA;B;c;d\n",
            identity_columns=["Namn"],
            handler_column="Handläggare",
            kept_columns=[column],
        )
    assert caught.value.errors[0].field == "kept_columns.0"


# The frame does not depend on how the register came


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            st.text("ABC0123", min_size=1, max_size=4), st.sampled_from(["Norr", "Söder", 'Ö;s"t']), st.integers(0, 9)
        ),
        min_size=1,
        max_size=12,
        unique_by=lambda row: row[0],
    ),
    data=st.data(),
)
def test_the_frame_does_not_depend_on_row_order_or_format(extracted, tmp_path, rows, data):
    options = {"stratum_column": "O", "subunits_column": "B", "kept_columns": ["K"]}
    other = data.draw(st.permutations(rows))
    quoted = [(unit, '"' + stratum.replace('"', '""') + '"', count) for unit, stratum, count in other]
    text = "Id,O,B,K\n" + "".join(f"{unit},{stratum},{count},{count}\n" for unit, stratum, count in quoted)
    book = workbook(
        Blad=[["Id", "O", "B", "K"], *[[f"{unit}", stratum, count, count] for unit, stratum, count in rows]]
    )
    values = ", ".join("(" + ", ".join([_literal(u), _literal(s), str(c), str(c)]) + ")" for u, s, c in rows)
    columnar = parquet(tmp_path, f'SELECT * FROM (VALUES {values}) AS v ("Id", "O", "B", "K")')
    frames = [extracted(content, **options) for content in (text, text.encode("utf-16"), book, columnar)]
    assert all(frame is not None for _, frame, _ in frames)
    assert frames[0][1] == frames[1][1] == frames[2][1] == frames[3][1]
    assert len({str(sorted(identities)) for _, _, identities in frames}) == 1
    assert len({str(report.strata) for report, _, _ in frames}) == 1


def _literal(text):
    return "'" + text.replace("'", "''") + "'"


def test_compiling_no_filter_removes_nothing():
    assert compiled([], None).removed_by == "0"


CHILDREN = {"subunit_personal_numbers": True, "extract_date": EXTRACT}


def test_a_child_has_one_public_id_however_its_number_is_written(extracted):
    listed = [
        extracted(f"Id;Barn\nA;{spelling}\n", subunit_ids_column="Barn", **CHILDREN)
        for spelling in ("811218-9876", "198112189876 | 19121212-1212", "19811218-9876")
    ]
    filed = extracted("Id\nA\n", "Id;Barn\nA;8112189876\n", **CHILDREN)
    first, both, third = (frame[0]["subunit_ids"] for _, frame, _ in listed)
    assert first == third == filed[1][0]["subunit_ids"]
    assert set(first) < set(both)
    assert set(filed[2][0][3].values()) == {"198112189876"}


def test_a_listed_child_whose_number_is_wrong_is_told_by_its_row(extracted):
    content = "Id;Barn\nA;811218-9876\nB;811218-9876,811218-9875\nC;811218-9876,198112189876\nD;\nE;anna\n"
    report, _, _ = extracted(content, subunit_ids_column="Barn", **CHILDREN)
    assert problems(report) == [
        (3, "Barn", "number-check"),
        (4, "Barn", "repeated-subunit"),
        (6, "Barn", "number-form"),
    ]
    assert report.rejected[0].message == (
        "Row 3, column “Barn”: “811218-9875” has a wrong check digit, so at least one digit is mistyped."
    )
    assert report.accepted == 2


def test_a_child_of_a_file_whose_number_is_wrong_is_told_by_its_row(extracted):
    lines = "A;811218-9876\nA;198112189876\nA;1,98E+11\nA;20210401-2380\nA;\n"
    report, _, _ = extracted("Id\nA\n", f"Id;Barn\n{lines}", **CHILDREN)
    assert problems(report) == [
        (3, "Barn", "repeated-subunit"),
        (4, "Barn", "float-id"),
        (5, "Barn", "number-late"),
        (6, "Barn", "missing-value"),
    ]
    assert report.rejected_subunit_rows == 4


@pytest.mark.parametrize(
    ("given", "option"),
    [
        ({"subunit_personal_numbers": True, "subunit_ids_column": "Barn"}, "extract_date"),
        (CHILDREN, "subunit_personal_numbers"),
        (CHILDREN | {"subunits_column": "Barn"}, "subunit_personal_numbers"),
    ],
)
def test_numbers_of_children_need_a_list_and_the_extracts_date(extracted, given, option):
    with pytest.raises(ColumnsError) as caught:
        extracted("Id;Barn\nA;1\n", **given)
    assert caught.value.errors[0].field == option
