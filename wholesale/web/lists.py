"""A list as the query string asks for it: which page, in which order, or all of it as a file."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, request
from flask_login import current_user
from sqlalchemy import Select, false

from wholesale.core.errors import Invalid
from wholesale.extensions import db
from wholesale.web.download import download
from wholesale.web.listing import Listing, Page


def list_page(listing: Listing, query: Select[Any], *, valid: bool) -> Page:
    """Return the page of ``query`` that the request asks for; none while filters are invalid."""
    return listing.page(
        db.session,
        query if valid else query.where(false()),
        sort=request.args.get("sort"),
        after=request.args.get("after"),
        before=request.args.get("before"),
    )


def list_file(
    kind: str,
    name: str,
    columns: Mapping[str, Any],
    listing: Listing,
    query: Select[Any],
    *,
    valid: bool,
) -> Response:
    """Answer with all of ``query`` in the order the request asks for, as CSV or XLSX.

    Raises Invalid for filters that cannot be read: never more than the list would show.
    """
    if not valid:
        raise Invalid("A filter of this download cannot be read.")
    ordered = listing.ordered(query, request.args.get("sort"))
    rows = ordered.with_only_columns(*columns.values())
    return download(kind, name, list(columns), rows, ZoneInfo(current_user.time_zone))
