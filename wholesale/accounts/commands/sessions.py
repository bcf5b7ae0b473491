"""``flask sessions``: devices that are signed in."""

import click
from flask.cli import AppGroup
from sqlalchemy import select

from wholesale.accounts.commands.users import user_named
from wholesale.accounts.models import SignInSession
from wholesale.accounts.sessions import end_all_sessions, end_sessions
from wholesale.core.clock import now
from wholesale.extensions import db
from wholesale.web.commands import as_json, commits, confirm, show, yes

sessions = AppGroup("sessions", help="Devices that are signed in.")


@sessions.command("list")
@click.option("--user", "email", help="Only this user's.")
@as_json
@commits
def list_sessions(email: str | None, as_json: bool) -> None:
    """List signed-in devices.

    Example: flask sessions list --user ana@company.com
    """
    query = select(SignInSession).join(SignInSession.user).where(SignInSession.expires_at > now())
    if email:
        query = query.where(SignInSession.user_id == user_named(email).id)
    rows = [
        {
            "id": device.id,
            "user": device.user.email if device.user else None,
            "device": device.device,
            "address": device.address,
            "seen": device.seen_at.isoformat(timespec="minutes"),
        }
        for device in db.session.scalars(query.order_by(SignInSession.seen_at.desc()))
    ]
    show(rows, as_json, "Nobody is signed in.")


@sessions.command("revoke")
@click.option("--user", "email", help="This user's devices.")
@click.option("--all", "everybody", is_flag=True, help="Everybody's devices.")
@yes
@commits
def revoke_sessions(email: str | None, everybody: bool, yes: bool) -> None:
    """Sign devices out: one user's, or all.

    Example: flask sessions revoke --all --yes
    """
    if bool(email) == everybody:
        raise click.UsageError("Say either --user EMAIL or --all.")
    confirm(f"Sign out {email or 'everybody'}?", yes)
    ended = (
        end_sessions(db.session, user_named(email).id) if email else end_all_sessions(db.session)
    )
    click.echo(f"{ended} devices signed out.")
