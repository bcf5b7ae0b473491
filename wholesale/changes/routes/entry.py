"""A change order's size grid: the same one as the order's."""

from flask import request
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.changes import blueprint, queries
from wholesale.changes.models import ChangeOrder
from wholesale.changes.routes.page import change_page, standing_part
from wholesale.extensions import db
from wholesale.lines.routes import grid
from wholesale.lines.routes import paste as pasting
from wholesale.lines.routes import prepack as packing
from wholesale.orders.queries import reaches
from wholesale.web.pages import Answer

DESK = grid.Desk(show=change_page, beside=standing_part)


def _change(ref: str, *, lock: bool = True) -> ChangeOrder:
    return queries.change(db.session, current_user, ref, "orders:update", lock=lock)


@blueprint.route("/changes/<ref>/products", methods=["GET", "POST"])
@require("orders:update")
def products(ref: str) -> Answer:
    """Find products by SKU or name, and add one with all its colours."""
    return grid.products(DESK, _change(ref, lock=request.method == "POST"))


@blueprint.post("/changes/<ref>/lines")
@require("orders:update")
def lines(ref: str) -> Answer:
    """Write one cell, or all of them."""
    return grid.save_cells(DESK, _change(ref))


@blueprint.post("/changes/<ref>/removal")
@require("orders:update")
def removal(ref: str) -> Answer:
    """Take one row out of the grid."""
    return grid.removal(DESK, _change(ref))


@blueprint.route("/changes/<ref>/paste", methods=["GET", "POST"])
@require("orders:update")
def paste(ref: str) -> Answer:
    """Show what pasted rows mean, then write those that are ready."""
    return pasting.paste(lambda lock: _change(ref, lock=lock))


@blueprint.route("/changes/<ref>/prepack", methods=["GET", "POST"])
@require("orders:update")
def prepack(ref: str) -> Answer:
    """Fill a row of one style (``?product=``) from a prepack."""
    return packing.prepack(DESK, _change(ref, lock=request.method == "POST"))


@blueprint.get("/changes/<ref>/lines/<key:key>/price")
@require("prices:read")
def line_price(ref: str, key: int) -> Answer:
    """Say why a row costs what it costs: each step from the list price on."""
    found = queries.change(db.session, current_user, ref)
    may_update = reaches(current_user, found.order, "orders:update")
    return grid.line_price(found, key, may_enter=may_update and found.is_open_for_entry)
