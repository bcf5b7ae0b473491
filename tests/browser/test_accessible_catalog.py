"""The pages of the catalog's editors as axe-core sees them."""

from collections.abc import Callable

from playwright.sync_api import Page
from sqlalchemy.orm import Session

from tests.browser.accessible import assert_accessible
from tests.cast import Cast
from tests.pictures import png
from wholesale.catalog.images import add_images
from wholesale.catalog.models import Prepack, Product

CATALOG_PAGES = [
    "/products",
    "/products/JRS-1",
    "/products/new",
    "/products/JRS-1/details",
    "/products/JRS-1/terms",
    "/products/JRS-1/sizes",
    "/products/JRS-1/copy",
    "/products/JRS-1/deletion",
    "/products/JRS-1/images/{image}/edit",
    "/categories",
    "/categories/new",
    "/categories/{category}/edit",
    "/size-runs",
    "/size-runs/new",
    "/size-runs/{run}",
    "/size-runs/{run}/edit",
    "/size-runs/{run}/prepacks/new",
    "/prepacks/{pack}/edit",
]


def test_every_page_of_the_catalog(
    page: Page,
    sign_in: Callable[[Page, str], Page],
    session: Session,
    cast: Cast,
    complaints: list[str],
):
    product = session.get_one(Product, cast.product)
    pack = Prepack(size_run=product.size_run, name="Dozen", ratio={"M": 12})
    session.add(pack)
    add_images(session, product, [("a.png", png(400, 300))])
    session.commit()
    keys = {"category": product.category_id, "run": product.size_run_id, "pack": pack.id}
    sign_in(page, "ops")
    for url in CATALOG_PAGES:
        assert_accessible(page, url.format(image=product.images[0].id, **keys))
