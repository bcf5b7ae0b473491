"""The stages of a lead, each with its label and tone."""

from enum import StrEnum


class LeadStage(StrEnum):
    """How far a possible sale has come, in the order of the board (``domain.md``, Records)."""

    FUTURE = "future"
    LEAD = "lead"
    HOT = "hot"
    MOCK_UP = "mock_up"
    MOCK_UP_SENT = "mock_up_sent"
    STORE_OR_ORDER = "store_or_order"
    CLIENT = "client"
    NO_ANSWER = "no_answer"

    @property
    def label(self) -> str:
        """The words on screen."""
        return _LABELS[self][0]

    @property
    def tone(self) -> str:
        """The badge's colour: neutral, info, progress, good or bad."""
        return _LABELS[self][1]


_LABELS = {
    LeadStage.FUTURE: ("Future", "neutral"),
    LeadStage.LEAD: ("Lead", "info"),
    LeadStage.HOT: ("Hot", "progress"),
    LeadStage.MOCK_UP: ("Mock-up", "progress"),
    LeadStage.MOCK_UP_SENT: ("Mock-up sent", "progress"),
    LeadStage.STORE_OR_ORDER: ("Team store or order", "progress"),
    LeadStage.CLIENT: ("Current client", "good"),
    LeadStage.NO_ANSWER: ("No answer", "bad"),
}

# A lead in one of these is won or lost: it does not go stale.
CLOSED = (LeadStage.CLIENT, LeadStage.NO_ANSWER)
OPEN = tuple(stage for stage in LeadStage if stage not in CLOSED)
