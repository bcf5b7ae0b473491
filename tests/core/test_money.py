"""Money: what people type, and rounding half up."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholesale.core.money import cents, from_float, parse_amount


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("12", "12.00"),
        ("12.5", "12.50"),
        ("12,50", "12.50"),
        ("1,200", "1200.00"),
        ("1,200.50", "1200.50"),
        ("1.200,50", "1200.50"),
        (" $ 3.00 ", "3.00"),
        ("0", "0.00"),
    ],
)
def test_amounts_are_read_as_people_type_them(typed: str, amount: str):
    assert parse_amount(typed) == Decimal(amount)


@pytest.mark.parametrize("typed", ["", "abc", "-1", "1.234", "1e3x", "NaN", "Infinity", "1" * 20])
def test_what_is_no_amount_is_refused_with_a_sentence(typed: str):
    with pytest.raises(ValueError, match=r"\.$"):
        parse_amount(typed)


def test_floats_become_the_price_they_stood_for():
    assert from_float("9.80000019") == Decimal("9.80")
    assert from_float("34.7999992") == Decimal("34.80")


@given(st.decimals("0", "1000000", places=3))
def test_rounding_goes_half_up(amount: Decimal):
    assert abs(cents(amount) - amount) <= Decimal("0.005")
    if amount * 1000 % 10 == 5:
        assert cents(amount) > amount
