"""Loads the Northwind Traders sample company by its mapping."""

from pathlib import Path

from sqlalchemy.orm import Session

from wholesale.imports.mapping_file import read_mapping
from wholesale.imports.operations import load
from wholesale.imports.report import Report

MAPPING = Path(__file__).parent.parent / "data" / "northwind.toml"


def load_northwind(session: Session, directory: Path, *, dry_run: bool = False) -> Report:
    """Load the CSV files in ``directory``; the caller commits. See ``operations.load``."""
    return load(session, read_mapping(MAPPING), directory, dry_run=dry_run)
