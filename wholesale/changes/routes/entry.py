"""A change order's size grid: the same one as the order's."""

from flask_login import current_user

from wholesale.changes import blueprint, queries
from wholesale.changes.routes.page import beside_rows, change_page
from wholesale.extensions import db
from wholesale.lines.routes.grid import Desk
from wholesale.lines.routes.rooms import add_grid
from wholesale.orders.queries import reaches

add_grid(
    blueprint,
    Desk(
        noun="change",
        reads="orders:read",
        writes="orders:update",
        load=lambda ref, permission, lock: queries.change(
            db.session, current_user, ref, permission, lock=lock
        ),
        may_update=lambda change: reaches(current_user, change.order, "orders:update"),
        show=change_page,
        beside=beside_rows,
        tells="rows-changed",
    ),
)
