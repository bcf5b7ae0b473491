"""``flask smoke URL``: a deployment tried out from end to end, and nothing left behind."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from tests.cast import Cast, add_cast
from tests.standins.sendgrid import KEY, SendGrid
from tests.test_run import env as own  # noqa: F401 - a fixture
from tests.test_run import flask, free_port, serving
from wholesale.access.models import RolePermission
from wholesale.accounts.models import User
from wholesale.core.clock import now
from wholesale.customers.models import Organization
from wholesale.mail.models import OutboxMail
from wholesale.orders.models import Order
from wholesale.smoke.commands import smoke
from wholesale.smoke.traces import prepare, remove

STEPS = ["health", "ready", "sign in", "order", "dashboard", "upload", "mail", "sign out"]
LEFT = """
SELECT (SELECT count(*) FROM orders) + (SELECT count(*) FROM outbox_mails)
    + (SELECT count(*) FROM organizations WHERE name LIKE 'Smoke%')
    + (SELECT count(*) FROM stored_files) + (SELECT count(*) FROM password_resets)
    + (SELECT count(*) FROM sessions WHERE user_id IS NOT NULL)
    + (SELECT count(*) FROM procrastinate.procrastinate_jobs
       WHERE task_name = 'mail.send' AND status IN ('todo', 'failed'))
    + (SELECT count(*) FROM users WHERE role = 'smoke' AND (is_active OR password_hash <> ''))
"""
Run = Callable[..., dict[str, tuple[str, str]]]


def test_a_deployment_with_a_mail_service_passes_and_is_left_as_it_was(
    own: dict[str, str],  # noqa: F811
    run: Run,
):
    with SendGrid().serving() as service:
        assert isinstance(service, SendGrid)
        known = {"DEMO": "0", "SENDGRID_API_KEY": KEY, "SENDGRID_HOST": service.url}
        deployment, engine = own | known, create_engine(own["DATABASE_URL"])
        with serving(deployment) as (_, url):
            with Session(engine) as session:
                add_cast(session)
            told = flask(deployment, "smoke", url, "--json", "--mail-to", "it@house.example")
            elsewhere = run(url)  # from here, with the database of the tests
        assert told.returncode == 0, told.stdout + told.stderr
        steps = {step["step"]: step for step in json.loads(told.stdout)}
        assert list(steps) == ["prepare", *STEPS, "clean up"]
        assert "took it for it@house.example" in steps["mail"]["detail"]
        assert "JRS-1" in steps["order"]["detail"]
        (mail,) = service.mails
        assert mail["personalizations"][0]["to"][0]["email"] == "it@house.example"
    with engine.connect() as connection:
        assert connection.scalar(text(LEFT)) == 0
        number = f"SELECT next_document_number('O', {now().year})"
        assert connection.scalar(text(number)) == 1  # none was used up
    engine.dispose()
    assert not [path for path in Path(own["INSTANCE_PATH"]).rglob("files/*/*") if path.is_file()]
    assert elsewhere["sign in"][0] == "failed"
    assert "DATABASE_URL is not the database of that deployment" in elsewhere["sign in"][1]
    assert elsewhere["order"] == ("not tried", "it needs: sign in")


@pytest.fixture
def url(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The https address at which the application of the tests is served."""
    files = (str(tmp_path / "certificate.pem"), str(tmp_path / "key.pem"))
    certify(*map(Path, files))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", files[0])
    server = make_server("127.0.0.1", 0, app, threaded=True, ssl_context=files)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()


def certify(certificate: Path, key: Path) -> None:
    """Write a certificate for this machine, signed by itself, and its key."""
    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    builder = x509.CertificateBuilder(name, name, secret.public_key(), x509.random_serial_number())
    lasting = builder.not_valid_before(now() - timedelta(1)).not_valid_after(now() + timedelta(1))
    named = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    signed = lasting.add_extension(named, False).sign(secret, hashes.SHA256())
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    kept = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    key.write_bytes(secret.private_bytes(serialization.Encoding.PEM, *kept))


@pytest.fixture
def run(app: Flask, session: Session) -> Run:
    """Return a call that runs the command and gives, by step, how it went and what it said."""

    def call(address: str, *words: str) -> dict[str, tuple[str, str]]:
        told = app.test_cli_runner().invoke(
            smoke, [address, "--json", "--wait", "0.3", "--timeout", "5", *words]
        )
        printed = told.stdout[told.stdout.index("[\n") :].partition("\n]\n")[0]  # between the logs
        steps = {s["step"]: (s["result"], s["detail"]) for s in json.loads(printed + "]")}
        bad = any(result != "ok" for result, _ in steps.values())
        assert told.exit_code == (1 if bad else 0)
        session.rollback()
        assert session.scalar(text(LEFT)) == 0  # whatever happened
        return steps

    return call


def test_what_a_killed_run_has_left_goes_and_a_failing_step_leaves_nothing_either(
    run: Run, url: str, app: Flask, session: Session
):
    with app.app_context():
        made = prepare(session, "")
        session.add(Order(organization_id=made.customer_id, created_by_id=made.user_id))
        session.commit()
    steps = run(url)
    detail = steps["prepare"][1]
    assert "an earlier run had left the order draft-" in detail
    assert "the customer Smoke test" in detail
    assert steps["order"] == ("ok", "a draft; there is no product in the catalogue to add")
    assert steps["mail"][0] == "failed"
    assert "not sent within 0.3 seconds: is a worker up?" in steps["mail"][1]
    failed = [name for name, (result, _) in steps.items() if result != "ok"]
    assert failed == ["mail"]


def test_mails_and_customers_that_were_there_before_stay(
    run: Run, url: str, app: Flask, session: Session
):
    run(url)
    account = session.query(User).filter_by(role="smoke").one()
    session.add(OutboxMail(recipient=account.email, subject="s", body="b", state="sent"))
    session.add(Organization(name="A real customer", salesperson_id=account.id))
    session.commit()
    with app.app_context():
        made = prepare(session, "")
        session.commit()
        assert made.mails_after > 0
        remove(session)
        session.commit()
    assert session.query(OutboxMail.recipient).one() == (account.email,)
    assert session.query(Organization.name).one() == ("A real customer",)


def test_the_account_can_do_little_and_nothing_between_runs(run: Run, session: Session):
    for _ in range(2):
        run("http://127.0.0.1:1")
    user = session.query(User).filter_by(role="smoke").one()
    assert (user.is_active, user.password_hash) == (False, None)
    granted = session.query(RolePermission).filter(
        RolePermission.role == "smoke", RolePermission.scope != "none"
    )
    assert {f"{one.resource}:{one.action} {one.scope}" for one in granted} == {
        "orders:read own",
        "orders:create all",
        "orders:update own",
        "organizations:read own",
        "catalog:read all",
        "files:read all",
        "files:write all",
    }


class Odd(BaseHTTPRequestHandler):
    """Answers as other things do that may stand at an address."""

    def do_GET(self) -> None:
        """Lead on, or answer with a page of something else."""
        if self.server.server_name == "down":
            self.send_response(502)
        elif self.server.server_name == "moved":
            self.send_response(308)
            self.send_header("Location", "https://wholesale.example.com/api/health")
        else:
            self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("moved", "URL leads on to https://wholesale.example.com: use that address."),
        ("other", "URL is no WholesaleOS: /api/health answers 200."),
        ("down", "It is down: /api/health answers 502."),
        ("nobody", "cannot be reached: Connection refused"),
        ("silent", "/api/health did not answer within 0.2 seconds."),
    ],
)
def test_a_wrong_address_is_one_clear_line(run: Run, session: Session, kind: str, words: str):
    server = HTTPServer(("127.0.0.1", 0), Odd)
    server.server_name = kind
    port = server.server_port if kind != "nobody" else free_port()
    if kind != "silent":
        threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{port}"
    steps = run(address, "--timeout", "0.2" if kind == "silent" else "5")
    assert steps["health"][0] == "failed"
    assert words in steps["health"][1]
    assert steps["ready"][0] == "not tried"
    server.server_close()


def test_a_certificate_that_nobody_vouches_for_is_named(
    run: Run, url: str, session: Session, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    words = run(url)["health"][1]
    assert words.startswith(f"The certificate of {url} is not trusted: ")
    assert "\n" not in words


def test_cookies_that_are_kept_to_https_are_said(run: Run, app: Flask, session: Session):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    app.config["SESSION_COOKIE_SECURE"] = True  # as in production
    try:
        steps = run(f"http://127.0.0.1:{server.server_port}")
    finally:
        app.config["SESSION_COOKIE_SECURE"] = False
        server.shutdown()
    assert steps["sign in"][1] == "It keeps its cookies to https: use an https:// address."


def test_what_is_no_address_and_a_second_run_are_refused(app: Flask, session: Session):
    runner = app.test_cli_runner()
    for odd in ("wholesale.example.com", "ftp://wholesale.example.com", "https://a.example/orders"):
        assert "URL is an address such as" in runner.invoke(smoke, [odd]).output
    session.scalar(text("SELECT pg_advisory_lock(7202, 1)"))
    told = runner.invoke(smoke, ["http://127.0.0.1:1"])
    assert told.exit_code == 1
    assert "Another smoke test is under way" in told.output
    session.scalar(text("SELECT pg_advisory_unlock(7202, 1)"))


def test_the_address_of_somebody_real_is_not_taken(run: Run, cast: Cast, session: Session):
    steps = run("http://127.0.0.1:1", "--mail-to", "rep@house.example")
    assert "is the address of somebody else" in steps["prepare"][1]
    assert session.query(Organization).count() == 2
