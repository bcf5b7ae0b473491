"""A question as one of our own lists with its filters: never a query, so scope holds as ever."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateField, Field, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import HiddenInput

from wholesale.access.matrix import Scope
from wholesale.access.queries import may, scope_of
from wholesale.accounts.models import User
from wholesale.accounts.queries import salespeople
from wholesale.assistant.schemas import WantedList
from wholesale.catalog import queries as catalog
from wholesale.catalog.forms import ProductFilter
from wholesale.core.errors import Invalid
from wholesale.core.text import clean_line
from wholesale.customers import queries as customers
from wholesale.customers.forms import ContactFilter, OrganizationFilter
from wholesale.leads import queries as leads
from wholesale.leads.forms import LeadFilter
from wholesale.orders import queries as orders
from wholesale.orders.forms import OrderFilter
from wholesale.quotes import queries as quotes
from wholesale.quotes.forms import QuoteFilter
from wholesale.web.forms import choices
from wholesale.web.listing import Listing

PEOPLE = ("salesperson", "owner")
MINE = ("me", "mine", "my", "i", "myself")
Args = dict[str, Any]


@dataclass(frozen=True)
class OwnList:
    """One of our lists: its route, who may read it, its filters and sorts."""

    endpoint: str
    permission: str
    filters: type[Any]
    listing: Listing
    words: str


LISTS = {
    "orders": OwnList("orders.orders", "orders:read", OrderFilter, orders.LISTING, "placed orders"),
    "quotes": OwnList("quotes.quotes", "quotes:read", QuoteFilter, quotes.LISTING, "offers"),
    "leads": OwnList("leads.leads", "leads:read", LeadFilter, leads.LISTING, "possible sales"),
    "organizations": OwnList(
        "customers.organizations",
        "organizations:read",
        OrganizationFilter,
        customers.LISTING,
        "customers",
    ),
    "contacts": OwnList(
        "customers.contacts", "contacts:read", ContactFilter, customers.CONTACTS, "people"
    ),
    "products": OwnList(
        "catalog.products", "catalog:read", ProductFilter, catalog.LISTING, "the catalog"
    ),
}


@dataclass(frozen=True)
class Found:
    """The list that answers: its name, the query string, and the filters in words."""

    name: str
    endpoint: str
    args: Args
    labels: list[tuple[str, str]]


def described(session: Session, actor: User) -> str:
    """Return the lists that ``actor`` may read, with their filters, for the model."""
    lines = []
    for name, own in LISTS.items():
        if may(actor, own.permission):
            lines.append(f"{name}: {own.words}; sorts {_sorts(own.listing)}")
            form = _form(session, actor, own, MultiDict())
            lines += [f"  {field.name}: {_kind(field)}" for field in _filters(form)]
    return "\n".join(lines)


def translated(session: Session, actor: User, wanted: WantedList) -> Found:
    """Return the list that the model named, checked by the list's own form.

    Raises ValueError with a sentence for what no list has, or ``actor`` may not read.
    """
    own = LISTS[wanted.which]
    if not may(actor, own.permission):
        raise ValueError(
            f"The answer would be in the list of {wanted.which}, which you may not see."
        )
    form = _form(session, actor, own, MultiDict())
    known = {field.name: field for field in _filters(form)}
    given: MultiDict[str, str] = MultiDict()
    for one in wanted.filters:
        if one.name not in known:
            raise ValueError(f"The list of {wanted.which} has no filter “{one.name[:40]}”.")
        value = _resolved(known[one.name], clean_line(one.value), actor)
        if value:
            given.add(one.name, value)
    checked = _form(session, actor, own, given)
    if not checked.validate():
        name, reasons = next(iter(checked.errors.items()))
        raise ValueError(f"The filter “{checked[name].label.text}” cannot be read: {reasons[0]}")
    args: Args = {name: given.getlist(name) for name in dict.fromkeys(given)}
    labels = [(checked[name].label.text, _shown(checked[name], args[name])) for name in args]
    return Found(wanted.which, own.endpoint, args | _sorted(own, wanted.sort), labels)


def _form(session: Session, actor: User, own: OwnList, given: MultiDict[str, str]) -> Any:
    """Return the list's own form over ``given``, with the choices that its page offers."""
    form = own.filters(given)
    if "salesperson" in form:
        form.salesperson.choices = choices(salespeople(session), _name, "Any salesperson")
    if "owner" in form and scope_of(actor, own.permission) is Scope.ALL:
        people = [SelectChoice(str(one.id), one.name) for one in salespeople(session)]
        form.owner.choices = [*form.owner.choices, *people]
    if "category" in form:
        shelves = catalog.categories(session)
        form.category.choices = choices(shelves, lambda shelf: shelf.label, "Any category")
    return form


def _name(person: User) -> str:
    return person.name


def _filters(form: Any) -> Iterator[Field]:
    """Yield the filters that words can fill: keys of records are not among them."""
    return (field for field in form if not isinstance(field.widget, HiddenInput))


def _options(field: Any) -> list[tuple[str, str]]:
    pairs = ((getattr(o, "value", o), getattr(o, "label", o)) for o in field.choices or ())
    return [(str(value), str(label)) for value, label in pairs if value]


def _kind(field: Any) -> str:
    words = field.label.text
    if field.name in PEOPLE:
        return f"{words}: a person's name, or me" + (", or none" if field.name == "owner" else "")
    if isinstance(field, BooleanField):
        return f"{words}: y"
    if isinstance(field, DateField):
        return f"{words}: a day, YYYY-MM-DD" if field.name != "month" else f"{words}: YYYY-MM"
    if isinstance(field, SelectField | SelectMultipleField):
        several = ", one entry for each" if isinstance(field, SelectMultipleField) else ""
        named = field.name == "category"
        return f"{words}{several}: " + " | ".join(o[named] for o in _options(field))
    return f"{words}: words"


def _resolved(field: Any, value: str, actor: User) -> str:
    """Return a value as the query string has it: a choice may be given by its label."""
    if isinstance(field, BooleanField):
        return "y" if value.casefold() in ("y", "yes", "true", "1") else ""
    if not value or not isinstance(field, SelectField | SelectMultipleField):
        return value
    options = _options(field)
    if field.name in PEOPLE and value.casefold() in MINE:
        return "me" if field.name == "owner" else str(actor.id)
    if field.name not in PEOPLE and value in dict(options):
        return value
    folded = value.casefold()
    alike = [key for key, label in options if label.casefold() == folded]
    alike = alike or [key for key, label in options if folded in label.casefold()]
    if len(alike) != 1:
        state = "more than one is" if alike else "none is"
        raise ValueError(f"“{field.label.text}”: {state} called “{value[:60]}”.")
    return alike[0]


def _shown(field: Any, values: list[str]) -> str:
    if isinstance(field, BooleanField):
        return "yes"
    names = dict(_options(field)) if hasattr(field, "choices") else {}
    return ", ".join(names.get(value, value) for value in values)


def _sorts(listing: Listing) -> str:
    return ", ".join(f"{sort.name} (-{sort.name} falls)" for sort in listing.sorts)


def _sorted(own: OwnList, sort: str) -> Args:
    """Return the sort as the query string has it. Raises ValueError for one that is none."""
    if not sort:
        return {}
    try:
        own.listing.chosen(sort)
    except Invalid as refusal:
        raise ValueError(refusal.message) from None
    return {"sort": sort} | ({"view": "list"} if own.endpoint == "leads.leads" else {})
