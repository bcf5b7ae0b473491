"""The pages of the customers' list: each customer once, whatever is missing from its record."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from tests.visitor import Visitor
from wholesale.customers.models import Organization


def test_customers_without_number_or_city_stand_on_one_page_each(
    visit: Callable[[str], Visitor], session: Session
):
    for number in range(120):
        city = "Zebra" if number % 3 == 0 else None
        session.add(Organization(name=f"Club {number // 4:03}", city=city))
    session.commit()
    ops, url, seen = visit("ops"), "/organizations?q=club 0", []
    while url:
        page = ops.get(url).text
        seen += [part.split('"')[0] for part in page.split('<th scope="row"><a href="')[1:]]
        links = [part.split('"')[0] for part in page.split('href="/organizations?')[1:]]
        onward = [link.replace("&amp;", "&") for link in links if "after=" in link]
        url = f"/organizations?{onward[0]}" if onward else ""
    assert len(seen) == len(set(seen)) == 120
