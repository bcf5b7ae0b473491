"""The application of the ``flask`` command line."""

import sys

from flask import Flask

from wholesale import create_app
from wholesale.commands import add_commands
from wholesale.config import ConfigurationError
from wholesale.web import logs


def make_app() -> Flask:
    """Return the application with its commands, for the ``flask`` command line."""
    try:
        made = create_app()
    except ConfigurationError as error:
        sys.exit(f"WholesaleOS cannot start: {error}")
    logs.all_to_stderr()
    add_commands(made)
    return made


app = make_app()
