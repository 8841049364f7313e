"""The units' subunits: listed in a column of the register, or in a file of their own.

What must not break: a subunit that is a person has one id however its number is written.
"""

from pathlib import Path
from typing import BinaryIO, Final

import duckdb

from stickprov_contracts.http.sampler import FrameOptions
from stickprov_contracts.problems import FieldProblem
from stickprov_kernel.database.queries import load_queries
from stickprov_sampler.adapters.duck import fill
from stickprov_sampler.adapters.frames.cells import filled
from stickprov_sampler.adapters.frames.problems import unusable_subunit
from stickprov_sampler.adapters.frames.rules import ROUNDED, RULE, SHOWN_PROBLEMS
from stickprov_sampler.adapters.frames.sources import SUBUNITS, load
from stickprov_sampler.domain.frame.columns import ColumnPlan, ColumnsError

SQL = load_queries(__package__, "subunits.sql")

_LIST_SIGNS: Final = r"\s*[,;|\n]\s*"


def judge_lists(connection: duckdb.DuckDBPyConnection, options: FrameOptions, plan: ColumnPlan) -> None:
    """Judge the listed subunits as personal numbers, where they are to be that."""
    if options.subunit_personal_numbers and plan.subunit_ids is not None:
        connection.execute(fill(SQL["split_lists"], ids=_listed(plan.subunit_ids)))
        _judge_numbers(connection, options, "text", "subunit_listed")
        connection.execute(SQL["list_subunit_numbers"])


def listed_subunits(options: FrameOptions, plan: ColumnPlan) -> dict[str, str]:
    """Return the expressions for a row's listed subunits, and for where its rows are."""
    if options.subunit_personal_numbers and plan.subunit_ids is not None:
        return {
            "rows": "numbered LEFT JOIN subunit_numbers USING (row)",
            "subunit_ids": "coalesce(subunit_numbers.ids, [])",
            "subunit_code": "subunit_numbers.code",
            "subunit_text": "subunit_numbers.text",
        }
    none = "NULL::VARCHAR"
    return {
        "rows": "numbered",
        "subunit_ids": _listed(plan.subunit_ids),
        "subunit_code": none,
        "subunit_text": none,
    }


def judge_subunits(
    connection: duckdb.DuckDBPyConnection, source: BinaryIO | None, options: FrameOptions, plan: ColumnPlan, work: Path
) -> list[FieldProblem] | None:
    """Read the subunits' own file; return its first faults, None when there is no such file.

    Raises:
        ColumnsError: an option does not fit; and as ``load`` does.
    """
    if source is None:
        _refuse_without_file(options, plan)
        connection.execute(SQL["no_subunits_file"])
        return None
    if plan.subunits is not None or plan.subunit_ids is not None:
        option = "subunits_column" if plan.subunits is not None else "subunit_ids_column"
        raise ColumnsError.at(option, "The subunits have a file of their own. Leave the column out, or the file.")
    alone = options.model_copy(
        update={"encoding": None, "delimiter": None, "sheet": None, "header_row": 1, "subunit_ids_column": None}
    )
    loaded = load(connection, source, alone, work, SUBUNITS)
    parent = _column(loaded.header, "subunits_parent_column", options.subunits_parent_column, 0)
    place = _column(loaded.header, "subunits_id_column", options.subunits_id_column, 1)
    if options.subunit_personal_numbers:
        _judge_numbers(connection, options, filled(place), SUBUNITS.numbered)
    else:
        connection.execute(SQL["no_subunit_numbers"])
    number = filled(parent) if plan.unit_id == plan.personal_number else "NULL::VARCHAR"
    connection.execute(
        fill(SQL["judge_subunits"], rule=RULE, parent=filled(parent), id=filled(place), parent_number=number),
        {"rounded": ROUNDED, "extract_date": options.extract_date},
    )
    connection.execute(SQL["list_subunits"])
    found = connection.execute(SQL["subunit_problems"], {"limit": SHOWN_PROBLEMS}).fetchall()
    places = {"parent": parent, "id": place}
    return loaded.unreadable + [
        unusable_subunit(loaded.header, row, places[role], code, value) for row, role, code, value in found
    ]


def count_rejected(connection: duckdb.DuckDBPyConnection, faults: list[FieldProblem] | None) -> int:
    """Return how many rows of the subunits' own file cannot be used; ``faults`` are those of ``judge_subunits``."""
    if faults is None:
        return 0
    ((bad,),) = connection.execute(SQL["count_bad_subunits"]).fetchall()
    return int(bad) + sum(fault.field == "file" for fault in faults)


def _judge_numbers(connection: duckdb.DuckDBPyConnection, options: FrameOptions, text: str, rows: str) -> None:
    connection.execute(
        fill(SQL["judge_subunit_numbers"], rule=RULE, text=text, rows=rows),
        {"rounded": ROUNDED, "extract_date": options.extract_date},
    )


def _refuse_without_file(options: FrameOptions, plan: ColumnPlan) -> None:
    for option in ("subunits_parent_column", "subunits_id_column"):
        if getattr(options, option) is not None:
            raise ColumnsError.at(option, f"{option} is for the subunits' own file. Send it as subunits_file.")
    if options.subunit_personal_numbers and plan.subunit_ids is None:
        option = "subunit_personal_numbers"
        raise ColumnsError.at(
            option, f"{option} is for subunits that are listed. Name subunit_ids_column, or send a subunits_file."
        )


def _column(header: list[str], option: str, name: str | None, place: int) -> int:
    if name is None and place < len(header):
        return place
    if name in header:
        return header.index(name)
    listed = ", ".join(f"“{column}”" for column in header)
    wanted = f"no column “{name}”" if name else "only one column"
    raise ColumnsError.at(option, f"The subunits' file has {wanted}. Its columns are {listed}.")


def _listed(place: int | None) -> str:
    if place is None:
        return "NULL::VARCHAR[]"
    return f"list_filter(regexp_split_to_array({filled(place)}, '{_LIST_SIGNS}'), lambda one: one <> '')"
