"""The forms of customers, and what their list can be filtered by."""

from decimal import Decimal

from wtforms import BooleanField, SelectField
from wtforms.validators import DataRequired, Length, Optional

from wholesale.customers.models import ClientType, Tier
from wholesale.web.forms import (
    AmountField,
    BlockField,
    EmailLine,
    FilterForm,
    Form,
    LineField,
    enum_choices,
    usable_email,
    whole_number,
)

NAME = [
    DataRequired("Enter a name."),
    Length(max=200, message="A name has 200 characters at most."),
]
SHORT = Length(max=100, message="This takes 100 characters at most.")


class OrganizationFilter(FilterForm):
    """Words, client type, and whether to show what was put away."""

    q = LineField("Search customers", [Length(max=200)])
    client_type = SelectField(
        "Client type", [Optional()], choices=enum_choices(ClientType, "Any type")
    )
    archived = BooleanField("Archived")


class ContactFilter(FilterForm):
    """Words."""

    q = LineField("Search contacts", [Length(max=200)])


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


class NewOrganizationForm(DetailsForm, AddressForm):
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
