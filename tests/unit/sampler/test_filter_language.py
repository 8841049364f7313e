"""The filters' language: what is read, what is refused, and where the fault is said to be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickprov_sampler.adapters.frames.filtering import compiled
from stickprov_sampler.domain.filter.checking import Columns
from stickprov_sampler.domain.filter.grammar import clauses_of
from stickprov_sampler.domain.problem import OptionError

COLUMNS = Columns(
    {
        "Personnummer": "text",
        "Ålder": "integer",
        "aktiv": "boolean",
        "Beslut i år": "date",
        "Område": "text",
        "Belopp": "decimal",
        "tom": "empty",
    },
    frozenset({"Personnummer"}),
    "Personnummer",
)


def sql(text):
    return compiled(clauses_of(text), COLUMNS)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("age between 16 and 65 and aktiv", ["age between 16 and 65", "aktiv"]),
        ("aktiv", ["aktiv"]),
        ("aktiv and not tom is null  and Belopp>1", ["aktiv", "not tom is null", "Belopp>1"]),
        ("aktiv or age = 3 and aktiv", ["aktiv or age = 3 and aktiv"]),
        ("(aktiv and age = 3) and aktiv", ["(aktiv and age = 3)", "aktiv"]),
        ("aktiv and (age = 3 or age = 4)", ["aktiv", "(age = 3 or age = 4)"]),
    ],
)
def test_the_outermost_and_joins_the_clauses(text, parts):
    assert [clause.text for clause in clauses_of(text)] == parts


@pytest.mark.parametrize(
    "text",
    [
        "age >= 18",
        'age("Personnummer") not between 16 and 65',
        "ålder in (16, 17, -1)",
        "\"Beslut i år\" < date('2021-03-31') - 90",
        "\"Beslut i år\" >= '2021-01-01'",
        "date('2021-03-31') - \"Beslut i år\" > 90",
        "lower(trim(Område)) <> 'norr'",
        "Område in ('Norr', 'O''Hara') or Område is not null",
        "Belopp + 1.5 - Ålder != 2",
        "aktiv = true and not (aktiv or false)",
        "Personnummer is not null",
        "tom = 1 and tom = 'x' and tom",
        "Område = Belopp",
        "PERSONNUMMER is null",
    ],
)
def test_the_language_says_what_a_control_needs(text):
    assert sql(text).removed_by.startswith("CASE WHEN NOT")


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        (" ", 1, "expected a condition"),
        ("age between 16 65", 16, "expected “and” between the two limits, found “65”"),
        ("age between 16 and", 19, "expected a column or a value, found the end"),
        ("(aktiv", 7, "expected “)” to close the parenthesis, found the end"),
        ("aktiv)", 6, "expected “and”, “or” or the end, found “)”"),
        ("aktiv aktiv", 7, "expected “and”, “or” or the end, found “aktiv”"),
        ("and aktiv", 1, "expected a column or a value, found “and”"),
        ("Område = 'Norr", 10, "single quote is not closed"),
        ('"Område = 1', 1, "double quote is not closed"),
        ("aktiv; drop table unit", 6, "“;” is not part of the language"),
        ("Ålder = 1e5", 9, "“1e5” is no number"),
        ("read_csv('x') = 1", 1, "there is no function “read_csv”. The functions are age, date, lower, trim"),
        ("Ålder in (select 1)", 11, "expected a number, a text in single quotes"),
        ("Ålder in ()", 11, "expected a column or a value"),
        ("date('2021-02-30') = date('2021-01-01')", 6, "“2021-02-30” is not a day"),
        ("date(Område) = 1", 6, "expected a day in single quotes"),
        ("age(Ålder) = 1", 5, "expected the personal number column"),
        ("age(1) = 1", 5, "expected the personal number column"),
        ("lower(1) = 'x'", 7, "expected a text or a column"),
        ("Dag = 1", 1, "there is no column “Dag”. Choose among “Personnummer”, “Ålder”"),
        ('"ålder" = 1', 1, "there is no column “ålder”"),
        ("Område", 1, "expected a condition, found text"),
        ("Ålder and aktiv", 1, "expected a condition, found a number"),
        ("Område > 5", 1, "column “Område” holds text, expected a number"),
        ("aktiv = 5", 1, "column “aktiv” holds yes or no, expected a number"),
        ("date('2021-01-01') + date('2021-01-01') = 1", 20, "has no meaning"),
        ("age is null", 1, "expected a column before “is null”"),
        ("Personnummer = '198112189876'", 1, "identifies a unit or a person, and the filter's text is published"),
        ("Ålder not 5", 11, "expected “between” or “in” after “not”, found “5”"),
    ],
)
def test_a_fault_names_its_position_and_what_was_expected(text, position, words):
    with pytest.raises(OptionError) as caught:
        sql(text)
    (problem,) = caught.value.errors
    assert problem.field == "filter"
    assert problem.message.startswith(f"Filter, position {position}: ")
    assert words in problem.message


def test_age_needs_a_personal_number_column():
    with pytest.raises(OptionError, match="age needs the personal number column"):
        compiled(clauses_of("age > 1"), Columns({"Id": "text"}, frozenset({"Id"}), None))


def test_a_column_called_age_comes_before_the_age_by_the_personal_number():
    one = compiled(clauses_of("age > 1"), Columns({"Pnr": "text", "Age": "integer"}, frozenset({"Pnr"}), "Pnr"))
    assert "c1" in one.removed_by


def test_nesting_is_bounded():
    for text in ("(" * 100 + "aktiv" + ")" * 100, "not " * 100 + "aktiv", "lower(" * 100 + "Område" + ")" * 100):
        with pytest.raises(OptionError, match="nests deeper"):
            sql(text)
    with pytest.raises(OptionError, match="words"):
        sql("Ålder = 1" + " + 1" * 400)


def test_the_deepest_filter_is_checked_in_no_time():
    assert sql("(" * 38 + "aktiv" + " = aktiv)" * 38).removed_by
    assert sql("lower(" * 38 + "Område" + ")" * 38 + " = 'x'").removed_by


def test_what_was_written_is_bound_and_never_part_of_the_statement():
    done = sql("Område = 'x''); DROP TABLE judged; --' and Belopp = 12.5 and \"Beslut i år\" = date('2021-01-02')")
    assert "DROP" not in done.removed_by
    assert "12.5" not in done.removed_by
    assert sorted(str(value) for value in done.values.values()) == [
        "12.5",
        "2021-01-02",
        "x'); DROP TABLE judged; --",
    ]


@given(st.text(alphabet="aktivÅlder Område01.,'\"()<>=+-andorbetweenisnull", max_size=60) | st.text(max_size=40))
def test_any_text_is_a_filter_or_a_refusal(text):
    try:
        found = ""
        sql(text)
    except OptionError as error:
        found = error.errors[0].field
    assert found in {"", "filter"}
