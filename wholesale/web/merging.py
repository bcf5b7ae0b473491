"""Two people in one form: different fields merge, the same field asks, nothing is overwritten."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from wtforms import Form as AnyForm
from wtforms import SelectField

from wholesale.core.errors import Invalid
from wholesale.web.forms import tell

WAS = "was."
NEVER = {"csrf_token"}


@dataclass(frozen=True)
class Clash:
    """One field that two people changed: what it was, what each made of it, as text."""

    before: str
    mine: str
    theirs: str
    raw: str  # theirs as the field would send it


def merge(record: Any, form: AnyForm, sent: Mapping[str, str]) -> dict[str, Any]:
    """Return the values to write: mine where I changed a field, else what is saved now.

    ``sent`` carries each field's former text as ``was.<name>``; a field without one counts
    as unchanged by others. A field both changed gets a ``clash`` and is left out: with any,
    nothing should be written.
    """
    values: dict[str, Any] = {}
    for name, field in form._fields.items():
        if name in NEVER or not hasattr(record, name):
            continue
        mine, theirs = as_text(field.data), as_text(getattr(record, name))
        before = as_text(sent.get(WAS + name, theirs))
        if mine == before:
            if theirs != before:  # the form, should it come back, shows what is saved now
                field.process_data(getattr(record, name))
                field.raw_data = None
                field.is_refreshed = True
            continue
        if theirs not in (before, mine):
            words = [_label(field, text) for text in (before, mine, theirs)]
            field.clash = Clash(words[0], words[1], words[2], raw=theirs)
        else:
            values[name] = field.data
    return values


def saved(
    record: Any, form: AnyForm, sent: Mapping[str, str], write: Callable[[dict[str, Any]], None]
) -> bool:
    """Merge and let ``write`` have the values; the caller commits when this returns true.

    False when two people changed one field, or when a rule refuses: then its words stand
    beside their fields.
    """
    values = merge(record, form, sent)
    if clashes(form):
        return False
    try:
        write(values)
    except Invalid as refusal:
        tell(form, refusal)
        return False
    return True


def answer_status(form: AnyForm) -> int:
    """Return the status of a form that is shown: 409 for clashes, 422 for errors, else 200."""
    return 409 if clashes(form) else 422 if form.errors else 200


def clashes(form: AnyForm) -> bool:
    """Tell whether ``merge`` found fields that two people changed."""
    return any(hasattr(field, "clash") for field in form._fields.values())


def bases(record: Any, form: AnyForm, sent: Mapping[str, str]) -> dict[str, str]:
    """Return ``was.<name>`` → the text a change starts from, for the form's hidden fields.

    That is what is saved now; a form that comes back for another reason than a clash keeps
    what it was opened with.
    """
    found = {}
    for name, field in form._fields.items():
        if name not in NEVER and hasattr(record, name):
            anew = clashes(form) or hasattr(field, "is_refreshed")
            present = as_text(getattr(record, name))
            found[WAS + name] = present if anew else as_text(sent.get(WAS + name, present))
    return found


def as_text(value: Any) -> str:
    """Return a value as a form field sends it."""
    if value is None or value is False:
        return ""
    if value is True:
        return "y"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value).replace("\r\n", "\n")


def _label(field: Any, text: str) -> str:
    if isinstance(field, SelectField):
        return next((str(c.label) for c in field.choices or [] if str(c.value) == text), text)
    return text
