"""What the database itself refuses, in words, and at the cell where that can be told."""

import re
from typing import Any

from sqlalchemy.exc import DBAPIError

from wholesale.imports.entries import Entry
from wholesale.imports.mapping import Target
from wholesale.imports.report import Problem

# Classes of SQLSTATE: the data cannot be stored, breaks a rule, or is too long for an index.
REFUSALS = ("22", "23", "54")
# Constraint, or a part of its name → the field it is about, and what is wrong.
_RULES = (
    ("sizes_stay_in_the_run", "surcharges", "A size with a surcharge is not in the size run."),
    ("surcharges", "surcharges", "A surcharge is an amount that is not negative."),
    ("quantities", "quantities", "Units are whole numbers in sizes that the product comes in."),
    ("uq_users_email", "email", "Another person has this address."),
    ("uq_organizations_reference", "reference", "Another customer has this number."),
    ("uq_contacts_primary", "is_primary", "The customer has a primary contact already."),
    ("base_price", "base_price", "A price is more than 0."),
    ("unit_price", "unit_price", "A price cannot be negative."),
    ("_price", "price", "A price is more than 0."),
    ("variant_id_product_id", "variant", "This variant belongs to another product."),
    ("contact_id_organization_id", "contact", "This contact belongs to another customer."),
    ("_discount", "discount_percent", "A discount is between 0 and 100."),
    ("min_quantity", "min_quantity", "A minimum is at least 1."),
    ("order_multiple", "order_multiple", "A multiple is at least 1."),
    ("_name", "name", "It is empty."),
)


def is_refusal(error: DBAPIError) -> bool:
    """Tell whether the data was refused, rather than that the database is in trouble."""
    return str(getattr(error.orig, "sqlstate", "")).startswith(REFUSALS)


def blame(target: Target, entry: Entry, error: DBAPIError) -> None:
    """Give ``entry`` the problem for which the database refused it."""
    diagnosis: Any = getattr(error.orig, "diag", None)
    constraint = getattr(diagnosis, "constraint_name", None) or ""
    for part, name, reason in _RULES:
        if part in constraint and name in target.record.fields:
            entry.blame(target, name, reason)
            return
    detail = getattr(diagnosis, "message_detail", None) or str(error.orig).splitlines()[0]
    named = re.search(r"\((\w+)\)=", detail)
    field = next((n for n in target.record.fields if named and n == named[1]), None)
    reason = f"The database refused it. {detail}"[:300]
    if field:
        entry.blame(target, field, reason)
    else:
        entry.problems.append(Problem(target.file, entry.row.line, None, reason))
