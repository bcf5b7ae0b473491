"""The ``flask`` commands, grouped by noun; each is thin over domain code."""

from flask import Flask

from wholesale.access.commands import permissions
from wholesale.accounts.commands import invitations, sessions, users
from wholesale.assistant.commands import ai
from wholesale.backup.commands import backup
from wholesale.demo.commands import demo
from wholesale.files.commands import storage
from wholesale.imports.commands import northwind
from wholesale.incident.commands import audit
from wholesale.integrity.commands import integrity
from wholesale.jobs.commands import jobs
from wholesale.mail.commands import mail
from wholesale.maintenance.commands import maintenance
from wholesale.smoke.commands import smoke
from wholesale.system.commands import doctor
from wholesale.transfer.commands import data

data.add_command(northwind)  # rooms of one floor do not know each other

GROUPS = (
    doctor,
    integrity,
    backup,
    users,
    invitations,
    sessions,
    permissions,
    audit,
    maintenance,
    data,
    demo,
    jobs,
    mail,
    storage,
    ai,
    smoke,
)


def add_commands(app: Flask) -> None:
    """Give ``app`` its commands."""
    for group in GROUPS:
        app.cli.add_command(group)
