"""The demonstration's register files: exact counts, encoding, and the same bytes for ever."""

from datetime import date
from hashlib import sha256

import pytest

from stickprov_client.demo.register import COLUMNS, register_file
from stickprov_client.demo.story import MONTHS

FILES = [register_file(number, month.paid) for number, month in enumerate(MONTHS)]


def rows_of(file: bytes) -> list[list[str]]:
    return [line.split(";") for line in file.decode("windows-1252").splitlines()]


@pytest.mark.parametrize(
    ("file", "digest"),
    [
        (FILES[0], "f6e3dc643c581f350d250c74f569b14f3b734b88f2ace828cdb84d0d5db24e1f"),
        (FILES[1], "acd6e3b12f14700bec2e3c5925126adb49ff321605b5101a6d54b0098c0d97db"),
        (FILES[2], "6f5e2db163652f8d70d5e45300a82623e0b5c2bfd44c1cccb3147195b1c30595"),
    ],
)
def test_a_file_is_the_same_bytes_every_time(file, digest):
    assert sha256(file).hexdigest() == digest


@pytest.mark.parametrize("file", FILES)
def test_a_file_has_a_header_and_2663_different_households(file):
    header, *rows = rows_of(file)

    assert header == list(COLUMNS)
    assert len(rows) == 2663
    assert len({row[0] for row in rows}) == 2663
    assert {len(row) for row in rows} == {12}


def test_a_file_is_windows_1252_and_not_utf_8():
    with pytest.raises(UnicodeDecodeError):
        FILES[0].decode("utf-8")

    assert {"å", "ä", "ö"} <= set(FILES[0].decode("windows-1252"))


def test_amounts_have_a_decimal_comma():
    amounts = [row[COLUMNS.index("Utbetalt belopp")] for row in rows_of(FILES[0])[1:]]

    assert all(amount.replace(",", "", 1).isdigit() and amount[-3] == "," for amount in amounts)


def test_a_personal_number_is_a_test_number_with_a_right_check_digit():
    numbers = [row[COLUMNS.index("Personnummer")] for row in rows_of(FILES[0])[1:]]

    assert all(980 <= int(number[9:12]) <= 999 for number in numbers)
    assert [checksum(number[2:].replace("-", "")) % 10 for number in numbers] == [0] * 2663
    assert all(date.fromisoformat(f"{number[:4]}-{number[4:6]}-{number[6:8]}") for number in numbers)


def test_most_households_stay_from_month_to_month():
    first, second = ({row[0] for row in rows_of(file)[1:]} for file in FILES[:2])

    assert len(first & second) == 2526


def test_every_reviewer_handles_some_households():
    handlers = {row[COLUMNS.index("Handläggare")] for row in rows_of(FILES[0])[1:]}

    assert handlers == {f"reviewer-{number:02}" for number in range(1, 13)}


def checksum(ten_digits: str) -> int:
    """Luhn: every other digit doubled, from the left; the sum of all digits."""
    doubled = [int(digit) * factor for digit, factor in zip(ten_digits, [2, 1] * 5, strict=True)]
    return sum(number // 10 + number % 10 for number in doubled)
