"""The mails of accounts: an invitation, a link to a new password."""

from babel.dates import format_datetime

from wholesale.accounts.models import Invitation, User
from wholesale.extensions import db
from wholesale.mail.operations import write_mail
from wholesale.web.urls import absolute_url


def mail_invitation(invitation: Invitation, token: str, by: str) -> str:
    """Put the invitation's mail into the outbox and return its link."""
    url = absolute_url("accounts.accept_invitation", token=token)
    expires = format_datetime(invitation.expires_at, "MMM d, y, HH:mm 'UTC'", locale="en_US")
    write_mail(
        db.session,
        invitation.email,
        "invitation",
        secret=True,
        invitation=invitation,
        url=url,
        by=by,
        expires=expires,
    )
    return url


def mail_reset(user: User, token: str) -> str:
    """Put the mail with the link to a new password into the outbox and return the link."""
    url = absolute_url("accounts.reset_password", token=token)
    write_mail(db.session, user.email, "password_reset", secret=True, user=user, url=url)
    return url
