"""What the trail can be filtered by."""

from wtforms.validators import Length, Optional

from wholesale.web.forms import DayField, FilterForm, LineField


class AuditFilter(FilterForm):
    """Person, record, action and days."""

    user = LineField("Person", [Length(max=200)])
    record = LineField("Record", [Length(max=200)])
    action = LineField("Action", [Length(max=100)])
    since = DayField("From", [Optional()])
    until = DayField("to", [Optional()])
