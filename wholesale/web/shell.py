"""The shell around every page: what the rail offers to whom."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request
from flask_login import current_user


@dataclass(frozen=True)
class Place:
    """One entry of the rail."""

    label: str
    icon: str
    url: str
    permission: str | None = None
    also: tuple[str, ...] = ()  # addresses that lie under this place by their matter

    @property
    def is_here(self) -> bool:
        """Whether the page shown lies at or under this place."""
        if self.url == "/":
            return request.path == "/"
        roots = (self.url, *self.also)
        under = tuple(f"{root}{mark}" for root in roots for mark in "/.")
        return request.path in roots or request.path.startswith(under)


PLACES = (
    Place("Dashboard", "layout-dashboard", "/"),
    Place("Leads", "target", "/leads", "leads:read"),
    Place("Customers", "building-2", "/organizations", "organizations:read", ("/contacts",)),
    Place("Quotes", "file-text", "/quotes", "quotes:read"),
    Place("Orders", "clipboard-list", "/orders", "orders:read"),
    Place(
        "Catalog",
        "shirt",
        "/products",
        "catalog:read",
        ("/price-lists", "/categories", "/size-runs", "/variants"),
    ),
    Place("Admin", "users", "/admin", "users:read"),
)


def init_app(app: Flask) -> None:
    """Give every template the places its reader may go."""

    @app.context_processor
    def places() -> dict[str, Any]:
        if g.get("is_broken") or not current_user or not current_user.is_authenticated:
            return {"places": [], "has_shell": False}
        shown = [p for p in PLACES if p.permission is None or current_user.may(p.permission)]
        return {"places": shown, "has_shell": True}
