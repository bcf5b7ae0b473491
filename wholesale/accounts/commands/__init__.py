"""``flask users``, ``flask invitations`` and ``flask sessions``."""

from wholesale.accounts.commands.invitations import invitations
from wholesale.accounts.commands.sessions import sessions
from wholesale.accounts.commands.users import users

__all__ = ["invitations", "sessions", "users"]
