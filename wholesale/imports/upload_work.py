"""What a file from the pages is held to: checks, permissions, duplicates, a ledger of changes."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from wholesale.accounts.models import User
from wholesale.catalog.models import Category
from wholesale.imports import checks
from wholesale.imports.allowed import hold_orders, refuse_foreign, refuse_unseen
from wholesale.imports.batches import Work, good
from wholesale.imports.changes import note_changes, note_made
from wholesale.imports.duplicates import mark_alike
from wholesale.imports.entries import Entry, Outcome
from wholesale.imports.lookups import LooseLinks
from wholesale.imports.mapping import Target
from wholesale.imports.models import Import

ORDERS = ("orders", "order_lines")


class UploadWork(Work):
    """One pass over an uploaded file, by the person who acts."""

    def __init__(self, session: object, imported: Import, actor: User) -> None:
        super().__init__(session, LooseLinks(session))  # type: ignore[arg-type]
        self.imported, self.actor = imported, actor
        self.takes_duplicates = imported.takes_duplicates
        # Record → key → the line that touched it first.
        self.touched: dict[str, dict[int, int]] = {}
        self.made: dict[str, set[int]] = {}

    def prepare(self, target: Target, entries: list[Entry]) -> None:
        """Check the values, and make what may be made on the way."""
        if target.record.name == "orders":
            for entry in entries:
                checks.check_code(target, entry)
        checks.check_values(target, entries)
        if target.record.name == "products" and self.imported.makes_categories:
            self._make_categories({e.values.get("category_id") for e in good(entries)})

    def _make_categories(self, names: Iterable[str | None]) -> None:
        wanted = sorted({name for name in names if name})
        present = select(Category.name).where(Category.name.in_(wanted))
        there = {name.lower() for name in self.session.scalars(present)}
        missing = {name.lower(): name for name in wanted if name.lower() not in there}
        if missing:
            statement = insert(Category).on_conflict_do_nothing().returning(Category.id)
            rows = [{"name": name} for name in missing.values()]
            made = self.session.scalars(statement, rows).all()
            note_made(self.session, self.imported.id, Category.__tablename__, made)

    def linked(self, target: Target, entries: list[Entry]) -> None:
        """Fill what the key of a price needs; hold the orders that are named."""
        hold_orders(self.session, target, entries)
        if target.record.name == "prices":
            checks.products_of_variants(self.session, target, entries)

    def check(self, target: Target, entries: list[Entry]) -> None:
        """Hold the rows to the rules of their records, and look for duplicates."""
        record = target.record.name
        touched = self.touched.setdefault(record, {})
        for entry in entries:
            first = touched.setdefault(entry.id, entry.row.line) if entry.id else entry.row.line
            if first != entry.row.line and record not in ORDERS:
                entry.duplicate = f"The same record stands on line {first} already."
        refuse_unseen(self.actor, target, entries)
        checks.check_records(self.session, target, good(entries))
        mark_alike(self.session, record, good(entries))

    def allow(self, target: Target, entries: list[Entry]) -> None:
        """Refuse what the person may not write."""
        refuse_foreign(self.session, self.actor, target, entries)

    def written(self, target: Target, entries: list[Entry]) -> None:
        """Keep what was before; a record that this file made stays new for its further rows."""
        record = target.record
        made = self.made.setdefault(record.name, set())
        for entry in entries:
            self.touched[record.name].setdefault(entry.id, entry.row.line)
            if entry.outcome is Outcome.UPDATE and entry.id in made:
                entry.outcome, entry.changes = Outcome.CREATE, {}
            elif entry.outcome is Outcome.CREATE:
                made.add(entry.id)
        note_changes(self.session, self.imported.id, record.table.name, entries)
