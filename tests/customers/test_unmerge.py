"""Undoing a merge: exactly what moved and is still there moves back."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.customers.conftest import Pair, belongings
from tests.visitor import Visitor
from wholesale.audit.models import AuditEntry
from wholesale.customers.models import Contact, Organization
from wholesale.orders.models import Order


def undo(visitor: Visitor, pair: Pair):
    """Ask for the undoing on the duplicate's page."""
    return visitor.post(f"/organizations/{pair.other}/merge/undo")


def test_everything_is_as_it_was_row_for_row(rep: Visitor, session: Session, duplicates: Pair):
    mine = belongings(session, duplicates.kept)
    fields = {"take.reference": "other", "take.phone": "other", "take.credit_limit": "other"}
    rep.post(f"/organizations/{duplicates.kept}/merge", {"other": duplicates.other} | fields)
    assert undo(rep, duplicates).location == f"/organizations/{duplicates.other}"
    assert belongings(session, duplicates.kept) == mine
    assert belongings(session, duplicates.other) == duplicates.rows
    kept = session.get(Organization, duplicates.kept)
    other = session.get(Organization, duplicates.other)
    assert (kept.reference, kept.phone, kept.credit_limit) == (None, None, 0)
    assert (other.reference, other.phone, other.credit_limit) == ("C-2", "555-0100", 500)
    assert not other.is_archived
    assert other.merged_into_id is None
    primary = {c.name for c in session.query(Contact).filter_by(is_primary=True)}
    assert primary == {"Coach Carter", "Coach C.", "Berta Bär"}
    assert session.query(Order).filter_by(code="O-TWIN-0").one().contact.name == "Coach C."


def test_what_was_added_to_the_one_that_stays_remains_there(
    rep: Visitor, session: Session, merged: Pair, cast: Cast
):
    session.add(Contact(organization_id=merged.kept, name="New"))
    session.commit()
    undo(rep, merged)
    names = [c.name for c in session.query(Contact).filter_by(organization_id=merged.kept)]
    assert sorted(names) == ["Coach Carter", "New"]


def test_rows_that_went_elsewhere_or_away_do_not_come_back(
    rep: Visitor, session: Session, merged: Pair, cast: Cast
):
    gone = session.query(Order).filter_by(code="O-TWIN-2").one()
    session.delete(gone)
    elsewhere = session.query(Order).filter_by(code="O-TWIN-1").one()
    elsewhere.contact_id, elsewhere.organization_id = None, cast.other_organization
    session.commit()
    assert undo(rep, merged).status_code == 303
    codes = [o.code for o in session.query(Order).filter_by(organization_id=merged.other)]
    assert sorted(code or "" for code in codes) == ["", "O-TWIN-0"]


def test_fields_that_somebody_changed_since_stay(rep: Visitor, session: Session, duplicates: Pair):
    form = {"other": duplicates.other, "take.phone": "other", "take.reference": "other"}
    rep.post(f"/organizations/{duplicates.kept}/merge", form)
    kept = session.get(Organization, duplicates.kept)
    kept.phone = "555-0777"
    session.commit()
    undo(rep, duplicates)
    session.rollback()
    assert (kept.phone, kept.reference) == ("555-0777", None)


def test_a_number_that_a_third_one_took_stays_with_it(
    rep: Visitor, session: Session, cast: Cast, duplicates: Pair
):
    form = {"other": duplicates.other, "take.reference": "other"}
    rep.post(f"/organizations/{duplicates.kept}/merge", form)
    session.get(Organization, duplicates.kept).reference = None
    session.flush()
    session.get(Organization, cast.other_organization).reference = "C-2"
    session.commit()
    assert undo(rep, duplicates).status_code == 303
    session.rollback()
    assert session.get(Organization, duplicates.other).reference is None


def test_undoing_twice_is_undoing_once(rep: Visitor, session: Session, merged: Pair):
    assert undo(rep, merged).status_code == 303
    assert undo(rep, merged).status_code == 303
    undone = session.query(AuditEntry).filter_by(entity_id=str(merged.other))
    assert undone.filter_by(action="undid the merge of").count() == 1


def test_it_can_be_merged_and_undone_again(rep: Visitor, session: Session, merged: Pair):
    undo(rep, merged)
    rep.post(f"/organizations/{merged.kept}/merge", {"other": merged.other})
    undo(rep, merged)
    assert belongings(session, merged.other) == merged.rows


def test_it_is_refused_where_an_order_would_lose_its_contact_and_says_which(
    rep: Visitor, session: Session, merged: Pair
):
    coach = session.query(Contact).filter_by(name="Coach C.").one()
    session.query(Order).filter_by(code="O-OWN").one().contact_id = coach.id
    session.commit()
    answer = undo(rep, merged)
    assert answer.status_code == 409
    assert "O-OWN would name a contact of the other customer" in answer.text
    assert not any(belongings(session, merged.other).values())
    session.query(Order).filter_by(code="O-OWN").one().contact_id = None
    session.commit()
    assert undo(rep, merged).status_code == 303


def test_the_later_merge_of_a_chain_is_undone_first(
    rep: Visitor, session: Session, cast: Cast, merged: Pair
):
    rep.post(f"/organizations/{cast.other_organization}/merge", {"other": merged.kept})
    answer = undo(rep, merged)
    assert answer.status_code == 409
    assert "was merged into Bärenfels Athletics meanwhile. Undo that first." in answer.text
    rep.post(f"/organizations/{merged.kept}/merge/undo")
    assert undo(rep, merged).status_code == 303
    assert belongings(session, merged.other) == merged.rows


def test_one_must_be_able_to_write_both(
    visit: Callable[[str], Visitor], session: Session, cast: Cast, merged: Pair
):
    assert undo(visit("sales2"), merged).status_code == 403
    session.get(Organization, merged.kept).salesperson_id = cast.users["sales2"]
    session.commit()
    page = visit("sales").get(f"/organizations/{merged.other}").text
    assert "Undo the merge" not in page
    assert undo(visit("sales"), merged).status_code == 403
    assert "Undo the merge" in visit("ops").get(f"/organizations/{merged.other}").text


def test_a_duplicate_that_was_archived_before_is_archived_again(
    rep: Visitor, session: Session, duplicates: Pair
):
    rep.post(f"/organizations/{duplicates.other}/archive")
    rep.post(f"/organizations/{duplicates.kept}/merge", {"other": duplicates.other})
    undo(rep, duplicates)
    session.rollback()
    assert session.get(Organization, duplicates.other).is_archived
