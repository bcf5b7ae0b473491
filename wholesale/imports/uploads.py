"""Writes of imports before and between their runs: upload, choose columns, begin a run, discard."""

from typing import IO, Any
from uuid import UUID

from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.core.entry import made_before
from wholesale.core.errors import DomainError, Invalid
from wholesale.core.text import clean_line
from wholesale.imports.guessing import guess, known_sizes, refusals, remember, remembered
from wholesale.imports.kinds import KINDS, Kind
from wholesale.imports.models import Import, ImportStatus
from wholesale.imports.report import ImportRefused
from wholesale.imports.sources import look_into, store, stream_of

# From where a run may begin.
_BEFORE = {
    ImportStatus.CHECKING: (ImportStatus.UPLOADED, ImportStatus.CHECKED, ImportStatus.FAILED),
    ImportStatus.LOADING: (ImportStatus.CHECKED,),
    ImportStatus.UNDOING: (ImportStatus.LOADED,),
}


def upload(
    session: Session, kind: Kind, name: str, stream: IO[bytes], size: int, key: UUID, by: User
) -> Import:
    """Keep an uploaded file and guess its columns; the same form sent again finds the first.

    Raises Invalid with what is wrong with the file.
    """
    made = made_before(session, Import, key)
    if made is not None and (made.user_id, made.kind) != (by.id, kind.name):
        raise Invalid("This form was used already. Open a new one.")
    if made is not None:
        return made
    filename = clean_line(name.replace("\\", "/").rpartition("/")[2])[:200] or "file"
    try:
        contents = look_into(stream, filename)  # type: ignore[arg-type]
    except ImportRefused as refusal:
        reasons = " ".join(problem.reason for problem in refusal.problems)
        raise Invalid("The file cannot be read.", file=reasons) from refusal
    made = Import(kind=kind.name, filename=filename, size=size, user_id=by.id, entry_key=key)
    made.sheets, made.header = contents.sheets, contents.header
    made.sheet = contents.sheets[0] if contents.sheets else None
    made.columns = guessed(session, kind, contents.header, by)
    session.add(made)
    session.flush()
    store(session, made, stream)
    return made


def guessed(session: Session, kind: Kind, header: list[str], by: User) -> dict[str, str]:
    """Return column → field as the last such file had it, or as the headers suggest."""
    offered = kind.offered(by)
    names = {column.name for column in offered}
    before = remembered(session, kind, header)
    if before and set(before.values()) <= names:
        return {column: name for column, name in before.items() if column in header}
    return guess(kind, offered, header, known_sizes(session))


def choose_sheet(session: Session, imported: Import, sheet: str, by: User) -> None:
    """Take another sheet of the workbook. Raises Invalid when it cannot be read."""
    _refuse_unless(imported, _BEFORE[ImportStatus.CHECKING])
    with stream_of(session, imported) as stream:
        try:
            contents = look_into(stream, imported.filename, sheet)
        except ImportRefused as refusal:
            raise Invalid(" ".join(problem.reason for problem in refusal.problems)) from refusal
    imported.sheet, imported.header = sheet, contents.header
    imported.columns = guessed(session, KINDS[imported.kind], contents.header, by)


def choose_columns(
    session: Session, imported: Import, chosen: dict[str, str], options: dict[str, Any]
) -> None:
    """Keep which column means what. Raises Invalid: column → reason, “” for all of them."""
    kind = KINDS[imported.kind]
    wrong = refusals(kind, chosen)
    if wrong:
        raise ColumnsRefused(wrong)
    imported.columns = chosen
    for name, value in options.items():
        setattr(imported, name, value)
    remember(session, kind, imported.header, chosen)


class ColumnsRefused(Invalid):
    """Columns that cannot be imported as they are chosen; ``wrong`` says which and why."""

    def __init__(self, wrong: dict[str, str]) -> None:
        super().__init__("Choose the columns again.")
        self.wrong = wrong


def begin(imported: Import, status: ImportStatus, **options: Any) -> bool:
    """Set an import on its way; False when it went that way already, and nothing is to be done.

    Raises DomainError when it cannot go there from where it stands.
    """
    if imported.is_running and imported.stage is not status:
        raise DomainError("It was interrupted. Run that again first.")
    if not imported.is_running:
        if imported.stage not in _BEFORE[status]:
            return False
        imported.status = status
        for name, value in options.items():
            setattr(imported, name, value)
    imported.progress, imported.rows_done, imported.message = 0, 0, ""
    return True


def discard(session: Session, imported: Import) -> None:
    """Delete an import that is not in the records. Raises DomainError for one that is."""
    stands = imported.loaded_at is not None and imported.stage is not ImportStatus.UNDONE
    if stands or imported.stage is ImportStatus.LOADING:
        raise DomainError("This file was imported. Undo that first.")
    session.delete(imported)


def _refuse_unless(imported: Import, statuses: tuple[ImportStatus, ...]) -> None:
    if imported.stage not in statuses:
        raise DomainError(f"The file is {imported.stage.label.lower()}.")
