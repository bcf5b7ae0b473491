"""The forms of the catalog, and what its list can be filtered by."""

from decimal import Decimal
from typing import Any

from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, SelectField
from wtforms.validators import DataRequired, Length, Optional, ValidationError
from wtforms.widgets import HiddenInput

from wholesale.catalog.fields import CountField, SizesField, more_than_zero, usable_sku
from wholesale.catalog.models import Decoration
from wholesale.web.forms import (
    AmountField,
    BlockField,
    EntryForm,
    FilterForm,
    Form,
    KeyField,
    LineField,
    enum_choices,
    whole_number,
)

LARGEST_PRICE = Decimal("999999.99")
NAME = [
    DataRequired("Enter a name."),
    Length(max=200, message="A name has 200 characters at most."),
]
DESCRIPTION = [Length(max=5000, message="A description has 5,000 characters at most.")]


class ProductFilter(FilterForm):
    """Words, category, decoration, and whether to show what was put away."""

    q = LineField("Search products", [Length(max=200)])
    category = SelectField("Category", [Optional()], coerce=whole_number)
    decoration = SelectField(
        "Decoration", [Optional()], choices=enum_choices(Decoration, "Any decoration")
    )
    size_run = KeyField("Size run", [Optional()], widget=HiddenInput())
    archived = BooleanField("Archived")
    is_similar = False  # nothing holds the words: what resembles them is shown


class CategoryForm(EntryForm):
    """A shelf of the catalog."""

    name = LineField("Name", NAME)
    parent_id = SelectField("Within", [Optional()], coerce=whole_number)
    description = BlockField("Description", DESCRIPTION)


class DetailsForm(Form):
    """What a product is."""

    sku = LineField("SKU", [DataRequired("Enter a SKU."), usable_sku])
    name = LineField("Name", NAME)
    category_id = SelectField("Category", coerce=whole_number)
    description = BlockField("Description", DESCRIPTION)

    def validate_category_id(self, field: Any) -> None:
        """Refuse a product on no shelf."""
        if field.data is None:
            raise ValidationError("Choose a category.")


class TermsForm(Form):
    """On what terms a product is sold and made."""

    base_price = AmountField("Base price", limit=LARGEST_PRICE, validators=[more_than_zero])
    min_quantity = CountField("Minimum quantity", 1, 1_000_000, default=1)
    order_multiple = CountField("Order multiple", 1, 100_000, default=1)
    lead_time_days = CountField("Lead time (days)", 0, 3650, default=14)
    decoration = SelectField("Decoration", choices=enum_choices(Decoration, "None"))


class SizesForm(Form):
    """Which sizes a product comes in; ``sized`` adds a surcharge field per size."""

    size_run_id = SelectField("Size run", coerce=whole_number)
    drop = BooleanField("Drop them")

    def validate_size_run_id(self, field: Any) -> None:
        """Refuse a product without sizes."""
        if field.data is None:
            raise ValidationError("Choose a size run.")


class NewProductForm(DetailsForm, TermsForm, SizesForm, EntryForm):
    """A new product."""


class CopyForm(EntryForm):
    """What a copy of a product is called."""

    sku = LineField("New SKU", [DataRequired("Enter a SKU."), usable_sku])
    name = LineField("Name", NAME)


class SizeRunForm(EntryForm):
    """A size run."""

    name = LineField("Name", NAME)
    sizes = SizesField("Sizes, in their order")


class PrepackForm(EntryForm):
    """A named ratio; ``sized`` adds a field per size."""

    name = LineField("Name", NAME)


class ImageForm(Form):
    """What a picture shows."""

    alt_text = LineField("What it shows", [Length(max=200, message="200 characters at most.")])
    variant_id = SelectField("Colour", [Optional()], coerce=whole_number)


class UploadForm(Form):
    """Pictures to add."""

    files = MultipleFileField("Pictures")
