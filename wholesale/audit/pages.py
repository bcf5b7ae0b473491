"""The history of one record: a panel on its page, and a page of its own without JavaScript."""

from collections.abc import Collection, Sequence
from typing import Any

from wholesale.audit.models import AuditEntry
from wholesale.web.pages import Answer, fragments, page, partial, target_id, wants_fragment

PANEL = "history"


def history_page(
    entries: Sequence[AuditEntry], name: str, back: str, hidden: Collection[str] = ()
) -> Answer:
    """Answer with ``entries`` of the record ``name``; fields in ``hidden`` are left out."""
    shown: dict[str, Any] = {"entries": entries, "hidden": hidden}
    if wants_fragment() and target_id() == PANEL:
        return fragments(partial("audit/_history.html", **shown))
    return page("audit/history.html", name=name, back=back, **shown)
