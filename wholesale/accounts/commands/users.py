"""``flask users``: the people who sign in."""

from typing import Any

import click
from flask.cli import AppGroup

from wholesale.accounts import operations, queries
from wholesale.accounts.mails import mail_reset
from wholesale.accounts.models import User
from wholesale.core.errors import NotVisible
from wholesale.extensions import db
from wholesale.web.commands import as_json, commits, confirm, show, yes

users = AppGroup("users", help="The people who sign in.")


def user_named(email: str) -> User:
    """Return the user with ``email``. Raises NotVisible when there is none."""
    found = queries.user_by_email(db.session, email)
    if found is None:
        raise NotVisible(f"There is no user {email}.")
    return found


def _user_row(user: User) -> dict[str, Any]:
    return {
        "email": user.email,
        "name": user.name,
        "role": user.role,
        "active": user.is_active,
        "joined": user.created_at.date(),
    }


@users.command("create")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", required=True)
@click.password_option(help="Asked for when it is not given.")
@commits
def create(email: str, name: str, role: str, password: str) -> None:
    """Add a user.

    Example: flask users create ana@company.com --name "Ana Cruz" --role sales
    """
    user = operations.create_user(db.session, email, name, role, password)
    click.echo(f"{user.email} may sign in as {user.role}.")


@users.command("list")
@click.option("--role", default="")
@as_json
def list_users(role: str, as_json: bool) -> None:
    """List users.

    Example: flask users list --role admin
    """
    found = db.session.scalars(queries.listed_users(role=role).order_by(User.email))
    show([_user_row(user) for user in found], as_json)


@users.command("show")
@click.argument("email")
@as_json
@commits
def showuser_named(email: str, as_json: bool) -> None:
    """Show a user and their devices.

    Example: flask users show ana@company.com
    """
    user = user_named(email)
    devices = [str(device.device) for device in queries.sessions_of(db.session, user.id)]
    show([_user_row(user) | {"devices": ", ".join(devices) or None}], as_json)


@users.command("promote")
@click.argument("email")
@commits
def promote(email: str) -> None:
    """Make a user an administrator.

    Example: flask users promote ana@company.com
    """
    operations.change_role(db.session, user_named(email), "admin")
    click.echo(f"{email} is an administrator.")


@users.command("demote")
@click.argument("email")
@click.option("--role", default="sales", show_default=True, help="What to be instead.")
@yes
@commits
def demote(email: str, role: str, yes: bool) -> None:
    """Take a user's administration away; a last active administrator stays.

    Example: flask users demote ana@company.com --role ops
    """
    user = user_named(email)
    confirm(f"Make {user.email} {role}? Their devices are signed out.", yes)
    operations.change_role(db.session, user, role)
    click.echo(f"{user.email} is {role}.")


@users.command("disable")
@click.argument("email")
@yes
@commits
def disable(email: str, yes: bool) -> None:
    """Shut a user out at once.

    Example: flask users disable ana@company.com --yes
    """
    user = user_named(email)
    confirm(f"Disable {user.email}? Their devices are signed out.", yes)
    operations.disable(db.session, user)
    click.echo(f"{user.email} is disabled.")


@users.command("enable")
@click.argument("email")
@commits
def enable(email: str) -> None:
    """Let a disabled user in again.

    Example: flask users enable ana@company.com
    """
    operations.enable(db.session, user_named(email))
    click.echo(f"{email} is enabled.")


@users.command("reset-password")
@click.argument("email")
@commits
def reset_password(email: str) -> None:
    """Send a user a link to a new password, and print it.

    Example: flask users reset-password ana@company.com
    """
    begun = operations.begin_reset(db.session, user_named(email).email)
    if begun is None:
        raise click.ClickException(f"{email} is disabled; enable the account first.")
    click.echo(f"Within an hour, once: {mail_reset(*begun)}")
