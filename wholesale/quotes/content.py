"""What a quote says to its customer, as plain data: what is sent, hashed, printed and compared."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from wholesale.lines.content import body_of
from wholesale.lines.models import LineItem
from wholesale.quotes.models import Quote


def content_of(quote: Quote, lines: Sequence[LineItem], currency: str) -> dict[str, Any]:
    """Return everything the customer is shown of ``quote``.

    The same quote gives the same content, so that its hash stands for it.
    """
    own = {
        "code": quote.code,
        "revision": quote.revision,
        "valid_until": quote.valid_until.isoformat() if quote.valid_until else "",
        "terms": quote.terms,
    }
    return own | body_of(quote, lines, currency)


def content_hash(content: dict[str, Any]) -> str:
    """Return the SHA-256 of ``content``, however its keys are ordered, in 64 hex digits."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
