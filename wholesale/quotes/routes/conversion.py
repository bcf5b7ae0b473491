"""From lead to customer and quote in one step; asks when the customer may be there already."""

from flask import flash, url_for
from flask_login import current_user
from wtforms import BooleanField
from wtforms.validators import Optional

from wholesale.access.gate import require
from wholesale.access.queries import may
from wholesale.core.errors import Invalid, NotPermitted, NotVisible
from wholesale.customers.models import Organization
from wholesale.customers.queries import organization, similar_organizations
from wholesale.extensions import db
from wholesale.leads import operations as leads
from wholesale.leads.queries import lead
from wholesale.quotes import blueprint
from wholesale.quotes.conversion import quote_of
from wholesale.quotes.models import Quote
from wholesale.quotes.queries import reaches
from wholesale.web.forms import Form, KeyField
from wholesale.web.pages import Answer, done, page


class ConversionForm(Form):
    """Which customer to use, or that it is a new one for sure."""

    use = KeyField("Customer", [Optional()])
    sure = BooleanField()


@blueprint.post("/leads/<code>/conversion")
@require("leads:write")
def conversion(code: str) -> Answer:
    """Make a lead a customer with a quote, or open the quote it became."""
    found = lead(db.session, current_user, code, "leads:write", lock=True)
    if not may(current_user, "quotes:write"):
        raise NotPermitted("You may not begin quotes.")
    form = ConversionForm()
    chosen = _chosen(form)
    if found.organization_id is None and chosen is None and not form.sure.data:
        similar = similar_organizations(db.session, current_user, found.company)
        if similar:
            return page("quotes/conversion.html", lead=found, similar=similar)
    customer = leads.convert(db.session, found, current_user, chosen)
    quote = quote_of(db.session, found, customer, current_user)
    db.session.commit()
    return _opened(quote, customer)


def _chosen(form: ConversionForm) -> Organization | None:
    if not form.validate():
        raise Invalid("Choose one of the customers listed.")
    if form.use.data is None:
        return None
    try:
        return organization(db.session, current_user, form.use.key)
    except NotVisible:
        raise Invalid("Choose one of the customers listed.") from None


def _opened(quote: Quote, customer: Organization) -> Answer:
    """Lead on to the quote, or to the customer where the quote is not the person's to see."""
    if reaches(current_user, quote, "quotes:read"):
        flash(f"{customer.name} is a customer; this is its quote.")
        return done(url_for("quotes.quote", ref=quote.ref))
    flash("Somebody else has begun the quote already.")
    return done(url_for("customers.organization", key=customer.id))
