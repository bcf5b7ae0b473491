"""What differs between two contents is named once, in words, and nothing else is."""

from typing import Any

from wholesale.lines.comparison import Change, changes


def content(**row: Any) -> dict[str, Any]:
    """Return a content of one row of navy jerseys."""
    of_row = {"code": "J-NAVY", "label": "Navy", "quantities": {"M": 12}, "unit_price": "20.00"}
    of_row |= {"dearer": {}, "discount_percent": "0.00", "notes": "", **row}
    return {"name": "Kit", "styles": [{"name": "Jersey", "rows": [of_row]}], "total": "240.00"}


def test_the_same_content_has_no_changes():
    assert changes(content(), content()) == []


def test_a_size_is_added_at_what_it_costs_and_that_is_no_change_of_price():
    after = content(quantities={"M": 12, "2XL": 2}, dearer={"2XL": "22.00"})
    assert changes(content(), after) == [Change("Jersey, Navy 2XL", "", "2")]


def test_another_up_charge_is_a_price_of_its_size():
    before = content(quantities={"2XL": 2}, dearer={"2XL": "22.00"})
    after = content(quantities={"2XL": 2}, dearer={"2XL": "23.00"})
    assert changes(before, after) == [Change("Jersey, Navy 2XL, price", "22.00", "23.00")]
    assert changes(after, content(quantities={"2XL": 2})) == [
        Change("Jersey, Navy 2XL, price", "23.00", "20.00")
    ]


def test_another_price_is_said_once_for_the_row():
    before = content(quantities={"2XL": 2}, dearer={"2XL": "22.00"})
    after = content(quantities={"2XL": 2}, unit_price="18.00", dearer={"2XL": "20.00"})
    assert changes(before, after) == [Change("Jersey, Navy, price", "20.00", "18.00")]


def test_rows_that_came_or_went_are_named_with_their_units():
    empty = content() | {"styles": []}
    assert changes(empty, content()) == [Change("Jersey, Navy", "", "M 12 at 20.00")]
    assert changes(content(), empty) == [Change("Jersey, Navy", "M 12 at 20.00", "")]
