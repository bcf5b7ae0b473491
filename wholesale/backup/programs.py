"""PostgreSQL's own programs: which of those at hand fits a server, and how one is run."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from wholesale.backup.address import Address
from wholesale.backup.errors import BackupError, telling
from wholesale.postgres_launch import EmbeddedPostgresError, binary

DEBIAN = Path("/usr/lib/postgresql")
TABLE = re.compile(r'(?:dumping contents of|processing data for) table "')
ERROR = re.compile(r"^pg_\w+: error: ")
# Called with how many tables are done and how many there are.
Progress = Callable[[int, int], object]
# Older servers do not know it, and pg_restore sets it whatever the server is.
HARMLESS = 'unrecognized configuration parameter "transaction_timeout"'


def quiet(done: int, total: int) -> None:
    """Tell nobody how far it is."""


def program(name: str, major: int) -> tuple[Path, int]:
    """Return the program for a server of version ``major``, and its own version.

    It may not be older than the server; of several the oldest is taken, whose dumps most
    servers understand. Raises BackupError when none fits.
    """
    found = {version: path for path in _candidates(name) if (version := _version(path))}
    fitting = [version for version in found if version >= major]
    if not fitting:
        there = ", ".join(map(str, sorted(found))) or "none"
        raise BackupError(
            f"The server is PostgreSQL {major}, and no {name} of that version or newer is here"
            f" (found: {there}). Install postgresql-client-{major}."
        )
    return found[min(fitting)], min(fitting)


def _candidates(name: str) -> Iterator[Path]:
    # The last one of a version is taken: Debian's wrapper in PATH chooses a version itself.
    for folder in os.get_exec_path():
        path = Path(folder) / name
        if path.is_file() and os.access(path, os.X_OK):
            yield path
    yield from DEBIAN.glob(f"*/bin/{name}")
    with suppress(EmbeddedPostgresError):
        yield binary(name)


def _version(path: Path) -> int:
    with suppress(OSError, subprocess.SubprocessError):
        told = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=20)  # noqa: PLW1510
        if number := re.search(r"\) (\d+)", told.stdout):
            return int(number[1])
    return 0


def run(
    command: Sequence[str | Path],
    address: Address,
    *,
    stdout: IO[bytes] | None = None,
    tables: int = 0,
    progress: Progress = quiet,
) -> None:
    """Run one of them on ``address``; ``progress`` hears of each of the ``tables`` it comes to.

    Raises BackupError with the program's own reason when it fails.
    """
    name = Path(command[0]).name
    with telling(name):
        # Signals stay ignored as they are here: a file that may not grow is an error to be told.
        process = subprocess.Popen(
            [*command, "--verbose", "--no-password"],
            env=address.environment(),
            stdin=subprocess.DEVNULL,
            stdout=stdout or subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            restore_signals=False,
        )
    try:
        trouble, forgiven = _listen(process, tables, progress)
        if trouble:
            process.kill()  # pg_restore would go on
        code = process.wait()
    except BaseException:
        process.kill()
        process.wait()
        raise
    if trouble or (code and not forgiven):
        raise BackupError(f"{name}: {trouble or f'it ended with {code}'}")


def _listen(process: "subprocess.Popen[str]", tables: int, progress: Progress) -> tuple[str, bool]:
    """Return the first error, and whether one was met that does no harm."""
    done, forgiven = 0, False
    for line in process.stderr or ():
        if TABLE.search(line):
            done += 1
            progress(done, tables)
        elif ERROR.match(line):
            if HARMLESS not in line:
                return ERROR.sub("", line).strip(), forgiven
            forgiven = True
    return "", forgiven
