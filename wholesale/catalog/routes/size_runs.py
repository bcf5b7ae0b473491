"""Size runs: listed, added, edited in place, deleted."""

from types import SimpleNamespace
from typing import Any

from flask import flash, request, url_for
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.catalog import blueprint, run_queries, shelves
from wholesale.catalog.forms import SizeRunForm
from wholesale.catalog.models import SizeRun
from wholesale.catalog.routes.answers import deletion_page
from wholesale.core.errors import Invalid
from wholesale.extensions import db
from wholesale.web.forms import tell
from wholesale.web.merging import answer_status, bases, saved
from wholesale.web.pages import Answer, done, fragments, page, partial, wants_fragment


@blueprint.get("/size-runs")
@require("catalog:read")
def size_runs() -> Answer:
    """List the size runs."""
    return page(
        "catalog/size_runs.html",
        runs=run_queries.size_runs(db.session),
        counts=run_queries.products_per_run(db.session),
        may_write=current_user.may("catalog:write"),
    )


@blueprint.route("/size-runs/new", methods=["GET", "POST"])
@require("catalog:write")
def new_size_run() -> Answer:
    """Add a size run."""
    form = SizeRunForm()
    if form.validate_on_submit():
        try:
            made = shelves.create_run(db.session, form.entry_key, form.name.data, form.sizes.sizes)
            db.session.commit()
            flash(f"{made.name} is added.")
            return done(url_for("catalog.size_run", key=made.id))
        except Invalid as refusal:
            tell(form, refusal)
    return _form_page(form)


@blueprint.get("/size-runs/<key:key>")
@require("catalog:read")
def size_run(key: int) -> Answer:
    """Show one size run with its prepacks."""
    found = run_queries.size_run(db.session, key)
    return page(
        "catalog/size_run.html",
        blocks={"run": "run", "prepacks": "prepacks"},
        run=found,
        count=run_queries.products_per_run(db.session).get(key, 0),
        may_write=current_user.may("catalog:write"),
    )


@blueprint.route("/size-runs/<key:key>/edit", methods=["GET", "POST"])
@require("catalog:write")
def edit_size_run(key: int) -> Answer:
    """Rename a run or change its sizes, in place."""
    found = run_queries.size_run(db.session, key, lock=request.method == "POST")
    record = SimpleNamespace(name=found.name, sizes=", ".join(found.sizes))
    form: Any = SizeRunForm(obj=record)
    del form.key
    if form.validate_on_submit() and _saved(found, record, form):
        flash("Saved.")
        if not wants_fragment():
            return done(url_for("catalog.size_run", key=key))
        count = run_queries.products_per_run(db.session).get(key, 0)
        shown = {"run": found, "may_write": True, "count": count}
        return fragments(
            partial("catalog/_run.html", **shown),
            partial("catalog/_run_title.html", oob=True, **shown),
            partial("catalog/_prepacks.html", oob=True, **shown),
        )
    return _form_page(form, found, bases(record, form, request.form))


def _saved(found: SizeRun, record: Any, form: Any) -> bool:
    def write(values: dict[str, Any]) -> None:
        sizes = form.sizes.sizes if "sizes" in values else list(found.sizes)
        shelves.change_run(db.session, found, values.get("name", found.name), sizes)

    if not saved(record, form, request.form, write):
        return False
    db.session.commit()
    return True


def _form_page(
    form: Any, found: SizeRun | None = None, was: dict[str, str] | None = None
) -> Answer:
    status = answer_status(form)
    return page(
        "catalog/size_run_form.html",
        blocks={"run": "form"},
        status=status,
        form=form,
        run=found,
        bases=was or {},
    )


@blueprint.route("/size-runs/<key:key>/deletion", methods=["GET", "POST"])
@require("catalog:write")
def size_run_deletion(key: int) -> Answer:
    """Say what comes in a size run; or delete one that nothing comes in."""
    found = run_queries.size_run(db.session, key, lock=request.method == "POST")
    against = shelves.standing_against_run(db.session, found)
    if request.method == "POST" and not against:
        shelves.delete_run(db.session, found)
        db.session.commit()
        flash(f"{found.name} is deleted.")
        return done(url_for("catalog.size_runs"))
    back = url_for("catalog.size_run", key=key)
    runs = url_for("catalog.size_runs")
    return deletion_page(
        found.name,
        against,
        url=url_for("catalog.size_run_deletion", key=key),
        back=back,
        trail=[("Catalog", url_for("catalog.products")), ("Size runs", runs), (found.name, back)],
        links={"products": url_for("catalog.products", size_run=key)},
        also="Its prepacks go along with it.",
        status=409 if request.method == "POST" else 200,
    )
