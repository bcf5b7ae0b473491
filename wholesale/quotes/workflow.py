"""The quote's workflow: its statuses and the steps between them, declared once."""

from dataclasses import dataclass

from wholesale.core.stages import Stage


class QuoteStatus(Stage):
    """Where a quote stands (``domain.md``, State machines)."""

    DRAFT = "draft", "Draft", "neutral"
    SENT = "sent", "Sent", "info"
    ACCEPTED = "accepted", "Accepted", "good"
    REJECTED = "rejected", "Rejected", "bad"
    EXPIRED = "expired", "Expired", "progress"


@dataclass(frozen=True)
class Step:
    """A step of the workflow: from which statuses to which one, and what it is called."""

    name: str
    sources: tuple[QuoteStatus, ...]
    target: QuoteStatus
    label: str
    needs_reason: bool = False


DRAFT, SENT, ACCEPTED, REJECTED, EXPIRED = QuoteStatus
# A sent quote is changed by a new revision only. Accepting one is the customer's, or is noted by
# who talked to them. That one has expired follows from its last day.
STEPS = (
    Step("send", (DRAFT,), SENT, "Send quote"),
    Step("accept", (SENT,), ACCEPTED, "Note an acceptance", needs_reason=True),
    Step("reject", (SENT,), REJECTED, "Note a refusal", needs_reason=True),
    Step("revise", (SENT, ACCEPTED, REJECTED, EXPIRED), DRAFT, "Revise"),
)
BY_NAME = {step.name: step for step in STEPS}


def table() -> str:
    """Return the steps as a Markdown table, for the docs."""
    rows = [
        f"| {step.label} | {', '.join(source.label for source in step.sources)} "
        f"| {step.target.label} |"
        for step in STEPS
    ]
    return "\n".join(["| Step | From | To |", "|---|---|---|", *rows])
