"""The statuses an order goes through, each with its label and tone, and its priorities."""

from enum import StrEnum

from wholesale.core.stages import Stage


class OrderStatus(Stage):
    """Where an order stands, in the order of the work (``domain.md``, State machines)."""

    NEW = "new", "New", "info"
    WAITING_SIZES = "waiting_sizes", "Waiting for sizes", "progress"
    DESIGN_CREATED = "design_created", "Design created", "progress"
    SIZES_VALIDATED = "sizes_validated", "Sizes confirmed", "progress"
    INVOICED = "invoiced", "Invoiced", "info"
    PRODUCTION = "production", "In production", "progress"
    SHIPPED = "shipped", "Shipped", "good"
    COMPLETED = "completed", "Completed", "good"
    CANCELLED = "cancelled", "Cancelled", "bad"


# Once sizes and design are closed the lines stand; later changes are change orders.
OPEN_FOR_ENTRY = (
    OrderStatus.NEW,
    OrderStatus.WAITING_SIZES,
    OrderStatus.DESIGN_CREATED,
)

CLOSED = (OrderStatus.COMPLETED, OrderStatus.CANCELLED)
OPEN = tuple(status for status in OrderStatus if status not in CLOSED)
# Late is what has not left the house by its day.
IN_HOUSE = tuple(status for status in OPEN if status is not OrderStatus.SHIPPED)


class Priority(StrEnum):
    """How urgent an order is."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"

    @property
    def label(self) -> str:
        """The word on screen."""
        return self.value.capitalize()
