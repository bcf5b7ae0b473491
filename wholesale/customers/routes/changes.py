"""Making, editing in place, archiving and deleting organizations."""

from functools import partial as partial_call
from typing import Any

from flask import flash, request, url_for
from flask_login import current_user

from wholesale.access.gate import require
from wholesale.accounts.models import User
from wholesale.accounts.queries import salespeople
from wholesale.core.errors import Invalid
from wholesale.customers import blueprint, operations, queries
from wholesale.customers.forms import AddressForm, DetailsForm, NewOrganizationForm
from wholesale.customers.models import Organization
from wholesale.extensions import db
from wholesale.web.forms import Form, choices, tell
from wholesale.web.merging import answer_status, bases, saved
from wholesale.web.pages import Answer, done, fragments, moved, page, partial, typed, wants_fragment

SECTIONS = {"details": DetailsForm, "address": AddressForm}


def typed_into(form: Form) -> dict[str, Any]:
    """Return what was typed into a form, without the fields of its own."""
    return {name: text for name, text in form.data.items() if name not in ("csrf_token", "key")}


def _with_people(form: DetailsForm, present: User | None = None) -> None:
    """Offer who sells now, and the present salesperson, who may be disabled meanwhile."""
    people = salespeople(db.session)
    if present is not None and present not in people:
        people.append(present)
    form.salesperson_id.choices = choices(people, lambda person: person.name, "None")


@blueprint.route("/organizations/new", methods=["GET", "POST"])
@require("organizations:write")
def new_organization() -> Answer:
    """Add a customer."""
    form = NewOrganizationForm(salesperson_id=current_user.id)
    _with_people(form)
    if form.validate_on_submit():
        try:
            made = operations.create_organization(
                db.session, typed_into(form), current_user, form.entry_key
            )
            db.session.commit()
            flash(f"{made.name} is added.")
            return done(url_for("customers.organization", key=made.id))
        except Invalid as refusal:
            tell(form, refusal)
    return page(
        "customers/new.html",
        status=422 if form.errors else 200,
        form=form,
        picks_salesperson=operations.picks_salesperson(current_user),
    )


@blueprint.get("/organizations/similar")
@require("organizations:read")
def similar_organizations() -> Answer:
    """List customers whose name is much like the one being typed."""
    found = queries.similar_organizations(db.session, current_user, typed("name"))
    return fragments(partial("customers/_similar.html", similar=found))


@blueprint.route(
    "/organizations/<key:key>/<any(details, address):section>", methods=["GET", "POST"]
)
@require("organizations:write")
def organization_section(key: int, section: str) -> Answer:
    """Edit one section of a customer's page in place."""
    found = _changeable(key, lock=request.method == "POST")
    form = SECTIONS[section](obj=found).with_ids(section)
    if isinstance(form, DetailsForm):
        _with_people(form, found.salesperson)
    if form.validate_on_submit() and _saved(found, form):
        return _section_again(found, section)
    status = answer_status(form)
    return page(
        "customers/section.html",
        blocks={section: "form"},
        status=status,
        organization=found,
        section=section,
        form=form,
        picks_salesperson=operations.picks_salesperson(current_user),
        bases=bases(found, form, request.form),
    )


def _section_again(found: Organization, section: str) -> Answer:
    """Answer with the section as it is saved, and its name wherever the page shows it."""
    flash("Saved.")
    if not wants_fragment() or not operations.may_write(current_user, found):
        return done(url_for("customers.organization", key=found.id))
    shown = {"organization": found, "may_write": True}
    return fragments(
        partial(f"customers/_{section}.html", **shown),
        partial("customers/_title.html", oob=True, **shown),
        moved("customers/organization.html", shown),
        tells="customer-changed",
    )


def _saved(found: Organization, form: DetailsForm | AddressForm) -> bool:
    """Write what was changed; False when two people changed one field, or a rule refuses."""
    change = partial_call(operations.change_organization, db.session, found)
    if not saved(found, form, request.form, change):
        return False
    db.session.commit()
    db.session.refresh(found)
    return True


@blueprint.post("/organizations/<key:key>/<any(archive, restore):verb>")
@require("organizations:write")
def organization_archive(key: int, verb: str) -> Answer:
    """Put a customer away, or bring it back."""
    found = _changeable(key, lock=True)
    (operations.archive if verb == "archive" else operations.restore)(found)
    db.session.commit()
    flash(f"{found.name} is {'archived' if verb == 'archive' else 'back in the lists'}.")
    return done(url_for("customers.organization", key=key))


@blueprint.route("/organizations/<key:key>/deletion", methods=["GET", "POST"])
@require("organizations:write")
def organization_deletion(key: int) -> Answer:
    """Say what stands against deleting a customer and offer to archive it; or delete it."""
    found = _changeable(key, lock=request.method == "POST")
    against = operations.standing_against(db.session, found)
    if request.method == "POST" and not against:
        operations.delete_organization(db.session, found)
        db.session.commit()
        flash(f"{found.name} is deleted.")
        return done(url_for("customers.organizations"))
    status = 409 if request.method == "POST" else 200
    return page("customers/deletion.html", organization=found, against=against, status=status)


def _changeable(key: int, *, lock: bool) -> Organization:
    found = queries.organization(db.session, current_user, key, lock=lock)
    operations.refuse_foreign(current_user, found)
    operations.refuse_merged(found)
    return found
