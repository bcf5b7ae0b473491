"""The embedded PostgreSQL: whatever happened before, the next start finds its data and answers."""

import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from wholesale import postgres

REPOSITORY = Path(__file__).parents[1]
STARTER = """
import sys
from pathlib import Path
from wholesale import postgres
server = postgres.ensure_running(Path(sys.argv[1]), durable=False)
print(server.started_here, server.socket_dir, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def data_dir(tmp_path, request):
    """Where a server may live; whatever runs there in the end is stopped."""
    place = tmp_path / getattr(request, "param", "instance") / "postgres"
    yield place
    if (place / "PG_VERSION").exists():
        postgres.stop(start(place))


def start(place):
    return postgres.ensure_running(place, durable=False)


def launch_starter(place):
    """Start a process that calls ensure_running and then waits; return it and what it said."""
    process = subprocess.Popen(
        [sys.executable, "-c", STARTER, place],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    started_here, socket_dir = process.stdout.readline().split()
    return process, started_here == "True", Path(socket_dir)


def end(process, how=signal.SIGKILL):
    process.send_signal(how)
    process.communicate()


def query(server, statement, database="postgres"):
    address = server.url(database, driver="postgresql")
    with psycopg.connect(address, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None


def postmaster(place):
    return int((place / "postmaster.pid").read_text().split()[0])


def test_a_first_start_gives_a_plain_role_that_owns_its_databases(data_dir):
    server = start(data_dir)
    server.create_database("shop")
    server.create_database("shop")
    assert query(server, "SELECT current_user", "shop") == "wholesale"
    assert query(server, "SELECT current_setting('is_superuser')") == "off"
    query(server, "CREATE EXTENSION pg_trgm", "shop")
    assert query(server, "SELECT 'É' ILIKE 'é'", "shop") is True
    assert query(server, "SHOW listen_addresses") == ""


def test_the_database_is_created_once_however_many_ask(data_dir):
    server = start(data_dir)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(server.create_database, ["shop"] * 6))
    assert query(server, "SELECT 1", "shop") == 1


def test_a_killed_owner_leaves_a_server_that_the_next_process_joins(data_dir):
    process, _, socket_dir = launch_starter(data_dir)
    end(process)
    began = time.perf_counter()
    server = start(data_dir)
    assert time.perf_counter() - began < 0.5
    assert (server.started_here, server.socket_dir) == (False, socket_dir)


def test_an_interrupt_from_the_terminal_does_not_reach_the_server(data_dir):
    process, _, _ = launch_starter(data_dir)
    assert os.getsid(postmaster(data_dir)) not in (os.getsid(0), os.getsid(process.pid))
    end(process, signal.SIGINT)
    assert query(start(data_dir), "SELECT 1") == 1


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGQUIT])
def test_a_killed_server_comes_back_at_the_same_address_with_its_data(data_dir, how):
    first = postgres.ensure_running(data_dir, durable=True)
    first.create_database("shop")
    query(first, "CREATE TABLE note AS SELECT 'kept' AS text", "shop")
    os.kill(postmaster(data_dir), how)
    second = postgres.ensure_running(data_dir, durable=True)
    assert second.started_here
    assert second.socket_dir == first.socket_dir
    assert query(second, "SELECT text FROM note", "shop") == "kept"


def test_a_stale_pid_file_that_names_a_living_stranger_is_no_obstacle(data_dir):
    start(data_dir)
    record = (data_dir / "postmaster.pid").read_text().splitlines()
    postgres.stop(start(data_dir))
    (data_dir / "postmaster.pid").write_text("\n".join([str(os.getpid()), *record[1:], ""]))
    assert start(data_dir).started_here


def test_a_copy_of_a_running_server_gets_a_server_of_its_own(data_dir, tmp_path):
    original = start(data_dir)
    copy = tmp_path / "copy" / "postgres"
    shutil.copytree(data_dir, copy)
    copied = start(copy)
    assert copied.socket_dir != original.socket_dir
    assert query(original, "SELECT 1") == query(copied, "SELECT 1") == 1
    postgres.stop(copied)


def test_a_lost_socket_folder_is_replaced(data_dir):
    shutil.rmtree(start(data_dir).socket_dir)
    assert query(start(data_dir), "SELECT 1") == 1


@pytest.mark.parametrize(
    "data_dir", ["with space", "x" * 120, 'quote\'s "$HOME", ü'], indirect=True
)
def test_any_folder_name_will_do_and_stopping_leaves_no_socket(data_dir):
    server = start(data_dir)
    assert query(server, "SELECT 1") == 1
    postgres.stop(server)
    assert not server.socket_dir.exists()


def test_two_processes_at_once_get_one_server(data_dir):
    with ThreadPoolExecutor(2) as pool:
        pairs = list(pool.map(launch_starter, [data_dir] * 2))
    for process, _, _ in pairs:
        end(process)
    assert sorted(started_here for _, started_here, _ in pairs) == [False, True]
    assert len({socket_dir for _, _, socket_dir in pairs}) == 1


def test_a_setup_cut_short_is_done_again(data_dir):
    draft = data_dir.with_name("postgres.new")
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    assert query(start(data_dir), "SELECT 1") == 1
    assert not draft.exists()


def test_a_folder_with_something_else_in_it_is_refused_and_kept(data_dir):
    data_dir.mkdir(parents=True)
    (data_dir / "thesis.txt").write_text("years of work")
    with pytest.raises(postgres.EmbeddedPostgresError, match="not empty"):
        start(data_dir)
    assert (data_dir / "thesis.txt").exists()


def test_a_failed_start_tells_what_the_server_said(data_dir):
    postgres.stop(start(data_dir))
    with (data_dir / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")
    with pytest.raises(postgres.EmbeddedPostgresError, match="no_such_setting"):
        start(data_dir)
    shutil.rmtree(data_dir)


def test_an_idle_server_stops_and_one_in_use_stays(data_dir):
    server = start(data_dir)
    with psycopg.connect(server.url("postgres", driver="postgresql")):
        assert not postgres.stop_if_idle(server)
    process, _, _ = launch_starter(data_dir)
    assert not postgres.stop_if_idle(server), "another process counts on it"
    end(process)
    assert postgres.stop_if_idle(server)
    assert not (data_dir / "postmaster.pid").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="about running as root")
def test_root_works_below_a_closed_folder_and_loosens_nothing(data_dir):
    data_dir.parent.mkdir(mode=0o700)
    before = [(path.stat().st_mode, path.stat().st_uid) for path in data_dir.parents]
    server = start(data_dir)
    assert query(server, "SELECT 1") == 1
    assert [(path.stat().st_mode, path.stat().st_uid) for path in data_dir.parents] == before
    assert data_dir.stat().st_uid != 0
    assert server.socket_dir.stat().st_mode & 0o777 == 0o700
