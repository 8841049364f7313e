from decimal import Decimal

import pytest

from stickprov_client.language.typed_shares import share_of


@pytest.mark.parametrize("text", ["5%", "5 %", "5\N{NO-BREAK SPACE}%", "0,05", "0.05", " 5,0 % ", "5.00%"])
def test_a_share_is_read_in_every_way_people_write_it(text):
    assert share_of(text) == Decimal("0.05")


@pytest.mark.parametrize("text", ["", "five", "5", "1,5", "105 %", "-5 %", "5 % %", "0,0,5", "1e-2"])
def test_what_is_no_share_is_refused_with_two_ways_to_write_one(text):
    with pytest.raises(ValueError, match=r"5% or 0\.05"):
        share_of(text)


def test_a_share_is_exact():
    assert share_of("3,5 %") * 400 == 14
