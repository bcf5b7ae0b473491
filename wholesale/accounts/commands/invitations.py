"""``flask invitations``: ways in for new people."""

import click
from flask.cli import AppGroup

from wholesale.accounts import invitations as inviting
from wholesale.accounts import queries
from wholesale.accounts.mails import mail_invitation
from wholesale.accounts.models import Invitation
from wholesale.extensions import db
from wholesale.web.commands import as_json, commits, confirm, show, yes

invitations = AppGroup("invitations", help="Ways in for new people.")


def _invitation(key: int) -> Invitation:
    return queries.invitation(db.session, key)


@invitations.command("list")
@as_json
def list_invitations(as_json: bool) -> None:
    """List invitations, the latest first.

    Example: flask invitations list --json
    """
    found = db.session.scalars(queries.listed_invitations().order_by(Invitation.id.desc()))
    rows = [
        {
            "id": invitation.id,
            "email": invitation.email,
            "role": invitation.role,
            "state": invitation.state.value,
            "expires": invitation.expires_at.isoformat(timespec="minutes"),
        }
        for invitation in found
    ]
    show(rows, as_json, "Nobody is invited.")


@invitations.command("send")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", required=True)
@commits
def send(email: str, name: str, role: str) -> None:
    """Invite somebody, and print the link.

    Example: flask invitations send ana@company.com --name "Ana Cruz" --role sales
    """
    invitation, token = inviting.invite(db.session, email, name, role, None)
    click.echo(f"Within 48 hours, once: {mail_invitation(invitation, token, 'An administrator')}")


@invitations.command("resend")
@click.argument("id", type=click.IntRange(1, 2**31 - 1))
@commits
def resend(id: int) -> None:
    """Send an invitation again with a new link; the old one is dead.

    Example: flask invitations resend 12
    """
    invitation = _invitation(id)
    token = inviting.resend(db.session, invitation)
    click.echo(f"Within 48 hours, once: {mail_invitation(invitation, token, 'An administrator')}")


@invitations.command("revoke")
@click.argument("id", type=click.IntRange(1, 2**31 - 1))
@yes
@commits
def revoke(id: int, yes: bool) -> None:
    """Take an invitation back.

    Example: flask invitations revoke 12 --yes
    """
    invitation = _invitation(id)
    confirm(f"Revoke the invitation of {invitation.email}?", yes)
    inviting.revoke(db.session, invitation)
    click.echo(f"The invitation of {invitation.email} is revoked.")
