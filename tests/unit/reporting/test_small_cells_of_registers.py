"""A register measure of a published report leaves small parts out, and what they could be worked out from."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from stickprov_contracts.events import Period
from stickprov_contracts.events.measures import MeasuredCell
from support.report_documents import TEACHERS, teachers
from support.report_making import made, tables_of, wanted
from support.report_scenes import point_of_the_document
from support.reporting import measured

OF_THE_YEAR = wanted(points=[TEACHERS], start=date(2013, 1, 1), end=date(2014, 1, 1))


def published(events, below):
    return made(events, replace(OF_THE_YEAR, suppress_below=below))


def register(**changed):
    year = Period(start=date(2013, 1, 1), end=date(2014, 1, 1), label="2013")
    cells = [
        MeasuredCell(month="2013-12", unit=unit, category=kind, numerator=Decimal(number), denominator=of)
        for unit, kind, number, of in changed.pop("cells")
    ]
    told = {"kind": "share", "goal": None, "category_column": None, "denominator": 100, **changed}
    plain = measured("Mätt", [("2013-12", "A", 0, 1)], year, points=[TEACHERS])
    measure = plain.model_copy(update={**told, "cells": cells, "numerator": sum(cell.numerator for cell in cells)})
    point = point_of_the_document(TEACHERS, number="5", year=2013, unit_name="", categories=[])
    return {row[0]: row[1] for row in tables_of(published([point, measure], 5))["Mätt, 2013"]}


def test_a_kind_of_few_in_a_register_takes_another_kind_with_it():
    cells = [("A", "x", 2, 100), ("A", "y", 30, 100), ("A", "z", 40, 100)]

    assert register(cells=cells, category_column="Slag") == {"x": "..", "y": "..", "z": "40", "Hela registret": "72"}


def test_a_sum_over_few_takes_the_sums_beside_it():
    cells = [("A", "", 900, 3), ("B", "", 7000, 60), ("C", "", 8000, 37)]

    assert register(cells=cells, kind="sum") == {
        "A": "..",
        "B": "..",
        "C": "..",
        "Hela registret": "15\xa0900",
    }


def test_a_register_without_kinds_or_units_is_told_as_a_whole():
    assert register(cells=[("A", "", 40, 100)]) == {"Hela registret": "40"}


def test_a_register_is_counted_but_its_small_parts_are_not_told():
    rows = tables_of(published(teachers(), 20))["Andel förskollärare, 2013 (mål: minst 50\xa0%)"]

    assert {row[0]: row[1] for row in rows} == {"Backen": "..", "Åsen": "22", "Älven": "..", "Hela registret": "57"}
