"""The pages of accounts: sign-in, invitations, new passwords, one's own account, admin."""

from wholesale.accounts.routes import (  # noqa: F401
    account,
    invitations,
    reset,
    sign_in,
    users,
)
