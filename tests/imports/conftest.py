"""A mapping of customers and their contacts, and a folder to write files into."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.imports.desk import ImportDesk
from tests.visitor import Visitor
from wholesale.imports import running
from wholesale.imports.mapping_file import parse_mapping
from wholesale.imports.operations import load
from wholesale.imports.report import Report

MAPPING = parse_mapping(
    {
        "title": "Customers",
        "target": [
            {
                "record": "organizations",
                "file": "customers.csv",
                "alias": "{id}",
                "fields": {
                    "reference": "id",
                    "name": "name",
                    "street": {"column": "street", "convert": "text_block"},
                    "credit_limit": "limit",
                    "archived": "gone",
                },
            },
            {
                "record": "contacts",
                "file": "contacts.csv",
                "fields": {
                    "organization": "customer",
                    "name": "name",
                    "email": "email",
                    "is_primary": {"constant": True},
                },
            },
        ],
    }
)
CUSTOMERS = """id,name,street,limit,gone
C1,Bärenfels Athletics,Oak House\\nMain St 1,"1,500.00",0
C2,Old Mill Sports,,,1
"""
CONTACTS = """customer,name,email
C1,Berta Bär,berta@baer.example
c2,Otto Mill,
"""

Loader = Callable[..., Report]


@pytest.fixture
def load_customers(session: Session, tmp_path: Path) -> Loader:
    """Load the two files, or what is given in their place."""

    def run(customers: str = CUSTOMERS, contacts: str = CONTACTS, **options: bool) -> Report:
        (tmp_path / "customers.csv").write_text(customers)
        (tmp_path / "contacts.csv").write_text(contacts)
        return load(session, MAPPING, tmp_path, **options)

    return run


@pytest.fixture
def desk_of(
    visit: Callable[[str], Visitor], session: Session
) -> Iterator[Callable[[str], ImportDesk]]:
    """Return somebody of the cast at the import pages: ``desk_of("sales")``."""
    yield lambda who: ImportDesk(visit(who), session)
    running.wait()


@pytest.fixture
def ops(desk_of: Callable[[str], ImportDesk]) -> ImportDesk:
    """Operations at the import pages, who may import everything."""
    return desk_of("ops")
