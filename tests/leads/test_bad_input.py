"""Bad input: named beside its field, what was typed stays, nothing breaks."""

from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from tests.visitor import Visitor
from wholesale.leads.models import Lead

BAD = [
    ("company", "", "Enter a company, or choose a customer above."),
    ("company", "c" * 201, "200 characters at most"),
    ("name", "", "Enter what it is about."),
    ("name", "\x00", "Enter what it is about."),
    ("name", "n" * 201, "200 characters at most"),
    ("score", "101", "A score goes from 0 to 100."),
    ("score", "-1", "A score goes from 0 to 100."),
    ("score", "9" * 40, "A score goes from 0 to 100."),
    ("score", "half", "Not a valid integer value."),
    ("value", "-1", "negative"),
    ("value", "1e20", "Enter an amount"),
    ("value", "9" * 20, "Enter an amount"),
    ("value", "NaN", "Enter an amount"),
    ("email", "nobody", "Enter an e-mail address"),
    ("phone", "1" * 101, "100 characters at most"),
    ("client_type", "circus", "Not a valid choice"),
    ("next_step_on", "0001-01-01", "between 1900 and 2199"),
    ("next_step_on", "soon", "Not a valid date value."),
    ("notes", "n" * 5001, "5,000 characters at most"),
    ("key", "x", "This form is too old."),
]


@pytest.mark.parametrize(("field", "text", "words"), BAD)
def test_a_new_lead_that_cannot_be_is_refused_and_what_was_typed_stays(
    rep: Visitor, session: Session, field: str, text: str, words: str
):
    form = {"company": "Ridge Runners", "name": "Caps", "key": str(uuid4()), "source": "Kept web"}
    answer = rep.post("/leads/new", form | {field: text})
    assert answer.status_code == 422
    assert words in answer.text
    assert "Kept web" in answer.text
    assert session.query(Lead).count() == 0


@pytest.mark.parametrize(
    ("section", "field", "text"),
    [
        ("who", "company", " "),
        ("who", "email", "nobody"),
        ("what", "name", "\x00"),
        ("what", "score", "101"),
        ("what", "value", "-5"),
        ("what", "value", "1e20"),
        ("next", "next_step_on", "9999-99-99"),
        ("next", "next_step", "x" * 201),
    ],
)
def test_an_edit_that_cannot_be_is_refused_in_its_place(
    rep: Visitor, lead: Lead, session: Session, section: str, field: str, text: str
):
    form = {"company": "Ridge Runners", "name": "Singlets", field: text}
    answer = rep.hx_post(f"/leads/L-1/{section}", form, target=section)
    assert answer.status_code == 422
    assert 'class="error"' in answer.text
    session.refresh(lead)
    assert (lead.company, lead.name, lead.score, lead.value) == ("Ridge Runners", "Singlets", 0, 0)


def test_markup_is_shown_as_text_everywhere(rep: Visitor, session: Session):
    markup = "<script>alert(1)</script>"
    fields = ("company", "name", "person", "source", "notes", "next_step", "city", "region")
    rep.post("/leads/new", dict.fromkeys(fields, markup) | {"key": str(uuid4())})
    code = session.query(Lead).one().code
    rep.post(f"/leads/{code}/activities", {"kind": "note", "body": markup, "key": str(uuid4())})
    pages = ["", "/what", "/who", "/next", "/history", "/deletion", "/activities"]
    urls = [f"/leads/{code}{page}" for page in pages]
    for url in [*urls, "/leads", "/leads?view=list", "/search?q=alert", f"/leads?q={markup}"]:
        text = rep.get(url).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text or url.endswith("/history")


def test_control_characters_are_taken_out(rep: Visitor, session: Session):
    rep.post("/leads/new", {"company": "Ri\x00dge", "name": "Ca\x07ps", "key": str(uuid4())})
    made = session.query(Lead).one()
    assert (made.company, made.name) == ("Ridge", "Caps")


@pytest.mark.parametrize(
    "query", ["q=%00", "q=" + "x" * 300, "sort=nonsense", "after=zzz", "before=%00", "sort=%00"]
)
def test_an_odd_address_never_breaks_the_list(rep: Visitor, lead: Lead, query: str):
    for url in ("/leads?", "/leads?view=list&", "/leads.csv?", "/leads/L-1/activities?"):
        assert rep.get(url + query).status_code < 500


@pytest.mark.parametrize("key", ["0", "99999999999", "999999", "x"])
def test_an_entry_that_is_not_there_is_a_404(rep: Visitor, lead: Lead, key: str):
    for verb in ("done", "deletion"):
        assert rep.post(f"/leads/L-1/activities/{key}/{verb}").status_code == 404
