"""Cleaning up an import: a diff of names and addresses, of which only what is chosen is written."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.imports.conftest import desk_of, ops  # noqa: F401 - fixtures
from tests.imports.desk import ImportDesk
from tests.standins.gemini import Gemini
from wholesale.audit.models import AuditEntry
from wholesale.customers.models import Organization
from wholesale.imports.models import Import

FILE = """Company,Street,City,ZIP,Country
LAKE  LIONS sc,12 main st,springfeild 01103,,usa
Hill Hawks,4 Oak Rd,Dover,19901,USA
"""
LIONS = {
    "id": "R1",
    "name": "Lake Lions SC",
    "title": "",
    "street": "12 Main St",
    "city": "Springfield",
    "region": "",
    "postal_code": "01103",
    "country": "USA",
}
FIELDS = re.compile(r'name="((?:was|to)\.[^"]+)" value="([^"]*)"')


@pytest.fixture
def imported(ops: ImportDesk) -> Import:  # noqa: F811
    """Two customers that were imported."""
    return ops.load("organizations", FILE)


def url(imported: Import) -> str:
    """Return the address of cleaning up."""
    return f"/imports/{imported.id}/assistant/clean-up"


def lions(session: Session) -> Organization:
    """Return the customer that needs cleaning."""
    session.rollback()
    return session.query(Organization).where(Organization.name.ilike("lake%")).one()


def propose(gemini: Gemini, ops: ImportDesk, imported: Import, *records: Any) -> str:  # noqa: F811
    """Ask for proposals and return the page."""
    gemini.says = {"records": list(records)}
    return ops.visitor.post(url(imported)).text


def test_a_diff_of_which_the_chosen_part_is_written(
    gemini: Gemini,
    ops: ImportDesk,  # noqa: F811
    imported: Import,
    session: Session,
):
    page = propose(gemini, ops, imported, LIONS)
    assert "<del>LAKE LIONS sc</del>" in page
    assert "<ins>Springfield</ins>" in page
    assert lions(session).name == "LAKE LIONS sc"
    key = lions(session).id
    form = dict(FIELDS.findall(page)) | {"then": "take", "take": [f"{key}.name", f"{key}.city"]}
    ops.visitor.post(url(imported), form)
    found = lions(session)
    assert (found.name, found.city, found.street) == ("Lake Lions SC", "Springfield", "12 main st")
    entry = session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert (entry.entity, entry.after["name"]) == ("organizations", "Lake Lions SC")


@pytest.mark.parametrize(
    "change",
    [
        {"postal_code": "01104"},
        {"street": "120 Main St"},
        {"name": ""},
        {"name": "Lake Lions https://evil.example"},
        {"id": "R9"},
        {"id": "1"},
    ],
)
def test_a_proposal_that_changes_more_than_spelling_is_none(
    gemini: Gemini,
    ops: ImportDesk,  # noqa: F811
    imported: Import,
    change: dict[str, str],
):
    page = propose(gemini, ops, imported, LIONS | change)
    assert "evil.example" not in page
    assert "<ins></ins>" not in page
    assert f"<ins>{change.get('postal_code') or change.get('street') or '-'}</ins>" not in page


def test_markup_in_a_proposal_is_text(gemini: Gemini, ops: ImportDesk, imported: Import):  # noqa: F811
    page = propose(gemini, ops, imported, LIONS | {"name": "<b onclick=alert()>Lions</b>"})
    assert "<ins>&lt;b onclick=alert()&gt;Lions&lt;/b&gt;</ins>" in page


def test_what_somebody_changed_meanwhile_stays(
    gemini: Gemini,
    ops: ImportDesk,  # noqa: F811
    imported: Import,
    session: Session,
):
    page = propose(gemini, ops, imported, LIONS)
    found = lions(session)
    found.name = "Lake Lions United"
    session.commit()
    form = dict(FIELDS.findall(page)) | {"then": "take", "take": [f"{found.id}.name"]}
    ops.visitor.post(url(imported), form)
    assert lions(session).name == "Lake Lions United"


@pytest.mark.parametrize("field", ["credit_limit", "salesperson_id", "reference", "search", ""])
def test_no_other_field_can_be_written(
    gemini: Gemini,
    ops: ImportDesk,  # noqa: F811
    imported: Import,
    session: Session,
    field: str,
):
    found = lions(session)
    key = f"{found.id}.{field}"
    form = {"then": "take", "take": key, f"was.{key}": "", f"to.{key}": "9"}
    assert ops.visitor.post(url(imported), form).status_code == 303
    assert lions(session).version == found.version


def test_a_record_of_no_import_cannot_be_written(
    gemini: Gemini,
    ops: ImportDesk,  # noqa: F811
    imported: Import,
    session: Session,
    cast,
):
    key = f"{cast.organization}.name"
    form = {"then": "take", "take": key, f"was.{key}": "Wolverton Wrestling Club", f"to.{key}": "X"}
    ops.visitor.post(url(imported), form)
    session.rollback()
    assert session.get_one(Organization, cast.organization).name == "Wolverton Wrestling Club"


def test_only_names_and_addresses_are_told(
    gemini: Gemini,
    ops: ImportDesk,  # noqa: F811
    imported: Import,
):
    propose(gemini, ops, imported)
    assert "LAKE LIONS sc" in gemini.prompt
    assert "Wolverton" not in gemini.prompt
    assert "credit" not in gemini.prompt.casefold()


def test_another_s_import_does_not_exist(
    gemini: Gemini,
    imported: Import,
    desk_of: Callable[[str], ImportDesk],  # noqa: F811
):
    assert desk_of("sales").visitor.post(url(imported)).status_code == 404
    assert gemini.calls == []


def test_the_import_s_page_offers_it_while_it_is_on(
    gemini: Gemini,
    ops: ImportDesk,  # noqa: F811
    imported: Import,
):
    assert "Clean up names" in ops.page(imported)
    assert "2 customers are sent" in ops.visitor.get(url(imported)).text


def test_off_without_a_key(ops: ImportDesk, imported: Import):  # noqa: F811
    assert "Clean up names" not in ops.page(imported)
    assert ops.visitor.post(url(imported)).status_code == 409
