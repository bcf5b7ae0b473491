"""Reads of imports: one's own, and everybody's for administrators."""

from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, joinedload

from wholesale.access.queries import may
from wholesale.accounts.models import User
from wholesale.core.errors import NotVisible
from wholesale.imports.entries import Outcome
from wholesale.imports.models import Import, ImportRow
from wholesale.web.listing import Listing, Sort

LISTING = Listing(Import.id, (Sort("latest", Import.id, descending=True),))
ROWS = Listing(ImportRow.id, (Sort("line", ImportRow.line),))
BAD = (Outcome.ERROR, Outcome.DUPLICATE)


def visible_imports(actor: User) -> Select[Any]:
    """Select the imports that ``actor`` may see."""
    query = select(Import).options(joinedload(Import.user))
    return query if may(actor, "users:read") else query.where(Import.user_id == actor.id)


def import_(session: Session, actor: User, key: int, *, lock: bool = False) -> Import:
    """Return one import, locked when it will be changed. Raises NotVisible for others'."""
    query = visible_imports(actor).where(Import.id == key)
    found = session.scalar(query.with_for_update(of=Import, key_share=True) if lock else query)
    if found is None:
        raise NotVisible("There is no such import.")
    return found


def rows_of(imported: Import, outcome: str = "") -> Select[Any]:
    """Select what the rows of an import came to, of one outcome if given."""
    query = select(ImportRow).where(ImportRow.import_id == imported.id)
    return query.where(ImportRow.outcome == outcome) if outcome in set(Outcome) else query


def bad_rows(imported: Import) -> Select[Any]:
    """Select the rows that were not written, with their cells, errors before duplicates."""
    rank = case((ImportRow.outcome == Outcome.ERROR, 0), else_=1)
    query = select(ImportRow).where(ImportRow.import_id == imported.id)
    return query.where(ImportRow.outcome.in_(BAD)).order_by(rank, ImportRow.line)


def reasons() -> Any:
    """Return the column expression of a row's problems in words: the column, and what is wrong."""
    problem = func.jsonb_array_elements(ImportRow.problems).table_valued("value").alias("problem")
    one = func.concat_ws(
        ": ", problem.c.value.op("->>")("column"), problem.c.value.op("->>")("reason")
    )
    words = select(func.string_agg(one, " ")).select_from(problem)
    return words.correlate(ImportRow).scalar_subquery().label("problem")
