"""Statistics as files for a spreadsheet: every figure a row, nothing in it a formula, identifiers as text."""

import io
from decimal import Decimal
from zipfile import ZipFile

from stickprov_client.documents.statistics_table import statistics_table, trend_table
from stickprov_client.documents.table_writing import as_csv, as_xlsx
from stickprov_contracts.http.statistics import UnitStatistics
from support.quarter import quarter, share
from support.trends import first_quarter_by_month


def rows_of(table, part):
    columns, rows = table
    return [dict(zip(columns, row, strict=True)) for row in rows if row[columns.index("part")] == part]


def test_the_whole_stands_with_numerator_denominator_and_named_method():
    (total,) = rows_of(statistics_table(quarter()), "total")

    assert (total["numerator"], total["denominator"]) == (104, 509)
    assert (total["lower"], total["upper"]) == (Decimal("1352.6"), Decimal("1912.7"))
    assert (total["method"], total["exact"]) == ("mover-approximate", "no")
    assert total["control_point"] == "AMF-2021-3"


def test_each_month_and_each_category_has_a_row():
    table = statistics_table(quarter())

    assert [row["month"] for row in rows_of(table, "month")] == ["2021-01", "2021-02", "2021-03"]
    assert rows_of(table, "category")[0]["name"] == "deposits"
    assert rows_of(table, "category")[0]["numerator"] == 66


def test_a_unit_named_like_a_formula_is_a_text_in_both_files():
    unit = UnitStatistics(
        unit="=1+1",
        drawn=1,
        reviewed=1,
        over_coverage=0,
        non_response=0,
        waiting=0,
        remarks=0,
        remark_share=share(0, 1),
    )
    columns, rows = statistics_table(quarter().model_copy(update={"units": [unit]}))

    assert ";'=1+1;" in as_csv(columns, rows).decode("utf-8-sig")
    sheet = ZipFile(io.BytesIO(as_xlsx(columns, rows))).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet


def test_a_trend_has_a_row_for_each_period_with_its_difference():
    columns, rows = trend_table(first_quarter_by_month())
    january, february, march = (dict(zip(columns, row, strict=True)) for row in rows)

    assert january["difference"] is None
    assert february["difference"] == Decimal("0.0029")
    assert (march["period"], march["numerator"], march["told"]) == ("2021-03", 47, "cannot-be-told")
    assert march["tolerance"] == Decimal("0.15")


def test_every_row_is_as_long_as_the_headings():
    for columns, rows in (statistics_table(quarter()), trend_table(first_quarter_by_month())):
        assert {len(row) for row in rows} == {len(columns)}
