"""The command line explains itself: each command has a help with an example that it takes."""

import shlex
from collections.abc import Iterator

import click
import pytest
from flask.cli import AppGroup

from wholesale.commands import GROUPS


def commands() -> Iterator[tuple[str, click.Command]]:
    """Give every command of the house with the words that call it."""
    for group in GROUPS:
        if isinstance(group, AppGroup):
            for name, command in group.commands.items():
                yield f"{group.name} {name}", command
        else:
            yield str(group.name), group


ALL = dict(commands())


@pytest.mark.parametrize("name", ALL)
def test_its_help_has_an_example_that_it_takes(name: str):
    first, _, example = (ALL[name].help or "").partition("Example: flask ")
    assert first.strip(), "no sentence that says what it does"
    assert example.startswith(name)
    words = shlex.split(" ".join(example.split()).removeprefix(name))
    known = {option for parameter in ALL[name].params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


READS = ("list", "show", "log", "check", "status", "doctor", "exposure", "replay", "smoke")


@pytest.mark.parametrize("name", [name for name in ALL if name.split()[-1] in READS])
def test_what_reads_answers_in_json_too(name: str):
    assert "--json" in {option for parameter in ALL[name].params for option in parameter.opts}


def test_the_groups_of_the_runbook_are_there():
    assert {str(group.name) for group in GROUPS} >= {
        "users", "invitations", "sessions", "permissions", "audit", "integrity", "data",
        "maintenance", "backup", "mail", "jobs", "storage", "ai", "doctor",
    }  # fmt: skip
