"""One action on the chosen orders of the list: assign, set the priority, export."""

from typing import Any

from flask_login import current_user

from wholesale.access.gate import require
from wholesale.access.queries import may
from wholesale.core.errors import Invalid, NotPermitted
from wholesale.extensions import db
from wholesale.orders import blueprint, queries
from wholesale.orders.bulk import Outcome, assigns, change_orders, chosen_orders
from wholesale.orders.forms import ASSIGN, EXPORT, BulkForm
from wholesale.orders.models import Order
from wholesale.orders.routes.list import COLUMNS, people
from wholesale.web.download import download
from wholesale.web.filters import reader_zone
from wholesale.web.pages import Answer, fragments, page, partial, target_id

ANSWER = "bulk-answer"


@blueprint.post("/orders/bulk")
@require("orders:read")
def bulk() -> Answer:
    """Do to each chosen order what was asked, as far as it may be, and say what became of it."""
    form = BulkForm()
    form.salesperson.choices = people("Choose somebody")
    if not form.validate():
        raise Invalid(" ".join(str(words[0]) for words in form.errors.values()))
    keys = form.ids.data or []
    if form.action.data == EXPORT:
        return _file(keys)
    if not may(current_user, "orders:update"):
        raise NotPermitted
    if form.action.data == ASSIGN and not assigns(current_user):
        raise NotPermitted("Only who may change all orders says whose they are.")
    outcome = change_orders(db.session, keys, form.values, current_user)
    db.session.commit()
    return _answer(outcome, form)


def _file(keys: list[int]) -> Answer:
    found = chosen_orders(current_user, keys).join(Order.organization)
    ordered = queries.LISTING.ordered(found.outerjoin(Order.salesperson), None)
    rows: Any = ordered.with_only_columns(*COLUMNS.values())
    return download("csv", "orders", list(COLUMNS), rows, reader_zone())


def _answer(outcome: Outcome, form: BulkForm) -> Answer:
    shown: dict[str, Any] = {"outcome": outcome, "words": form.words}
    if target_id() == ANSWER:
        return fragments(partial("orders/_outcome.html", **shown), tells="orders-changed")
    return page("orders/bulk.html", **shown)
