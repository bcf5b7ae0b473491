"""The forms of leads, and what board and list can be filtered by."""

from typing import Any

from wtforms import BooleanField, HiddenField, IntegerField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)
from wtforms.widgets import HiddenInput

from wholesale.customers.models import ActivityKind, ClientType
from wholesale.leads.queries import MINE, NOBODYS
from wholesale.leads.workflow import LeadStage
from wholesale.web.forms import (
    AmountField,
    BlockField,
    DayField,
    EmailLine,
    EntryForm,
    FilterForm,
    Form,
    KeyField,
    LineField,
    chosen,
    enum_choices,
    usable_email,
    whole_number,
)

SHORT = Length(max=100, message="This takes 100 characters at most.")
LONG = Length(max=5000, message="This takes 5,000 characters at most.")
NAME = Length(max=200, message="A name has 200 characters at most.")
SCORE = NumberRange(0, 100, "A score goes from 0 to 100.")
BOARD, LIST = "board", "list"
OWNERS = [
    SelectChoice("", "Anybody"),
    SelectChoice(MINE, "Mine"),
    SelectChoice(NOBODYS, "Unclaimed"),
]


class LeadFilter(FilterForm):
    """Words, owner, stage, customer, stale, overdue, archived; and as a board or as a list."""

    q = LineField("Search leads", [Length(max=200)])
    owner = SelectField("Owner", [Optional()], choices=OWNERS)
    stage = SelectMultipleField("Stage", choices=enum_choices(LeadStage), filters=[chosen])
    stale = BooleanField("Stale")
    overdue = BooleanField("Step overdue")
    archived = BooleanField("Archived")
    organization = KeyField("Customer", [Optional()], widget=HiddenInput())
    view = SelectField("View", [Optional()], choices=[BOARD, LIST])

    @property
    def stages(self) -> list[LeadStage]:
        """The columns of the board."""
        wanted = self.stage.data or []
        return [stage for stage in LeadStage if stage in wanted or not wanted]


class WhoForm(Form):
    """Somebody who is no customer yet."""

    company = LineField("Company", [DataRequired("Enter a company."), NAME])
    person = LineField("Person", [NAME])
    email = EmailLine("E-mail", [Length(max=254), usable_email])
    phone = LineField("Phone", [SHORT])
    city = LineField("City", [SHORT])
    region = LineField("State or region", [SHORT])
    client_type = SelectField(
        "Client type", [Optional()], choices=enum_choices(ClientType, "Not known")
    )


class ContactForm(Form):
    """Whom to talk to at a customer."""

    contact_id = SelectField("Contact", [Optional()], coerce=whole_number)


class WhatForm(Form):
    """What it is about and how much it may come to."""

    name = LineField("What it is about", [DataRequired("Enter what it is about."), NAME])
    value = AmountField("Value")
    score = IntegerField("Score", [Optional(), SCORE])
    source = LineField("Source", [SHORT])
    notes = BlockField("Notes", [LONG])


class NextForm(Form):
    """What to do next, and by when."""

    next_step = LineField("Next step", [NAME])
    next_step_on = DayField("By", [Optional()])


class NewLeadForm(EntryForm, WhoForm, ContactForm, WhatForm, NextForm):
    """A possible sale to a customer there is, or to somebody described in words."""

    company = LineField("Company", [NAME])
    organization_id = KeyField("Customer", [Optional()], widget=HiddenInput())
    owner_id = SelectField("Owner", [Optional()], coerce=whole_number)

    def validate_company(self, field: Any) -> None:
        """Want a company where no customer was chosen."""
        if not field.data and not self.organization_id.data:
            raise ValidationError("Enter a company, or choose a customer above.")


class MoveForm(Form):
    """Where to, and from which stage the lead was seen in."""

    stage = SelectField("Stage", choices=enum_choices(LeadStage))
    was = HiddenField()


class AssignForm(Form):
    """Who is to have a lead, and who was seen to have it."""

    owner_id = KeyField("Owner", [InputRequired("Choose somebody.")])
    was = KeyField(validators=[Optional()], widget=HiddenInput())


class ActivityForm(EntryForm):
    """What happened, and whether to follow up on it."""

    kind = SelectField("Kind", choices=enum_choices(ActivityKind))
    body = BlockField("What happened", [DataRequired("Enter what happened."), LONG])
    follow_up_on = DayField("Follow up on", [Optional()])
