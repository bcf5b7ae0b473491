"""Tries a backup out: restores it into a scratch database and looks at what comes of it."""

from dataclasses import replace

from wholesale.backup import restoring, scratch, store
from wholesale.backup.address import Address
from wholesale.backup.programs import Progress, quiet
from wholesale.backup.restoring import Outcome
from wholesale.backup.store import Backup


def verify(
    backup: Backup, live: Address, scratch_at: Address | None = None, progress: Progress = quiet
) -> Outcome:
    """Check the checksum, restore, compare the rows, check the rules of the data and the trail.

    Done in a database beside ``live`` that is gone afterwards, or in the empty one at
    ``scratch_at``. Raises BackupError when the backup does not give back what was backed up.
    """
    store.check_whole(backup)
    restoring.refuse_newer(backup.known())
    with scratch.given(scratch_at, live) if scratch_at else scratch.beside(live) as place:
        outcome = restoring.fill(backup, place, progress)
        findings = restoring.examine(place)
    return replace(outcome, findings=findings)
