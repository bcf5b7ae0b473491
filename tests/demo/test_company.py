"""The demo company is whole: people who can sign in, a catalog, customers, two years of orders."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.demo.conftest import TODAY
from wholesale.accounts.models import SalespersonProfile, User
from wholesale.accounts.passwords import is_correct
from wholesale.catalog.models import (
    APPAREL_RUN,
    Category,
    PriceEntry,
    PriceList,
    Product,
    SizeRun,
    Variant,
)
from wholesale.core.codes import next_code
from wholesale.core.errors import DomainError
from wholesale.customers.models import ClientType, Contact, Organization
from wholesale.demo import PASSWORD, SIGN_INS, is_empty, load_demo
from wholesale.orders.models import Order, OrderLine
from wholesale.orders.workflow import OrderStatus


def count(session: Session, query: str) -> int:
    return int(session.scalar(text(f"SELECT count(*) FROM {query}")) or 0)


def test_the_published_people_sign_in_with_the_published_password(company: Session):
    roles = dict(
        company.execute(select(User.email, User.role).where(User.email.in_(SIGN_INS))).all()
    )
    assert roles == {
        "admin@demo.example": "admin",
        "sales@demo.example": "sales",
        "sales2@demo.example": "sales",
        "designer@demo.example": "designer",
        "ops@demo.example": "ops",
        "maker@demo.example": "manufacturer",
        "finance@demo.example": "finance",
    }
    stored = company.scalar(select(User.password_hash).where(User.email == SIGN_INS[0]))
    assert is_correct(PASSWORD, stored)


def test_eight_people_sell_each_in_a_territory_of_their_own(company: Session):
    profiles = company.scalars(select(SalespersonProfile)).all()
    assert len(profiles) == len({p.territory for p in profiles}) == 8
    assert all(p.user.role == "sales" and p.monthly_quota > 0 for p in profiles)


def test_the_catalog_has_every_kind_of_size_run(company: Session):
    shelves = company.scalars(select(Category)).all()
    assert (len([s for s in shelves if s.is_top]), len([s for s in shelves if s.parent_id])) == (
        4,
        11,
    )
    assert 70 <= company.scalar(select(func.count(Product.id))) <= 90
    runs = dict(company.execute(select(SizeRun.name, SizeRun.sizes)).all())
    assert runs["Apparel"] == list(APPAREL_RUN)
    assert runs["One size"] == ["One size"]
    assert len(runs) == 4


def test_runs_have_prepacks_and_some_styles_are_sold_in_multiples(company: Session):
    assert count(company, "prepacks") >= 5
    assert count(company, "products WHERE order_multiple > 1") >= 5


def test_every_style_comes_in_three_to_ten_colours_with_a_cost_below_its_price(company: Session):
    counts = company.scalars(select(func.count(Variant.id)).group_by(Variant.product_id)).all()
    assert all(3 <= colours <= 10 for colours in counts)
    assert (
        count(company, "variants v JOIN products p ON p.id = product_id WHERE cost >= base_price")
        == 0
    )


def test_large_sizes_cost_more(company: Session):
    jersey = company.scalars(select(Product).where(Product.sku == "JRS-110")).one()
    extra = jersey.size_surcharges()
    assert extra["M"] == "0.00"
    assert 0 < float(extra["2XL"]) < float(extra["3XL"]) < float(extra["4XL"])


def test_customers_are_of_every_type_with_names_of_their_own(company: Session):
    names = company.scalars(select(Organization.name)).all()
    assert len(names) == len(set(names)) == 450
    assert set(company.scalars(select(Organization.client_type).distinct())) == set(ClientType)
    assert company.scalar(select(func.count(Organization.archived_at))) == 14


def test_every_customer_has_one_to_three_contacts_and_one_is_primary(company: Session):
    per_customer = company.execute(
        select(func.count(Contact.id), func.count().filter(Contact.is_primary)).group_by(
            Contact.organization_id
        )
    ).all()
    assert len(per_customer) == 450
    assert all(1 <= contacts <= 3 and primary == 1 for contacts, primary in per_customer)


def test_nobody_real_could_be_written_to(company: Session):
    assert count(company, "contacts WHERE email NOT LIKE '%.example'") == 0
    assert count(company, "contacts WHERE phone NOT LIKE '(___) 555-01__'") == 0
    assert count(company, "users WHERE email NOT LIKE '%@demo.example'") == 0


def test_four_thousand_orders_were_placed_in_two_years(company: Session):
    first, last, orders = company.execute(
        select(func.min(Order.placed_at), func.max(Order.placed_at), func.count())
    ).one()
    assert orders == 4000
    assert first.date() >= TODAY - timedelta(days=730)
    assert last <= datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)
    assert count(company, "orders WHERE code IS NULL") == 0


def test_codes_follow_the_days_and_the_next_order_goes_on_from_them(company: Session):
    codes = company.scalars(select(Order.code).order_by(Order.placed_at, Order.id)).all()
    assert codes == sorted(codes)
    assert codes[-1].startswith("O-2026-")
    with_next = next_code(company, "O")
    same_year = [code for code in codes if code[:7] == with_next[:7]]
    assert with_next > max(same_year, default="")


def test_totals_are_the_sums_of_the_lines(company: Session):
    wrong = """orders o JOIN (SELECT order_id, sum(qty_total) AS pieces, sum(line_total) AS money
        FROM order_lines GROUP BY order_id) l ON order_id = o.id
        WHERE units <> pieces OR subtotal <> money"""
    assert count(company, wrong) == 0


def test_statuses_fit_the_age_of_the_order(company: Session):
    rows = company.execute(select(Order.status, func.min(Order.placed_at)).group_by(Order.status))
    oldest = {status: (TODAY - placed.date()).days for status, placed in rows}
    assert set(oldest) == set(OrderStatus)
    assert oldest["new"] <= 7
    assert oldest["waiting_sizes"] <= 21
    assert oldest["production"] <= 100
    young = company.scalar(select(func.max(Order.placed_at)).where(Order.status == "completed"))
    assert (TODAY - young.date()).days >= 7


def test_lines_copy_what_the_catalog_says(company: Session):
    strange = """order_lines l JOIN variants v ON v.id = variant_id JOIN products p
        ON p.id = l.product_id JOIN size_runs r ON r.id = size_run_id
        WHERE unit_price <> coalesce(v.price, base_price) OR l.sizes <> r.sizes"""
    assert count(company, strange) == 0


def test_orders_past_their_sizes_meet_the_minimum_quantity(company: Session):
    short = """(SELECT 1 FROM order_lines l JOIN orders o ON o.id = order_id
        JOIN products p ON p.id = product_id WHERE status IN ('production', 'shipped', 'completed')
        GROUP BY order_id, p.id, min_quantity HAVING sum(qty_total) < min_quantity) short"""
    assert count(company, short) == 0


def test_middle_sizes_outnumber_the_outer_ones(company: Session):
    units = dict(
        company.execute(
            text(
                "SELECT key, sum(value::int) FROM order_lines, jsonb_each_text(quantities)"
                " WHERE 'YXS' = ANY (sizes) GROUP BY key"
            )
        ).all()
    )
    assert units["M"] > units["S"] > units["XS"]
    assert units["L"] > units["XL"] > units["2XL"] > units["3XL"] > units["4XL"]


def test_it_moves_into_an_empty_database_only(company: Session):
    assert not is_empty(company)
    with pytest.raises(DomainError, match="an empty database only"):
        load_demo(company, TODAY)


def test_nothing_archived_is_in_orders_placed_after(company: Session):
    late = """order_lines l JOIN orders o ON o.id = order_id JOIN variants v ON v.id = variant_id
        WHERE v.archived_at < placed_at"""
    assert count(company, late) == 0
    assert (
        count(
            company,
            "orders o JOIN organizations g ON g.id = organization_id"
            " WHERE g.archived_at < placed_at - interval '1 day'",
        )
        == 0
    )


def test_every_order_has_lines(company: Session):
    assert company.scalar(select(func.count(func.distinct(OrderLine.order_id)))) == 4000


def test_each_tier_has_quantity_prices_that_fall(company: Session):
    lists = company.query(PriceList).all()
    valid = [found for found in lists if found.is_valid_on(TODAY)]
    assert {found.tier for found in valid if found.tier} == {"standard", "wholesale", "vip"}
    assert len([found for found in valid if found.organization_id]) == 6
    assert len(valid) == len(lists) - 2  # one of last year, one still to come
    for found in valid:
        entries = company.query(PriceEntry).filter_by(price_list_id=found.id)
        by_product: dict[int, list] = {}
        for entry in entries.order_by(PriceEntry.min_quantity):
            by_product.setdefault(entry.product_id, []).append(entry.price)
        assert by_product
        assert all(prices == sorted(prices, reverse=True) for prices in by_product.values())
