"""What no draw may depend on, for every design: the order of the rows, how a file is cut, which format it had."""

import io
import random
from collections import Counter
from decimal import Decimal

import duckdb
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stickprov_sampler.adapters.draws.sampling import Sampling
from stickprov_sampler.domain.draw.pareto import shares
from stickprov_sampler.domain.draw.plan import Plan
from stickprov_sampler.domain.draw.survey import part_of
from support.draw_chances import units_called
from support.draws import SEED, register

A_FEW = settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
seeds = st.text("0123456789abcdef", min_size=20, max_size=64)

MONTHS, UNITS_OF_STAFF, HANDLERS = ("2021-03", "2021-04"), ("Norr", "Söder", "Öster"), ("p1", "p2")
COLUMNS = ("case_id", "month", "stratum", "unit", "handler", "amount", "key")
ROWS = [
    (case, MONTHS[n % 2], f"S{n % 5 % 3}", UNITS_OF_STAFF[n % 3], HANDLERS[n % 7 % 2], 10 + n % 13 * 5, n % 4)
    for n, case in enumerate(units_called("property", 150))
]
AMOUNTS = sorted((Decimal(row[5]) for row in ROWS), reverse=True)


def sizes_by(*columns):
    places = [COLUMNS.index(name) for name in columns]
    return dict(sorted(Counter(" · ".join(row[place] for place in places) for row in ROWS).items()))


def plan_by(design, *columns, n, **more):
    sizes = sizes_by(*columns)
    return Plan(design, columns, sizes, {part: min(n, size) for part, size in sizes.items()}, **more)


PLANS = {
    "census": Plan("census", (), {"": 150}, {"": 150}),
    "simple": Plan("simple", (), {"": 150}, {"": 17}),
    "shifted": Plan("simple", (), {"": 150}, {"": 17}, shift="c" + "0" * 63),
    "cluster": plan_by("cluster", "unit", n=6),
    "stratified by month": plan_by("stratified", "month", n=5),
    "stratified by month and unit": plan_by("stratified", "month", "unit", n=4),
    "per_group": plan_by("per_group", "handler", n=3),
    "systematic": Plan("systematic", (), {"": 150}, {"": 15}, sort_key="key", interval=10),
    "pps": Plan(
        "pps", (), {"": 150}, {"": 12}, size_column="amount", shared=shares(12, AMOUNTS[:12], sum(AMOUNTS, Decimal(0)))
    ),
}
STRATIFIED = {name: plan for name, plan in PLANS.items() if plan.stratified_by}


@pytest.fixture
def select(tmp_path):
    def select_from(rows, plan, seed, row_group=2048):
        file = tmp_path / "frame.parquet"
        with duckdb.connect() as connection:
            columns = ", ".join(f"unnest(${place}) AS {name}" for place, name in enumerate(COLUMNS, 1))
            connection.execute(
                f"CREATE TABLE frame AS SELECT {columns}, 2 AS subunits",
                [list(column) for column in zip(*rows, strict=True)],
            )
            connection.execute(f"COPY frame TO '{file}' (FORMAT parquet, ROW_GROUP_SIZE {row_group})")
        return Sampling(tmp_path, "128MB").select(file, plan, seed)

    return select_from


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
@A_FEW
@given(seed=seeds, shuffled=st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(select, plan, seed, shuffled):
    rows = list(ROWS)
    shuffled.shuffle(rows)
    assert select(rows, plan, seed) == select(ROWS, plan, seed)


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_how_the_file_is_cut_changes_nothing(select, plan):
    """A row group has 2,048 rows at least; so the frame is 40 times as long, and what is drawn from it is larger."""
    rows = [(f"{copy:02x}{case[2:]}", *others) for copy in range(40) for case, *others in ROWS]
    longer = Plan(
        plan.design,
        plan.stratified_by,
        {part: 40 * size for part, size in plan.sizes.items()},
        {part: 40 * n if plan.design in {"census", "systematic"} else 3 * n for part, n in plan.wanted.items()},
        shift=plan.shift,
        sort_key=plan.sort_key,
        interval=plan.interval,
        size_column=plan.size_column,
        shared=plan.shared and shares(36, AMOUNTS[:36], 40 * sum(AMOUNTS, Decimal(0))),
    )
    whole = select(rows, longer, SEED, row_group=100_000)
    assert select(rows, longer, SEED, row_group=2048) == whole
    assert len(whole) == sum(longer.wanted.values())


@pytest.mark.parametrize("plan", STRATIFIED.values(), ids=STRATIFIED)
@A_FEW
@given(seed=seeds)
def test_strata_never_mix(select, plan, seed):
    drawn = select(ROWS, plan, seed)
    assert Counter(unit.part for unit in drawn) == {part: n for part, n in plan.wanted.items() if n}
    columns = {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in ROWS}
    for unit in drawn:
        assert unit.part == " · ".join(columns[unit.case][name] for name in plan.stratified_by)
        assert unit.part == part_of(plan.stratified_by, unit.month, unit.stratum)


@pytest.mark.parametrize("plan", STRATIFIED.values(), ids=STRATIFIED)
@A_FEW
@given(seed=seeds, chosen=st.integers(0, 5))
def test_what_is_drawn_from_a_stratum_does_not_depend_on_the_others(select, plan, seed, chosen):
    part = list(plan.sizes)[chosen % len(plan.sizes)]
    places = [COLUMNS.index(name) for name in plan.stratified_by]
    alone = [row for row in ROWS if " · ".join(row[place] for place in places) == part]
    only = Plan(plan.design, plan.stratified_by, {part: len(alone)}, {part: plan.wanted[part]})
    assert select(alone, only, seed) == [unit for unit in select(ROWS, plan, seed) if unit.part == part]


@pytest.mark.parametrize("name", ["simple", "shifted", *STRATIFIED])
@A_FEW
@given(seed=seeds, more=st.integers(0, 9))
def test_a_sample_is_the_start_of_the_larger_one_in_every_part(select, name, seed, more):
    plan = PLANS[name]
    wanted = {part: min(n + more, plan.sizes[part]) for part, n in plan.wanted.items()}
    larger = Plan(plan.design, plan.stratified_by, plan.sizes, wanted, shift=plan.shift)
    drawn = select(ROWS, larger, seed)
    small = [unit for unit in drawn if unit.order <= plan.wanted[unit.part]]
    assert small == select(ROWS, plan, seed)


# The same register in other formats, in one series

NAMES = ["Id", "Datum", "Enhet", "Handläggare", "Belopp"]
UNITS = [
    (f"{n:04}", f"{MONTHS[n % 2]}-10", UNITS_OF_STAFF[n % 3], f"hl{n % 5}", f"{100 + n % 11 * 7},5") for n in range(90)
]
READ = {
    "month_column": "Datum",
    "unit_column": "Enhet",
    "handler_column": "Handläggare",
    "kept_columns": ["Belopp"],
    "period": "2021-03-01/2021-05-01",
}
REQUESTS = [
    {"n": 9},
    {"design": "stratified", "stratify_by": ["month", "unit"], "per_stratum": 2},
    {"design": "per_group", "per_group": 2},
    {"design": "systematic", "sort_key": "Belopp", "interval": 9},
    {"design": "pps", "size_column": "Belopp", "n": 8},
]


def as_workbook(rows):
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate([NAMES, *rows]):
        sheet.write_row(number, 0, row)
    book.close()
    return target.getvalue()


def as_parquet(rows, folder):
    file = folder / "register.parquet"
    columns = ", ".join(f'unnest(${place}) AS "{name}"' for place, name in enumerate(NAMES, 1))
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE r AS SELECT {columns}", [list(column) for column in zip(*rows, strict=True)])
        connection.execute(f"COPY r TO '{file}' (FORMAT parquet)")
    return file.read_bytes()


async def test_the_format_of_the_register_changes_nothing(sampler, tmp_path):
    shuffled = random.Random(1).sample(UNITS, len(UNITS))
    text = register(";".join(NAMES), UNITS)
    contents = {
        "semicolons": text.encode(),
        "tabs": register("\t".join(NAMES), [["\t".join(row)] for row in shuffled]).encode("utf-16"),
        "windows": register(";".join(NAMES), shuffled).encode("windows-1252"),
        "workbook": as_workbook(shuffled),
        "parquet": as_parquet(UNITS, tmp_path),
    }
    first = await sampler.freeze(contents.pop("semicolons"), frame_name="semicolons", **READ)
    for name, content in contents.items():
        frame = await sampler.freeze(content, frame_name=name, series=first["series"], **READ)
        assert (frame["size"], frame["series"]) == (90, first["series"])
    for request in REQUESTS:
        expected = await drawn_cases(sampler, "semicolons", request)
        assert len(expected) > 5
        for name in contents:
            assert (name, await drawn_cases(sampler, name, request)) == (name, expected)


async def drawn_cases(sampler, frame, request):
    draw = await sampler.drawn(frame=frame, seed=SEED, **request)
    told = ("case", "order", "month", "stratum", "unit", "handler", "inclusion_probability")
    return [{name: case[name] for name in told} for case in await sampler.cases(draw["draw"])]
