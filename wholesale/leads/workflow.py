"""The stages of a lead, each with its label and tone."""

from datetime import timedelta

from wholesale.core.stages import Stage


class LeadStage(Stage):
    """How far a possible sale has come, in the order of the board (``domain.md``, Records)."""

    FUTURE = "future", "Future", "neutral"
    LEAD = "lead", "Lead", "info"
    HOT = "hot", "Hot", "progress"
    MOCK_UP = "mock_up", "Mock-up", "progress"
    MOCK_UP_SENT = "mock_up_sent", "Mock-up sent", "progress"
    STORE_OR_ORDER = "store_or_order", "Team store or order", "progress"
    CLIENT = "client", "Current client", "good"
    NO_ANSWER = "no_answer", "No answer", "bad"


# A lead in one of these is won or lost: it does not go stale.
CLOSED = (LeadStage.CLIENT, LeadStage.NO_ANSWER)
OPEN = tuple(stage for stage in LeadStage if stage not in CLOSED)

# An open lead with which nothing happened for so long is stale.
STALE_AFTER = timedelta(days=14)
