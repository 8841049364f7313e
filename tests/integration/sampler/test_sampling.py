"""What the engine draws is what the rule says, however the frame file is cut, ordered or extended."""

from collections import Counter
from hashlib import sha256

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stickprov_sampler.adapters.draws.sampling import Sampling
from stickprov_sampler.domain.draw.plan import Plan
from stickprov_sampler.domain.draw.ticket import ticket

A_FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
seeds = st.text("0123456789abcdef", min_size=20, max_size=64)


def units_of(*sizes):
    """Return (case, month, stratum) of so many units in each of some strata."""
    return [
        (sha256(f"{stratum} {number}".encode()).hexdigest(), "2021-03", f"S{stratum}")
        for stratum, size in enumerate(sizes)
        for number in range(size)
    ]


UNITS = units_of(40, 7, 90, 1)


@pytest.fixture
def select(tmp_path):
    def select_from(units, plan, seed, row_group=2048):
        file = tmp_path / "frame.parquet"
        with duckdb.connect() as connection:
            connection.execute(
                "CREATE TABLE frame AS SELECT unnest($1) AS case_id, unnest($2) AS month, unnest($3) AS stratum",
                [list(column) for column in zip(*units, strict=True)],
            )
            connection.execute(
                "COPY (SELECT *, '' AS unit, NULL::VARCHAR AS handler, 2 AS subunits FROM frame) "
                f"TO '{file}' (FORMAT parquet, ROW_GROUP_SIZE {row_group})"
            )
        return Sampling(tmp_path, "128MB").select(file, plan, seed)

    return select_from


def simple(n):
    return Plan("simple", (), {"": len(UNITS)}, {"": n})


def stratified(**wanted):
    return Plan("stratified", ("stratum",), Counter(stratum for _, _, stratum in UNITS), wanted)


@A_FEW
@given(seed=seeds, n=st.integers(1, len(UNITS)))
def test_a_simple_sample_is_the_smallest_tickets(select, seed, n):
    expected = sorted((ticket(seed, case), case) for case, _, _ in UNITS)[:n]
    drawn = select(UNITS, simple(n), seed)
    assert [(unit.ticket, unit.case) for unit in drawn] == expected
    assert [unit.order for unit in drawn] == list(range(1, n + 1))


@A_FEW
@given(seed=seeds, n0=st.integers(0, 40), n1=st.integers(0, 7), n2=st.integers(0, 90), n3=st.integers(0, 1))
def test_a_stratified_sample_is_the_smallest_tickets_of_each_stratum(select, seed, n0, n1, n2, n3):
    wanted = {"S0": n0, "S1": n1, "S2": n2, "S3": n3}
    expected = [
        (stratum, order, case)
        for stratum, n in wanted.items()
        for order, (_, case) in enumerate(
            sorted((ticket(seed, case), case) for case, _, of in UNITS if of == stratum)[:n], start=1
        )
    ]
    drawn = select(UNITS, stratified(**wanted), seed)
    assert [(unit.stratum, unit.order, unit.case) for unit in drawn] == expected


def test_a_part_with_fewer_small_tickets_than_its_size_promises_is_drawn_all_the_same(select):
    units = units_of(2000, 5)
    promising_too_much = Plan("stratified", ("stratum",), {"S0": 2_000_000, "S1": 5}, {"S0": 4, "S1": 2})
    right = Plan("stratified", ("stratum",), {"S0": 2000, "S1": 5}, {"S0": 4, "S1": 2})
    assert select(units, promising_too_much, "a" * 20) == select(units, right, "a" * 20)
    assert Counter(unit.stratum for unit in select(units, right, "a" * 20)) == {"S0": 4, "S1": 2}


def test_the_sizes_of_a_file_are_counted_by_stratum_and_month(select, tmp_path):
    select(UNITS, simple(1), "a" * 20)
    sizes = Sampling(tmp_path, "128MB").sizes(tmp_path / "frame.parquet")
    assert [(cell.stratum, cell.month, cell.size) for cell in sizes] == [
        ("S0", "2021-03", 40),
        ("S1", "2021-03", 7),
        ("S2", "2021-03", 90),
        ("S3", "2021-03", 1),
    ]


def test_nothing_is_left_of_the_work(select, tmp_path):
    select(UNITS, simple(1), "a" * 20)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["frame.parquet"]
