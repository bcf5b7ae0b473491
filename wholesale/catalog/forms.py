"""What the product list can be filtered by."""

from wtforms import SelectField
from wtforms.validators import Length, Optional

from wholesale.web.forms import FilterForm, LineField, whole_number


class ProductFilter(FilterForm):
    """Words and category."""

    q = LineField("Search products", [Length(max=200)])
    category = SelectField("Category", [Optional()], coerce=whole_number)
