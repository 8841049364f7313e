"""The golden values of the drawing rule: they may never change."""

from hypothesis import given
from hypothesis import strategies as st

from stickprov_sampler.domain.draw.ticket import ALGORITHM, ticket

SEED = "13824381127973166541"


def test_the_golden_ticket_is_what_it_always_was():
    assert ticket(SEED, "SN-2025-0217864") == "00000a62e171aa768f21f790ab83a3abbe54f1de6c156dd2ac2fe14b2d4b0f39"


def test_the_four_smallest_of_the_first_ten_ids_are_5_9_3_8():
    ids = [f"SN-2025-{number:07}" for number in range(10)]
    smallest = sorted(ids, key=lambda case: ticket(SEED, case))[:4]
    assert [int(case[-1]) for case in smallest] == [5, 9, 3, 8]


def test_no_id_of_a_million_has_a_smaller_ticket_than_the_golden_one():
    ids = (f"SN-2025-{number:07}" for number in range(1_000_000))
    assert min(ids, key=lambda case: ticket(SEED, case)) == "SN-2025-0217864"


def test_the_rule_has_a_version():
    assert ALGORITHM == "ticket-sha256-v1"


@given(seed=st.text("0123456789abcdef", min_size=20, max_size=64), case=st.text("0123456789abcdef", max_size=64))
def test_tickets_compared_as_text_are_in_the_order_of_their_numbers(seed, case):
    one, other = ticket(seed, case), ticket(seed, case + "0")
    assert (one < other) == (int(one, 16) < int(other, 16))
