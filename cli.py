"""The application of the ``flask`` command line."""

import sys

from flask import Flask

from wholesale import create_app
from wholesale.commands import add_commands
from wholesale.config import ConfigurationError
from wholesale.postgres_launch import EmbeddedPostgresError
from wholesale.web import logs
from wholesale.web.commands import fail_in_one_line


def make_app() -> Flask:
    """Return the application with its commands, for the ``flask`` command line."""
    try:
        made = create_app()
    except (ConfigurationError, EmbeddedPostgresError) as error:
        sys.exit(f"WholesaleOS cannot start: {logs.in_short(error)}")
    logs.all_to_stderr()
    fail_in_one_line()
    add_commands(made)
    return made


app = make_app()
