"""The customer's side of a quote: links to it, the offer on a phone, and the decision."""

from datetime import timedelta

from flask import flash, make_response, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from wholesale.access.gate import public, require
from wholesale.core.clock import now
from wholesale.core.errors import DomainError, Invalid, NotVisible
from wholesale.core.text import clean_line
from wholesale.extensions import db
from wholesale.lines.comparison import changes
from wholesale.links.models import CustomerLink
from wholesale.links.operations import issue_link, revoke_link
from wholesale.links.pages import customer_page, opened, signer
from wholesale.links.queries import GONE, links_of
from wholesale.quotes import blueprint, operations, queries
from wholesale.quotes.forms import DecisionForm, LinkForm
from wholesale.quotes.models import Quote
from wholesale.quotes.notices import mail_offer, recipient
from wholesale.quotes.routes.documents import pdf_answer, pdf_name
from wholesale.web.forms import tell
from wholesale.web.limits import limiter
from wholesale.web.pages import Answer, done, page
from wholesale.web.security import client_address
from wholesale.web.urls import absolute_url


@blueprint.post("/quotes/<ref>/links")
@require("quotes:write")
def new_link(ref: str) -> Answer:
    """Make a link for the customer and show it: it cannot be shown again."""
    quote = queries.quote(db.session, current_user, ref, "quotes:write", lock=True)
    form = LinkForm()
    if not form.validate():
        raise Invalid(next(iter(form.key.errors), "Choose how long the link is good."))
    if quote.sent_at is None:
        raise DomainError("Send the quote first: the link shows what was sent.")
    days, key = int(form.days.data), f"{form.entry_key} {form.days.data} {form.mail.data}"
    token, is_new = issue_link(db.session, signer(), current_user, days, quote_id=quote.id, key=key)
    address = absolute_url("links.customer_link", token=token)
    mailed = recipient(quote) if form.mail.data else ""
    if mailed and is_new:
        until = now() + timedelta(days=days)
        mail_offer(db.session, quote, mailed, address, until, current_user)
    db.session.commit()
    return page("quotes/link.html", quote=quote, address=address, mailed=mailed)


@blueprint.post("/quotes/<ref>/links/<key:key>/revoke")
@require("quotes:write")
def revoke(ref: str, key: int) -> Answer:
    """End a link: who opens it from now on is told to ask for a new one."""
    quote = queries.quote(db.session, current_user, ref, "quotes:write", lock=True)
    link = next((link for link in links_of(db.session, quote.id) if link.id == key), None)
    if link is None:
        raise NotVisible("There is no such link.")
    revoke_link(link)
    db.session.commit()
    flash("The link is revoked.")
    return done(url_for("quotes.quote", ref=ref))


@customer_page("quote_id")
def offer(link: CustomerLink, token: str) -> Answer:
    """Show the offer as it was sent last, and what was decided."""
    return _offer(link, token, DecisionForm())


@blueprint.post("/l/<token>/decision")
@public
@limiter.limit("20 per minute")
def decide(token: str) -> Answer:
    """Accept or decline what the page showed, by the customer's name."""
    link = opened(token)
    quote = operations.locked(db.session, link.quote_id or 0)
    db.session.refresh(link)  # revoked while this waited for another
    if not link.is_open:
        raise NotVisible(GONE)
    form = DecisionForm()
    try:
        if not form.validate():
            return _offer(link, token, form, status=422)
        operations.decide(
            db.session,
            quote,
            form.decision.data,
            form.seen.data or "",
            link_id=link.id,
            **_evidence(form),
        )
    except DomainError as refusal:
        db.session.rollback()
        if isinstance(refusal, Invalid):
            tell(form, refusal)
        return _offer(opened(token), token, form, problem=refusal, status=refusal.status)
    db.session.commit()
    return done(url_for("links.customer_link", token=token))


def _evidence(form: DecisionForm) -> dict[str, str]:
    """Return who decided, from where and with what."""
    return {
        "name": form.name.data or "",
        "remark": form.remark.data or "",
        "address": client_address() or "",
        "user_agent": clean_line(request.headers.get("User-Agent"))[:500],
    }


@blueprint.get("/l/<token>/decision")
@public
def decision_again(token: str) -> Answer:
    """Lead on to the offer: who opens the form's own address anew looks for that."""
    return done(url_for("links.customer_link", token=token))


@blueprint.get("/l/<token>/pdf")
@public
@limiter.limit("60 per minute")
def customer_pdf(token: str) -> Answer:
    """Answer with what was sent last as a PDF, or with a page that waits for it."""
    quote = db.session.get_one(Quote, opened(token).quote_id)
    sent = queries.revisions_of(db.session, quote)[0]
    here = url_for("links.customer_link", token=token)
    return _private(
        make_response(pdf_answer(sent.content, sent.content_hash, pdf_name(sent), here))
    )


def _offer(
    link: CustomerLink,
    token: str,
    form: DecisionForm,
    *,
    problem: DomainError | None = None,
    status: int = 200,
) -> Answer:
    """Answer with what was sent last and, to who looked at something else, what is new."""
    quote = db.session.get_one(Quote, link.quote_id)
    revisions = queries.revisions_of(db.session, quote)
    seen = next((r for r in revisions if r.content_hash == form.seen.data), None)
    sent = revisions[0]
    answer = make_response(
        page(
            "quotes/customer.html",
            status=status,
            has_shell=False,
            quote=quote,
            sent=sent,
            content=sent.content,
            decision=queries.standing_decision(db.session, sent),
            new=changes((seen or revisions[1]).content, sent.content) if revisions[1:] else [],
            is_open=quote.stage == "sent" and quote.ordered_at is None,
            form=form,
            problem=problem.message if problem and not isinstance(problem, Invalid) else "",
            token=token,
        )
    )
    return _private(answer)


def _private(answer: Response) -> Response:
    """Keep the page out of caches, search engines and other sites' logs."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
