"""The forms of an order, and what the list can be filtered by."""

from typing import Any

from wtforms import BooleanField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, Length, Optional, ValidationError
from wtforms.widgets import HiddenInput

from wholesale.orders.statuses import OPEN, OrderStatus, Priority
from wholesale.web.forms import (
    BlockField,
    DayField,
    FilterForm,
    Form,
    KeyField,
    KeysField,
    LineField,
    MonthField,
    chosen,
    chosen_few,
    enum_choices,
    whole_number,
)

MOST = 200  # orders at once
ASSIGN, PRIORITY, EXPORT = "assign", "priority", "export"
ARCHIVE, RESTORE = "archive", "restore"
LIST, BOARD, CALENDAR = "list", "board", "calendar"


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


class BulkForm(Form):
    """Chosen orders, and what is to be done to each."""

    ids = KeysField("Orders", [chosen_few(MOST, "orders")])
    action = SelectField("Action", choices=[ASSIGN, PRIORITY, EXPORT, ARCHIVE, RESTORE])
    salesperson = SelectField("Salesperson", [Optional()], coerce=whole_number)
    priority = SelectField("Priority", [Optional()], choices=enum_choices(Priority))

    def validate_action(self, field: Any) -> None:
        """Want the value that the action writes."""
        if field.data == ASSIGN and not self.salesperson.data:
            raise ValidationError("Choose a salesperson.")
        if field.data == PRIORITY and not self.priority.data:
            raise ValidationError("Choose a priority.")

    @property
    def values(self) -> dict[str, Any]:
        """What is to be written to each order."""
        if self.action.data in (ARCHIVE, RESTORE):
            return {"is_archived": self.action.data == ARCHIVE}
        if self.action.data == ASSIGN:
            return {"salesperson_id": self.salesperson.data}
        return {"priority": self.priority.data}

    @property
    def words(self) -> str:
        """What was done, to be read after how many orders it was done to."""
        if self.action.data in (ARCHIVE, RESTORE):
            return "now archived" if self.action.data == ARCHIVE else "back in the list"
        field = self.salesperson if self.action.data == ASSIGN else self.priority
        choices = [c for c in field.choices or [] if str(c.value) == str(field.data)]
        label = choices[0].label if choices else ""
        return f"now {label}’s" if self.action.data == ASSIGN else f"of {label.lower()} priority"


class OrderFilter(FilterForm):
    """What narrows orders down, the same in all views; and which view, of which month."""

    q = LineField("Search orders", [Length(max=200)])
    status = SelectMultipleField("Status", choices=enum_choices(OrderStatus), filters=[chosen])
    salesperson = SelectField("Salesperson", [Optional()], coerce=whole_number)
    organization = KeyField("Customer", [Optional()], widget=HiddenInput())
    product = KeyField("Product", [Optional()], widget=HiddenInput())
    placed_from = DayField("Placed from", [Optional()])
    placed_to = DayField("to", [Optional()])
    delivery_from = DayField("Delivery from", [Optional()])
    delivery_to = DayField("to", [Optional()])
    undated = BooleanField("Without a delivery day")
    open = BooleanField("Open")
    late = BooleanField("Late")
    sold = BooleanField("Not cancelled")
    archived = BooleanField("Archived")
    view = SelectField("View", [Optional()], choices=[LIST, BOARD, CALENDAR])
    month = MonthField("Month", [Optional()])

    @property
    def stages(self) -> list[OrderStatus]:
        """The columns of the board: the open statuses, unless others are asked for."""
        return [stage for stage in OrderStatus if stage in (self.status.data or OPEN)]

    @property
    def shown_view(self) -> str:
        """Which view to show: the list, unless another one is asked for."""
        return self.view.data if self.view.data in (BOARD, CALENDAR) else LIST

    @property
    def days(self) -> int:
        """How many of the filters by days are set."""
        fields = [self.placed_from, self.placed_to, self.delivery_from, self.delivery_to]
        return sum(bool(field.data) for field in [*fields, self.undated])
