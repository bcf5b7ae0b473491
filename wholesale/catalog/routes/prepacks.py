"""The prepacks of a size run: added, edited in place, deleted."""

from types import SimpleNamespace
from typing import Any

from flask import flash, request, url_for

from wholesale.access.gate import require
from wholesale.catalog import blueprint, run_queries, shelves
from wholesale.catalog.fields import part_field, sized, sized_fields
from wholesale.catalog.forms import PrepackForm
from wholesale.catalog.models import Prepack, SizeRun
from wholesale.core.errors import Invalid
from wholesale.extensions import db
from wholesale.web.merging import bases, clashes, merge
from wholesale.web.pages import Answer, done, fragments, page, partial, wants_fragment

PREFIX = "ratio"


@blueprint.route("/size-runs/<key:key>/prepacks/new", methods=["GET", "POST"])
@require("catalog:write")
def new_prepack(key: int) -> Answer:
    """Add a prepack to a run."""
    run = run_queries.size_run(db.session, key, lock=request.method == "POST")
    form = sized(PrepackForm, PREFIX, run.sizes, part_field)()
    if form.validate_on_submit():
        try:
            ratio = {s: f.data for s, f in sized_fields(form, PREFIX).items() if f.data}
            made = shelves.create_prepack(db.session, run, form.entry_key, form.name.data, ratio)
            db.session.commit()
            return _shown(run, f"{made.name} is added.")
        except Invalid as refusal:
            return _form_page(run, form, refusal=refusal)
    return _form_page(run, form)


@blueprint.route("/prepacks/<key:key>/edit", methods=["GET", "POST"])
@require("catalog:write")
def edit_prepack(key: int) -> Answer:
    """Rename a prepack or change its ratio, in place."""
    pack = run_queries.prepack(db.session, key, lock=request.method == "POST")
    run = pack.size_run
    record = SimpleNamespace(name=pack.name)
    for size in run.sizes:
        setattr(record, f"{PREFIX}.{size}", pack.ratio.get(size))
    form = sized(PrepackForm, PREFIX, run.sizes, part_field)(obj=record)
    del form.key
    refusal = None
    if form.validate_on_submit():
        values = merge(record, form, request.form)
        if not clashes(form):
            try:
                shelves.save_prepack(db.session, pack, values, _merged(pack, values))
                db.session.commit()
                return _shown(run, f"{pack.name} is saved.")
            except Invalid as problem:
                refusal = problem
    return _form_page(run, form, pack, bases(record, form, request.form), refusal)


def _merged(pack: Prepack, values: dict[str, Any]) -> dict[str, int]:
    """Return the ratio with the parts that I changed."""
    mine = {
        name.removeprefix(f"{PREFIX}."): part
        for name, part in values.items()
        if name.startswith(f"{PREFIX}.")
    }
    return {size: part for size, part in (pack.ratio | mine).items() if part}


@blueprint.post("/prepacks/<key:key>/deletion")
@require("catalog:write")
def delete_prepack(key: int) -> Answer:
    """Delete a prepack."""
    pack = run_queries.prepack(db.session, key, lock=True)
    run = pack.size_run
    db.session.delete(pack)
    db.session.commit()
    return _shown(run, f"{pack.name} is deleted.")


def _shown(run: SizeRun, message: str) -> Answer:
    """Answer with the run's prepacks as they are now."""
    flash(message)
    if not wants_fragment():
        return done(url_for("catalog.size_run", key=run.id))
    db.session.expire(run, ["prepacks"])
    return fragments(partial("catalog/_prepacks.html", run=run, may_write=True))


def _form_page(
    run: SizeRun,
    form: Any,
    pack: Prepack | None = None,
    was: dict[str, str] | None = None,
    refusal: Invalid | None = None,
) -> Answer:
    """Answer with the form of a prepack, in place on its run's page."""
    if refusal is not None:
        form.name.errors = [message for n, message in refusal.fields.items() if n == "name"]
    problem = refusal.fields.get("ratio", "") if refusal else ""
    return page(
        "catalog/prepack.html",
        blocks={"prepacks": "form"},
        status=409 if clashes(form) else 422 if form.errors or refusal else 200,
        run=run,
        pack=pack,
        form=form,
        problem=problem,
        bases=was or {},
    )
