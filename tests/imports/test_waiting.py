"""Runs that wait for each other take no connection of the pool, and clicks do not wait for them."""

import io
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.imports.desk import ImportDesk
from wholesale.access.models import UserPermission
from wholesale.catalog.models import Variant
from wholesale.core.errors import Invalid
from wholesale.imports import running
from wholesale.imports.kinds import KINDS
from wholesale.imports.models import Import
from wholesale.imports.operations import IMPORT_LOCK
from wholesale.imports.uploads import upload
from wholesale.orders.models import OrderLine

ORDERS = "Order,Customer,Variant,Price,M\nPO-1,Wolverton Wrestling Club,JRS-1-NAVY,10,12\n"


@pytest.fixture
def another_import(engine: Engine) -> Iterator[None]:
    """An import of another process that runs, so that all others wait."""
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": IMPORT_LOCK})
        yield
        connection.rollback()
    running.wait()


def brought(ops: ImportDesk, count: int) -> list[Import]:
    return [ops.bring("organizations", f"Name\nRidge Runners {n}\n") for n in range(count)]


def press(ops: ImportDesk, imported: Import) -> int:
    return ops.visitor.post(f"/imports/{imported.id}/columns", {"column-0": "name"}).status_code


def test_two_imports_of_a_person_wait_without_a_connection_of_the_pool(
    ops: ImportDesk, app: Flask, engine: Engine, another_import: None
):
    before = engine.pool.checkedout()
    first, second, third = brought(ops, 3)
    assert [press(ops, one) for one in (first, second, third)] == [303, 303, 409]
    assert ops.seen(third.id).status == "uploaded"
    ops.session.rollback()
    assert engine.pool.checkedout() <= before


def test_a_second_click_during_a_run_is_answered_at_once(
    ops: ImportDesk, session: Session, engine: Engine
):
    imported = ops.check("organizations", "Name\nRidge Runners\n")
    with engine.connect() as run:  # rows that refer to the import hold its key
        run.execute(text("SELECT 1 FROM imports FOR KEY SHARE"))
        assert ops.step(imported, "check").status_code == 303


def test_a_form_of_another_person_gives_nothing_away(ops: ImportDesk, session: Session):
    imported = ops.bring("organizations", "Name\nRidge Runners\n")
    key, by = imported.entry_key, imported.user
    with pytest.raises(Invalid, match="used already"):
        _upload_again(session, "contacts", key, by)
    rival = session.scalars(select(type(by)).where(type(by).id != by.id)).first()
    with pytest.raises(Invalid, match="used already"):
        _upload_again(session, "organizations", key, rival)


def _upload_again(session: Session, kind: str, key: object, by: object) -> None:
    upload(session, KINDS[kind], "a.csv", io.BytesIO(b"Name\nA\n"), 7, key, by)  # type: ignore[arg-type]


def test_a_price_of_a_file_stays_when_quantities_change(
    ops: ImportDesk, session: Session, cast: Cast
):
    without = ORDERS.replace(",Price", "").replace(",10,", ",")
    ops.load("orders", without)
    imported = ops.load("orders", ORDERS)
    line = session.scalars(select(OrderLine)).one()
    assert (str(line.unit_price), line.is_price_manual) == ("10.00", True)
    ops.step(imported, "undo")
    session.rollback()
    session.expire_all()
    line = session.scalars(select(OrderLine)).one()
    assert (str(line.unit_price), line.is_price_manual) == ("20.00", False)


def test_costs_are_neither_written_nor_shown_without_the_permission(
    desk_of: Callable[[str], ImportDesk], session: Session, cast: Cast
):
    ops = desk_of("ops")
    imported = ops.check("variants", "Code,SKU,Color,Cost\nJRS-1-NAVY,JRS-1,Navy,7.77\n")
    assert "7.77" in ops.page(imported)
    exception = {"resource": "costs", "action": "read", "scope": "none"}
    session.add(UserPermission(user_id=cast.users["ops"], **exception))
    session.commit()
    assert "7.77" not in ops.page(imported)
    assert ops.confirm(imported).status == "loaded"
    cost = select(Variant.cost).where(Variant.code == "JRS-1-NAVY")
    assert str(session.scalar(cost)) != "7.77"
