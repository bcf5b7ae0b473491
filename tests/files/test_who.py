"""Who may read and change a file: who may read and change its record."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.files.conftest import PDF, send
from tests.visitor import Visitor
from wholesale.core.clock import now
from wholesale.leads.models import Lead
from wholesale.quotes.models import Quote


@pytest.fixture
def file_url(rep: Visitor, url: str, kept: Any) -> str:
    """The address of a file of the rep's order."""
    send(rep, url, ("logo.pdf", PDF))
    return f"{url}/{kept()[0].id}"


@pytest.mark.parametrize("who", ["admin", "ops", "designer", "finance"])
def test_who_reads_the_order_reads_its_files(visit: Any, url: str, file_url: str, who: str):
    reader = visit(who)
    assert "logo.pdf" in reader.get(url).text
    assert reader.get(f"{file_url}/1", follow_redirects=True).data == PDF


@pytest.mark.parametrize("who", ["sales2", "manufacturer"])
def test_for_others_neither_the_files_nor_the_record_exist(
    visit: Any, url: str, file_url: str, who: str
):
    other = visit(who)
    assert other.get(url).status_code == 404
    assert other.get(f"{file_url}/1").status_code == 404
    if who == "sales2":
        assert send(other, url, ("x.pdf", PDF)).status_code == 404
        assert other.post(f"{file_url}/archive").status_code == 404


def test_who_only_reads_sees_no_form_and_may_not_send(visit: Any, url: str, file_url: str):
    designer = visit("designer")
    text = designer.get(url).text
    assert "Add files" not in text
    assert "Replace" not in text
    assert send(designer, url, ("x.pdf", PDF)).status_code == 403
    assert designer.post(f"{file_url}/archive").status_code == 403


def test_a_file_is_not_reached_through_another_record(
    rep: Visitor, cast: Cast, file_url: str, kept: Any
):
    mine = f"/organizations/{cast.organization}/files/{kept()[0].id}"
    assert rep.get(f"{mine}/1").status_code == 404
    assert rep.post(f"{mine}/archive").status_code == 404
    assert kept()[0].archived_at is None


@pytest.mark.parametrize("ref", ["0", "-1", "x", "99999999999999", "2147483648"])
def test_no_such_customer_is_not_found(rep: Visitor, ref: str):
    assert rep.get(f"/organizations/{ref}/files").status_code == 404


def test_every_kind_of_record_keeps_files(
    visit: Any, session: Session, cast: Cast, rep: Visitor, url: str, kept: Any
):
    lead = Lead(code="L-1", name="Singlets", company="Ridge", entry_key=uuid4())
    lead.owner_id, lead.claimed_at = cast.users["sales"], now()
    session.add(lead)
    session.commit()
    rep.post("/quotes/new", {"organization_id": cast.organization, "key": str(uuid4())})
    quote = session.query(Quote).one()
    session.rollback()
    places = [url, f"/organizations/{cast.organization}/files", "/leads/L-1/files"]
    places.append(f"/quotes/{quote.code}/files")
    for place in places:
        assert send(rep, place, ("a.pdf", PDF)).status_code == 303
    assert send(visit("ops"), "/products/JRS-1/files", ("a.pdf", PDF)).status_code == 303
    assert send(rep, "/products/JRS-1/files", ("a.pdf", PDF)).status_code == 403
    assert len(kept()) == 5
    assert [file.customer_id for file in kept()].count(cast.organization) == 3


@pytest.mark.parametrize("kind", ["orders", "organizations"])
def test_the_records_page_fetches_its_files(rep: Visitor, url: str, cast: Cast, kind: str):
    record = url.removesuffix("/files")
    if kind == "organizations":
        record = f"/organizations/{cast.organization}"
    assert f'hx-get="{record}/files"' in rep.get(record).text
    panel = rep.hx_get(f"{record}/files", target="record-files")
    assert "<html" not in panel.text
    assert "Add files" in panel.text


def test_a_draft_that_is_discarded_takes_its_files_along(rep: Visitor, draft: Any, kept: Any):
    send(rep, f"/orders/{draft.ref}/files", ("a.pdf", PDF))
    assert len(kept()) == 1
    rep.post(f"/orders/{draft.ref}/discard")
    assert kept() == []


def test_files_go_along_when_a_customer_is_merged(
    visit: Any, rep: Visitor, cast: Cast, kept: Any, url: str
):
    send(rep, f"/organizations/{cast.organization}/files", ("tax.pdf", PDF))
    send(rep, url, ("art.pdf", PDF))
    visit("admin").post(
        f"/organizations/{cast.other_organization}/merge", {"other": cast.organization}
    )
    tax, art = kept()
    assert {tax.customer_id, art.customer_id} == {cast.other_organization}
    assert tax.organization_id == cast.other_organization
    assert "tax.pdf" in rep.get(f"/organizations/{cast.other_organization}/files").text
    visit("admin").post(f"/organizations/{cast.organization}/merge/undo")
    tax, art = kept()
    assert {tax.customer_id, art.customer_id, tax.organization_id} == {cast.organization}


def test_a_customer_with_files_is_not_deleted_and_leads_to_them(visit: Any, cast: Cast, kept: Any):
    admin, customer = visit("admin"), f"/organizations/{cast.other_organization}"
    send(admin, f"{customer}/files", ("tax.pdf", PDF))
    text = admin.get(f"{customer}/deletion").text
    assert "1 stored file<" in text
    assert f'href="{customer}/files"' in text
    admin.post(f"{customer}/deletion")
    assert len(kept()) == 1
