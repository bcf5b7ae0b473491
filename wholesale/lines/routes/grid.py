"""Entry on the size grid: adding products, typing, taking rows out, explaining prices."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import flash, request, url_for
from flask_login import current_user

from wholesale.catalog.queries import pick_products
from wholesale.core.clock import today
from wholesale.core.errors import Invalid
from wholesale.extensions import db
from wholesale.lines import operations
from wholesale.lines.edit import Refused, edit_cells, texts
from wholesale.lines.entry import CellEdit, read_edits
from wholesale.lines.forms import AddProductForm, RemovalForm
from wholesale.lines.grid import Entry, sections
from wholesale.lines.models import Lined
from wholesale.lines.prices import explain
from wholesale.lines.queries import (
    changed_since,
    line_of,
    line_of_style,
    lines_of,
    runs_with_prepacks,
)
from wholesale.web.pages import Answer, done, fragments, page, partial, typed, wants_fragment


@dataclass(frozen=True)
class Desk:
    """How a room loads and shows its documents, whose lines are typed into here.

    ``load`` returns the document of a ref for a permission, locked or not. ``show`` answers with
    a document's page and takes ``entry``, ``options``, ``problems``, ``q`` and ``status``;
    ``beside`` returns the pieces of that page that follow its lines, out of band. ``place`` goes
    on after the cells of a form sent with ``then=place``. ``tells`` is an event on which a
    panel that is slow to make fetches itself, once nobody types.
    """

    noun: str
    reads: str
    writes: str
    load: Callable[[str, str, bool], Any]
    may_update: Callable[[Any], bool]
    show: Callable[..., Answer]
    beside: Callable[[Any], str]
    place: Callable[[Any, list[CellEdit]], Answer] | None = None
    tells: str = ""


def document_url(document: Lined) -> str:
    """Return the address of a document's page: every room names it by the noun."""
    return url_for(f".{document.noun}", ref=document.ref)


def products(desk: Desk, document: Lined) -> Answer:
    """Find products by SKU or name, and add one with all its colours."""
    form = AddProductForm()
    if form.validate_on_submit():
        try:
            return _add_product(desk, document, form.product_id.key)
        except Invalid as refusal:
            form.product_id.errors = [refusal.message]
    return _options(desk, document, form.product_id.errors)


def _add_product(desk: Desk, document: Lined, product_id: int) -> Answer:
    day = today(current_user.time_zone)
    added = operations.add_product(db.session, document, product_id, day)
    db.session.commit()
    if not added:
        flash(f"This product is in the {document.noun} already.")
    if not wants_fragment():
        return done(document_url(document))
    lines = lines_of(db.session, document, [product_id])
    section = sections(lines)[0] if added else None
    body = partial(
        "lines/_section_added.html",
        document=document,
        section=section,
        is_new=len(lines) == len(added),
        entry=Entry(),
        may_enter=True,
        packed=runs_with_prepacks(db.session),
    )
    return fragments(body, desk.beside(document), tells=desk.tells)


def _options(desk: Desk, document: Lined, problems: Sequence[str]) -> Answer:
    q, status = typed(), 422 if problems else 200
    found = pick_products(db.session, q) if current_user.may("catalog:read") else []
    if not wants_fragment():
        return desk.show(document, options=found, problems=problems, q=q, status=status)
    body = partial("lines/_product_options.html", found=found, problems=problems, q=q)
    return fragments(body, status=status)


def save_cells(desk: Desk, document: Lined) -> Answer:
    """Write one cell, or all of them; placing goes on in the same transaction."""
    if wants_fragment() and not document.is_open_for_entry:
        stage = document.stage.label.lower()
        flash(f"The {document.noun} is {stage} by now: its rows can no longer change.", "bad")
        return done(document_url(document))
    edits = read_edits(request.form)
    seen = request.form.get("lines_version", type=int)
    is_behind = seen is not None and seen != document.lines_version
    try:
        outcome = edit_cells(db.session, document, edits, seen)
    except Refused as refusal:
        return _refused(desk, document, refusal, is_behind)
    if desk.place is not None and request.form.get("then") == "place":
        return desk.place(document, edits)
    db.session.commit()
    if wants_fragment():
        shown = {"document": document, "outcome": outcome, "no_entry": Entry()}
        others = _others(document) if is_behind else ""
        body = partial("lines/_changed.html", **shown)
        return fragments(body, others, desk.beside(document), tells=desk.tells)
    flash("Quantities saved.")
    return done(document_url(document))


def _others(document: Lined) -> str:
    """Return what other people wrote since the page last heard of it: rows, cells, sums."""
    try:
        moment = datetime.fromisoformat(request.form.get("seen_at", "")).astimezone(UTC)
        if moment > document.updated_at:  # the clock was set back: it cannot tell what is new
            moment = document.created_at
        changed, added = changed_since(db.session, document, moment)
    except (ValueError, OverflowError):
        return ""
    present = sections(lines_of(db.session, document))
    lines = [line for section in present for line in section.lines]
    rows = [line for line in lines if line.id in changed]
    return partial(
        "lines/_others.html",
        document=document,
        sections=present,
        rows=rows,
        present=[line.id for line in lines],
        cells={name: text for line in rows for name, text in texts(line).items()},
        grown=[section for section in present if any(n.id in added for n in section.lines)],
        entry=Entry(),
        may_enter=document.is_open_for_entry,
        packed=runs_with_prepacks(db.session) if added else set(),
    )


def _refused(desk: Desk, document: Lined, refusal: Refused, is_behind: bool) -> Answer:
    """Answer with the errors beside their cells; everything typed stays."""
    outcome = refusal.outcome
    if wants_fragment():
        # What others wrote meanwhile comes along: the row's numbers, and all sums.
        present = sections(lines_of(db.session, document))
        touched = {edit.line_id for edit in outcome.edits}
        shown = {"document": document, "outcome": outcome, "sections": present}
        body = partial("lines/_refused.html", touched=touched, **shown)
        others = _others(document) if is_behind else ""
        return fragments(body, others, status=refusal.status)
    flash(refusal.message, "bad")
    typed = {edit.name: edit.typed for edit in outcome.edits}
    return desk.show(document, entry=Entry(typed, outcome.errors), status=refusal.status)


def removal(desk: Desk, document: Lined) -> Answer:
    """Take one row out of the grid."""
    form = RemovalForm()
    key = form.line_id.key if form.validate() else 0
    line = line_of(db.session, document, key)
    product_id = line.product_id if line else 0
    repriced: set[int] = set()
    if line is not None and line.qty_total and not (wants_fragment() or request.form.get("sure")):
        return page("lines/removal.html", document=document, line=line)
    if line is not None:  # a second click, or another person, removed it before
        repriced = operations.remove_line(db.session, document, line)
        db.session.commit()
    if not wants_fragment():
        return done(document_url(document))
    left = sections(lines_of(db.session, document, [product_id]))
    body = partial(
        "lines/_removed.html",
        document=document,
        line_id=key,
        product_id=product_id,
        section=left[0] if left else None,
        repriced=repriced,
        no_entry=Entry(),
    )
    return fragments(body, desk.beside(document), tells=desk.tells)


def line_price(desk: Desk, document: Lined, key: int) -> Answer:
    """Say why a row costs what it costs: each step from the list price on."""
    why = explain(*line_of_style(db.session, document, key))
    may_enter = desk.may_update(document) and document.is_open_for_entry
    blocks = {"dialog-slot": "dialog"}
    return page("lines/price.html", blocks=blocks, document=document, why=why, may_enter=may_enter)
