"""Fields of the catalog's forms: counts, parts of a ratio, sizes, and one field per size."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from wtforms import IntegerField
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import TextInput

from wholesale.core.text import clean_line
from wholesale.web.forms import AmountField, Form, LineField

SKU = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
TAKEN_ADDRESSES = ("new",)
LARGEST_SURCHARGE = Decimal("99999.99")
MOST_SIZES, LONGEST_SIZE = 40, 20


def usable_sku(_: Any, field: Any) -> None:
    """Refuse what cannot stand in an address; an imported SKU may stay as it is."""
    if field.data == field.object_data:
        return
    if not SKU.fullmatch(field.data):
        raise ValidationError(
            "A SKU has letters, digits, “-”, “_” and “.”, 60 at most,"
            " and begins with a letter or digit."
        )
    if field.data.casefold() in TAKEN_ADDRESSES:
        raise ValidationError(f"“{field.data}” cannot be a SKU: it is an address of its own.")


def more_than_zero(_: Any, field: Any) -> None:
    """Refuse a missing price, and one that is not positive."""
    if field.process_errors:
        raise StopValidation
    if field.data is None:
        raise StopValidation("Enter a price.")
    if field.data <= 0:
        raise ValidationError("A price is more than zero.")


class ExtraField(AmountField):
    """What one size costs more; a form that does not have the field leaves it as it is."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the amount. Raises ValueError with the sentence to show."""
        if valuelist:
            super().process_formdata(valuelist)


class CountField(IntegerField):
    """A whole number within its bounds, with thousands commas if one likes."""

    widget = TextInput()

    def __init__(self, label: str, low: int, high: int, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.low, self.high = low, high

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number. Raises ValueError with the sentence to show."""
        if not valuelist:
            return
        self.data = None
        text = valuelist[0].strip().replace(",", "")
        is_number = text.isascii() and text.isdigit() and len(text) <= 9
        if not is_number or not self.low <= int(text) <= self.high:
            raise ValueError(f"Enter a whole number from {self.low:,} to {self.high:,}.")
        self.data = int(text)


class PartField(CountField):
    """A part of a ratio; an empty one is none."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the part. Raises ValueError with the sentence to show."""
        if valuelist and valuelist[0].strip() in ("", "0"):
            self.data = None
        else:
            super().process_formdata(valuelist)


class SizesField(LineField):
    """Sizes in their order, divided by commas or lines; held as one line with commas."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the sizes. Raises ValueError with the sentence to show."""
        if not valuelist:
            return
        parts = re.split(r"[,\n\r;]", valuelist[0])
        sizes = [size for part in parts if (size := clean_line(part))]
        self.data = ", ".join(sizes)
        twice = {size for size in sizes if [s.casefold() for s in sizes].count(size.casefold()) > 1}
        if not sizes:
            raise ValueError("Enter at least one size.")
        if len(sizes) > MOST_SIZES:
            raise ValueError(f"A run has {MOST_SIZES} sizes at most; these are {len(sizes)}.")
        if any(len(size) > LONGEST_SIZE for size in sizes):
            raise ValueError(f"A size has {LONGEST_SIZE} characters at most.")
        if twice:
            raise ValueError(f"Twice in the run: {', '.join(sorted(twice))}.")

    @property
    def sizes(self) -> list[str]:
        """The sizes of a field that was found valid."""
        return self.data.split(", ")


def sized(form: type[Form], prefix: str, sizes: Sequence[str], make: Callable[..., Any]) -> Any:
    """Return ``form`` with a field ``<prefix>.<size>`` for each size."""
    fields = {
        f"{prefix}.{size}": make(size, id=f"{prefix}-{place}") for place, size in enumerate(sizes)
    }
    return type(form.__name__, (form,), fields)


def surcharge_field(size: str, **kwargs: Any) -> Any:
    """Return the field for what one size costs more."""
    return ExtraField(size, limit=LARGEST_SURCHARGE, **kwargs)


def part_field(size: str, **kwargs: Any) -> Any:
    """Return the field for one size's part of a prepack."""
    return PartField(size, 0, 999, **kwargs)


def sized_fields(form: Any, prefix: str) -> dict[str, Any]:
    """Return size → field of those that ``sized`` added, in their order."""
    start = f"{prefix}."
    return {
        name.removeprefix(start): f for name, f in form._fields.items() if name.startswith(start)
    }
