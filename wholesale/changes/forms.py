"""The forms of a change order."""

from decimal import Decimal

from wtforms.validators import Length, Optional

from wholesale.web.forms import AmountField, BlockField, DayField, Form, LineField

SHORT = Length(max=500, message="It has 500 characters at most.")


class ReasonForm(Form):
    """Why an order changes."""

    reason = LineField("Why does it change?", [SHORT])


class TermsForm(Form):
    """What a change says besides its rows."""

    requested_delivery = DayField("Delivery", [Optional()])
    discount_percent = AmountField("Discount %", limit=Decimal(100))
    freight = AmountField("Freight")
    shipping_address = BlockField(
        "Ship to", [Length(max=1000, message="An address has 1,000 characters at most.")]
    )
    notes = BlockField("Notes", [Length(max=5000, message="Notes have 5,000 characters at most.")])


class ApplyForm(Form):
    """Who of the customer agreed, and how one knows."""

    accepted_by = LineField("Who of the customer agreed", [SHORT])
    acceptance = LineField("How do you know?", [SHORT])
