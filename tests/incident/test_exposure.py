"""``flask audit exposure``: what one account read, took along and wrote, by names."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from tests.accounts.test_sign_in import sign_in
from tests.cast import Cast
from tests.drafts import Draft
from tests.visitor import Visitor
from wholesale.incident.commands import audit
from wholesale.orders.models import Order

Ask = Callable[..., Any]


@pytest.fixture
def ask(app: Flask, engine: Engine) -> Ask:
    """Return a call that runs the command, once all that was read is written."""
    app.extensions["reads"].take()

    def run(*words: str) -> Any:
        app.extensions["reads"].flush(engine)
        runner = app.test_cli_runner()
        return runner.invoke(audit, ["exposure", *words])

    return run


def told(ask: Ask, *words: str) -> dict[str, Any]:
    """Return the report as a machine reads it."""
    answer = ask("--user", "rep@house.example", "--records", "--json", *words)
    assert answer.exit_code == 0, answer.output
    found: dict[str, Any] = json.loads(answer.output)
    return found


def test_records_are_named_with_customer_and_what_was_done(
    ask: Ask, rep: Visitor, placed: str, session: Session, cast: Cast
):
    rep.get(f"/orders/{placed}")
    rep.get(f"/organizations/{cast.other_organization}")
    rep.get(f"/contacts/{cast.contact}/edit")
    rep.post(f"/orders/{placed}/details", {"name": "Fall set", "priority": "high"})
    records = {(r["kind"], r["record"]): r for r in told(ask)["records"]}
    order = records["orders", placed]
    assert (order["customer"], order["opened"]) == ("Wolverton Wrestling Club", 1)
    assert order["writes"] > 1  # with its rows
    assert "updated" in order["actions"]
    assert order["from"] == "127.0.0.1"
    assert records["contacts", "Coach Carter"]["customer"] == "Wolverton Wrestling Club"
    bears = records["organizations", "Bärenfels Athletics"]
    assert (bears["opened"], bears["writes"]) == (1, 0)
    assert told(ask)["customers"] == ["Bärenfels Athletics", "Wolverton Wrestling Club"]


def test_lists_exports_and_sign_ins_are_counted(ask: Ask, rep: Visitor, placed: str, client):
    sign_in(client, "rep@house.example", "wrong")
    sign_in(client, "rep@house.example")
    rep.get("/orders?q=wolverton")
    with rep.get("/contacts.csv") as file:
        assert "Coach Carter" in file.text
    found = told(ask)
    actions = [one["action"] for one in found["sign_ins"]]
    assert actions[-2:] == ["sign-in refused", "signed in"]
    kinds = {kind["kind"]: kind for kind in found["kinds"]}
    assert (kinds["orders"]["lists"], kinds["orders"]["rows_shown"]) == (1, 1)
    assert (kinds["contacts"]["exports"], kinds["contacts"]["rows_exported"]) == (1, 2)
    assert [one["filters"] for one in found["lists"] if one["kind"] == "orders"] == ["q"]


def test_what_is_gone_by_now_keeps_its_name(
    ask: Ask, rep: Visitor, draft: Draft, session: Session, cast: Cast
):
    key = session.query(Order).one().id
    rep.get(f"/orders/{draft.ref}")
    rep.post(f"/orders/{draft.ref}/discard")
    orders = [one for one in told(ask)["records"] if one["kind"] == "orders"]
    assert [one["customer"] for one in orders] == ["Wolverton Wrestling Club"]
    assert orders[0]["record"] == f"draft-{key} (deleted)"


def test_the_time_narrows_it_down_and_another_account_is_not_in_it(
    ask: Ask, rep: Visitor, visit: Callable[[str], Visitor], placed: str
):
    visit("ops").get(f"/orders/{placed}")
    assert told(ask)["records"][0]["opened"] == 0
    assert told(ask, "--until", "2020-01-01")["records"] == []
    late = ask("--user", "rep@house.example", "--since", "2026-02-01", "--until", "2026-01-01")
    assert late.exit_code == 2


def test_as_tables_it_is_for_people_and_an_unknown_account_is_one_line(
    ask: Ask, rep: Visitor, placed: str
):
    rep.get(f"/orders/{placed}")
    shown = ask("--user", "REP@house.example", "--records")
    assert "Rita Rep <rep@house.example>, sales, active" in shown.output
    assert f"{placed}" in shown.output
    assert "Customers concerned by records opened or written: 1." in shown.output
    unknown = ask("--user", "nobody@house.example")
    assert unknown.exit_code == 1
    assert unknown.output.strip() == "Error: There is no user nobody@house.example."
