"""Register files as they come: encodings, delimiters, types, and every row that cannot be used."""

import hmac
import io

import duckdb
import pytest

from stickprov_contracts.http.sampler import FrameOptions
from stickprov_kernel.http.identity import actor_pseudonym
from stickprov_kernel.period import parse_period
from stickprov_sampler.adapters.frames.layout import HeaderUnreadableError
from stickprov_sampler.adapters.frames.reading import Files, reading
from stickprov_sampler.adapters.frames.text import UndecodableError
from stickprov_sampler.adapters.frames.writing import Places, write
from stickprov_sampler.domain.frame.columns import ColumnsError
from stickprov_sampler.domain.frame.freezing import EmptyFrameError
from stickprov_sampler.domain.frame.name import frame_id
from stickprov_sampler.domain.identity.personal_number import check_digit
from support.identity_files import clear_rows, in_clear
from support.master_keys import sealing

SERIES_KEY, STAFF_KEY = bytes(range(32)), b"staff key"


def options(**given):
    return FrameOptions(**({"frame_name": "Mars", "control_point": "AMF-2021-3", "period": "2021-Q1"} | given))


@pytest.fixture
def read(tmp_path):
    def read_file(content, **given):
        data = content if isinstance(content, bytes) else content.encode()
        wanted = options(**given)
        work = tmp_path / "work"
        work.mkdir()
        period, files = parse_period(wanted.period), Files(io.BytesIO(data))
        with reading(files, wanted, period, work, writable=work, memory="128MB", stage=lambda _: None) as got:
            return got.report

    return read_file


def days_in(written, folder):
    """Return the unit ids of those who were born on day 5, 15 or 25, as the identity file tells it."""
    rows = clear_rows(written, sealing(folder), folder, frame_id("Mars"), "unit_id, research_day, protected")
    assert not any(protected for _, _, protected in rows)
    return {unit for unit, research_day, _ in rows if research_day}


@pytest.fixture
def freeze(tmp_path):
    """Return what lies in the frame file and the identity file of a register file."""

    def freeze_file(content, **given):
        places = Places(
            *(tmp_path / name for name in ("frames", "frames/.work", "vault", "vault/.work")), sealing(tmp_path)
        )
        for work in (places.frame_work, places.vault_work):
            work.mkdir(parents=True)
        wanted = options(**given)
        period = parse_period(wanted.period)
        files = Files(io.BytesIO(content.encode()))
        with reading(
            files, wanted, period, places.vault_work, writable=places.frame_work, memory="128MB", stage=lambda _: None
        ) as extract:
            written = write(extract, frame_id("Mars"), SERIES_KEY, STAFF_KEY, places, lambda _: None)
        frame = duckdb.sql(f"SELECT * FROM '{written.frame_file}'")
        return written, frame.columns, frame.fetchall(), in_clear(written, places, frame_id("Mars"))

    return freeze_file


def problems(report):
    return [(problem.row, problem.field, problem.code) for problem in report.rejected]


# Encodings and delimiters


@pytest.mark.parametrize(
    ("encoded_as", "seen"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("windows-1252", "windows-1252")],
)
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encoding_and_delimiter_are_detected(read, encoded_as, seen, delimiter, line_end):
    rows = ["Id|Område", "001|Östra", "002|Västra"]
    text = line_end.join(row.replace("|", delimiter) for row in rows)
    report = read(text.encode(encoded_as), stratum_column="Område")
    assert (report.encoding, report.delimiter, report.rows) == (seen, delimiter, 2)
    assert [cell.stratum for cell in report.strata] == ["Västra", "Östra"]


def test_utf_16_of_the_other_byte_order_is_read_too(read):
    assert read(b"\xfe\xff" + "Id;Område\n1;Östra\n".encode("utf-16-be"), stratum_column="Område").rows == 1


def test_an_encoding_can_be_given(read):
    report = read("Id;Område\n1;Å\n".encode("utf-16-le"), encoding="utf-16", stratum_column="Område")
    assert report.strata[0].stratum == "Å"


def test_a_delimiter_can_be_given(read):
    assert [column.name for column in read("a,b;c\n1,2;3\n", delimiter=",").columns] == ["a", "b;c"]


def test_a_byte_order_mark_is_no_part_of_the_first_column_even_when_utf_8_is_given(read):
    report = read("Id;B\n1;2\n".encode("utf-8-sig"), encoding="utf-8", unit_id_column="Id")
    assert report.encoding == "utf-8-sig"


def test_an_encoding_that_fails_names_byte_and_row(read):
    content = "Id;Namn\n1;Bo\n2;Åsa\n".encode("windows-1252")
    with pytest.raises(UndecodableError) as caught:
        read(content, encoding="utf-8")
    assert caught.value.detail.startswith(f"Byte {content.index(0xC5)} of the file, in row 3, is not utf-8 text.")
    assert (caught.value.errors[0].field, caught.value.errors[0].row) == ("encoding", 3)


def test_a_fault_far_into_the_file_has_its_own_byte_and_row(read):
    content = ("Id\n" + "å\n" * 700_000).encode() + b"\xff\n"
    with pytest.raises(UndecodableError, match=rf"Byte {len(content) - 2} of the file, in row 700002,"):
        read(content, encoding="utf-8")


def test_a_character_cut_off_at_the_end_is_a_fault(read):
    content = "Id\n1å".encode("utf-16")[:-1]
    with pytest.raises(UndecodableError, match=rf"Byte {len(content) - 1} of the file, in row 2,"):
        read(content)


def test_a_byte_that_is_no_text_at_all_is_not_replaced(read):
    with pytest.raises(UndecodableError, match="Byte 6 of the file, in row 2, is not windows-1252 text"):
        read(b"Id;N\n1\x81;2\n")


def test_utf_16_without_a_mark_is_explained(read):
    with pytest.raises(UndecodableError, match=r"Row 1 has a zero character.*give encoding “utf-16”"):
        read("Id;N\n1;2\n".encode("utf-16-le"))


# Columns and their types


def test_column_types_are_seen(read):
    report = read(
        "id;n;belopp;datum;aktiv;tom;nr;blandat\na;1;1,50;2021-01-31;ja;;01;1\nb;-20;2;2021-02-01;Nej;;02;x\n",
    )
    assert [(column.name, column.type) for column in report.columns] == [
        ("id", "text"),
        ("n", "integer"),
        ("belopp", "decimal"),
        ("datum", "date"),
        ("aktiv", "boolean"),
        ("tom", "empty"),
        ("nr", "text"),
        ("blandat", "text"),
    ]


def test_an_unknown_column_names_the_option_and_what_there_is(read):
    with pytest.raises(ColumnsError, match=r"The file has no column “Datum”. Its columns are “Id”, “Beslut”."):
        read("Id;Beslut\n1;2021-01-01\n", month_column="Datum")


def test_space_around_names_and_values_is_no_part_of_them(read):
    report = read(" Id ; Område\n 7 ;\u00a0Norr \n", unit_id_column="Id", stratum_column="Område")
    assert report.strata[0].stratum == "Norr"


def test_a_quoted_value_may_hold_delimiters_quotes_and_line_ends(read):
    report = read('Id;Område\n1;"Norr; ""övre""\noch nedre"\n2;Syd\n', stratum_column="Område")
    assert [cell.stratum for cell in report.strata] == ['Norr; "övre"\noch nedre', "Syd"]


def test_a_header_that_is_no_csv_is_refused(read):
    with pytest.raises(HeaderUnreadableError, match="Row 1 is not a list of column names"):
        read('"Id;Namn\n1;2')


# Rows that cannot be used


@pytest.mark.parametrize("content", ["", "\n", "Id;Namn\n", "Id;Namn", "Id;Namn\n\n\n"])
def test_a_file_without_rows_is_refused(read, content):
    with pytest.raises(EmptyFrameError):
        read(content)


def test_a_clean_file_is_accepted_as_a_whole(read):
    report = read("Id;Barn\n001;2\n002;0\n", subunits_column="Barn")
    assert (report.rows, report.accepted, report.rejected_rows, report.duplicates) == (2, 2, 0, 0)
    assert report.subunits == 2
    assert [(cell.stratum, cell.month, cell.size) for cell in report.strata] == [("", "2021-01", 2)]


def test_units_are_counted_by_stratum_and_month(read):
    report = read(
        "Id;D;O\n1;2021-01-31;N\n2;2021-02-01;N\n3;2021-02;S\n4;2021-02-28 23:59;S\n",
        month_column="D",
        stratum_column="O",
    )
    assert [(cell.stratum, cell.month, cell.size) for cell in report.strata] == [
        ("N", "2021-01", 1),
        ("N", "2021-02", 1),
        ("S", "2021-02", 2),
    ]


def test_every_value_that_cannot_be_used_is_named_by_row_column_and_reason(read):
    report = read(
        "Id;Datum;Område;Enhet;Handläggare;Barn\n"
        "1;2021-01-01;N;E;h;1\n"
        ";2021-01-02;N;E;h;1\n"
        "3;2021-02-30;N;E;h;1\n"
        "4;;N;E;h;1\n"
        "5;2021-04-01;N;E;h;1\n"
        "6;2020-12;N;E;h;1\n"
        "7;2021-01-01;;;;\n"
        "8;2021-01-01;N;E;h;två\n"
        "9;2021-01-01;N;E;h;-1\n"
        "10;1 mars;N;E;h;1,5\n",
        month_column="Datum",
        stratum_column="Område",
        unit_column="Enhet",
        handler_column="Handläggare",
        subunits_column="Barn",
    )
    assert problems(report) == [
        (3, "Id", "missing-value"),
        (4, "Datum", "no-date"),
        (5, "Datum", "missing-value"),
        (6, "Datum", "outside-period"),
        (7, "Datum", "outside-period"),
        (8, "Område", "missing-value"),
        (8, "Enhet", "missing-value"),
        (8, "Handläggare", "missing-value"),
        (8, "Barn", "missing-value"),
        (9, "Barn", "no-count"),
        (10, "Barn", "no-count"),
        (11, "Datum", "no-date"),
        (11, "Barn", "no-count"),
    ]
    assert (report.rows, report.accepted, report.rejected_rows) == (10, 1, 9)
    assert report.rejected[3].message == (
        "Row 6, column “Datum”: “2021-04-01” is outside the period. Remove the row, or choose the period it belongs to."
    )


def test_a_date_is_judged_by_its_day_when_the_period_starts_within_a_month(read):
    content = "Id;D\n1;2021-01-14\n2;2021-01-15\n3;2021-01\n4;2021-02-14\n5;2021-02-15\n"
    report = read(content, month_column="D", period="2021-01-15/2021-02-15")
    assert problems(report) == [(2, "D", "outside-period"), (6, "D", "outside-period")]


@pytest.mark.parametrize("value", ["1.0E+05", "1,98E+11", "12345.0", "12345,00", "1E+5", "-1.5e7"])
def test_an_id_that_a_spreadsheet_has_rounded_is_refused(read, value):
    report = read(f"Id;B\nA1;1\n{value};2\n", delimiter=";")
    assert problems(report) == [(3, "Id", "float-id")]
    assert f"“{value}” is a rounded number. Export the column as text" in report.rejected[0].message


@pytest.mark.parametrize(
    "value", ["0012345", "198001011234", "19800101-1234", "SN-2025-0000001", "2021.14", "1E5", "5e"]
)
def test_an_id_that_only_looks_a_little_like_a_number_is_text(read, value):
    assert read(f"Id;B\n{value};2\n").rejected == []


def test_a_unit_that_stands_twice_is_counted_and_named(read):
    report = read("Id\nA\nB\nA\n A \nC\n")
    assert problems(report) == [(4, "Id", "repeated-id"), (5, "Id", "repeated-id")]
    assert (report.rows, report.accepted, report.rejected_rows, report.duplicates) == (5, 3, 2, 2)
    assert "“A” stands in row 2 already" in report.rejected[0].message


def test_ids_with_and_without_leading_zeros_are_different(read):
    assert read("Id\n01\n1\n001\n").duplicates == 0


def test_rows_that_do_not_fit_the_header_are_named_and_the_others_keep_their_numbers(read):
    report = read('Id;D\n1;2021-01-01\n2\n3;x\n4;2021-01-01;y\n5;x\n6;"2021"x\n7;x\n', month_column="D")
    assert problems(report) == [
        (3, "file", "too-few-values"),
        (4, "D", "no-date"),
        (5, "file", "too-many-values"),
        (6, "D", "no-date"),
        (7, "file", "quote-open"),
        (8, "D", "no-date"),
    ]
    assert (report.rows, report.accepted, report.rejected_rows) == (7, 1, 6)


def test_empty_lines_are_no_rows_but_count_in_the_numbering(read):
    report = read('Id;D\n\n1;2021-01-01\n\n\n2;x\n3;"a\n\nb"\n\n4;y\n\n', month_column="D")
    assert problems(report) == [(6, "D", "no-date"), (7, "D", "no-date"), (9, "D", "no-date")]
    assert report.rows == 4


def test_a_value_over_several_lines_is_one_row(read):
    report = read('Id;T;D\n1;"a\nb\nc";2021-01-01\n2;d;x\n', month_column="D")
    assert problems(report) == [(3, "D", "no-date")]


def test_the_first_hundred_problems_are_shown_and_all_are_counted(read):
    report = read("Id\n" + "1.0\n" * 250)
    assert (len(report.rejected), report.rejected_rows, report.rows) == (100, 250, 250)
    assert [problem.row for problem in report.rejected[:3]] == [2, 2 + 1, 3]


def test_a_long_value_is_cut_in_the_message(read):
    message = read("Id;D\n1;" + "x" * 500 + "\n", month_column="D").rejected[0].message
    assert "x" * 60 + "…" in message
    assert "x" * 61 not in message


def test_rows_are_numbered_right_in_a_file_of_many_buffers(read):
    lines = [f"{row};{'y' * 60}" for row in range(2, 200_002)]
    lines[150_000] = "150002"
    lines[170_000] = "170002;1;2"
    lines[190_000] = f";{'y' * 60}"
    report = read("Id;T\n" + "\n".join(lines) + "\n")
    assert problems(report) == [
        (150_002, "file", "too-few-values"),
        (170_002, "file", "too-many-values"),
        (190_002, "Id", "missing-value"),
    ]


# What is written


def pseudonym(unit_id):
    return hmac.new(SERIES_KEY, unit_id.encode(), "sha256").hexdigest()


def test_the_frame_holds_pseudonyms_in_their_own_order_and_nothing_that_identifies(freeze):
    written, columns, frame, _ = freeze(
        "Pnr;Namn;D;O;E;H;B\n0012;Åsa;2021-02-01;N;E1;asa01;3\n0007;Bo;2021-01;S;E2;bo02;0\n",
        month_column="D",
        stratum_column="O",
        unit_column="E",
        handler_column="H",
        subunits_column="B",
        identity_columns=["Namn"],
    )
    assert columns == ["case_id", "month", "stratum", "unit", "handler", "subunits", "subunit_ids"]
    assert frame == sorted(
        [
            (pseudonym("0012"), "2021-02", "N", "E1", actor_pseudonym(STAFF_KEY, "asa01"), 3, None),
            (pseudonym("0007"), "2021-01", "S", "E2", actor_pseudonym(STAFF_KEY, "bo02"), 0, None),
        ]
    )
    content = written.frame_file.read_bytes()
    assert not [word for word in (b"0012", "Åsa".encode(), b"asa01") if word in content]


def test_what_the_register_does_not_have_is_empty_in_the_frame(freeze):
    _, _, frame, identities = freeze("Id\n1\n")
    assert frame == [(pseudonym("1"), "2021-01", "", "", None, None, None)]
    assert identities == [(pseudonym("1"), "1", {}, None)]


def test_the_identity_file_tells_what_a_pseudonym_stands_for(freeze):
    _, _, _, identities = freeze(
        'Id;Namn;Adress;D\n01;Åsa;"O\'Hara; 1";x\n02;;Gatan 2;y\n', identity_columns=["Namn", "Adress"]
    )
    assert {case: (unit, fields) for case, unit, fields, _ in identities} == {
        pseudonym("01"): ("01", {"Namn": "Åsa", "Adress": "O'Hara; 1"}),
        pseudonym("02"): ("02", {"Namn": "", "Adress": "Gatan 2"}),
    }


def test_a_column_name_with_quotes_is_just_a_name(freeze):
    _, _, _, identities = freeze('Id;"N\'a""m"\n1;Bo\n', identity_columns=["N'a\"m"])
    assert identities[0][2] == {"N'a\"m": "Bo"}


def test_the_frame_file_lies_under_its_own_hash_and_cannot_be_written(freeze, tmp_path):
    written, _, _, _ = freeze("Id\n1\n2\n")
    assert written.frame_file == tmp_path / "frames" / written.frame_hash[:2] / f"{written.frame_hash[2:]}.parquet"
    assert written.frame_file.stat().st_mode & 0o777 == 0o400


def test_the_identity_file_is_ours_alone(freeze):
    written, _, _, _ = freeze("Id\n1\n")
    assert written.identity_file.stat().st_mode & 0o777 == 0o600
    assert written.identity_file.name.startswith(f"{frame_id('Mars')}.")
    assert written.identity_file.suffix == ".sealed"


def test_who_was_born_on_a_day_of_research_is_told_beside_the_identity(freeze, tmp_path):
    born = {
        "05": "850305",
        "12": "850312",
        "15": "850315",
        "25": "850325",
        "26": "850326",
        "75": "850375",
        "66": "850366",
    }
    numbers = {day: f"{six}238{check_digit(f'{six}238')}" for day, six in born.items()}
    content = "Id;Nummer\n" + "".join(f"{day};{number}\n" for day, number in numbers.items())
    written, *_ = freeze(content, personal_number_column="Nummer", extract_date="2021-03-31")
    assert days_in(written, tmp_path) == {"05", "15", "25", "75"}


def test_a_personal_number_that_is_the_unit_id_tells_it_too(freeze, tmp_path):
    numbers = [f"{six}238{check_digit(f'{six}238')}" for six in ("850315", "850316")]
    written, *_ = freeze("Id\n" + "\n".join(numbers) + "\n", personal_number_column="Id", extract_date="2021-03-31")
    assert days_in(written, tmp_path) == {f"19{numbers[0]}"}
