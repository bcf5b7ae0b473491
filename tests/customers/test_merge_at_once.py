"""Two merges at the same moment: one wins, the other is told; and what comes in meanwhile."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.customers.conftest import Pair, belongings
from tests.visitor import Visitor
from wholesale.customers.models import Organization


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Run the calls in threads of their own that begin together."""
    start = Barrier(len(calls))

    def begin(call: Callable[[], object]) -> object:
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(begin, calls))


def test_a_into_b_while_b_into_a(
    visit: Callable[[str], Visitor], session: Session, duplicates: Pair
):
    kept, other, rows = duplicates.kept, duplicates.other, belongings(session, duplicates.kept)
    total = sum(len(keys) for keys in [*rows.values(), *duplicates.rows.values()])
    rep, ops = visit("sales"), visit("ops")
    answers = at_once(
        lambda: rep.post(f"/organizations/{kept}/merge", {"other": other}),
        lambda: ops.post(f"/organizations/{other}/merge", {"other": kept}),
    )
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    told = next(answer for answer in answers if answer.status_code == 422)
    assert "already" in told.text
    session.rollback()
    merged = session.scalars(select(Organization).where(Organization.merged_into_id.is_not(None)))
    loser = merged.one()
    assert sum(map(len, belongings(session, loser.merged_into_id).values())) == total


def test_the_same_merge_twice_at_once_is_one(
    visit: Callable[[str], Visitor], session: Session, duplicates: Pair
):
    url, form = f"/organizations/{duplicates.kept}/merge", {"other": duplicates.other}
    visitors = [visit("sales"), visit("ops")]
    answers = at_once(*(lambda v=v: v.post(url, form) for v in visitors))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert not any(belongings(session, duplicates.other).values())


def test_an_order_begun_while_its_customer_is_being_merged_is_refused(
    rep: Visitor, session: Session, engine: Engine, duplicates: Pair
):
    with ThreadPoolExecutor(1) as pool, Session(engine) as merging:
        locked = select(Organization).where(Organization.id == duplicates.other).with_for_update()
        twin = merging.scalars(locked).one()
        form = {"organization_id": duplicates.other, "key": str(uuid4())}
        waiting = pool.submit(lambda: rep.post("/orders/new", form))
        twin.merged_into_id, twin.archived_at = duplicates.kept, twin.created_at
        sleep(0.5)  # the other one has read by now, and waits
        merging.commit()
        answer = waiting.result()
    assert answer.status_code == 422
    assert "is archived" in answer.text
    assert belongings(session, duplicates.other)["orders"] == duplicates.rows["orders"]


def test_an_activity_written_while_its_customer_is_being_merged_is_refused(
    rep: Visitor, session: Session, engine: Engine, cast: Cast, duplicates: Pair
):
    with ThreadPoolExecutor(1) as pool, Session(engine) as merging:
        locked = select(Organization).where(Organization.id == duplicates.other).with_for_update()
        twin = merging.scalars(locked).one()
        form = {"kind": "call", "body": "Late", "key": str(uuid4())}
        url = f"/organizations/{duplicates.other}/activities/new"
        waiting = pool.submit(lambda: rep.post(url, form))
        twin.merged_into_id, twin.archived_at = duplicates.kept, twin.created_at
        sleep(0.5)  # the other one has read by now, and waits
        merging.commit()
        answer = waiting.result()
    assert answer.status_code == 409
    assert belongings(session, duplicates.other)["activities"] == duplicates.rows["activities"]
