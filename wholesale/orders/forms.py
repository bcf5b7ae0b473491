"""The forms of an order, and what the list can be filtered by."""

from wtforms import BooleanField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from wholesale.orders.workflow import OrderStatus, Priority
from wholesale.web.forms import (
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


class BeginForm(EntryForm):
    """Which customer an order is for."""

    organization_id = KeyField("Customer", [InputRequired("Choose a customer.")])


class DetailsForm(Form):
    """What an order says besides its lines."""

    name = LineField("Name", [Length(max=200, message="A name has 200 characters at most.")])
    contact_id = SelectField("Contact", [Optional()], coerce=whole_number)
    requested_delivery = DayField("Requested delivery", [Optional()])
    priority = SelectField("Priority", choices=enum_choices(Priority))
    shipping_address = BlockField(
        "Ship to", [Length(max=1000, message="An address has 1,000 characters at most.")]
    )
    needs_no_design = BooleanField("Needs no design")
    notes = BlockField("Notes", [Length(max=5000, message="Notes have 5,000 characters at most.")])


class StepForm(Form):
    """A step of the workflow, the status it was seen in, and why."""

    step = LineField(validators=[DataRequired()])
    seen = LineField(validators=[DataRequired()])
    reason = LineField("Reason", [Length(max=500, message="A reason has 500 characters at most.")])


class OrderFilter(FilterForm):
    """Words, status, salesperson, customer, product, the days it was placed, how it stands."""

    q = LineField("Search orders", [Length(max=200)])
    status = SelectMultipleField("Status", choices=enum_choices(OrderStatus), filters=[chosen])
    salesperson = SelectField("Salesperson", [Optional()], coerce=whole_number)
    organization = KeyField("Customer", [Optional()], widget=HiddenInput())
    product = KeyField("Product", [Optional()], widget=HiddenInput())
    placed_from = DayField("Placed from", [Optional()])
    placed_to = DayField("to", [Optional()])
    open = BooleanField("Open")
    late = BooleanField("Late")
    sold = BooleanField("Not cancelled")
