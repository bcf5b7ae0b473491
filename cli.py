"""The ``flask`` commands, grouped by noun; each is thin over domain code."""

import sys

from flask import Flask

from wholesale import create_app
from wholesale.access.commands import permissions
from wholesale.accounts.commands import invitations, sessions, users
from wholesale.assistant.commands import ai
from wholesale.audit.commands import audit
from wholesale.config import ConfigurationError
from wholesale.demo.commands import demo
from wholesale.files.commands import storage
from wholesale.imports.commands import northwind
from wholesale.integrity.commands import integrity
from wholesale.jobs.commands import jobs
from wholesale.mail.commands import mail
from wholesale.system.commands import doctor
from wholesale.transfer.commands import data
from wholesale.web import logs

data.add_command(northwind)  # rooms of one floor do not know each other

GROUPS = (
    doctor,
    integrity,
    users,
    invitations,
    sessions,
    permissions,
    audit,
    data,
    demo,
    jobs,
    mail,
    storage,
    ai,
)


def make_app() -> Flask:
    """Return the application with its commands, for the ``flask`` command line."""
    try:
        made = create_app()
    except ConfigurationError as error:
        sys.exit(f"WholesaleOS cannot start: {error}")
    logs.all_to_stderr()
    for group in GROUPS:
        made.cli.add_command(group)
    return made


app = make_app()
