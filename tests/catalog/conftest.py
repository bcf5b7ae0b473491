"""What the catalog's tests share: operations at a browser, forms as they were opened."""

from collections.abc import Callable

import pytest

from tests.visitor import Visitor

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def ops(visit: Callable[[str], Visitor]) -> Visitor:
    """Operations at a browser: may change the catalog and see costs."""
    return visit("ops")


def changed(opened: dict[str, str], **mine: str) -> dict[str, str]:
    """Return a form as it was opened, with what it held, and some fields changed."""
    return opened | {f"was.{name}": text for name, text in opened.items()} | mine
