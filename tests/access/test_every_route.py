"""The proof: every route × every kind of visitor answers as the declared matrix says."""

import io
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.cast import Cast, add_cast
from tests.pictures import png
from tests.rows import Snapshot, empty
from tests.visitor import Visitor
from wholesale.access.gate import PUBLIC, SIGNED_IN
from wholesale.access.matrix import MATRIX, Scope
from wholesale.accounts.invitations import invite
from wholesale.accounts.models import User
from wholesale.accounts.operations import begin_reset
from wholesale.assistant.models import AssistantCall
from wholesale.catalog.images import add_images
from wholesale.catalog.models import Prepack, PriceEntry, PriceList, Product
from wholesale.changes.models import ChangeOrder, ChangeOrderLine
from wholesale.core.clock import now
from wholesale.customers.models import Activity, Organization
from wholesale.files.models import FileVersion, StoredFile
from wholesale.files.storage import new_key
from wholesale.leads.models import Lead
from wholesale.lines.carrying import snapshot
from wholesale.lines.operations import put_units
from wholesale.links.operations import issue_link
from wholesale.links.pages import signer
from wholesale.links.queries import links_of
from wholesale.mail.models import OutboxMail
from wholesale.maintenance.models import MaintenanceWindow
from wholesale.orders.models import Order, OrderLine
from wholesale.quotes.models import Quote
from wholesale.quotes.operations import begin_quote, send


@dataclass(frozen=True)
class Row:
    """What a route is declared to need, how to call it, and what another rep gets."""

    needs: str
    args: dict[str, Any] = field(default_factory=dict)
    theirs: int | None = None  # the status for sales2 on the rep's record
    absent: bool = False  # the address names a record that is not there


CODE, KEY, CSV = {"ref": "O-TEST"}, {"key": "{user}"}, {"kind": "csv"}
ORG = {"key": "{organization}"}
LIST = {"key": "{price_list}"}
ENTRY = LIST | {"entry": "{price_entry}"}
ABSENT = {"key": 999999}
SKU = {"sku": "JRS-1"}
VARIANT, IMAGE = SKU | {"key": "{variant}"}, SKU | {"key": "{image}"}
CATEGORY, RUN, PREPACK = {"key": "{category}"}, {"key": "{run}"}, {"key": "{prepack}"}
ACTIVITY, CONTACT_ARCHIVE = {"key": "{activity}"}, {"key": "{contact}", "verb": "archive"}
QUOTE = {"ref": "Q-TEST"}
FILES = {"kind": "orders", "ref": "O-TEST"}
FILE = FILES | {"key": "{file}"}
CHANGE = {"ref": "O-TEST-1"}
LEAD = {"code": "L-TEST"}
LEAD_CALL = LEAD | {"key": "{lead_call}"}
SECTION, ARCHIVE = ORG | {"section": "details"}, ORG | {"verb": "archive"}
ROUTES = {
    "static": Row(PUBLIC, {"filename": "css/base.css"}),
    "system.health": Row(PUBLIC),
    "system.ready": Row(PUBLIC),
    "system.admin": Row("users:read"),
    "access.matrix": Row("roles:read"),
    "access.set_scope": Row("roles:write", {"role": "designer"}),
    "access.create_role": Row("roles:write"),
    "access.delete_role": Row("roles:write", {"role": "designer"}),
    "access.seed": Row("roles:write"),
    "audit.trail": Row("audit:read"),
    "audit.trail_file": Row("audit:read", CSV),
    "notifications.notifications": Row(SIGNED_IN),
    "notifications.bell": Row(PUBLIC),
    "notifications.read_all": Row(SIGNED_IN),
    "notifications.open_notification": Row(SIGNED_IN, ABSENT, absent=True),
    "system.parts": Row("settings:read"),
    "maintenance.maintenance": Row("settings:write"),
    "maintenance.begin": Row("settings:write"),
    "maintenance.switch_off": Row("settings:write"),
    "maintenance.call_off": Row("settings:write", {"key": "{window}"}),
    "system.health_details": Row("settings:read"),
    "system.metrics": Row("settings:read"),
    "jobs.jobs": Row("settings:read"),
    "jobs.job_step": Row("settings:write", {"key": 1, "verb": "retry"}),
    "mail.outbox": Row("settings:read"),
    "mail.mail": Row("settings:read", {"key": "{mail}"}),
    "mail.mail_retry": Row("settings:write", {"key": "{mail}"}),
    "mail.mail_free": Row("settings:write", {"key": "{mail}"}),
    "mail.events": Row(PUBLIC),
    "files.receive": Row(PUBLIC, {"token": "a link nobody signed"}),
    "files.fetch": Row(PUBLIC, {"token": "a link nobody signed"}),
    "files.panel": Row("files:read", FILES, theirs=404),
    "files.download": Row("files:read", FILE | {"number": 1}, theirs=404),
    "files.thumbnail": Row("files:read", FILE | {"number": 1}, theirs=404),
    "files.add": Row("files:write", FILES, theirs=404),
    "files.replace": Row("files:write", FILE, theirs=404),
    "files.archive": Row("files:write", FILE | {"verb": "archive"}, theirs=404),
    "files.begin": Row("files:write", FILES, theirs=404),
    "files.confirm": Row("files:write", FILES, theirs=404, absent=True),
    "accounts.sign_in": Row(PUBLIC),
    "accounts.sign_out": Row(SIGNED_IN),
    "accounts.forgot_password": Row(PUBLIC),
    "accounts.reset_password": Row(PUBLIC, {"token": "{reset}"}),
    "accounts.accept_invitation": Row(PUBLIC, {"token": "{invite}"}),
    "accounts.account": Row(SIGNED_IN),
    "accounts.password": Row(SIGNED_IN),
    "accounts.notifications": Row(SIGNED_IN),
    "accounts.end_session": Row(SIGNED_IN, {"key": 999999}, absent=True),
    "accounts.end_other_sessions": Row(SIGNED_IN),
    "accounts.invitation_list": Row("invitations:write"),
    "accounts.resend_invitation": Row("invitations:write", {"key": "{invitation}"}),
    "accounts.resend_invitation_api": Row("invitations:write", {"key": "{invitation}"}),
    "accounts.revoke_invitation": Row("invitations:write", {"key": "{invitation}"}),
    "accounts.user_list": Row("users:read"),
    "accounts.user_file": Row("users:read", CSV),
    "accounts.user": Row("users:read", KEY),
    "accounts.user_role": Row("users:write", KEY),
    "accounts.user_disable": Row("users:write", KEY),
    "accounts.user_enable": Row("users:write", KEY),
    "accounts.user_sessions_end": Row("users:write", KEY),
    "accounts.user_exception": Row("users:write", KEY),
    "customers.organizations": Row("organizations:read"),
    "customers.organizations_file": Row("organizations:read", CSV),
    "customers.organization": Row("organizations:read", {"key": "{organization}"}),
    "customers.organization_history": Row("organizations:read", {"key": "{organization}"}),
    "customers.new_organization": Row("organizations:write"),
    "customers.similar_organizations": Row("organizations:read"),
    "customers.organization_section": Row("organizations:write", SECTION, theirs=403),
    "customers.organization_archive": Row("organizations:write", ARCHIVE, theirs=403),
    "customers.organization_deletion": Row("organizations:write", ORG, theirs=403),
    "customers.contacts": Row("contacts:read"),
    "customers.contacts_file": Row("contacts:read", CSV),
    "customers.new_contact": Row("contacts:write", ORG, theirs=403),
    "customers.edit_contact": Row("contacts:write", {"key": "{contact}"}, theirs=403),
    "customers.archive_contact": Row("contacts:write", CONTACT_ARCHIVE, theirs=403),
    "customers.contact_deletion": Row("contacts:write", {"key": "{contact}"}, theirs=403),
    "customers.organization_contacts": Row("contacts:read", ORG),
    "customers.merge_page": Row("organizations:write", ORG, theirs=403),
    "customers.merge_now": Row("organizations:write", ORG, theirs=403),
    "customers.undo_merge": Row("organizations:write", ORG, theirs=403),
    "customers.new_activity": Row("organizations:write", ORG, theirs=403),
    "customers.activity": Row("organizations:read", ACTIVITY),
    "customers.edit_activity": Row("organizations:write", ACTIVITY, theirs=403),
    "customers.follow_up": Row("organizations:write", ACTIVITY | {"verb": "done"}, theirs=403),
    "customers.delete_activity": Row("organizations:write", ACTIVITY, theirs=403),
    "catalog.products": Row("catalog:read"),
    "catalog.products_file": Row("catalog:read", CSV),
    "catalog.price_list_index": Row("prices:read"),
    "catalog.price_lists_file": Row("prices:read", CSV),
    "catalog.new_price_list": Row("prices:write"),
    "catalog.price_list": Row("prices:read", LIST),
    "catalog.price_list_details": Row("prices:write", LIST),
    "catalog.price_list_archive": Row("prices:write", LIST | {"verb": "archive"}),
    "catalog.price_list_deletion": Row("prices:write", LIST),
    "catalog.price_list_history": Row("prices:read", LIST),
    "catalog.price_entries_file": Row("prices:read", LIST | CSV),
    "catalog.add_price_entry": Row("prices:write", LIST),
    "catalog.price_entry_codes": Row("prices:read", LIST),
    "catalog.edit_price_entry": Row("prices:write", ENTRY),
    "catalog.remove_price_entry": Row("prices:write", ENTRY),
    "catalog.product_prices": Row("prices:read", {"sku": "JRS-1"}),
    "leads.leads": Row("leads:read"),
    "leads.leads_file": Row("leads:read", CSV),
    "leads.new_lead": Row("leads:write"),
    "leads.similar": Row("leads:write"),
    "leads.lead": Row("leads:read", LEAD, theirs=404),
    "leads.lead_history": Row("leads:read", LEAD, theirs=404),
    "leads.lead_section": Row("leads:write", LEAD | {"section": "what"}, theirs=404),
    "leads.lead_activities": Row("leads:read", LEAD, theirs=404),
    "leads.add_activity": Row("leads:write", LEAD, theirs=404),
    "leads.finish_activity": Row("leads:write", LEAD_CALL, theirs=404),
    "leads.delete_activity": Row("leads:write", LEAD_CALL, theirs=404),
    "leads.stage": Row("leads:write", LEAD, theirs=404),
    "leads.claim": Row("leads:write", LEAD, theirs=404),
    "leads.release": Row("leads:write", LEAD, theirs=404),
    "leads.owner": Row("leads:write", LEAD, theirs=404),
    "leads.lead_archive": Row("leads:write", LEAD | {"verb": "archive"}, theirs=404),
    "leads.lead_deletion": Row("leads:write", LEAD, theirs=404),
    "quotes.conversion": Row("leads:write", LEAD, theirs=404),
    "orders.line_price": Row("prices:read", CODE | {"key": "{line}"}, theirs=404),
    "catalog.variants_file": Row("catalog:read", CSV),
    "catalog.product": Row("catalog:read", SKU),
    "catalog.product_history": Row("catalog:read", SKU),
    "catalog.new_product": Row("catalog:write"),
    "catalog.copy_product": Row("catalog:write", SKU),
    "catalog.surcharges": Row("catalog:write"),
    "catalog.product_section": Row("catalog:write", SKU | {"section": "sizes"}),
    "catalog.product_archive": Row("catalog:write", SKU | {"verb": "archive"}),
    "catalog.product_deletion": Row("catalog:write", SKU),
    "catalog.variants": Row("catalog:write", SKU),
    "catalog.variant_archive": Row("catalog:write", VARIANT),
    "catalog.variant_deletion": Row("catalog:write", VARIANT),
    "catalog.image": Row("catalog:read", IMAGE),
    "catalog.thumbnail": Row("catalog:read", IMAGE),
    "catalog.upload_images": Row("catalog:write", SKU),
    "catalog.edit_image": Row("catalog:write", IMAGE),
    "catalog.place_image": Row("catalog:write", IMAGE | {"place": "first"}),
    "catalog.delete_image": Row("catalog:write", IMAGE),
    "catalog.categories": Row("catalog:read"),
    "catalog.new_category": Row("catalog:write"),
    "catalog.edit_category": Row("catalog:write", CATEGORY),
    "catalog.category_deletion": Row("catalog:write", CATEGORY),
    "catalog.size_runs": Row("catalog:read"),
    "catalog.size_run": Row("catalog:read", RUN),
    "catalog.new_size_run": Row("catalog:write"),
    "catalog.edit_size_run": Row("catalog:write", RUN),
    "catalog.size_run_deletion": Row("catalog:write", RUN),
    "catalog.new_prepack": Row("catalog:write", RUN),
    "catalog.edit_prepack": Row("catalog:write", PREPACK),
    "catalog.delete_prepack": Row("catalog:write", PREPACK),
    "orders.orders": Row("orders:read"),
    "orders.bulk": Row("orders:read"),
    "orders.orders_file": Row("orders:read", CSV),
    "orders.order_lines_file": Row("orders:read", CSV),
    "orders.new_order": Row("orders:create"),
    "orders.order": Row("orders:read", CODE, theirs=404),
    "orders.order_history": Row("orders:read", CODE, theirs=404),
    "orders.details": Row("orders:update", CODE, theirs=404),
    "orders.products": Row("orders:update", CODE, theirs=404),
    "orders.lines": Row("orders:update", CODE, theirs=404),
    "orders.removal": Row("orders:update", CODE, theirs=404),
    "orders.paste": Row("orders:update", CODE, theirs=404),
    "orders.prepack": Row("orders:update", CODE | {"product": "{product}"}, theirs=404),
    "orders.transition": Row("orders:read", CODE, theirs=404),
    "orders.sizes": Row("orders:update", CODE, theirs=404),
    "orders.discard": Row("orders:create", CODE, theirs=404),
    "orders.copy": Row("orders:create", CODE, theirs=404),
    "orders.order_of_quote": Row("quotes:read", QUOTE, theirs=404),
    "quotes.quotes": Row("quotes:read"),
    "quotes.quotes_file": Row("quotes:read", CSV),
    "quotes.new_quote": Row("quotes:write"),
    "quotes.quote": Row("quotes:read", QUOTE, theirs=404),
    "quotes.quote_history": Row("quotes:read", QUOTE, theirs=404),
    "quotes.details": Row("quotes:write", QUOTE, theirs=404),
    "quotes.products": Row("quotes:write", QUOTE, theirs=404),
    "quotes.lines": Row("quotes:write", QUOTE, theirs=404),
    "quotes.removal": Row("quotes:write", QUOTE, theirs=404),
    "quotes.paste": Row("quotes:write", QUOTE, theirs=404),
    "quotes.prepack": Row("quotes:write", QUOTE | {"product": "{product}"}, theirs=404),
    "quotes.line_price": Row("prices:read", QUOTE | {"key": "{quote_line}"}, theirs=404),
    "quotes.usual_rows": Row("quotes:write", QUOTE, theirs=404),
    "quotes.copy": Row("quotes:write", QUOTE, theirs=404),
    "quotes.step": Row("quotes:write", QUOTE, theirs=404),
    "quotes.usual": Row("quotes:write", QUOTE, theirs=404),
    "quotes.delete": Row("quotes:write", QUOTE, theirs=404),
    "quotes.new_link": Row("quotes:write", QUOTE, theirs=404),
    "quotes.revoke": Row("quotes:write", QUOTE | {"key": "{link}"}, theirs=404),
    "quotes.quote_print": Row("quotes:read", QUOTE, theirs=404),
    "quotes.revision": Row("quotes:read", QUOTE | {"number": 1}, theirs=404),
    "quotes.revision_pdf": Row("quotes:read", QUOTE | {"number": 1}, theirs=404),
    "links.customer_link": Row(PUBLIC, {"token": "{customer}"}),
    "quotes.customer_pdf": Row(PUBLIC, {"token": "{customer}"}),
    "quotes.decision_again": Row(PUBLIC, {"token": "{customer}"}),
    "quotes.decide": Row(PUBLIC, {"token": "{customer}"}),
    "changes.changes": Row("orders:read"),
    "changes.of_order": Row("orders:read", CODE, theirs=404),
    "changes.begin": Row("orders:update", CODE, theirs=404),
    "changes.change": Row("orders:read", CHANGE, theirs=404),
    "changes.change_history": Row("orders:read", CHANGE, theirs=404),
    "changes.terms": Row("orders:update", CHANGE, theirs=404),
    "changes.apply_now": Row("orders:approve", CHANGE),
    "changes.drop": Row("orders:update", CHANGE, theirs=404),
    "changes.products": Row("orders:update", CHANGE, theirs=404),
    "changes.lines": Row("orders:update", CHANGE, theirs=404),
    "changes.removal": Row("orders:update", CHANGE, theirs=404),
    "changes.prepack": Row("orders:update", CHANGE | {"product": "{product}"}, theirs=404),
    "changes.paste": Row("orders:update", CHANGE, theirs=404),
    "changes.line_price": Row("prices:read", CHANGE | {"key": "{change_line}"}, theirs=404),
    "imports.imports": Row(SIGNED_IN),
    "imports.new_organizations": Row("organizations:write"),
    "imports.new_contacts": Row("contacts:write"),
    "imports.new_products": Row("catalog:write"),
    "imports.new_variants": Row("catalog:write"),
    "imports.new_prices": Row("prices:write"),
    "imports.new_orders": Row("orders:create"),
    # One's own imports alone, and all for an administrator: tests/imports/test_permissions.py.
    "imports.columns": Row(SIGNED_IN, ABSENT, absent=True),
    "imports.sheet": Row(SIGNED_IN, ABSENT, absent=True),
    "imports.import_page": Row(SIGNED_IN, ABSENT, absent=True),
    "imports.check": Row(SIGNED_IN, ABSENT, absent=True),
    "imports.load": Row(SIGNED_IN, ABSENT, absent=True),
    "imports.undo": Row(SIGNED_IN, ABSENT, absent=True),
    "imports.discard": Row(SIGNED_IN, ABSENT, absent=True),
    "imports.problems": Row(SIGNED_IN, ABSENT | CSV, absent=True),
    "assistant.calls": Row("settings:read"),
    "assistant.call": Row("settings:read", {"key": "{assistant_call}"}),
    "assistant.order_rows": Row("orders:update", CODE, theirs=404),
    "assistant.quote_rows": Row("quotes:write", QUOTE, theirs=404),
    "assistant.change_rows": Row("orders:update", CHANGE, theirs=404),
    "assistant.organization_summary": Row("organizations:read", ORG),
    "assistant.order_summary": Row("orders:read", CODE, theirs=404),
    "assistant.organization_mail": Row("contacts:read", ORG),
    "assistant.order_mail": Row("orders:read", CODE, theirs=404),
    "assistant.words": Row(SIGNED_IN),
    "assistant.clean_up": Row(SIGNED_IN, ABSENT, absent=True),
    "insight.dashboard": Row(SIGNED_IN),
    "insight.search": Row(SIGNED_IN),
    "insight.organization_summary": Row("organizations:read", ORG),
    "insight.organization_timeline": Row("organizations:read", ORG),
}
ROLES = ["admin", "sales", "designer", "ops", "manufacturer", "finance"]


def add_catalog_records(session: Session, cast: Cast) -> dict[str, Any]:
    """Give the jersey a picture and its run a prepack; return keys for the addresses."""
    product = session.get_one(Product, cast.product)
    pack = Prepack(size_run=product.size_run, name="Twelve", ratio={"M": 12})
    session.add(pack)
    add_images(session, product, [("jersey.png", png(40, 30))])
    session.flush()
    return {
        "product": product.id,
        "variant": cast.variants["Navy"],
        "category": product.category_id,
        "run": product.size_run_id,
        "prepack": pack.id,
        "image": product.images[0].id,
    }


def add_quote(app: Flask, session: Session, cast: Cast) -> tuple[Quote, dict[str, Any]]:
    """Add a quote of the rep that was sent, with a customer's link; return keys for addresses."""
    rep = session.get_one(User, cast.users["sales"])
    quote = begin_quote(session, session.get_one(Organization, cast.organization), uuid4(), rep)
    quote.code = "Q-TEST"
    put_units(session, quote, {cast.variants["Navy"]: {"M": 12}}, now().date())
    send(session, quote, rep, "USD")
    with app.app_context():
        token = issue_link(session, signer(), rep, 30, quote_id=quote.id, key="test")[0]
    session.flush()
    link = links_of(session, quote.id)[0]
    return quote, {"customer": token, "link": link.id, "quote_line": quote.lines[0].id}


def add_order_file(app: Flask, session: Session, order: Order) -> StoredFile:
    """Add a picture to an order; there is nothing but its thumbnail."""
    version = FileVersion(number=1, name="a.png", content_type="image/png", byte_count=1)
    version.sha256 = version.sent_sha256 = "0" * 64
    version.object_key, version.thumbnail_key = new_key(), new_key()
    app.extensions["storage"].write(version.thumbnail_key, io.BytesIO(b"x"), "image/webp")
    stored = StoredFile(order_id=order.id, versions=[version])
    session.add(stored)
    return stored


def add_records(app: Flask, session: Session, cast: Cast) -> dict[str, Any]:
    """Add an order and a lead of the rep, an invitation, a mail; return keys for the addresses."""
    rep = cast.users["sales"]
    order = Order(
        code="O-TEST",
        placed_at=now(),
        organization_id=cast.organization,
        salesperson_id=rep,
        created_by_id=rep,
        entry_key=uuid4(),
    )
    jersey = session.get_one(Product, cast.product)
    navy = snapshot(jersey, jersey.variants[0])
    line = OrderLine(order=order, **navy)
    entry = PriceEntry(price_list=PriceList(name="VIP", tier="vip"), product_id=cast.product)
    entry.price = Decimal("10.00")
    lead = Lead(code="L-TEST", name="Singlets", company="Ridge Runners", entry_key=uuid4())
    lead.owner_id, lead.claimed_at = rep, now()
    call = Activity(organization_id=cast.organization, kind="call", body="Called")
    call.author_id = rep
    quote, quote_keys = add_quote(app, session, cast)
    order.quote_id = quote.id
    session.add_all([order, line, entry, lead, call])
    lead.created_at = lead.claimed_at
    session.flush()
    change = ChangeOrder(order=order, number=1, reason="More", order_lines_version=0)
    change.organization_id, change.before = cast.organization, {"total": "0.00", "delivery": ""}
    change.before |= {"styles": []}
    change_line = ChangeOrderLine(change=change, **navy)
    session.add(change)
    session.flush()
    lead_call = Activity(lead_id=lead.id, kind="call", body="Called.", author_id=rep)
    lead_call.entry_key, lead_call.follow_up_on = uuid4(), now().date()
    session.add(lead_call)
    stored = add_order_file(app, session, order)
    mail = OutboxMail(recipient="a@b.example", subject="s", body="b")
    asked = AssistantCall(purpose="list", model="m", prompt="p", user_id=rep)
    window = MaintenanceWindow(starts_at=now() + timedelta(days=9), message="Upgrade")
    session.add_all([mail, asked, window])
    invitation, token = invite(session, "new@house.example", "New", "sales", None)
    begun = begin_reset(session, "designer@house.example")
    assert begun is not None
    catalog = add_catalog_records(session, cast)
    session.commit()
    return (
        catalog
        | quote_keys
        | {
            "user": cast.users["designer"],
            "organization": cast.organization,
            "contact": cast.contact,
            "activity": call.id,
            "invitation": invitation.id,
            "invite": token,
            "reset": begun[1],
            "mail": mail.id,
            "window": window.id,
            "file": stored.id,
            "assistant_call": asked.id,
            "lead_call": lead_call.id,
            "line": line.id,
            "change_line": change_line.id,
            "price_list": entry.price_list_id,
            "price_entry": entry.id,
        }
    )


@pytest.fixture(scope="module")
def known_once(application: Flask, engine: Engine) -> tuple[Cast, dict[str, Any], Snapshot]:
    """The cast and the records as they were written the first time."""
    with Session(engine) as session:
        cast = add_cast(session)
        known = add_records(application, session, cast)
        snapshot = Snapshot(session.connection(), "routes")
        session.commit()
    empty(engine)
    return cast, known, snapshot


@pytest.fixture
def cast(
    known_once: tuple[Cast, dict[str, Any], Snapshot], session: Session, engine: Engine
) -> Cast:
    """The cast, and the records with it."""
    with engine.begin() as connection:
        known_once[2].put_back(connection)
    return known_once[0]


@pytest.fixture
def known(known_once: tuple[Cast, dict[str, Any], Snapshot], cast: Cast) -> dict[str, Any]:
    """The keys of the records, for the addresses."""
    return known_once[1]


def call(app: Flask, visitor: Visitor, endpoint: str, known: dict[str, Any]) -> list[TestResponse]:
    """Send a request of each method that the route takes."""
    answers = []
    for rule in app.url_map.iter_rules(endpoint):
        with app.test_request_context():
            args = {k: str(v).format(**known) for k, v in ROUTES[endpoint].args.items()}
            url = app.url_for(endpoint, **args)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if method == "PUT":
                answers.append(visitor.client.put(url))
            else:
                answers.append(visitor.get(url) if method == "GET" else visitor.post(url))
    return answers


def test_every_route_is_in_the_table_and_nothing_else(application: Flask):
    own = {
        name for name in application.view_functions if not name.endswith(("fail", "crash", "query"))
    }
    assert own == set(ROUTES)


@pytest.mark.parametrize("endpoint", ROUTES)
def test_the_stamp_is_the_declared_one(application: Flask, endpoint: str):
    view: Any = application.view_functions[endpoint]
    assert view.permission == ROUTES[endpoint].needs


def is_granted(who: str, endpoint: str) -> bool:
    """Tell whether the matrix lets a role call a route at all."""
    needs = ROUTES[endpoint].needs
    return needs in (PUBLIC, SIGNED_IN) or MATRIX[who].get(needs, Scope.NONE) != Scope.NONE


@pytest.mark.parametrize(
    ("endpoint", "who"), [(e, who) for e in ROUTES for who in ROLES if is_granted(who, e)]
)
def test_each_role_gets_what_the_matrix_grants(
    app: Flask, session: Session, cast: Cast, known: dict[str, Any], endpoint: str, who: str
):
    visitor = Visitor(app, session).signed_in(cast.users[who])
    for answer in call(app, visitor, endpoint, known):
        assert answer.status_code < 500
        if who == "manufacturer" and "ref" in ROUTES[endpoint].args:
            assert answer.status_code == 404  # assigned orders only, and this one is not
        else:
            assert answer.status_code not in (401, 403)
            assert (answer.status_code == 404) == ROUTES[endpoint].absent


@pytest.mark.parametrize(
    "endpoint", [e for e in ROUTES if not all(is_granted(who, e) for who in ROLES)]
)
def test_no_role_gets_more(
    app: Flask, session: Session, cast: Cast, known: dict[str, Any], endpoint: str
):
    for who in ROLES:
        if is_granted(who, endpoint):
            continue
        visitor = Visitor(app, session).signed_in(cast.users[who])
        for answer in call(app, visitor, endpoint, known):
            assert answer.status_code == 403, who


@pytest.mark.parametrize("endpoint", [e for e, row in ROUTES.items() if row.theirs])
def test_another_reps_record_does_not_exist(
    app: Flask, session: Session, cast: Cast, known: dict[str, Any], endpoint: str
):
    rival = Visitor(app, session).signed_in(cast.users["sales2"])
    for answer in call(app, rival, endpoint, known):
        assert answer.status_code == ROUTES[endpoint].theirs


@pytest.mark.parametrize("endpoint", [e for e, row in ROUTES.items() if row.needs == PUBLIC])
def test_a_visitor_gets_what_is_public(app: Flask, known: dict[str, Any], session, endpoint: str):
    for answer in call(app, Visitor(app, session), endpoint, known):
        assert answer.status_code in (200, 202, 204, 303, 400, 422)


@pytest.mark.parametrize("endpoint", [e for e, row in ROUTES.items() if row.needs != PUBLIC])
def test_neither_a_visitor_nor_a_disabled_user_gets_anything_else(
    app: Flask, session: Session, cast: Cast, known: dict[str, Any], endpoint: str
):
    disabled = Visitor(app, session).signed_in(cast.users["admin"])
    session.get_one(User, cast.users["admin"]).is_active = False
    session.commit()
    for visitor in (Visitor(app, session), disabled):
        for answer in call(app, visitor, endpoint, known):
            assert answer.status_code in (302, 401)
            assert "/sign-in" in answer.headers.get("Location", "/sign-in")
