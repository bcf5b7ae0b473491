"""Each invariant, broken on purpose below the constraints, is seen; whole data breaks none."""

import json

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.quotes.conftest import link, offer, sent, sent_hash, step  # noqa: F401 - fixtures
from tests.visitor import Visitor
from wholesale.core.clock import now
from wholesale.core.errors import DomainError
from wholesale.customers.models import Organization
from wholesale.integrity.commands import integrity
from wholesale.integrity.operations import BY_NAME, INVARIANTS, check
from wholesale.leads.models import Lead
from wholesale.mail.operations import write_mail
from wholesale.orders.models import Order
from wholesale.quotes.models import Quote

KEYS = (
    "SELECT 'ALTER TABLE ' || conrelid::regclass || ' DROP CONSTRAINT \"' || conname || '\"'"
    " FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('f', 'c')"
)
# What is run below the constraints, which are all taken away for the transaction.
BREAKS = {
    "lines_have_documents": "UPDATE order_lines SET order_id = 999999",
    "lines_are_of_their_product": "UPDATE order_lines SET product_id = 999999",
    "quantities_fit_sizes": """UPDATE order_lines SET quantities = '{"HUGE": 3}'""",
    "line_amounts_follow": "ALTER TABLE order_lines ALTER qty_total DROP EXPRESSION;"
    " UPDATE order_lines SET qty_total = 99",
    "units_add_up": "UPDATE orders SET units = 99",
    "subtotals_add_up": "UPDATE quotes SET subtotal = 1",
    "totals_follow": "ALTER TABLE orders ALTER total DROP EXPRESSION; UPDATE orders SET total = 1",
    "contacts_are_of_the_customer": "UPDATE orders SET contact_id = (SELECT id FROM contacts c"
    " WHERE c.organization_id <> orders.organization_id LIMIT 1)",
    "orders_have_salespeople": "UPDATE orders SET salesperson_id = NULL",
    "placed_orders_have_codes": "UPDATE orders SET placed_at = NULL",
    "archived_orders_are_closed": "UPDATE orders SET archived_at = now()",
    "codes_are_counted": "UPDATE quotes SET code = regexp_replace(code, '[0-9]+$', '99999')",
    "ordered_quotes_have_orders": "UPDATE quotes SET ordered_at = now()",
    "orders_are_of_their_quotes_customer": "UPDATE orders SET quote_id = (SELECT id FROM quotes),"
    " organization_id = organization_id + 1",
    "sent_quotes_have_revisions": "UPDATE quotes SET revision = 7",
    "accepted_quotes_have_decisions": "UPDATE quotes SET status = 'accepted'",
    "decisions_are_of_what_was_sent": "INSERT INTO quote_decisions (revision_id, decision,"
    " content_hash, name, decided_at) SELECT id, 'accepted', repeat('0', 64), 'Ann', now()"
    " FROM quote_revisions",
    "merged_customers_are_empty": "UPDATE organizations SET merged_into_id ="
    " (SELECT max(id) FROM organizations) WHERE id = (SELECT organization_id FROM orders)",
    "merges_lead_to_a_living_customer": "UPDATE organizations o SET merged_into_id ="
    " (SELECT id FROM organizations WHERE id <> o.id LIMIT 1)",
    "one_primary_contact": "DROP INDEX IF EXISTS uq_contacts_primary;"
    " UPDATE contacts SET organization_id = (SELECT min(id) FROM organizations)",
    "claimed_leads_have_owners": "UPDATE leads SET claimed_at = now(), owner_id = NULL",
    "prices_are_positive": "UPDATE products SET base_price = 0",
    "categories_have_two_levels": "INSERT INTO categories (name, parent_id) SELECT 'A', id FROM"
    " categories; INSERT INTO categories (name, parent_id) SELECT 'B', id FROM categories"
    " WHERE name = 'A'",
    "products_have_variants": "DELETE FROM order_lines; DELETE FROM quote_lines;"
    " DELETE FROM variants",
    "pictures_are_whole": "INSERT INTO product_images (product_id, position, content, thumbnail,"
    " content_type, width, height, bytes, sha256) SELECT id, 1, 'x', 'x', 'image/png', 1, 1, 1,"
    " repeat('0', 64) FROM products LIMIT 1",
    "somebody_administers": "UPDATE users SET is_active = false WHERE role = 'admin'",
    "roles_exist": "UPDATE users SET role = 'pirate'",
    "disabled_people_are_signed_out": "UPDATE users SET is_active = false",
    "waiting_mails_have_jobs": "DELETE FROM procrastinate.procrastinate_jobs",
    "order_sums_agree": "DELETE FROM order_deltas",
    "the_trail_is_chained": "GRANT DELETE ON audit_chain TO CURRENT_USER;"
    " ALTER TABLE audit_chain DISABLE TRIGGER ALL;"
    " DELETE FROM audit_chain WHERE position = (SELECT max(position) FROM audit_chain)",
}


@pytest.fixture
def whole(app: Flask, session: Session, cast: Cast, placed: str, sent, rep: Visitor) -> Session:  # noqa: F811
    """A session on data of every kind that breaks no rule."""
    lead = Lead(code="L-2026-00001", name="Singlets", company="Ridge Runners")
    lead.owner_id, lead.claimed_at = cast.users["sales"], now()
    session.add(lead)
    with app.app_context():
        write_mail(session, "a@b.example", "password_reset", url="/", user={"name": "Ana"})
    session.commit()
    assert session.query(Order).count() == session.query(Quote).count() == 1
    assert session.query(Organization).count() > 1
    return session


def broken(session: Session) -> set[str]:
    return {found.invariant.name for found in check(session)}


def test_whole_data_breaks_no_rule(whole: Session):
    assert [(f.invariant.name, f.key, f.detail) for f in check(whole)] == []


def test_there_is_a_break_for_each_rule():
    assert set(BREAKS) == set(BY_NAME)
    assert len(INVARIANTS) >= 20


@pytest.mark.parametrize("name", BREAKS)
def test_what_breaks_a_rule_is_found(whole: Session, name: str):
    for statement in whole.scalars(text(KEYS)).all():
        whole.execute(text(f"{statement} CASCADE"))
    whole.execute(text(BREAKS[name].replace(":", r"\:")))
    found = check(whole, [BY_NAME[name]])
    assert found
    assert found[0].key
    whole.rollback()


def test_the_command_names_the_records_and_how_to_mend_them(app: Flask, whole: Session):
    whole.execute(text("UPDATE orders SET salesperson_id = NULL"))
    whole.commit()
    key = whole.query(Order).one().id
    done = app.test_cli_runner().invoke(integrity, ["check"])
    assert done.exit_code == 1
    assert f"orders {key}: O-" in done.output
    assert "Choose the orders in the list and assign them." in done.output
    done = app.test_cli_runner().invoke(integrity, ["check", "--json"])
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(one["invariant"], one["key"]) for one in found] == [
        ("orders_have_salespeople", str(key))
    ]
    only = ["check", "--only", "prices_are_positive"]
    assert app.test_cli_runner().invoke(integrity, only).exit_code == 0


SUMS = "order_status_sums", "order_month_sums", "order_customer_sums", "order_due_sums"


@pytest.mark.parametrize("table", SUMS)
def test_sums_that_went_astray_are_found_and_added_up_anew(app: Flask, whole: Session, table: str):
    whole.execute(text("SELECT fold_order_deltas()"))
    whole.execute(text(f"UPDATE {table} SET orders = orders + 1, total = total - 5"))
    whole.commit()
    rule = [BY_NAME["order_sums_agree"]]
    found = check(whole, rule)
    assert {one.entity for one in found} == {table}
    assert len(found) == 2  # everyone's, and the salesperson's
    assert found[0].detail == "1 orders and -5.00 too many"
    whole.rollback()
    done = app.test_cli_runner().invoke(integrity, ["refill-sums", "--yes"])
    assert done.output == "1 orders added up.\n"
    assert check(whole, rule) == []


def test_a_database_of_another_version_is_a_clear_message(whole: Session):
    whole.execute(text("ALTER TABLE leads RENAME COLUMN claimed_at TO taken_at"))
    with pytest.raises(DomainError, match="claimed_leads_have_owners could not be looked for"):
        check(whole)
