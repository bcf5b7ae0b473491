"""What the customers' list can be filtered by."""

from wtforms import SelectField
from wtforms.validators import Length, Optional

from wholesale.customers.models import ClientType
from wholesale.web.forms import FilterForm, LineField, enum_choices


class OrganizationFilter(FilterForm):
    """Words and client type."""

    q = LineField("Search customers", [Length(max=200)])
    client_type = SelectField(
        "Client type",
        [Optional()],
        choices=enum_choices(ClientType, "Any type"),
    )
