"""What a run needs in the database, and taking it away again, also after a run that was killed.

Between runs there is one account, which nobody can sign in to, and its role; the trail keeps
what was done, as it keeps everything.
"""

import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from wholesale.access.matrix import Scope
from wholesale.access.models import Role
from wholesale.access.operations import create_role, set_scope
from wholesale.accounts.models import PasswordReset, SignInSession, User
from wholesale.accounts.passwords import hash_password
from wholesale.accounts.queries import user_by_email
from wholesale.catalog.models import Product, Variant
from wholesale.core.errors import DomainError
from wholesale.customers.models import Organization
from wholesale.files.models import FileVersion, StoredFile
from wholesale.jobs.queue import defer
from wholesale.mail.models import BouncedAddress, OutboxMail
from wholesale.notifications.models import Notification
from wholesale.orders.models import Order
from wholesale.orders.operations import discard_draft

ROLE = "smoke"
MARK = "mails_after"
CUSTOMER = "Smoke test (goes away by itself)"
NEEDED = {
    "orders:read": Scope.OWN,
    "orders:create": Scope.ALL,
    "orders:update": Scope.OWN,
    "organizations:read": Scope.OWN,
    "catalog:read": Scope.ALL,
    "files:read": Scope.ALL,
    "files:write": Scope.ALL,
}
# The mails' jobs and what they noted; one that is under way finds that its mail is gone.
JOBS = text("""
WITH gone AS (
    DELETE FROM procrastinate.procrastinate_jobs WHERE task_name = 'mail.send'
    AND status <> 'doing' AND CAST(args->>'mail_id' AS integer) = ANY(:mails) RETURNING id
) DELETE FROM job_notes WHERE job_id IN (SELECT id FROM gone)
""")


@dataclass(frozen=True)
class Prepared:
    """What the run goes by: the account, the customer it orders for, and a product if any."""

    user_id: int
    email: str
    password: str
    customer_id: int
    sku: str
    product_id: int
    mails_after: int  # what the outbox held before has nothing to do with the run


def prepare(session: Session, mail_to: str) -> Prepared:
    """Make what a run needs; the account has a new password. Raises DomainError."""
    password = secrets.token_urlsafe(24)
    user = _account(session, mail_to or _own_address())
    user.password_hash, user.is_active = hash_password(password), True
    mark = session.scalar(select(func.max(OutboxMail.id))) or 0
    user.preferences = {MARK: mark}  # for who cleans up after a run that was killed
    session.flush()
    customer = Organization(name=CUSTOMER, salesperson_id=user.id)
    session.add(customer)
    session.flush()
    in_use = Product.archived_at.is_(None) & Variant.archived_at.is_(None)
    chosen = select(Product.sku, Product.id).join(Variant).where(in_use).order_by(Product.id)
    product = session.execute(chosen.limit(1)).first()
    sku, product_id = product or ("", 0)
    return Prepared(user.id, user.email, password, customer.id, sku, product_id, mark)


def _account(session: Session, email: str) -> User:
    """Return the account of the runs, with its role and nothing more than the role needs."""
    if session.get(Role, ROLE) is None:
        create_role(session, ROLE, "Smoke test")
        session.flush()
    for permission, scope in NEEDED.items():
        set_scope(session, ROLE, permission, scope)
    user = session.scalar(select(User).where(User.role == ROLE).order_by(User.id).limit(1))
    other = user_by_email(session, email)
    if other is not None and other is not user:
        raise DomainError(f"{email} is the address of somebody else: choose another --mail-to.")
    if user is None:
        user = User(email=email, name="Smoke test", role=ROLE, preferences={})
        session.add(user)
    user.email = email
    return user


def _own_address() -> str:
    """Return an address at the company's own domain."""
    sender = current_app.config["MAIL_FROM"] or ""
    host = urlsplit(current_app.config["BASE_URL"]).hostname or ""
    domain = sender.rpartition("@")[2].strip(" >") or host
    return f"smoke-test@{domain if '.' in domain else 'wholesale.example'}"


def remove(session: Session) -> list[str]:
    """Take away what runs have made, whenever that was; returns what there was of it."""
    gone: list[str] = []
    for user in session.scalars(select(User).where(User.role == ROLE)):
        gone += _documents(session, user)
        gone += _mails(session, user)
        for model in (PasswordReset, SignInSession, Notification):
            session.execute(delete(model).where(model.user_id == user.id))
        if user.is_active or user.password_hash:
            gone.append("the account’s password")
        user.is_active, user.password_hash = False, None
    session.flush()
    return gone


def _documents(session: Session, user: User) -> list[str]:
    gone: list[str] = []
    for order in session.scalars(select(Order).where(Order.created_by_id == user.id)):
        query = select(FileVersion).join(StoredFile).where(StoredFile.order_id == order.id)
        for version in session.scalars(query):
            _forget(session, version.object_key)
            gone.append(f"the file {version.name}")
        discard_draft(session, order)
        gone.append(f"the order {order.ref}")
    session.flush()
    for customer in session.scalars(
        select(Organization).where(
            Organization.salesperson_id == user.id, Organization.name == CUSTOMER
        )
    ):
        session.delete(customer)
        gone.append(f"the customer {customer.name}")
    session.flush()
    return gone


def _forget(session: Session, key: str) -> None:
    """Delete an object; one that this machine does not reach is left to the worker."""
    storage = current_app.extensions["storage"]
    try:
        if storage.stat(key) is not None:
            storage.delete(key)
            return
    except DomainError:
        pass
    defer(session, "files.forget", key=key)


def _mails(session: Session, user: User) -> list[str]:
    if MARK not in user.preferences:
        return []
    later = OutboxMail.id > user.preferences[MARK]
    query = delete(OutboxMail).where(later, OutboxMail.recipient == user.email)
    mails = list(session.scalars(query.returning(OutboxMail.id)))
    session.execute(JOBS, {"mails": mails})
    if user.email == _own_address():  # nobody reads there; another's mark stands
        session.execute(delete(BouncedAddress).where(BouncedAddress.address == user.email))
    return [f"{len(mails)} mails"] if mails else []
