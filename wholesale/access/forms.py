"""Forms of the permissions page."""

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from wholesale.access.matrix import Scope
from wholesale.web.forms import Form, LineField

SCOPES = [SelectChoice(scope.value, scope.value.capitalize()) for scope in Scope]


class ScopeForm(Form):
    """One cell of the matrix."""

    permission = LineField(validators=[InputRequired()])
    scope = SelectField(choices=SCOPES)


class RoleForm(Form):
    """A new role."""

    name = LineField("Name", [DataRequired("Give the role a name."), Length(max=40)])
    label = LineField("Label", [Length(max=60)])
