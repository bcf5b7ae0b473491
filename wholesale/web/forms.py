"""The base of all forms, and fields that read what people type."""

import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Self
from uuid import uuid4

from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    EmailField,
    Field,
    HiddenField,
    IntegerField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import UUID, ValidationError
from wtforms.widgets import TextInput

from wholesale.core.email import normal_email
from wholesale.core.errors import Invalid
from wholesale.core.money import LIMIT, parse_amount
from wholesale.core.text import clean_block, clean_line

LARGEST_KEY = 2**31 - 1


class Form(FlaskForm):
    """A form that carries its own CSRF field."""

    def with_ids(self, section: str) -> Self:
        """Give the fields ids of this section's own, where several forms share a page."""
        for name, field in self._fields.items():
            field.id = f"{section}-{name}"
        return self


class EntryForm(Form):
    """A form that makes a record; with ``key`` a replayed request finds what the first one made."""

    key = HiddenField(
        default=lambda: str(uuid4()), validators=[UUID("This form is too old. Open it anew.")]
    )

    @property
    def entry_key(self) -> uuid.UUID:
        """The key of a form that was found valid."""
        return uuid.UUID(self.key.data)


class FilterForm(FlaskForm):
    """A form over the query string: nothing is changed, so there is no CSRF field."""

    class Meta:
        csrf = False


class LineField(StringField):
    """One line of text, cleaned of control characters and outer spaces."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Clean what was typed."""
        if valuelist:
            self.data = clean_line(valuelist[0])


class BlockField(TextAreaField):
    """Several lines of text, cleaned."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Clean what was typed."""
        if valuelist:
            self.data = clean_block(valuelist[0])


class DayField(DateField):
    """A calendar day within reach of the database and of any delivery."""

    data: date | None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the day. Raises ValueError with the sentence to show."""
        super().process_formdata(valuelist)
        if self.data is not None and not 1900 <= self.data.year <= 2199:
            self.data = None
            raise ValueError("Enter a day between 1900 and 2199.")


class MonthField(DayField):
    """A month, as ``2026-11``; its value is its first day."""

    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, format="%Y-%m", **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the month. Raises ValueError with the sentence to show."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None
            raise ValueError("There is no such month.") from None


class EmailLine(EmailField):
    """An e-mail address as typed, cleaned of control characters and outer spaces."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Clean what was typed."""
        if valuelist:
            self.data = clean_line(valuelist[0])


def usable_email(_: Any, field: Any) -> None:
    """Bring an address into its one form; a validator for ``EmailLine``."""
    if field.data:
        try:
            field.data = normal_email(field.data)
        except ValueError as problem:
            raise ValidationError(str(problem)) from None


class KeyField(IntegerField):
    """A record's key; what no key can be is refused before the database sees it."""

    data: int | None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the key. Raises ValueError with the sentence to show."""
        super().process_formdata(valuelist)
        if self.data is not None and not 0 < self.data <= LARGEST_KEY:
            self.data = None
            raise ValueError("There is no such record.")

    @property
    def key(self) -> int:
        """The key of a form that was found valid."""
        return self.data or 0


class KeysField(Field):
    """The keys of chosen records, each once."""

    data: list[int]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the keys. Raises ValueError with the sentence to show."""
        self.data = []
        if not all(
            v.isascii() and v.isdigit() and len(v) <= 10 and 0 < int(v) <= LARGEST_KEY
            for v in valuelist
        ):
            raise ValueError("There is no such record.")
        self.data = sorted({int(value) for value in valuelist})


def chosen_few(most: int, noun: str) -> Callable[[Any, Any], None]:
    """Return a validator of ``KeysField``: at least one record, and ``most`` at once."""

    def check(_: Any, field: Any) -> None:
        if not field.data and not field.errors:
            raise ValidationError(f"Choose {noun} first.")
        if len(field.data) > most:
            raise ValidationError(f"Choose {most} {noun} at most.")

    return check


class AmountField(Field):
    """An amount as typed, with two places at most; what cannot be read stays in the field."""

    widget = TextInput()
    data: Decimal | None

    def __init__(self, label: str, *, limit: Decimal = LIMIT, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.limit = limit

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the amount. Raises ValueError with the sentence to show."""
        self.data = None
        if valuelist and valuelist[0].strip():
            self.data = parse_amount(valuelist[0], limit=self.limit)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:f}"


def tell(form: Any, refusal: Invalid) -> None:
    """Put the words of a refusal beside the fields that they are about."""
    for name, message in refusal.fields.items():
        if name in form:
            form[name].errors = [message]


def chosen(values: list[str] | None) -> list[str]:
    """Return the choices of a query string without its empty ones."""
    return [value for value in values or [] if value]


def whole_number(choice: str | int | None) -> int | None:
    """Coerce a select's value to a key; the empty choice is None. Raises ValueError."""
    return int(choice) if choice not in (None, "") else None


def choices(rows: list[Any], label: Callable[[Any], str], empty: str) -> list[SelectChoice]:
    """Return a select's choices for ``rows``, with ``empty`` as the words for none."""
    named = (SelectChoice(str(row.id), label(row)) for row in rows)
    return [SelectChoice("", empty), *named]


def enum_choices(values: type[Any], empty: str | None = None) -> list[SelectChoice]:
    """Return a select's choices for an enum whose members carry a ``label``."""
    none = [] if empty is None else [SelectChoice("", empty)]
    return none + [SelectChoice(member.value, member.label) for member in values]


def named_choices(rows: list[Any], empty: str | None = None) -> list[SelectChoice]:
    """Return a select's choices for rows with a ``name`` and a ``label``."""
    none = [] if empty is None else [SelectChoice("", empty)]
    return none + [SelectChoice(row.name, row.label) for row in rows]
