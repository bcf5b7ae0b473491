"""The customers' list and pages."""

import csv
import io
from collections.abc import Callable

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.visitor import Visitor
from wholesale.core.clock import now
from wholesale.customers.models import Organization


def test_the_list_shows_customers_by_name(rep: Visitor, cast: Cast):
    page = rep.get("/organizations").text
    assert page.index("Bärenfels Athletics") < page.index("Wolverton Wrestling Club")


def test_words_are_found_without_their_accents_in_name_and_city(rep: Visitor, cast: Cast):
    for words in ("barenfels", "ATHLETICS", "bärenf"):
        page = rep.get(f"/organizations?q={words}").text
        assert "Bärenfels Athletics" in page
        assert "Wolverton Wrestling" not in page


def test_percent_and_underscore_are_letters_like_others(rep: Visitor, cast: Cast):
    assert "No customer matches" in rep.get("/organizations?q=%25").text
    assert "Nothing holds “_olver”." in rep.get("/organizations?q=_olver").text


def test_archived_customers_are_gone_from_list_and_picker_but_readable(
    rep: Visitor, session: Session, cast: Cast
):
    session.get(Organization, cast.organization).archived_at = now()
    session.commit()
    assert "Wolverton" not in rep.get("/organizations").text
    assert "Wolverton" not in rep.get("/orders/new?q=wolver").text
    page = rep.get(f"/organizations/{cast.organization}").text
    assert "Archived" in page
    assert f'name="organization_id" value="{cast.organization}"' not in page


def test_a_page_shows_who_and_how_to_reach_them(rep: Visitor, cast: Cast):
    page = rep.get(f"/organizations/{cast.organization}").text
    assert "Coach Carter" in page
    assert "Rita Rep" in page


def test_the_download_holds_what_the_list_shows(rep: Visitor, cast: Cast):
    text = rep.get("/organizations.csv?q=wolver").text.removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["Name"] for row in rows] == ["Wolverton Wrestling Club"]


def test_a_manufacturer_does_not_see_customers(visit: Callable[[str], Visitor], cast: Cast):
    maker = visit("manufacturer")
    assert maker.get(f"/organizations/{cast.organization}").status_code == 403
    assert "Wolverton" not in maker.get("/search?q=wolver").text


def test_the_database_refuses_a_name_of_spaces(session: Session, cast: Cast):
    session.add(Organization(name="   "))
    with pytest.raises(IntegrityError):
        session.flush()
