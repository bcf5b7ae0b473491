"""Filling a row from a prepack: choose pack, colour and pieces; the cells follow."""

from flask import flash, request
from wtforms.fields.choices import SelectChoice

from wholesale.catalog.models import Prepack
from wholesale.core.errors import Invalid, NotVisible
from wholesale.extensions import db
from wholesale.lines.edit import Outcome, Refused
from wholesale.lines.forms import PrepackForm
from wholesale.lines.grid import Entry
from wholesale.lines.models import Lined, LineItem
from wholesale.lines.operations import fill_prepack
from wholesale.lines.prepacks import parse_pieces
from wholesale.lines.queries import lines_of, prepacks_of
from wholesale.lines.routes.grid import Desk, document_url
from wholesale.web.forms import LARGEST_KEY, tell
from wholesale.web.pages import Answer, done, fragments, page, partial, wants_fragment

SEEN = "seen."
CHANGED = "Somebody changed this row meanwhile: look at it, then fill it again to replace that."


def prepack(desk: Desk, document: Lined) -> Answer:
    """Offer the prepacks of one style (``?product=``), and fill a row with the chosen one."""
    document.refuse_closed()
    key = request.args.get("product", 0, type=int)
    lines = lines_of(db.session, document, [key]) if 0 < key <= LARGEST_KEY else []
    packs = prepacks_of(db.session, lines[0].product) if lines else []
    if not packs:
        raise NotVisible("This style has no prepacks, or its rows were removed.")
    form = _form(lines, packs)
    if not form.validate_on_submit():
        return _offer(document, lines, form, 422 if form.errors else 200)
    line = next(line for line in lines if line.id == form.line_id.data)
    pack = next(pack for pack in packs if pack.id == form.pack_id.data)
    if request.form.get(f"{SEEN}{line.id}", held(line)) != held(line):
        form.line_id.errors = [CHANGED]
        return _offer(document, lines, form, 409)
    try:
        pieces = parse_pieces(form.pieces.data)
        outcome = fill_prepack(db.session, document, line, pack, pieces)
    except (ValueError, Invalid, Refused) as problem:
        _tell(form, problem)
        return _offer(document, lines, form, 422)
    db.session.commit()
    flash(f"{line.product.name}, {line.variant.label}: {pieces:,} pieces of {pack.name}.")
    return _filled(desk, document, outcome)


def held(line: LineItem) -> str:
    """Say what a row holds: "S 24, M 48"."""
    return ", ".join(f"{size} {line.quantity(size)}" for size in line.sizes if line.quantity(size))


def _form(lines: list[LineItem], packs: list[Prepack]) -> PrepackForm:
    form = PrepackForm()
    form.pack_id.choices = [SelectChoice(str(p.id), f"{p.name}: {p.parts}") for p in packs]
    form.line_id.choices = [
        SelectChoice(str(line.id), f"{line.variant.label}, {line.qty_total:,} units")
        for line in lines
    ]
    return form


def _tell(form: PrepackForm, problem: Exception) -> None:
    """Put the words beside the field that they are about."""
    if isinstance(problem, Invalid):
        tell(form, problem)
    elif isinstance(problem, Refused):
        form.line_id.errors = sorted({e.message for e in problem.outcome.errors.values()})
    else:
        form.pieces.errors = [str(problem)]


def _offer(document: Lined, lines: list[LineItem], form: PrepackForm, status: int) -> Answer:
    return page(
        "lines/prepack.html",
        blocks={"dialog-slot": "dialog"},
        status=status,
        document=document,
        product=lines[0].product,
        seen={f"{SEEN}{line.id}": held(line) for line in lines},
        form=form,
    )


def _filled(desk: Desk, document: Lined, outcome: Outcome) -> Answer:
    if not wants_fragment():
        return done(document_url(document))
    shown = {"document": document, "outcome": outcome, "no_entry": Entry()}
    return fragments(
        partial("lines/_changed.html", **shown),
        partial("lines/_filled.html", **shown),
        desk.beside(document),
        tells=desk.tells,
    )
