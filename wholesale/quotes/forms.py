"""The forms of a quote, and what the list can be filtered by."""

from decimal import Decimal
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, Length, Optional, ValidationError
from wtforms.widgets import HiddenInput

from wholesale.core.stages import Stage
from wholesale.quotes.workflow import QuoteStatus
from wholesale.web.forms import (
    AmountField,
    BlockField,
    DayField,
    EntryForm,
    FilterForm,
    Form,
    KeyField,
    LineField,
    chosen,
    enum_choices,
    whole_number,
)


class LinkDays(Stage):
    """For how many days a customer's link is good."""

    WEEK = "7", "7 days"
    MONTH = "30", "30 days"
    QUARTER = "90", "90 days"


class Decision(Stage):
    """What a customer may decide."""

    ACCEPTED = "accepted", "Accept"
    REJECTED = "rejected", "Decline"


LONG = Length(max=5000, message="It has 5,000 characters at most.")


class QuoteForm(Form):
    """What a quote says besides its lines."""

    name = LineField("Name", [Length(max=200, message="A name has 200 characters at most.")])
    contact_id = SelectField("Contact", [Optional()], coerce=whole_number)
    valid_until = DayField("Valid until", [Optional()])
    requested_delivery = DayField("Delivery", [Optional()])
    discount_percent = AmountField("Discount %", limit=Decimal(100))
    discount_amount = AmountField("Discount, amount")
    tax_percent = AmountField("Tax %", limit=Decimal(100))
    freight = AmountField("Freight")
    terms = BlockField("Terms", [LONG])
    notes = BlockField("Notes to the customer", [LONG])
    shipping_address = BlockField(
        "Ship to", [Length(max=1000, message="An address has 1,000 characters at most.")]
    )
    internal_notes = BlockField("Internal notes", [LONG])

    def validate_discount_amount(self, field: Any) -> None:
        """Refuse a percentage and an amount at once: which one counts would be a guess."""
        if field.data and self.discount_percent.data:
            raise ValidationError("Give a percentage or an amount, not both.")


class StepForm(Form):
    """A step of the workflow and the revision it was seen at; who decided, and why."""

    step = LineField(validators=[DataRequired()])
    seen = LineField(validators=[DataRequired()])
    name = LineField("Who decided", [Length(max=200, message="A name has 200 characters at most.")])
    reason = LineField("How", [Length(max=500, message="It has 500 characters at most.")])


class LinkForm(EntryForm):
    """For how many days a customer's link is good."""

    days = SelectField("Good for", choices=enum_choices(LinkDays))
    mail = BooleanField("Mail it to the contact")


class DecisionForm(Form):
    """What the customer decides, of which content, and the name that stands as a signature."""

    decision = RadioField(choices=enum_choices(Decision))
    seen = HiddenField()
    name = LineField("Your name", [Length(max=200, message="A name has 200 characters at most.")])
    remark = BlockField("Remark", [Length(max=1000, message="It has 1,000 characters at most.")])


class QuoteFilter(FilterForm):
    """Words, status, salesperson, customer, and what waits for somebody."""

    q = LineField("Search quotes", [Length(max=200)])
    status = SelectMultipleField("Status", choices=enum_choices(QuoteStatus), filters=[chosen])
    salesperson = SelectField("Salesperson", [Optional()], coerce=whole_number)
    organization = KeyField("Customer", [Optional()], widget=HiddenInput())
    expiring = BooleanField("Expires within 7 days")
    to_order = BooleanField("Accepted, to be ordered")
