"""Seeding permissions: complete, repeatable, and never undoing an admin's edits."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import delete, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from wholesale.access.matrix import RESOURCES, ROLES
from wholesale.access.models import RolePermission
from wholesale.access.queries import grants_of
from wholesale.access.seed import seed_permissions


def test_every_role_has_a_row_for_every_action(session: Session):
    actions = sum(len(actions) for actions in RESOURCES.values())
    assert session.query(RolePermission).count() == len(ROLES) * actions
    assert seed_permissions(session) == 0
    session.rollback()


def test_an_edited_permission_is_left_as_it_is(session: Session):
    row = (RolePermission.role == "designer") & (RolePermission.action == "create")
    session.execute(update(RolePermission).where(row).values(scope="all"))
    assert seed_permissions(session) == 0
    assert grants_of(session, "designer", 0)["orders:create"] == "all"
    session.rollback()


def test_a_missing_permission_comes_back(session: Session):
    session.execute(delete(RolePermission).where(RolePermission.role == "ops"))
    assert seed_permissions(session) > 0
    session.rollback()


def test_processes_that_start_at_once_do_not_hinder_each_other(app, engine: Engine):
    def seed(_: int) -> int:
        with Session(engine) as own:
            added = seed_permissions(own)
            own.commit()
            return added

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(seed, range(4))) == [0, 0, 0, 0]
