"""The domain's rules for rows, each told at its cell before the database has to refuse it."""

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from wholesale.catalog.models import PriceEntry, SizeRun, Variant
from wholesale.catalog.pricing import rising
from wholesale.core.clock import now
from wholesale.customers.models import Contact, Organization
from wholesale.imports.entries import Entry
from wholesale.imports.mapping import Target

LONGEST = {"street": 500, "description": 5000, "notes": 5000, "shipping_address": 1000}
LONGEST_NAME = 200
LONGEST_LINE = 100
POSITIVE = ("base_price", "price", "min_quantity", "order_multiple")
_PLACE = (PriceEntry.price_list_id, PriceEntry.product_id, PriceEntry.variant_id)
# What a code may look like, so that it can stand in an address; and the codes given out here.
_CODE = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,39}")
_OURS = re.compile(r"O-[0-9]{4}-[0-9]+|DRAFT-.*")


def check_values(target: Target, entries: list[Entry]) -> None:
    """Check lengths and lowest values."""
    for entry in entries:
        for given in target.fields:
            value = entry.values.get(target.record.column(given.name).name)
            if isinstance(value, str) and len(value) > (most := _longest(given.name)):
                entry.blame(target, given.name, f"It has {len(value):,} characters; {most} fit.")
            if given.name in POSITIVE and value is not None and value <= 0:
                what = "A price is more than 0." if "price" in given.name else "It is at least 1."
                entry.blame(target, given.name, what)


def _longest(name: str) -> int:
    if name == "email":
        return 254
    return LONGEST.get(name, LONGEST_NAME if name == "name" else LONGEST_LINE)


def check_records(session: Session, target: Target, entries: list[Entry]) -> None:
    """Check what only the record and its neighbours can tell."""
    rule = _RULES.get(target.record.name)
    if rule and entries:
        rule(session, target, entries)


def check_code(target: Target, entry: Entry) -> None:
    """Bring an order's number into the form that addresses have; refuse what has none."""
    code = entry.values["code"].upper()
    entry.values["code"] = code
    if not _CODE.fullmatch(code):
        entry.blame(target, "code", "A number has letters, digits, dots and dashes, 40 at most.")


def _products(session: Session, target: Target, entries: list[Entry]) -> None:
    """Check SKUs, and that surcharges are for sizes of the run."""
    wanted = {_now(entry, "size_run_id") for entry in entries}
    query = select(SizeRun.id, SizeRun.sizes).where(SizeRun.id.in_(wanted - {None}))
    runs: dict[int, list[str]] = dict(session.execute(query).all())
    given = next((field for field in target.fields if field.name == "surcharges"), None)
    for entry in entries:
        if entry.before is None and ("/" in entry.values["sku"] or entry.values["sku"] == "new"):
            entry.blame(target, "sku", "A SKU has no slash, and is not “new”.")
        amounts = entry.values.get("surcharges")
        if given is None or amounts is None:
            continue
        spelled = {size.lower(): size for size in runs.get(_now(entry, "size_run_id"), [])}
        kept = dict(entry.before["surcharges"]) if given.sizes and entry.before else {}
        for size, amount in amounts.items():
            if size.lower() in spelled:
                kept[spelled[size.lower()]] = amount
            elif not given.sizes or float(amount):
                _strange_surcharge(target, entry, size)
        entry.values["surcharges"] = {s: a for s, a in kept.items() if a not in ("0.00", "0")}


def _strange_surcharge(target: Target, entry: Entry, size: str) -> None:
    entry.blame(target, "surcharges", f"{size} is not in the product's size run.")


def _now(entry: Entry, name: str) -> Any:
    return entry.values.get(name) or (entry.before or {}).get(name)


def _orders(session: Session, target: Target, entries: list[Entry]) -> None:
    """Give new orders what an order takes over from its customer."""
    new = [entry for entry in entries if entry.before is None]
    wanted = {entry.values["organization_id"] for entry in new}
    query = select(Organization).where(Organization.id.in_(wanted))
    customers = {found.id: found for found in session.scalars(query)}
    primary = select(Contact.organization_id, Contact.id).where(
        Contact.organization_id.in_(wanted), Contact.is_primary, Contact.archived_at.is_(None)
    )
    contacts = dict(session.execute(primary).all())
    for entry in new:
        customer = customers[entry.values["organization_id"]]
        _refuse_order(target, entry, customer)
        entry.fresh = {
            "placed_at": now(),
            "contact_id": contacts.get(customer.id),
            "salesperson_id": customer.salesperson_id,
            "shipping_address": customer.address,
        }
    for entry in entries:
        for name in ("placed_at", "salesperson_id"):
            if entry.values.get(name, "") is None:  # an empty cell: what it has, or takes over
                del entry.values[name]
        if entry.before and entry.before["organization_id"] != entry.values["organization_id"]:
            entry.blame(target, "organization", "This order is another customer's.")


def _refuse_order(target: Target, entry: Entry, customer: Organization) -> None:
    if _OURS.fullmatch(entry.values["code"]):
        reason = "Numbers such as O-2026-00001 are given out here. Write another one."
        entry.blame(target, "code", reason)
    if customer.is_archived:
        entry.blame(target, "organization", f"{customer.name} is archived.")


def _contacts(_: Session, target: Target, entries: list[Entry]) -> None:
    for entry in entries:
        if entry.values.get("archived_at") and entry.values.get("is_primary"):
            entry.blame(target, "is_primary", "An archived contact is not the primary one.")


def products_of_variants(session: Session, target: Target, entries: list[Entry]) -> None:
    """Give prices the product of their variant, and their quantity."""
    wanted = {entry.values.get("variant_id") for entry in entries} - {None}
    query = select(Variant.id, Variant.product_id).where(Variant.id.in_(wanted))
    products: dict[int, int] = dict(session.execute(query).all())
    for entry in entries:
        entry.values.setdefault("variant_id", None)
        entry.values.setdefault("min_quantity", 1)
        product = products.get(entry.values["variant_id"])
        given = entry.values.get("product_id") or product
        entry.values["product_id"] = given
        if given is None:
            entry.blame(target, "product", "Give a SKU or a variant.")
        elif product and product != given:
            entry.blame(target, "variant", "This variant belongs to another product.")


def _prices(session: Session, target: Target, entries: list[Entry]) -> None:
    """A larger quantity costs no more, by the prices that stand and those of these rows."""
    lists = {entry.values["price_list_id"] for entry in entries}
    products = {entry.values["product_id"] for entry in entries}
    query = select(*_PLACE, PriceEntry.min_quantity, PriceEntry.price).where(
        PriceEntry.price_list_id.in_(lists), PriceEntry.product_id.in_(products)
    )
    ladders: dict[tuple[Any, ...], dict[int, Any]] = {}
    for *place, quantity, price in session.execute(query):
        ladders.setdefault(tuple(place), {})[quantity] = price
    for entry in entries:
        ladders.setdefault(_place(entry), {})[entry.values["min_quantity"]] = entry.values["price"]
    for entry in entries:
        quantity, price = entry.values["min_quantity"], entry.values["price"]
        stands = entry.before is not None and entry.before["price"] == price
        if not stands and (words := rising(quantity, price, ladders[_place(entry)].items())):
            entry.blame(target, "price", words)


def _place(entry: Entry) -> tuple[Any, ...]:
    return tuple(entry.values[column.key] for column in _PLACE)


_RULES: dict[str, Callable[[Session, Target, list[Entry]], None]] = {
    "products": _products,
    "orders": _orders,
    "contacts": _contacts,
    "prices": _prices,
}
