"""People, for admins: roles, exceptions, disabling; and secrets that rotate."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.visitor import Visitor
from wholesale import create_app
from wholesale.accounts.models import User
from wholesale.config import Settings


def test_a_new_role_counts_at_once_and_signs_the_person_out(
    visit: Callable[[str], Visitor], rep: Visitor, session: Session, cast: Cast
):
    key = cast.users["sales"]
    visit("admin").post(f"/admin/users/{key}/role", {"role": "designer"})
    assert rep.get("/orders").status_code == 302
    session.rollback()
    assert session.get(User, key).role == "designer"


def test_a_disabled_person_is_out_at_the_next_click(
    visit: Callable[[str], Visitor], rep: Visitor, cast: Cast
):
    visit("admin").post(f"/admin/users/{cast.users['sales']}/disable")
    assert rep.get("/orders").status_code == 302


def test_the_last_active_admin_stays(visit: Callable[[str], Visitor], session: Session, cast: Cast):
    admin, key = visit("admin"), cast.users["admin"]
    assert admin.post(f"/admin/users/{key}/disable").status_code == 409
    assert admin.post(f"/admin/users/{key}/role", {"role": "sales"}).status_code == 409
    session.rollback()
    assert session.get(User, key).role == "admin"


def test_an_exception_for_one_person_stands_above_the_role(
    visit: Callable[[str], Visitor], rep: Visitor, cast: Cast
):
    url = f"/admin/users/{cast.users['sales']}/exceptions"
    admin = visit("admin")
    admin.post(url, {"permission": "catalog:read", "scope": "none"})
    assert rep.get("/products").status_code == 403
    admin.post(url, {"permission": "catalog:read", "scope": ""})
    assert rep.get("/products").status_code == 200


def test_the_matrix_is_edited_and_counts_at_the_next_request(
    visit: Callable[[str], Visitor], cast: Cast
):
    designer, admin = visit("designer"), visit("admin")
    assert designer.get("/orders/new").status_code == 403
    cell = {"permission": "orders:create", "scope": "all"}
    answer = admin.hx_post("/admin/permissions/designer", cell)
    assert 'value="all" selected' in answer.text
    assert designer.get("/orders/new").status_code == 200
    admin.post("/admin/permissions/designer", cell | {"scope": "none"})
    assert designer.get("/orders/new").status_code == 403


@pytest.mark.parametrize(
    ("role", "cell", "status"),
    [
        ("admin", {"permission": "users:write", "scope": "none"}, 409),
        ("nobody", {"permission": "orders:read", "scope": "all"}, 404),
        ("sales", {"permission": "orders:fly", "scope": "all"}, 422),
        ("sales", {"permission": "orders:read", "scope": "some"}, 422),
    ],
)
def test_the_matrix_takes_only_what_it_knows(
    visit: Callable[[str], Visitor], role: str, cell: dict[str, str], status: int
):
    assert visit("admin").post(f"/admin/permissions/{role}", cell).status_code == status


def test_roles_are_added_and_deleted_unless_somebody_has_them(
    visit: Callable[[str], Visitor], session: Session, cast: Cast
):
    admin = visit("admin")
    assert admin.post("/admin/roles", {"name": "coach", "label": "Coach"}).status_code == 303
    assert admin.post("/admin/roles", {"name": "coach"}).status_code == 422
    assert admin.post("/admin/roles", {"name": "Not This"}).status_code == 422
    assert admin.post("/admin/roles/sales/deletion").status_code == 409
    admin.post(f"/admin/users/{cast.users['designer']}/role", {"role": "coach"})
    in_use = admin.post("/admin/roles/coach/deletion")
    assert in_use.status_code == 409
    assert "1 people have this role" in in_use.text
    admin.post(f"/admin/users/{cast.users['designer']}/role", {"role": "designer"})
    assert admin.post("/admin/roles/coach/deletion").status_code == 303


def test_people_are_found_by_name_and_address(visit: Callable[[str], Visitor], cast: Cast):
    admin = visit("admin")
    assert "Rita Rep" in admin.get("/admin/users?q=rita").text
    assert "Rita Rep" not in admin.get("/admin/users?q=rival").text
    assert "Rita Rep" in admin.get("/admin/users?role=sales").text


@pytest.mark.parametrize(("fallbacks", "status"), [((), 302), (("a secret for tests only",), 200)])
def test_a_rotated_secret_signs_everybody_out_unless_the_old_one_is_kept(
    rep: Visitor, database_url: str, fallbacks: tuple[str, ...], status: int
):
    rotated = create_app(
        Settings(
            app_env="test",
            database_url=database_url,
            session_secret="the new secret",
            session_secret_fallbacks=fallbacks,
        )
    )
    client = rotated.test_client()
    client.set_cookie("wholesale", rep.client.get_cookie("wholesale").value)
    assert client.get("/orders").status_code == status


def test_machine_paths_take_a_hundred_requests_a_minute(visit: Callable[[str], Visitor]):
    admin = visit("admin")
    statuses = [admin.post("/api/permissions/seed").status_code for _ in range(101)]
    assert statuses == [200] * 100 + [429]
    last = admin.post("/api/permissions/seed")
    assert last.json["error"]
    assert int(last.headers["Retry-After"]) > 0
