"""The forms of price lists and their entries, and what their lists can be filtered by."""

from decimal import Decimal
from typing import Any

from wtforms import BooleanField, SelectField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from wholesale.catalog.fields import CountField
from wholesale.customers.models import Tier
from wholesale.web.forms import (
    AmountField,
    DayField,
    FilterForm,
    Form,
    KeyField,
    LineField,
    enum_choices,
)

MOST_UNITS = 999_999


def above_zero(_: Any, field: Any) -> None:
    """Refuse a price of zero; a validator for ``AmountField``."""
    if field.data is not None and field.data <= 0:
        raise ValidationError("A price is more than zero.")


class PriceListFilter(FilterForm):
    """Words, a customer, and whether to show what was put away."""

    q = LineField("Search price lists", [Length(max=200)])
    organization = KeyField("Customer", [Optional()])
    archived = BooleanField("Archived")


class EntryFilter(FilterForm):
    """Words."""

    q = LineField("Search prices", [Length(max=200)])


class PricesFilter(FilterForm):
    """Whose prices, and at which quantity."""

    q = LineField("Customer", [Length(max=200)])
    organization = KeyField("Customer", [Optional()])
    tier = SelectField("Price tier", [Optional()], choices=enum_choices(Tier, "List price"))
    quantity = CountField("Units of the style", 0, MOST_UNITS, validators=[Optional()])


class PriceListForm(Form):
    """What a price list says besides its prices."""

    name = LineField(
        "Name",
        [
            DataRequired("Enter a name."),
            Length(max=200, message="A name has 200 characters at most."),
        ],
    )
    percent_off = AmountField("Percent off the list price", limit=Decimal("99.99"))
    valid_from = DayField("Valid from", [Optional()])
    valid_to = DayField("Valid to", [Optional()])

    def validate_valid_to(self, field: Any) -> None:
        """Refuse an end before the beginning."""
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError("The last day lies before the first.")


class NewPriceListForm(PriceListForm):
    """A new price list, of a tier or of one customer."""

    tier = SelectField("Price tier", [Optional()], choices=enum_choices(Tier))
    organization_id = KeyField("Customer", [Optional()])


class PriceEntryForm(Form):
    """A price and the quantity from which it counts."""

    min_quantity = CountField("From units", 1, MOST_UNITS)
    price = AmountField("Price", validators=[InputRequired("Enter a price."), above_zero])


class NewPriceEntryForm(PriceEntryForm):
    """A new price: of a product by its SKU, or of one variant by its code."""

    code = LineField(
        "SKU or variant code",
        [DataRequired("Enter a SKU or a variant code."), Length(max=100)],
    )
