"""The timeline's entries: written once, edited, followed up, deleted, by whom it may be."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.visitor import Visitor
from wholesale.customers.models import Activity, Organization


def form(**fields: str) -> dict[str, str]:
    """Return the form of a new entry as it is opened, with some fields filled."""
    return {"kind": "call", "body": "Called about spring", "key": str(uuid4())} | fields


@pytest.fixture
def url(cast: Cast) -> str:
    """Where entries of the wrestling club are added."""
    return f"/organizations/{cast.organization}/activities/new"


@pytest.fixture
def call(rep: Visitor, session: Session, url: str) -> int:
    """The key of a call of the rep with a day to follow up on."""
    rep.post(url, form(follow_up_on="2026-12-02"))
    return session.query(Activity).one().id


def test_an_entry_stands_at_the_top_and_tells_the_panels(
    rep: Visitor, session: Session, url: str, cast: Cast
):
    answer = rep.hx_post(url, form(follow_up_on="2026-12-02"), target="activity-new")
    assert "activities-changed" in answer.headers["HX-Trigger"]
    assert 'hx-swap-oob="afterbegin:#timeline-entries"' in answer.text
    assert "Called about spring" in answer.text
    made = session.query(Activity).one()
    assert (made.author_id, made.follow_up_on) == (cast.users["sales"], date(2026, 12, 2))
    assert f'value="{made.entry_key}"' not in answer.text  # the next one has a key of its own


def test_a_second_click_writes_it_once(rep: Visitor, session: Session, url: str):
    once = form()
    for _ in range(2):
        assert rep.post(url, once).status_code == 303
    assert session.query(Activity).count() == 1


def test_a_form_used_for_one_customer_is_not_used_for_another(
    rep: Visitor, session: Session, cast: Cast, url: str
):
    once = form()
    rep.post(url, once)
    other = rep.post(f"/organizations/{cast.other_organization}/activities/new", once)
    assert other.status_code == 422
    assert "This form was used already" in other.text


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("body", "", "Write a line about it."),
        ("body", " \x00 \n ", "Write a line about it."),
        ("body", "x" * 5001, "5,000 characters at most"),
        ("follow_up_on", "9999-01-01", "between 1900 and 2199"),
        ("follow_up_on", "soon", "Not a valid date"),
        ("kind", "fax", "Not a valid choice"),
        ("key", "nonsense", "too old"),
    ],
)
def test_bad_input_is_named_and_what_was_typed_stays(
    rep: Visitor, session: Session, url: str, field: str, text: str, words: str
):
    answer = rep.hx_post(url, form(body="Kept words") | {field: text}, target="activity-new")
    assert answer.status_code == 422
    assert words in answer.text
    assert field == "body" or "Kept words" in answer.text
    assert session.query(Activity).count() == 0


def test_scripts_are_shown_as_text(rep: Visitor, cast: Cast, url: str):
    rep.post(url, form(body="<script>alert(1)</script>"))
    page = rep.get(f"/organizations/{cast.organization}/timeline").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_two_people_edit_one_entry(
    rep: Visitor, visit: Callable[[str], Visitor], session: Session, call: int
):
    opened = {"kind": "call", "body": "Called about spring", "follow_up_on": "2026-12-02"}
    was = {f"was.{name}": text for name, text in opened.items()}
    visit("ops").post(f"/activities/{call}/edit", opened | was | {"kind": "meeting"})
    answer = rep.hx_post(
        f"/activities/{call}/edit", opened | was | {"body": "Met them"}, target=f"activity-{call}"
    )
    assert answer.status_code == 200
    assert f'id="activity-{call}"' in answer.text
    entry = session.get(Activity, call)
    session.refresh(entry)
    assert (entry.kind, entry.body) == ("meeting", "Met them")
    clash = rep.post(f"/activities/{call}/edit", opened | was | {"body": "Something else"})
    assert clash.status_code == 409
    assert "Take theirs" in clash.text


def test_a_follow_up_is_done_and_open_again_and_a_new_day_opens_it(
    rep: Visitor, session: Session, call: int
):
    answer = rep.hx_post(f"/activities/{call}/done", target=f"activity-{call}")
    assert "activities-changed" in answer.headers["HX-Trigger"]
    entry = session.get(Activity, call)
    session.refresh(entry)
    done = entry.done_at
    assert done is not None
    rep.post(f"/activities/{call}/done")
    session.refresh(entry)
    assert entry.done_at == done
    rep.post(f"/activities/{call}/reopen")
    session.refresh(entry)
    assert entry.done_at is None
    rep.post(f"/activities/{call}/done")
    changed = {"kind": "call", "body": "Called about spring", "follow_up_on": "2026-12-09"}
    rep.post(f"/activities/{call}/edit", changed | {"was.follow_up_on": "2026-12-02"})
    session.refresh(entry)
    assert (entry.follow_up_on, entry.done_at) == (date(2026, 12, 9), None)


def test_what_has_no_day_cannot_be_done(rep: Visitor, session: Session, url: str):
    rep.post(url, form())
    entry = session.query(Activity).one()
    rep.post(f"/activities/{entry.id}/done")
    session.refresh(entry)
    assert entry.done_at is None


def test_deleting_asks_first_and_is_final(rep: Visitor, session: Session, call: int):
    page = rep.get(f"/activities/{call}/deletion").text
    assert "Delete this call?" in page
    assert "Called about spring" in page
    assert session.query(Activity).count() == 1
    rep.post(f"/activities/{call}/deletion")
    session.rollback()
    assert session.query(Activity).count() == 0
    assert rep.post(f"/activities/{call}/deletion").status_code == 404


def test_everybody_reads_but_only_the_author_or_who_writes_all_changes(
    visit: Callable[[str], Visitor], session: Session, cast: Cast, call: int, url: str
):
    rival, ops, finance = visit("sales2"), visit("ops"), visit("finance")
    for reader in (rival, finance):
        page = reader.get(f"/organizations/{cast.organization}/timeline").text
        assert "Called about spring" in page
        assert f"/activities/{call}/edit" not in page
    assert rival.post(url, form()).status_code == 403
    for path in ("edit", "deletion", "done"):
        assert rival.post(f"/activities/{call}/{path}").status_code == 403
        assert finance.post(f"/activities/{call}/{path}").status_code == 403
    assert ops.get(f"/activities/{call}/edit").status_code == 200


def test_a_former_salesperson_still_changes_ones_own_words(
    rep: Visitor, session: Session, cast: Cast, call: int, url: str
):
    session.get(Organization, cast.organization).salesperson_id = cast.users["sales2"]
    session.commit()
    assert rep.get(f"/activities/{call}/edit").status_code == 200
    assert rep.post(url, form()).status_code == 403


@pytest.mark.parametrize("key", ["0", "99999999999", "x", "424242"])
def test_a_key_that_is_none_is_a_404(rep: Visitor, cast: Cast, key: str):
    assert rep.get(f"/activities/{key}/edit").status_code == 404
