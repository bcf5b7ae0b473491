"""Loading: what is new is created, what differs updated, and anything wrong stops it all."""

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.imports.conftest import CONTACTS, CUSTOMERS, MAPPING, Loader
from wholesale.customers.models import Contact, Organization
from wholesale.imports.operations import load
from wholesale.imports.report import ImportRefused, Report


def counted(report: Report) -> list[tuple[int, int, int]]:
    return [(c.created, c.updated, c.unchanged) for c in report.counts]


def organization(session: Session, reference: str) -> Organization:
    query = select(Organization).where(Organization.reference == reference)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def problems_of(load_customers: Loader, **files: str) -> list[str]:
    with pytest.raises(ImportRefused) as refused:
        load_customers(**files)
    return [str(problem) for problem in refused.value.problems]


def test_new_records_are_created(session: Session, load_customers: Loader):
    assert counted(load_customers()) == [(2, 0, 0), (2, 0, 0)]
    bears = organization(session, "C1")
    assert bears.name == "Bärenfels Athletics"
    assert bears.street == "Oak House\nMain St 1"
    assert bears.credit_limit == Decimal("1500.00")
    assert not bears.is_archived
    assert [contact.email for contact in bears.contacts] == ["berta@baer.example"]


def test_an_empty_cell_leaves_the_columns_default(session: Session, load_customers: Loader):
    load_customers()
    mill = organization(session, "C2")
    assert mill.credit_limit == 0
    assert mill.street is None
    assert mill.is_archived


def test_loading_again_changes_nothing_and_says_so(session: Session, load_customers: Loader):
    load_customers()
    before = organization(session, "C2").archived_at
    report = load_customers()
    assert counted(report) == [(0, 0, 2), (0, 0, 2)]
    assert not report.changed
    assert report.lines()[-1] == "Nothing changed: every record was there already."
    assert organization(session, "C2").archived_at == before


def test_only_what_differs_is_updated_and_its_version_counts(
    session: Session, load_customers: Loader
):
    load_customers()
    report = load_customers(customers=CUSTOMERS.replace("1,500", "2,000").replace("C1", "c1"))
    assert counted(report)[0] == (0, 1, 1)
    assert organization(session, "C1").credit_limit == Decimal("2000.00")
    assert organization(session, "C1").version == 2
    assert organization(session, "C2").version == 1


def test_a_dry_run_tells_the_same_and_keeps_nothing(session: Session, load_customers: Loader):
    report = load_customers(dry_run=True)
    assert counted(report) == [(2, 0, 0), (2, 0, 0)]
    assert report.lines()[0] == "Customers, dry run: nothing is kept."
    assert session.scalar(select(func.count(Organization.id))) == 0


def test_an_organization_keeps_the_primary_contact_it_has(session: Session, load_customers: Loader):
    load_customers()
    load_customers(contacts=CONTACTS + "C1,Bodo Bär,bodo@baer.example\n")
    primary = session.scalars(select(Contact.name).where(Contact.is_primary)).all()
    assert sorted(primary) == ["Berta Bär", "Otto Mill"]


def test_problems_name_file_line_column_and_reason(load_customers: Loader):
    broken = CUSTOMERS + "C3,,,-5,perhaps\n,Nameless,,,\n"
    assert problems_of(load_customers, customers=broken) == [
        "customers.csv, line 4, name: It is empty.",
        "customers.csv, line 4, limit: An amount cannot be negative.",
        "customers.csv, line 4, gone: “perhaps” is neither yes nor no.",
        "customers.csv, line 5, id: It is empty.",
    ]


def test_a_row_that_names_an_unknown_record_is_refused(load_customers: Loader):
    assert problems_of(load_customers, contacts=CONTACTS + "C9,Nina Nine,\n") == [
        "contacts.csv, line 4, customer: There is no “C9” among the organizations."
    ]


def test_a_record_that_stands_twice_is_refused_whatever_its_case(load_customers: Loader):
    assert problems_of(load_customers, customers=CUSTOMERS + "c1,Bears,,,0\n") == [
        "customers.csv, line 4: The same record stands on line 2 already."
    ]


def test_a_problem_in_the_last_file_takes_everything_back(session: Session, load_customers: Loader):
    problems_of(load_customers, contacts="customer,name,email\nC1,Ann,no address\n")
    assert session.scalar(select(func.count(Organization.id))) == 0


def test_what_only_the_database_refuses_is_told_with_its_line(load_customers: Loader):
    longer_than_an_index_entry = "".join(chr(0x4E00 + n) for n in range(4000))
    huge = CUSTOMERS.replace("Old Mill Sports", longer_than_an_index_entry)
    (problem,) = problems_of(load_customers, customers=huge)
    assert problem.startswith("customers.csv, line 3: The database refused it.")


def test_a_file_that_is_not_there_is_named(session: Session, tmp_path: Path):
    with pytest.raises(ImportRefused, match=r"customers\.csv: It cannot be read"):
        load(session, MAPPING, tmp_path / "nowhere")
