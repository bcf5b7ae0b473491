"""Whose leads one sees: a rep's own and what nobody has; readers change nothing."""

from collections.abc import Callable

import pytest

from tests.leads.conftest import Add
from tests.visitor import Visitor
from wholesale.leads.models import Lead

Visit = Callable[[str], Visitor]


def test_another_reps_lead_does_not_exist(visit: Visit, lead: Lead):
    rival = visit("sales2")
    for url in ("", "/what", "/history", "/deletion", "/activities"):
        assert rival.get(f"/leads/{lead.code}{url}").status_code == 404
    for url in ("stage", "claim", "release", "owner", "archive", "deletion", "conversion"):
        assert rival.post(f"/leads/{lead.code}/{url}").status_code == 404


def test_what_nobody_has_can_be_read_and_claimed_but_not_edited(rep: Visitor, add: Add):
    add("Caps", owner=None)
    page = rep.get("/leads/L-1").text
    assert "Claim this lead" in page
    assert "Nobody has claimed it." in page
    assert "Edit what and how much" not in page
    for url in ("what", "stage", "archive", "deletion", "activities", "conversion", "release"):
        refused = rep.post(f"/leads/L-1/{url}")
        assert refused.status_code == 403
        assert "Claim this lead before you change it." in refused.text
    assert rep.post("/leads/L-1/claim").status_code == 303
    assert "Edit what and how much" in rep.get("/leads/L-1").text


def test_board_list_download_and_search_hold_ones_own_and_unclaimed_leads_only(
    rep: Visitor, visit: Visit, add: Add
):
    add("My singlets")
    add("Free caps", owner=None)
    add("Rival hoodies", owner="sales2")
    for url in ("/leads", "/leads?view=list", "/leads.csv", "/search?q=ridge"):
        page = rep.get(url).text
        assert "My singlets" in page
        assert "Free caps" in page
        assert "Rival hoodies" not in page
        assert "Rival hoodies" in visit("sales2").get(url).text


def test_an_administrator_sees_and_changes_all(visit: Visit, lead: Lead):
    admin = visit("admin")
    assert "Singlets" in admin.get("/leads").text
    moved = admin.post(f"/leads/{lead.code}/stage", {"stage": "hot", "was": "lead"})
    assert moved.status_code == 303


def test_operations_reads_all_and_changes_nothing(visit: Visit, lead: Lead):
    ops = visit("ops")
    assert "Singlets" in ops.get("/leads").text
    page = ops.get(f"/leads/{lead.code}").text
    for words in ("Edit who", "Archive", "Convert", "Assign", "Add to the timeline", "Give back"):
        assert words not in page
    assert ops.get("/leads/new").status_code == 403


@pytest.mark.parametrize("who", ["designer", "manufacturer", "finance"])
def test_others_have_no_leads(visit: Visit, lead: Lead, who: str):
    person = visit(who)
    assert person.get("/leads").status_code == 403
    assert person.get(f"/leads/{lead.code}").status_code == 403
    assert 'href="/leads"' not in person.get("/").text
    assert "Singlets" not in person.get("/search?q=singlets").text


def test_a_code_is_found_in_any_case_and_opens_from_the_search(rep: Visitor, lead: Lead):
    assert rep.get(f"/leads/{lead.code.lower()}").status_code == 200
    assert rep.get("/search?q=l-1").location == "/leads/L-1"


def test_a_lead_that_is_not_there_is_a_404(rep: Visitor):
    assert rep.get("/leads/L-999").status_code == 404
    assert rep.get("/leads/%00").status_code == 400
    assert rep.post("/leads/L-999/claim").status_code == 404
