"""A list as the query string asks for it: which page, in which order, or all of it as a file."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from flask import Response, request
from flask_login import current_user
from sqlalchemy import Select, false

from wholesale.core.errors import Invalid
from wholesale.extensions import db
from wholesale.web.download import download
from wholesale.web.forms import FilterForm
from wholesale.web.listing import Listing, Page
from wholesale.web.pages import Answer, here, page, target_id
from wholesale.web.shown import note_filters, note_rows

RESULTS = "results"
Form = TypeVar("Form", bound=FilterForm)


def list_page(listing: Listing, query: Select[Any]) -> Page:
    """Return the page of ``query`` that the request asks for."""
    found = listing.page(
        db.session,
        query,
        sort=request.args.get("sort"),
        after=request.args.get("after"),
        before=request.args.get("before"),
    )
    note_rows(len(found.rows))
    return found


def list_answer(
    template: str,
    form: Form,
    wanted: Callable[[Form], Select[Any]],
    listing: Listing,
    **context: Any,
) -> Answer:
    """Answer with a list's page, or its results alone; 422 and no rows for invalid filters."""
    valid = form.validate()
    query = wanted(form)
    return page(
        template,
        blocks={RESULTS: RESULTS},
        url=here() if target_id() == RESULTS else None,
        status=200 if valid else 422,
        form=form,
        found=list_page(listing, query if valid else query.where(false())),
        **context,
    )


def list_file(
    kind: str,
    name: str,
    columns: Mapping[str, Any],
    form: Form,
    wanted: Callable[[Form], Select[Any]],
    listing: Listing,
) -> Response:
    """Answer with all that the list shows, in its order, as CSV or XLSX.

    Raises Invalid for filters that cannot be read: never more than the list would show.
    """
    if not form.validate():
        raise Invalid("A filter of this download cannot be read.")
    note_filters(form)
    ordered = listing.ordered(wanted(form), request.args.get("sort"))
    rows = ordered.with_only_columns(*columns.values())
    return download(kind, name, list(columns), rows, ZoneInfo(current_user.time_zone))
