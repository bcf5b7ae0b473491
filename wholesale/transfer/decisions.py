"""What ``--anonymize`` does to each column; one that can hold words and is not here is refused."""

from sqlalchemy import Column, LargeBinary, String
from sqlalchemy.dialects.postgresql import ARRAY, CITEXT, INET, JSONB

from wholesale.extensions import db
from wholesale.transfer import replacing as r
from wholesale.transfer.left_out import travelling
from wholesale.transfer.replacing import Rule


def _kept(*names: str) -> dict[str, Rule]:
    """Columns of fixed words, codes and sizes, which identify nobody."""
    return dict.fromkeys(names, r.keep)


_DOCUMENT: dict[str, Rule] = {
    "name": r.words,
    "shipping_address": r.place,
    "notes": r.words,
    "copied": r.nothing_in_it,
}
_LINE: dict[str, Rule] = {
    **_kept("sizes", "surcharges", "quantities"),
    "pricing": r.pricing,
    "notes": r.words,
}
_CUSTOMER: dict[str, Rule] = {
    **_kept("client_type", "tier", "country"),
    "name": r.customer,
    "reference": r.reference,
    "territory": r.place,
    "street": r.place,
    "city": r.place,
    "region": r.place,
    "postal_code": r.place,
    "phone": r.phone,
    "payment_terms": r.payment_terms,
}
_LEAD: dict[str, Rule] = {
    **_kept("code", "client_type", "stage"),
    "name": r.words,
    "company": r.customer,
    "person": r.person,
    "email": r.mail,
    "phone": r.phone,
    "city": r.place,
    "region": r.place,
    "source": r.words,
    "next_step": r.words,
    "notes": r.words,
}
_FILE: dict[str, Rule] = {
    **_kept("content_type", "state"),
    "name": r.file_name,
    "sha256": r.token,
    "sent_sha256": r.token,
    "object_key": r.object_key,
    "thumbnail_key": r.object_key,
    "problem": r.words,
}
_MAIL: dict[str, Rule] = {
    **_kept("template", "state"),
    "recipient": r.mail,
    "reply_to": r.mail,
    "subject": r.words,
    "body": r.words,
    "html": r.blank,
    "error": r.words,
    "service_id": r.gone,
}

DECISIONS: dict[str, dict[str, Rule]] = {
    "roles": _kept("name", "label"),
    "resources": _kept("name"),
    "role_permissions": _kept("role", "resource", "action", "scope"),
    "user_permissions": _kept("resource", "action", "scope"),
    "users": {
        **_kept("role", "time_zone", "preferences"),
        "email": r.mail,
        "name": r.person,
        "phone": r.phone,
        "password_hash": r.gone,
        "reference": r.reference,
    },
    "salesperson_profiles": {"territory": r.place},
    "audit_entries": {
        **_kept("request_id", "action", "entity"),
        "actor": r.person,
        "address": r.gone,
        "entity_id": r.record_key,
        "before": r.gone,
        "after": r.gone,
    },
    "outbox_mails": _MAIL,
    "mail_events": {
        **_kept("kind"),
        "event_id": r.token,
        "address": r.mail,
        "reason": r.words,
    },
    "bounced_addresses": {"address": r.mail, "reason": r.words},
    "notifications": {
        **_kept("kind"),
        "text": r.words,
        "path": lambda value: "'/'",
        "once": r.token,
    },
    "categories": {**_kept("name"), "description": r.words},
    "size_runs": _kept("name", "sizes"),
    "prepacks": _kept("name", "ratio"),
    "products": {**_kept("sku", "name", "surcharges", "decoration"), "description": r.words},
    "variants": _kept("code", "colour", "material"),
    "product_images": {
        **_kept("content_type"),
        "content": r.picture,
        "thumbnail": r.picture,
        "bytes": r.picture_size,
        "sha256": r.picture_hash,
        "alt_text": r.words,
    },
    "price_lists": {**_kept("tier"), "name": r.words},
    "organizations": _CUSTOMER,
    "contacts": {"name": r.person, "title": r.words, "email": r.mail, "phone": r.phone},
    "activities": {**_kept("kind"), "body": r.words},
    "leads": _LEAD,
    "customer_links": {"token_hash": r.secret},
    "quotes": {
        **_DOCUMENT,
        **_kept("code", "status"),
        "terms": r.payment_terms,
        "internal_notes": r.words,
        "search": r.found_by,
    },
    "quote_lines": _LINE,
    "quote_revisions": {"content": r.document, "content_hash": r.token},
    "quote_decisions": {
        **_kept("decision"),
        "content_hash": r.token,
        "name": r.person,
        "remark": r.words,
        "address": r.blank,
        "user_agent": r.blank,
    },
    "orders": {**_DOCUMENT, **_kept("code", "status", "priority"), "search": r.found_by},
    "order_lines": _LINE,
    "change_orders": {
        **_DOCUMENT,
        **_kept("status"),
        "reason": r.words,
        "before": r.document,
        "accepted_by": r.person,
        "acceptance": r.words,
    },
    "change_order_lines": _LINE,
    "file_versions": _FILE,
    "order_deltas": _kept("status"),
    "order_status_sums": _kept("status"),
    "assistant_calls": {
        **_kept("purpose", "model", "outcome"),
        "record": r.words,
        "prompt": r.words,
        "answer": r.words,
        "error": r.words,
    },
}


def can_hold_words(column: Column[object]) -> bool:
    """Tell whether a column may hold what identifies somebody."""
    return isinstance(column.type, String | CITEXT | INET | JSONB | ARRAY | LargeBinary)


def undecided() -> list[str]:
    """Return the columns (``table.column``) of which nobody has said what becomes of them."""
    return [
        f"{name}.{column.name}"
        for name in travelling(is_anonymized=True)
        for column in db.metadata.tables[name].columns
        if column.computed is None
        and can_hold_words(column)
        and column.name not in DECISIONS.get(name, {})
    ]
