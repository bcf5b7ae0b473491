"""The routes of the size grid, for each room whose documents have lines."""

from collections.abc import Callable

from flask import Blueprint, request

from wholesale.access.gate import require
from wholesale.lines.models import Lined
from wholesale.lines.routes import cells, grid
from wholesale.lines.routes.grid import Desk
from wholesale.lines.routes.paste import paste
from wholesale.lines.routes.prepack import prepack
from wholesale.web.pages import Answer

EITHER, POST = ("GET", "POST"), ("POST",)
View = Callable[[Desk, Lined], Answer]
# Name and last part of the address, methods, what answers.
VIEWS: tuple[tuple[str, tuple[str, ...], View], ...] = (
    ("products", EITHER, grid.products),
    ("lines", POST, grid.save_cells),
    ("removal", POST, grid.removal),
    ("prepack", EITHER, prepack),
)


def add_grid(blueprint: Blueprint, desk: Desk) -> None:
    """Give ``blueprint`` the routes of its documents' grid, under ``/<noun>s/<ref>/``."""
    root = f"/{desk.noun}s/<ref>"
    blueprint.record(lambda made: made.app.jinja_env.globals.update(cells.TEMPLATE_FUNCTIONS))
    for name, methods, answer in VIEWS:

        def view(ref: str, answer: View = answer) -> Answer:
            return answer(desk, desk.load(ref, desk.writes, request.method == "POST"))

        blueprint.add_url_rule(f"{root}/{name}", name, require(desk.writes)(view), methods=methods)

    def paste_view(ref: str) -> Answer:
        return paste(lambda lock: desk.load(ref, desk.writes, lock))

    def price_view(ref: str, key: int) -> Answer:
        return grid.line_price(desk, desk.load(ref, desk.reads, False), key)

    pasting, pricing = require(desk.writes)(paste_view), require("prices:read")(price_view)
    blueprint.add_url_rule(f"{root}/paste", "paste", pasting, methods=EITHER)
    blueprint.add_url_rule(f"{root}/lines/<key:key>/price", "line_price", pricing)
