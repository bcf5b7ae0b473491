"""Merging a duplicate: everything moves in one go, fields as chosen, nothing is lost."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.customers.conftest import Pair, belongings
from tests.visitor import Visitor
from wholesale.access.models import UserPermission
from wholesale.audit.models import AuditEntry
from wholesale.core.clock import now
from wholesale.customers.models import Contact, Organization
from wholesale.orders.models import Order


def both(session: Session, pair: Pair) -> tuple[Organization, Organization]:
    """Return the two customers as the database holds them now."""
    session.rollback()
    return session.get(Organization, pair.kept), session.get(Organization, pair.other)


def test_the_page_shows_both_side_by_side_and_what_moves(rep: Visitor, duplicates: Pair):
    page = rep.get(f"/organizations/{duplicates.kept}/merge?other={duplicates.other}").text
    for words in ("Wolverton Wrestling Club", "C-2", "555-0100", "North", "500.00"):
        assert words in page
    for count in ("2</strong> contacts", "4</strong> orders", "1</strong> lead",
                  "1</strong> activity", "1</strong> price list"):  # fmt: skip
        assert count in page
    assert 'name="take.reference" value="other" checked' in page  # the one that stays has none
    assert 'name="take.name" value="kept" checked' in page


def test_everything_moves_and_the_duplicate_says_where_it_is(
    rep: Visitor, session: Session, duplicates: Pair
):
    mine = belongings(session, duplicates.kept)
    rep.post(f"/organizations/{duplicates.kept}/merge", {"other": duplicates.other})
    now_mine = belongings(session, duplicates.kept)
    assert now_mine == {name: sorted(mine[name] + duplicates.rows[name]) for name in mine}
    assert not any(belongings(session, duplicates.other).values())
    kept, other = both(session, duplicates)
    assert other.merged_into_id == kept.id
    assert other.is_archived
    page = rep.get(f"/organizations/{other.id}").text
    assert "Wolverton Wrestling was merged into" in page
    assert f'href="/organizations/{kept.id}"' in page
    assert "Merged from" in rep.get(f"/organizations/{kept.id}").text


def test_orders_keep_their_contacts_and_are_found_by_the_new_name(
    rep: Visitor, session: Session, merged: Pair
):
    order = session.query(Order).filter_by(code="O-TWIN-0").one()
    assert order.contact.name == "Coach C."
    assert order.contact.organization_id == merged.kept
    assert "wolverton wrestling club" in order.search


def test_one_primary_contact_stays_and_the_other_becomes_an_ordinary_one(
    session: Session, merged: Pair
):
    primary = session.query(Contact).filter_by(organization_id=merged.kept, is_primary=True)
    assert [contact.name for contact in primary] == ["Coach Carter"]


def test_without_a_primary_contact_of_its_own_it_takes_over_the_others(
    rep: Visitor, session: Session, duplicates: Pair, cast: Cast
):
    session.get(Contact, cast.contact).is_primary = False
    session.commit()
    rep.post(f"/organizations/{duplicates.kept}/merge", {"other": duplicates.other})
    primary = session.query(Contact).filter_by(organization_id=duplicates.kept, is_primary=True)
    assert [contact.name for contact in primary] == ["Coach C."]


def test_fields_are_as_chosen(rep: Visitor, session: Session, duplicates: Pair):
    form = {
        "other": duplicates.other,
        "take.reference": "other",
        "take.phone": "other",
        "take.territory": "kept",
        "take.credit_limit": "other",
        "take.nonsense": "other",
    }
    rep.post(f"/organizations/{duplicates.kept}/merge", form)
    kept, other = both(session, duplicates)
    assert (kept.reference, kept.phone, kept.territory) == ("C-2", "555-0100", None)
    assert (kept.name, kept.credit_limit) == ("Wolverton Wrestling Club", Decimal(500))
    assert other.reference is None


def test_versions_of_moved_rows_rise_so_that_open_forms_notice(session: Session, merged: Pair):
    for order in session.query(Order).filter(Order.id.in_(merged.rows["orders"])):
        assert order.version == 2


def test_the_trail_keeps_the_keys_of_all_moved_rows(session: Session, merged: Pair):
    entry = session.query(AuditEntry).filter_by(action="merged", entity_id=str(merged.other)).one()
    assert entry.after["moved"] == merged.rows
    assert entry.after["into"] == merged.kept


def test_the_history_of_both_tells_of_it(rep: Visitor, merged: Pair):
    assert "merged" in rep.get(f"/organizations/{merged.other}/history").text
    page = rep.get(f"/organizations/{merged.kept}/history").text
    assert "took over" in page
    assert "Wolverton Wrestling" in page


def test_a_replayed_request_changes_nothing_more(rep: Visitor, session: Session, merged: Pair):
    answer = rep.post(f"/organizations/{merged.kept}/merge", {"other": merged.other})
    assert answer.location == f"/organizations/{merged.kept}"
    assert session.query(AuditEntry).filter_by(action="merged").filter(
        AuditEntry.entity_id == str(merged.other)
    ).count() == 1  # fmt: skip


def test_a_customer_is_not_merged_into_itself(rep: Visitor, duplicates: Pair):
    answer = rep.post(f"/organizations/{duplicates.kept}/merge", {"other": duplicates.kept})
    assert answer.status_code == 422
    page = rep.get(f"/organizations/{duplicates.kept}/merge?other={duplicates.kept}")
    assert page.status_code == 422
    assert "cannot be merged into itself" in page.text


def test_into_an_archived_one_is_refused_but_an_archived_duplicate_may_go(
    rep: Visitor, session: Session, duplicates: Pair
):
    session.get(Organization, duplicates.kept).archived_at = now()
    session.commit()
    answer = rep.post(f"/organizations/{duplicates.kept}/merge", {"other": duplicates.other})
    assert answer.status_code == 422
    assert "is archived. Restore it first" in answer.text
    there = rep.post(f"/organizations/{duplicates.other}/merge", {"other": duplicates.kept})
    assert there.status_code == 303


def test_a_merged_one_is_not_merged_again_nor_into(
    rep: Visitor, session: Session, cast: Cast, merged: Pair
):
    third = cast.other_organization
    again = rep.post(f"/organizations/{third}/merge", {"other": merged.other})
    into = rep.post(f"/organizations/{merged.other}/merge", {"other": third})
    for answer in (again, into):
        assert answer.status_code == 422
        assert "was merged into Wolverton Wrestling Club already" in answer.text


def test_a_chain_is_followed_from_link_to_link(
    rep: Visitor, session: Session, cast: Cast, merged: Pair
):
    rep.post(f"/organizations/{cast.other_organization}/merge", {"other": merged.kept})
    kept, other = both(session, merged)
    assert other.merged_into_id == kept.id
    assert kept.merged_into_id == cast.other_organization
    assert len(belongings(session, cast.other_organization)["orders"]) == 5


def test_a_merged_customer_is_not_changed_restored_or_given_anything_new(
    rep: Visitor, session: Session, merged: Pair
):
    url = f"/organizations/{merged.other}"
    assert "Edit details" not in rep.get(url).text
    for path in ("restore", "details", "deletion", "contacts/new", "activities/new"):
        answer = rep.post(f"{url}/{path}", {"name": "X"})
        assert answer.status_code == 409
        assert "was merged into Wolverton Wrestling Club. Undo that first." in answer.text


def test_who_took_over_is_not_deleted(rep: Visitor, cast: Cast, session: Session):
    empty = Organization(name="Empty", salesperson_id=cast.users["sales"])
    session.add(empty)
    session.commit()
    rep.post(f"/organizations/{cast.organization}/merge", {"other": empty.id})
    page = rep.get(f"/organizations/{cast.organization}/deletion").text
    assert "1 duplicate merged into it" in page
    assert rep.post(f"/organizations/{cast.organization}/deletion").status_code == 409


def test_one_must_be_able_to_write_both(
    visit: Callable[[str], Visitor], session: Session, cast: Cast, duplicates: Pair
):
    session.get(Organization, duplicates.other).salesperson_id = cast.users["sales2"]
    session.commit()
    for who in ("sales", "sales2"):
        answer = visit(who).post(
            f"/organizations/{duplicates.kept}/merge", {"other": duplicates.other}
        )
        assert answer.status_code == 403
    assert belongings(session, duplicates.other) == duplicates.rows


def test_the_picker_offers_only_what_one_may_write(
    rep: Visitor, session: Session, cast: Cast, duplicates: Pair
):
    url = f"/organizations/{duplicates.kept}/merge?q=wolver"
    assert f'value="{duplicates.other}"' in rep.get(url).text
    session.get(Organization, duplicates.other).salesperson_id = cast.users["sales2"]
    session.commit()
    assert f'value="{duplicates.other}"' not in rep.get(url).text


def test_what_changed_since_the_page_was_opened_is_shown_before_anything_moves(
    rep: Visitor, session: Session, duplicates: Pair
):
    kept, other = both(session, duplicates)
    form = {"other": other.id, "kept_version": kept.version, "other_version": other.version}
    other.phone = "555-0199"
    session.commit()
    answer = rep.post(f"/organizations/{kept.id}/merge", form)
    assert answer.status_code == 409
    assert "555-0199" in answer.text
    assert belongings(session, duplicates.other) == duplicates.rows


def test_contacts_with_one_address_stay_two_and_the_page_says_so(
    rep: Visitor, session: Session, cast: Cast, duplicates: Pair
):
    session.get(Contact, cast.contact).email = "C@W.example"
    session.commit()
    page = rep.get(f"/organizations/{duplicates.kept}/merge?other={duplicates.other}").text
    assert "These stay two contacts" in page
    assert "Coach C. (c@w.example)" in page


@pytest.mark.parametrize("other", ["", "0", "99999999999999", "-1", "x", "\x00", "987654"])
def test_a_duplicate_that_cannot_be_is_refused(rep: Visitor, duplicates: Pair, other: str):
    answer = rep.post(f"/organizations/{duplicates.kept}/merge", {"other": other})
    assert answer.status_code in (404, 422)
    assert rep.get(
        f"/organizations/{duplicates.kept}/merge", query_string={"other": other}
    ).status_code in (200, 404)


def test_names_are_shown_as_text(rep: Visitor, session: Session, duplicates: Pair):
    session.get(Organization, duplicates.other).name = "<script>alert(1)</script>"
    session.commit()
    page = rep.get(f"/organizations/{duplicates.kept}/merge?other={duplicates.other}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_price_lists_are_moved_only_by_who_may_write_prices(
    rep: Visitor, session: Session, duplicates: Pair
):
    session.query(UserPermission).delete()
    session.commit()
    answer = rep.post(f"/organizations/{duplicates.kept}/merge", {"other": duplicates.other})
    assert answer.status_code == 403
    assert "price lists of its own" in answer.text
    assert session.get_one(Organization, duplicates.other).merged_into_id is None
