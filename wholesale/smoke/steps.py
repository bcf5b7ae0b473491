"""What is tried, in order, each step as a person would take it."""

import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from wholesale.mail.models import MailState, OutboxMail
from wholesale.smoke.client import Browser, Failed
from wholesale.smoke.traces import CUSTOMER, Prepared

CELL = re.compile(r'name="(q\.\d+\.[^"]+)"')
TAKEN = (MailState.SENT, MailState.DELIVERED)


@dataclass
class Try:
    """One run under way: the browser, what was prepared, what was made so far."""

    browser: Browser
    session: Session
    made: Prepared
    wait: float
    order: str = ""
    done: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Step:
    """One thing that is tried, once those it needs have worked."""

    name: str
    take: Callable[[Try], str]
    needs: tuple[str, ...] = ()


def health(run: Try) -> str:
    """Ask whether this is a WholesaleOS that answers at all."""
    answer = run.browser.get("/api/health", stay=True)
    if 300 <= answer.status_code < 400:
        target = urlsplit(urljoin(answer.url, answer.headers.get("Location", "")))
        raise Failed(f"URL leads on to {target.scheme}://{target.netloc}: use that address.")
    if answer.status_code == 200 and _json(answer).get("status") == "ok":
        return ""
    if answer.status_code >= 500:
        raise Failed(f"It is down: /api/health answers {answer.status_code}.")
    raise Failed(f"URL is no WholesaleOS: /api/health answers {answer.status_code}.")


def ready(run: Try) -> str:
    """Ask whether its database is there and migrated."""
    answer = run.browser.get("/api/ready")
    if answer.status_code != 200:
        raise Failed("It is not ready: its database is away, or migrations wait.")
    return f"database {_json(answer).get('database', '?')}"


def sign_in(run: Try) -> str:
    """Sign in as the account of the runs."""
    page = run.browser.page("/sign-in")
    kept_to_https = any(cookie.secure for cookie in run.browser.session.cookies)
    if kept_to_https and run.browser.base.startswith("http:"):
        raise Failed("It keeps its cookies to https: use an https:// address.")
    typed = {"email": run.made.email, "password": run.made.password}
    answer = run.browser.send(page, "/sign-in", typed)
    if answer.status_code == 422:
        raise Failed(
            "The account made in this database cannot sign in there: DATABASE_URL is not the"
            " database of that deployment."
        )
    run.browser.good(answer)
    if urlsplit(answer.url).path == "/sign-in":
        raise Failed("The sign-in did not last: cookies get lost on the way.")
    return f"as {run.made.email}"


def order(run: Try) -> str:
    """Begin an order for the run's customer, with a product's row if there is a product."""
    page = run.browser.page(f"/orders/new?q={CUSTOMER[:10]}")
    answer = run.browser.send(page, "/orders/new", {"organization_id": run.made.customer_id})
    page = run.browser.good(answer)
    path = urlsplit(page.url).path
    if not path.startswith("/orders/draft-"):
        raise Failed(f"The order was not begun: it led to {path}.")
    run.order = path
    if not run.made.product_id:
        return "a draft; there is no product in the catalogue to add"
    answer = run.browser.send(page, f"{path}/products", {"product_id": run.made.product_id})
    page = run.browser.good(answer)
    cells = CELL.findall(page.text)
    if not cells:
        raise Failed(f"{run.made.sku} was added, and the order shows no cell for it.")
    run.browser.good(run.browser.send(page, f"{path}/lines", {cells[0]: "1"}))
    if not re.search(rf'name="{re.escape(cells[0])}"[^>]*value="1"', run.browser.page(path).text):
        raise Failed(f"The unit of {run.made.sku} that was typed is not in the order.")
    return f"a draft with one unit of {run.made.sku}: no order number is used up"


def dashboard(run: Try) -> str:
    """See the order where its author goes on with it."""
    if run.order in run.browser.page("/").text:
        return "the order is on it"
    if run.order in run.browser.page("/orders/new").text:
        return "it shows, and the order is among one’s own"
    raise Failed("The order that was begun is shown nowhere.")


def upload(run: Try) -> str:
    """Keep a file with the order, and read it back."""
    content = f"Smoke test {secrets.token_hex(16)}\n".encode()
    path = f"{run.order}/files"
    sent = {"files": ("smoke-test.txt", content, "text/plain")}
    answer = run.browser.send(run.browser.page(path), path, files=sent)
    if answer.status_code == 422:
        raise Failed("The file was refused: see the log for “file refused”.")
    link = re.search(rf'href="({re.escape(path)}/\d+/\d+)"', run.browser.good(answer).text)
    if link is None:
        raise Failed("The file was sent, and the order does not show it.")
    back = run.browser.good(run.browser.get(link[1]))
    if back.content != content:
        raise Failed("The file that came back is another one.")
    return f"{len(content)} bytes, through {urlsplit(back.url).netloc}"


def mail(run: Try) -> str:
    """Ask for a new password, and see the mail written and taken by the mail service."""
    page = run.browser.page("/forgot-password")
    run.browser.good(run.browser.send(page, "/forgot-password", {"email": run.made.email}))
    ends, state, error = time.monotonic() + run.wait, None, ""
    query = select(OutboxMail.state, OutboxMail.error).where(
        OutboxMail.recipient == run.made.email, OutboxMail.id > run.made.mails_after
    )
    while time.monotonic() < ends:
        found = run.session.execute(query.order_by(OutboxMail.id.desc()).limit(1)).first()
        run.session.rollback()
        state, error = found or (None, "")
        if state in TAKEN:
            return f"the mail service took it for {run.made.email}"
        if state == MailState.KEPT:
            return "kept in the outbox: no mail service is connected"
        if state in (MailState.FAILED, MailState.BOUNCED):
            raise Failed(f"The mail service did not take it: {error}")
        time.sleep(0.1)
    if state is None:
        raise Failed("No mail was written into the outbox.")
    said = f"; the last try: {error}" if error else ": is a worker up? flask doctor"
    raise Failed(f"The mail was written and not sent within {run.wait:g} seconds{said}")


def sign_out(run: Try) -> str:
    """Sign out, and find the pages closed."""
    page = run.browser.page("/account")
    run.browser.good(run.browser.send(page, "/sign-out"))
    if urlsplit(run.browser.page("/orders").url).path != "/sign-in":
        raise Failed("Pages still open after signing out.")
    return ""


STEPS = (
    Step("health", health),
    Step("ready", ready, ("health",)),
    Step("sign in", sign_in, ("ready",)),
    Step("order", order, ("sign in",)),
    Step("dashboard", dashboard, ("order",)),
    Step("upload", upload, ("order",)),
    Step("mail", mail, ("ready",)),
    Step("sign out", sign_out, ("sign in",)),
)


def _json(answer: object) -> dict[str, str]:
    try:
        found = answer.json()  # type: ignore[attr-defined]
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
