"""Invariants of quotes, orders and change orders: rows, sums, and what follows from what."""

from wholesale.integrity.invariant import Invariant

LINES = {"orders": "order", "quotes": "quote", "change_orders": "change_order"}


def _each(query: str) -> str:
    """Return ``query`` for every kind of document: ``{documents}``, ``{lines}``, ``{key}``."""
    return " UNION ALL ".join(
        query.format(documents=documents, lines=f"{one}_lines", key=f"{one}_id")
        for documents, one in LINES.items()
    )


DOCUMENTS = (
    Invariant(
        "lines_have_documents",
        "Every row belongs to a quote, an order or a change.",
        "Delete the rows named: nobody can see them.",
        _each("SELECT '{lines}', l.id::text, 'of {key} ' || l.{key} FROM {lines} l"
              " LEFT JOIN {documents} d ON d.id = l.{key} WHERE d.id IS NULL"),
    ),
    Invariant(
        "lines_are_of_their_product",
        "A row's colour is one of its style.",
        "Set the row's product to that of its variant.",
        _each("SELECT '{lines}', l.id::text, 'product ' || l.product_id FROM {lines} l"
              " LEFT JOIN variants v ON v.id = l.variant_id"
              " WHERE v.product_id IS DISTINCT FROM l.product_id"),
    ),
    Invariant(
        "quantities_fit_sizes",
        "Quantities are whole, above nothing, and in sizes that the row has.",
        "Open the document and type the quantities anew.",
        _each("SELECT '{lines}', l.id::text, l.quantities::text FROM {lines} l"
              " WHERE NOT quantities_fit(l.quantities, l.sizes)"),
    ),
    Invariant(
        "line_amounts_follow",
        "A row's units and money follow from its quantities, price, surcharges and discount.",
        "Set the row's quantities to themselves: the database computes anew.",
        _each("SELECT '{lines}', l.id::text, l.line_total::text FROM {lines} l"
              " WHERE l.qty_total <> units_of(l.quantities) OR l.line_total <>"
              " line_amount(l.quantities, l.surcharges, l.unit_price, l.discount_percent)"),
    ),
    Invariant(
        "units_add_up",
        "A document's units are those of its rows.",
        "Type any cell of the document: its sums are made anew.",
        _each("SELECT '{documents}', d.id::text, d.units || ' instead of '"
              " || coalesce(sum(l.qty_total), 0) FROM {documents} d"
              " LEFT JOIN {lines} l ON l.{key} = d.id GROUP BY d.id"
              " HAVING count(l.id) > 0 AND d.units <> sum(l.qty_total)"),
    ),
    Invariant(
        "subtotals_add_up",
        "A document's subtotal is the sum of its printed rows.",
        "Type any cell of the document: its sums are made anew.",
        _each("SELECT '{documents}', d.id::text, d.subtotal || ' instead of '"
              " || coalesce(sum(l.line_total), 0) FROM {documents} d"
              " LEFT JOIN {lines} l ON l.{key} = d.id GROUP BY d.id"
              " HAVING count(l.id) > 0 AND d.subtotal <> sum(l.line_total)"),
    ),
    Invariant(
        "totals_follow",
        "A total is subtotal less discount plus tax and freight.",
        "Set the document's freight to itself: the database computes anew.",
        _each("SELECT '{documents}', d.id::text, d.total::text FROM {documents} d"
              " WHERE d.total <> d.subtotal - d.discount + d.tax + d.freight"),
    ),
    Invariant(
        "contacts_are_of_the_customer",
        "A document's contact is one of its customer's.",
        "Choose another contact in the document.",
        _each("SELECT '{documents}', d.id::text, 'contact ' || d.contact_id FROM {documents} d"
              " JOIN contacts c ON c.id = d.contact_id"
              " WHERE c.organization_id <> d.organization_id"),
    ),
    Invariant(
        "orders_have_salespeople",
        "Every placed order has somebody who sells it.",
        "Choose the orders in the list and assign them.",
        "SELECT 'orders', id::text, code FROM orders"
        " WHERE code IS NOT NULL AND salesperson_id IS NULL",
    ),
    Invariant(
        "placed_orders_have_codes",
        "A placed order has a code and the moment of its placing; a draft has neither.",
        "Give the order the missing one from its history.",
        "SELECT 'orders', id::text, coalesce(code, 'without a code') FROM orders"
        " WHERE (code IS NULL) <> (placed_at IS NULL) OR (code IS NULL AND status <> 'new')",
    ),
    Invariant(
        "archived_orders_are_closed",
        "Only completed and cancelled orders are archived.",
        "Restore the order from the list of archived ones.",
        "SELECT 'orders', id::text, status FROM orders"
        " WHERE archived_at IS NOT NULL AND status NOT IN ('completed', 'cancelled')",
    ),
    Invariant(
        "codes_are_counted",
        "No document has a number that its year's sequence has still to give.",
        "Set the sequence named beyond the highest number.",
        "SELECT 'sequence', q.sequencename, d.code FROM pg_sequences q JOIN ("
        " SELECT code FROM orders UNION ALL SELECT code FROM quotes UNION ALL SELECT code"
        " FROM leads) d ON q.sequencename = 'document_' || lower(split_part(d.code, '-', 1))"
        " || '_' || split_part(d.code, '-', 2)"
        " WHERE d.code ~ '^[A-Z]+-[0-9]{4}-[0-9]{1,9}$'"
        " AND split_part(d.code, '-', 3)::bigint > coalesce(q.last_value, 0)",
    ),
)  # fmt: skip
QUOTES = (
    Invariant(
        "ordered_quotes_have_orders",
        "A quote that was ordered has its order, and an order's quote says that it was.",
        "Set or clear the quote's moment of ordering.",
        "SELECT 'quotes', q.id::text, q.code FROM quotes q LEFT JOIN orders o ON o.quote_id = q.id"
        " WHERE (q.ordered_at IS NULL) <> (o.id IS NULL)",
    ),
    Invariant(
        "orders_are_of_their_quotes_customer",
        "An order from a quote is the same customer's.",
        "Look at the history of both: one of them was moved alone.",
        "SELECT 'orders', o.id::text, o.code FROM orders o JOIN quotes q ON q.id = o.quote_id"
        " WHERE q.organization_id <> o.organization_id",
    ),
    Invariant(
        "sent_quotes_have_revisions",
        "What was sent is kept: a quote that is not a draft has its revision.",
        "Revise the quote and send it again.",
        "SELECT 'quotes', q.id::text, q.code FROM quotes q LEFT JOIN quote_revisions r"
        " ON r.quote_id = q.id AND r.number = q.revision"
        " WHERE q.status <> 'draft' AND r.id IS NULL",
    ),
    Invariant(
        "accepted_quotes_have_decisions",
        "An accepted or rejected quote has a decision of that kind that stands.",
        "Revise the quote, send it and have it decided again.",
        "SELECT 'quotes', q.id::text, q.code FROM quotes q WHERE q.status IN"
        " ('accepted', 'rejected') AND NOT EXISTS (SELECT FROM quote_decisions d"
        " JOIN quote_revisions r ON r.id = d.revision_id WHERE r.quote_id = q.id"
        " AND r.number = q.revision AND d.decision = q.status AND d.voided_at IS NULL)",
    ),
    Invariant(
        "decisions_are_of_what_was_sent",
        "A decision names the content of its revision.",
        "It cannot be mended: ask the customer again.",
        "SELECT 'quote_decisions', d.id::text, d.name FROM quote_decisions d"
        " JOIN quote_revisions r ON r.id = d.revision_id WHERE r.content_hash <> d.content_hash",
    ),
)
