"""``flask permissions``: seed and show the matrix."""

import click
from flask.cli import AppGroup

from wholesale.access.matrix import RESOURCES
from wholesale.access.queries import matrix_of_roles, roles
from wholesale.access.seed import seed_permissions
from wholesale.extensions import db
from wholesale.read_only import let_write
from wholesale.web.commands import as_json, commits, show

permissions = AppGroup("permissions", help="Roles and what they may do.")


@permissions.command("seed")
@commits
def seed() -> None:
    """Add missing roles, resources and permissions; edits stay.

    Example: flask permissions seed
    """
    with let_write():  # a release may be the maintenance
        click.echo(f"{seed_permissions(db.session)} permissions added.")


@permissions.command("show")
@click.option("--role", help="Only this role.")
@as_json
def show_matrix(role: str | None, as_json: bool) -> None:
    """Show how far each role's permissions reach.

    Example: flask permissions show --role sales
    """
    matrix = matrix_of_roles(db.session)
    names = [known.name for known in roles(db.session) if role in (None, known.name)]
    if not names:
        raise click.ClickException(f"There is no role {role!r}.")
    keys = [f"{resource}:{action}" for resource, row in RESOURCES.items() for action in row]
    rows = [
        {"permission": key} | {name: matrix.get((name, key), "none") for name in names}
        for key in keys
    ]
    show(rows, as_json)
