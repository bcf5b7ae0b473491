"""The board: a column per stage with its count, its value and its newest leads."""

import re
from decimal import Decimal
from typing import Any

from tests.conftest import Statements
from tests.leads.conftest import Add
from tests.visitor import Visitor
from wholesale.core.clock import now
from wholesale.leads.board import CARDS
from wholesale.leads.workflow import LeadStage


def columns(page: str) -> dict[str, str]:
    """Return the text of each column by its stage."""
    parts = re.split(r'<section class="board-column" data-stage="(\w+)"', page)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_each_lead_stands_in_the_column_of_its_stage(rep: Visitor, add: Add):
    for stage in LeadStage:
        add(f"Kit {stage.value}", stage=stage)
    found = columns(rep.get("/leads").text)
    assert list(found) == [stage.value for stage in LeadStage]
    for stage, text in found.items():
        assert re.findall(r">Kit (\w+)</a>", text) == [stage]


def test_a_column_says_how_many_and_how_much(rep: Visitor, add: Add):
    add("Singlets", value=Decimal("1200.50"))
    add("Caps", value=Decimal(300))
    add("Away", value=Decimal(5000), archived_at=now())
    found = columns(rep.get("/leads").text)
    assert ">2 · $1,500.50</p>" in found["lead"]
    assert ">0 · $0.00</p>" in found["hot"]


def test_a_long_column_shows_its_newest_and_leads_on_to_the_list(rep: Visitor, add: Add):
    for number in range(CARDS + 5):
        add(f"Kit {number:02}", stage="hot", idle=number)
    hot = columns(rep.get("/leads?q=kit").text)["hot"]
    assert re.findall(r">Kit (\d\d)</a>", hot) == [f"{n:02}" for n in range(CARDS)]
    assert f">{CARDS + 5} · " in hot
    link = re.search(r'href="(/leads\?[^"]+)"[^>]*>Show all 25 in the list', hot)
    assert link is not None
    page = rep.get(link[1].replace("&amp;", "&")).text
    assert "Kit 24" in page
    assert "<table" in page


def test_the_board_shows_the_chosen_stages_only(rep: Visitor, add: Add):
    add("Singlets")
    add("Caps", stage="hot")
    found = columns(rep.get("/leads?stage=hot&stage=future").text)
    assert list(found) == ["future", "hot"]
    assert "Caps" in found["hot"]


def test_an_empty_board_says_what_belongs_here_and_how_to_begin(rep: Visitor):
    page = rep.get("/leads").text
    assert "No lead yet" in page
    assert 'href="/leads/new"' in page.split("No lead yet")[1]


def test_a_board_without_a_match_says_so(rep: Visitor, add: Add):
    add("Singlets")
    assert "No lead matches" in rep.get("/leads?q=zebra").text


def test_a_card_can_be_moved_without_a_mouse_and_without_javascript(rep: Visitor, add: Add):
    add("Singlets")
    card = columns(rep.get("/leads").text)["lead"]
    assert 'action="/leads/L-1/stage"' in card
    assert 'name="was" value="lead"' in card
    for stage in LeadStage:
        assert (f'name="stage" value="{stage.value}"' in card) == (stage != "lead")


def test_the_statements_of_board_and_list_do_not_grow_with_the_leads(
    rep: Visitor, add: Add, statements: Statements
):
    def count(url: str) -> int:
        before = statements.count
        with statements:
            rep.get(url)
        return statements.count - before

    def kit(number: int) -> dict[str, Any]:
        return {"stage": list(LeadStage)[number % 8], "next_step": "Call", "score": number}

    urls = ["/leads", "/leads?view=list", "/leads.csv", "/search?q=kit"]
    add("Kit", **kit(0))
    rep.get("/leads")  # what the first request of a session writes is no part of it
    one = [count(url) for url in urls]
    for number in range(59):
        add(f"Kit {number}", owner=["sales", None][number % 2], **kit(number))
    assert [count(url) for url in urls] == one
