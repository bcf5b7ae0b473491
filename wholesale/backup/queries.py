"""Which backups there are: found by name, the newest, those that the rule lets go."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from wholesale.backup import store
from wholesale.backup.errors import BackupError
from wholesale.backup.retention import Rule, kept
from wholesale.backup.store import Backup


class Health(NamedTuple):
    """What the doctor tells of a folder: the newest backup that can be relied on, and the rest."""

    newest: datetime | None
    good: int
    broken: int


def health(folder: Path, database: str) -> Health:
    """Return how the backups of ``database`` stand. Raises BackupError when none can be read."""
    found = [one for one in store.entries(folder) if _is_of(one, database)]
    good = [one.manifest.moment for one in found if one.manifest and not one.problem]
    return Health(max(good, default=None), len(good), len(found) - len(good))


def find(folder: Path, name: str, database: str) -> Backup:
    """Return the backup called ``name``, at that path, or for ``latest`` the newest good one.

    That is of ``database``: a folder may hold those of others. Raises BackupError when there is
    none.
    """
    if name == "latest":
        good = [one for one in store.entries(folder) if not one.problem and _is_of(one, database)]
        if not good:
            raise BackupError(f"There is no good backup of {database} in {folder}: name one.")
        return max(good, key=lambda one: one.known().moment)
    path = Path(name) if "/" in name else folder / name
    path = path.with_name(path.name.removesuffix(store.DUMP) + store.DUMP)
    if not path.exists() and not path.with_suffix(store.MANIFEST).exists():
        raise BackupError(f"There is no backup {name} in {folder}. flask backup list shows them.")
    return store.entry(path)


def _is_of(one: Backup, database: str) -> bool:
    """Tell whether a backup is of ``database``; one whose manifest is lost may be."""
    return one.manifest is None or one.manifest.database == database


def superfluous(folder: Path, database: str, rule: Rule) -> list[Backup]:
    """Return the good backups of ``database`` that ``rule`` does not keep.

    What cannot be relied on neither counts nor goes: somebody should look at it first.
    """
    good = [one for one in store.entries(folder) if not one.problem and _is_of(one, database)]
    stay = kept((one.known().moment for one in good), rule)
    return [one for one in good if one.known().moment not in stay]
