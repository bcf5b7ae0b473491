"""The forms of customers, and what their list can be filtered by."""

from decimal import Decimal

from wtforms import BooleanField, IntegerField, SelectField
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from wholesale.customers.models import ActivityKind, ClientType, Tier
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
    enum_choices,
    usable_email,
    whole_number,
)

NAME = [
    DataRequired("Enter a name."),
    Length(max=200, message="A name has 200 characters at most."),
]
LONGEST = Length(max=200, message="Search for 200 characters at most.")
SHORT = Length(max=100, message="This takes 100 characters at most.")


class OrganizationFilter(FilterForm):
    """Words, client type, and whether to show what was put away."""

    q = LineField("Search customers", [LONGEST])
    client_type = SelectField(
        "Client type", [Optional()], choices=enum_choices(ClientType, "Any type")
    )
    archived = BooleanField("Archived")
    is_similar = False  # nothing holds the words: what resembles them is shown


class ContactFilter(FilterForm):
    """Words, and whether to show those who were put away."""

    q = LineField("Search contacts", [LONGEST])
    archived = BooleanField("Archived")
    is_similar = False


class DetailsForm(Form):
    """Who a customer is and on what terms."""

    name = LineField("Name", NAME)
    reference = LineField("Customer number", [SHORT])
    client_type = SelectField("Client type", choices=enum_choices(ClientType))
    tier = SelectField("Price tier", choices=enum_choices(Tier))
    territory = LineField("Territory", [SHORT])
    phone = LineField("Phone", [SHORT])
    salesperson_id = SelectField("Salesperson", [Optional()], coerce=whole_number)
    discount_percent = AmountField("Discount %", limit=Decimal(100))
    credit_limit = AmountField("Credit limit")
    payment_terms = LineField("Payment terms", [SHORT])
    tax_exempt = BooleanField("Tax exempt")


class AddressForm(Form):
    """Where a customer is."""

    street = BlockField("Street", [Length(max=500)])
    city = LineField("City", [SHORT])
    region = LineField("State or region", [SHORT])
    postal_code = LineField("Postal code", [SHORT])
    country = LineField("Country", [SHORT])


class NewOrganizationForm(EntryForm, DetailsForm, AddressForm):
    """A new customer, with an optional first contact."""

    contact_name = LineField("Contact", [Length(max=200)])
    contact_email = EmailLine("Contact's e-mail", [Length(max=254), usable_email])


class ContactForm(Form):
    """A person at a customer."""

    name = LineField("Name", NAME)
    title = LineField("Role", [SHORT])
    email = EmailLine("E-mail", [Length(max=254), usable_email])
    phone = LineField("Phone", [SHORT])
    is_primary = BooleanField("Primary contact")


class NewContactForm(EntryForm, ContactForm):
    """A new person at a customer."""


class ActivityForm(Form):
    """What somebody did with a customer, and when to go on with it."""

    kind = SelectField("What", choices=enum_choices(ActivityKind))
    body = BlockField(
        "What was said or done",
        [
            DataRequired("Write a line about it."),
            Length(max=5000, message="An entry has 5,000 characters at most."),
        ],
    )
    follow_up_on = DayField("Follow up on", [Optional()])


class NewActivityForm(EntryForm, ActivityForm):
    """A new entry of a timeline."""


class MergeForm(Form):
    """Which customer is merged, and how both stood when the page was opened."""

    other = KeyField("Duplicate", [InputRequired("Choose a customer.")], widget=HiddenInput())
    kept_version = IntegerField(validators=[Optional()], widget=HiddenInput())
    other_version = IntegerField(validators=[Optional()], widget=HiddenInput())
