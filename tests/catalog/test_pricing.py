"""The price engine: its order of steps, and what holds for every price."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import cast, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from wholesale.catalog import pricing
from wholesale.catalog.pricing import Basis, Break, Offer, basis, line_total, price, units
from wholesale.core.money import cents

D = Decimal
LIST = (D("20.00"), "JRS-1")
VIP = Offer("VIP", percent_off=D("10"))

money = st.decimals(D("0.01"), D("9999.99"), places=2)
percents = st.decimals(D(0), D("99.99"), places=2)
quantities = st.integers(0, 5000)
break_steps = st.builds(Break, st.integers(1, 2000), money)
offers = st.builds(Offer, st.just("List"), percents, st.lists(break_steps, max_size=5).map(tuple))
bases = st.builds(lambda m, o: basis(m, "SKU", o), money, st.lists(offers, max_size=3))
sizes = st.sampled_from(["S", "M", "L", "XL", "2XL"])
cells = st.dictionaries(sizes, st.integers(1, 500), max_size=5)
surcharges = st.dictionaries(sizes, st.decimals(D(0), D(20), places=2).map(str), max_size=5)
discounts = st.decimals(D(0), D(100), places=2)


def labels(found: pricing.Price) -> list[str]:
    """Return the words of an explanation."""
    return [step.label for step in found.steps]


def test_without_a_price_list_the_list_price_is_paid():
    found = price(basis(*LIST, []), 500)
    assert found.unit == D("20.00")
    assert labels(found) == ["List price of JRS-1"]


def test_a_lists_percentage_comes_off_the_list_price_and_is_rounded_last():
    found = price(basis(D("19.99"), "JRS-1", [VIP]), 1)
    assert found.unit == D("17.99")
    assert [(step.label, step.price) for step in found.steps] == [
        ("List price of JRS-1", D("19.99")),
        ("Price list VIP: 10 % off", D("17.9910")),
        ("Rounded to the cent", D("17.99")),
    ]


def test_the_most_special_list_that_says_something_counts_alone():
    silent = Offer("Wolverton 2026")
    own = Offer("Wolverton 2027", breaks=(Break(1, D("18.50")),))
    assert price(basis(*LIST, [silent, own, VIP]), 1).unit == D("18.50")
    assert price(basis(*LIST, [silent, VIP]), 1).unit == D("18.00")


def test_a_quantity_break_counts_from_its_quantity_on():
    team = Offer("Team", breaks=(Break(72, D("16")), Break(24, D("18"))))
    of = basis(*LIST, [team])
    assert [price(of, q).unit for q in (1, 23, 24, 71, 72)] == [20, 20, 18, 18, 16]
    assert "from 72 units (80 of the style)" in labels(price(of, 80))[-1]
    assert pricing.next_break(of, 30) == Break(72, D("16"))
    assert pricing.next_break(of, 72) is None


def test_breaks_are_pooled_over_sizes_and_colours():
    assert units([{"S": 10, "M": 20}, {"XL": 42}]) == 72


def test_a_price_of_the_list_itself_takes_the_place_of_the_percentage():
    both = Offer("Both", D("10"), (Break(1, D("19")), Break(50, D("17"))))
    assert price(basis(*LIST, [both]), 1).unit == D("19")


def test_a_break_that_would_make_it_dearer_is_left_out():
    odd = Offer("Odd", breaks=(Break(10, D("25")), Break(20, D("15")), Break(30, D("18"))))
    assert [price(basis(*LIST, [odd]), q).unit for q in (10, 20, 30)] == [20, 15, 15]


def test_a_price_set_by_hand_stands_above_every_list_and_break():
    of = basis(*LIST, [Offer("Team", breaks=(Break(24, D("18")),))])
    found = price(of, 500, override=D("12.34"))
    assert found.unit == D("12.34")
    assert labels(found)[-1] == "Set by hand"


def test_a_gift_costs_nothing():
    assert price(basis(*LIST, []), 1, override=D(0)).unit == 0


def test_the_up_charge_is_per_size_and_the_discount_per_line():
    total = line_total({"M": 10, "2XL": 2}, {"2XL": "2.50"}, D("20"), D("5"))
    assert total == cents((10 * D("20") + 2 * D("22.50")) * D("0.95"))


@given(bases, quantities)
def test_no_price_is_negative(of: Basis, pooled: int):
    found = price(of, pooled)
    assert found.unit >= 0
    assert found.unit == cents(found.unit)


@given(bases, quantities, quantities)
def test_a_larger_quantity_never_costs_more_a_unit(of: Basis, one: int, other: int):
    few, many = sorted((one, other))
    assert price(of, many).unit <= price(of, few).unit


@given(bases, quantities)
def test_the_last_step_is_the_price(of: Basis, pooled: int):
    found = price(of, pooled)
    assert found.steps[-1].price == found.unit


@given(bases, quantities)
def test_what_a_line_keeps_gives_the_same_price_again(of: Basis, pooled: int):
    assert price(Basis.from_json(of.as_json()), pooled) == price(of, pooled)


@given(st.lists(cells, max_size=6), st.randoms())
def test_the_order_of_lines_does_not_matter(lines: list[dict[str, int]], random: object):
    of = basis(*LIST, [Offer("Team", breaks=(Break(24, D("18.01")), Break(72, D("16.99"))))])

    def total(rows: list[dict[str, int]]) -> Decimal:
        unit = price(of, units(rows)).unit
        return sum((line_total(row, {}, unit, D("3")) for row in rows), D(0))

    shuffled = list(lines)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert total(shuffled) == total(lines)


@given(st.lists(st.tuples(cells, surcharges, money, discounts), max_size=6))
def test_printed_lines_are_cents_that_add_up_to_the_printed_total(lines: list[tuple]):
    printed = [line_total(*line) for line in lines]
    assert all(amount == cents(amount) and amount >= 0 for amount in printed)
    exact = sum(
        (
            sum((n * pricing.size_price(unit, s, extra) for s, n in row.items()), D(0))
            * (100 - off)
            / 100
            for row, extra, unit, off in lines
        ),
        D(0),
    )
    assert abs(sum(printed, D(0)) - exact) <= D("0.005") * len(lines)


@given(cells, surcharges, money, discounts)
def test_the_order_of_sizes_does_not_matter(
    row: dict[str, int], extra: dict[str, str], unit: Decimal, off: Decimal
):
    assert line_total(row, extra, unit, off) == line_total(
        dict(reversed(row.items())), extra, unit, off
    )


def test_the_database_computes_lines_as_the_engine_does(session: Session):
    cases = [
        ({"S": 3, "2XL": 7}, {"2XL": "1.25"}, D("19.99"), D("12.5")),
        ({"M": 1}, {}, D("0.01"), D("50")),  # half a cent goes up
        ({"M": 1}, {"M": "0.05"}, D("0.10"), D("10")),
        ({}, {}, D("10"), D("0")),
    ]
    for row, extra, unit, off in cases:
        computed = session.scalar(
            select(func.line_amount(cast(row, JSONB), cast(extra, JSONB), unit, off))
        )
        assert computed == line_total(row, extra, unit, off)
