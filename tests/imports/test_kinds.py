"""What each kind of file comes to: keys, duplicates, and errors at their cells."""

from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast, add_product
from tests.imports.desk import ImportDesk
from wholesale.catalog.models import Category, PriceEntry, PriceList, Product, Variant
from wholesale.customers.models import Contact, Organization


def test_a_customer_without_a_number_is_told_by_name_and_city(ops: ImportDesk, cast: Cast):
    imported = ops.check(
        "organizations",
        "Number,Name,City\n"
        ",BARENFELS ATHLETICS,Bärenfels\n"
        ",Bärenfels Athletics,Rome\n"
        "C-1,Bärenfels Athletics,Bärenfels\n"
        "C-2,Bärenfels Athletics,Rome\n"
        "C-3,Bärenfels Athletics,Rome\n",
    )
    assert ops.outcomes(imported) == ["unchanged", "create", "duplicate", "duplicate", "duplicate"]
    assert ops.problems(imported) == [
        (4, None, "There is a customer “Bärenfels Athletics” already, with another number."),
        (5, None, "There is a customer “Bärenfels Athletics” already, with another number."),
        (6, None, "There is a customer “Bärenfels Athletics” already, with another number."),
    ]


def test_a_name_that_two_customers_have_needs_the_number(
    ops: ImportDesk, session: Session, cast: Cast
):
    session.add_all([Organization(name="Twins", reference="T-1"), Organization(name="Twins")])
    session.commit()
    imported = ops.check("organizations", "Number,Name,Phone\n,Twins,1\nt-1,Twins,2\n")
    assert ops.outcomes(imported) == ["error", "update"]
    assert ops.problems(imported)[0][1:] == (
        "Name",
        "2 customers have this name. Add a column with the customer number.",
    )


def test_duplicates_are_written_only_when_asked_for(ops: ImportDesk, session: Session, cast: Cast):
    content = "Number,Name,City\nC-1,Wolverton Wrestling Club,Wolverton\n"
    imported = ops.check("organizations", content)
    assert ops.outcomes(imported) == ["duplicate"]
    ops.step(imported, "check", takes_duplicates="1")
    assert ops.outcomes(ops.seen(imported.id)) == ["create"]
    assert ops.confirm(imported).status == "loaded"
    query = select(Organization).where(Organization.name == "Wolverton Wrestling Club")
    assert len(session.scalars(query).all()) == 2


def test_contacts_find_their_customer_by_number_or_name(
    ops: ImportDesk, session: Session, cast: Cast
):
    session.get_one(Organization, cast.organization).reference = "C-7"
    session.commit()
    imported = ops.load(
        "contacts",
        "Customer number,Customer,First name,Last name,E-mail\n"
        "c-7,,Nia,North,NIA@wolves.example\n"
        ",barenfels athletics,Bo,,bo@baer.example\n"
        "C-9,,Ann,,\n"
        "C-7,,coach,carter,\n"
        "C-7,,Nora,North,nia@wolves.example\n"
        "C-7,,Ned,,not an address\n",
        mode="good",
    )
    assert ops.outcomes(imported) == [
        "create",
        "create",
        "error",
        "duplicate",
        "duplicate",
        "error",
    ]
    assert ops.problems(imported)[0] == (4, "Customer number", "There is no customer “C-9”.")
    assert ops.problems(imported)[1][2] == "“Coach Carter” is at this customer already."
    session.rollback()
    nia = session.scalars(select(Contact).where(Contact.name == "Nia North")).one()
    assert (nia.organization_id, nia.email) == (cast.organization, "nia@wolves.example")


PRODUCTS = """SKU,Name,Category,Size run,Price,Surcharge 2XL,MOQ,Multiple,Decoration
TEE-1,Tee,Jerseys,Apparel,"12,50",2.5,12,6,Screen print
TEE-2,Tee,Nowhere,Apparel,12.50,,,,
TEE-3,Tee,Jerseys,Apparel,0,,,,
TEE-4,Tee,Jerseys,Apparel,12.505,,0,,glitter
TEE-5,,Jerseys,Apparel,12,,,,
jrs-1,Home shirt,Jerseys,Apparel,20,0,12,1,
tee-1,Tee again,Jerseys,Apparel,12,,,,
A/B,Slash,Jerseys,Apparel,12,,,,
"""


def test_products_are_checked_cell_by_cell(ops: ImportDesk, session: Session, cast: Cast):
    imported = ops.load("products", PRODUCTS, mode="good")
    assert ops.outcomes(imported) == [
        "create",
        "error",
        "error",
        "error",
        "error",
        "update",
        "duplicate",
        "error",
    ]
    assert ops.problems(imported) == [
        (3, "Category", "There is no category “Nowhere”."),
        (4, "Price", "A price is more than 0."),
        (5, "Price", "An amount has two decimal places at most."),
        (5, "Decoration", ops.problems(imported)[3][2]),
        (6, "Name", "It is empty."),
        (8, None, "The same record stands on line 2 already."),
        (9, "SKU", "A SKU has no slash, and is not “new”."),
    ]
    session.rollback()
    tee = session.scalars(select(Product).where(Product.sku == "TEE-1")).one()
    assert (tee.base_price, tee.surcharges) == (Decimal("12.50"), {"2XL": "2.50"})
    assert (tee.order_multiple, tee.decoration) == (6, "screen_print")
    jersey = session.get_one(Product, cast.product)
    assert jersey.sku == "JRS-1"
    assert jersey.surcharges == {"3XL": "3.00", "4XL": "4.00"}


def test_a_size_that_is_not_in_the_run_is_an_error_at_its_cell(ops: ImportDesk, cast: Cast):
    imported = ops.check("products", 'SKU,Surcharges\nJRS-1,"2xl +1, 9XL +9"\nJRS-1,oops\n')
    assert ops.problems(imported) == [
        (2, "Surcharges", "9XL is not in the product's size run."),
        (3, "Surcharges", "“oops” is not a size with its surcharge, such as “2XL +2.00”."),
    ]


def test_missing_categories_are_made_when_asked_for(ops: ImportDesk, session: Session, cast: Cast):
    content = "SKU,Name,Category,Size run,Price\nT-1,T,Bags,Apparel,5\nT-2,T,bags,Apparel,5\n"
    imported = ops.check("products", content, makes_categories="y")
    assert ops.outcomes(imported) == ["create", "create"]
    assert session.scalar(select(Category).where(Category.name == "Bags")) is None
    ops.confirm(imported)
    session.rollback()
    assert session.scalar(select(Category).where(Category.name == "Bags")) is not None


def test_variants_belong_to_a_product(ops: ImportDesk, session: Session, cast: Cast):
    imported = ops.load(
        "variants",
        "Code,SKU,Color,Price,Cost\n"
        'JRS-1-GOLD,jrs-1,Gold,"21,00",9\n'
        "JRS-1-NAVY,JRS-1,Navy,0,\n"
        "X-1,NO-SUCH,Red,,\n",
        mode="good",
    )
    assert ops.outcomes(imported) == ["create", "error", "error"]
    assert [problem[1] for problem in ops.problems(imported)] == ["Price", "SKU"]
    gold = session.scalars(select(Variant).where(Variant.code == "JRS-1-GOLD")).one()
    assert (gold.product_id, gold.price, gold.cost) == (cast.product, Decimal(21), Decimal(9))


@pytest.fixture
def vip(session: Session, cast: Cast) -> int:
    """A price list with one price for the jersey."""
    made = PriceList(name="VIP 2026", tier="vip")
    session.add(made)
    session.flush()
    session.add(PriceEntry(price_list_id=made.id, product_id=cast.product, price=Decimal(18)))
    session.commit()
    return made.id


def test_prices_are_told_by_list_product_variant_and_quantity(
    ops: ImportDesk, session: Session, cast: Cast, vip: int
):
    add_product(session, "CAP-1", "Cap", ["Red"])
    session.commit()
    content = (
        "Price list,SKU,Variant,From quantity,Price\n"
        "vip 2026,JRS-1,,,18.00\n"
        "VIP 2026,JRS-1,,24,16.00\n"
        "VIP 2026,,JRS-1-NAVY,1,17.50\n"
        "VIP 2026,JRS-1,CAP-1-RED,1,9\n"
        "Nobody's,JRS-1,,1,9\n"
        "VIP 2026,JRS-1,,0,9\n"
        "VIP 2026,,,1,9\n"
    )
    imported = ops.load("prices", content, mode="good")
    assert ops.outcomes(imported) == ["unchanged", "create", "create", *["error"] * 4]
    assert [(line, column) for line, column, _ in ops.problems(imported)] == [
        (5, "Variant"),
        (6, "Price list"),
        (7, "From quantity"),
        (8, "SKU"),
    ]
    session.rollback()
    prices = session.execute(
        select(PriceEntry.variant_id, PriceEntry.min_quantity, PriceEntry.price)
        .where(PriceEntry.price_list_id == vip)
        .order_by(PriceEntry.price)
    ).all()
    assert prices == [
        (None, 24, Decimal("16.00")),
        (cast.variants["Navy"], 1, Decimal("17.50")),
        (None, 1, Decimal("18.00")),
    ]
    assert set(ops.outcomes(ops.check("prices", content))[:3]) == {"unchanged"}


def test_what_only_the_database_refuses_is_an_error_of_its_row(ops: ImportDesk, cast: Cast):
    longest = "".join(chr(0x4E00 + n) for n in range(100))
    rows = "".join(f"C-{n},Club {n},\n" for n in range(40))
    content = f"Number,Name,Credit limit\n{rows}C-99,Huge,99999999999\n,,\nC-98,{longest * 3},\n"
    imported = ops.check("organizations", content)
    assert ops.outcomes(imported) == ["create"] * 40 + ["error", "error"]
    assert ops.problems(imported)[0] == (
        42,
        "Credit limit",
        "The largest amount is 9,999,999,999.99.",
    )
    assert ops.problems(imported)[1] == (44, "Name", "It has 300 characters; 200 fit.")
