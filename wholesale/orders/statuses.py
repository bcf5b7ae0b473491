"""The statuses an order goes through, each with its label and tone, and its priorities."""

from enum import StrEnum


class OrderStatus(StrEnum):
    """Where an order stands, in the order of the work (``domain.md``, State machines)."""

    NEW = "new"
    WAITING_SIZES = "waiting_sizes"
    DESIGN_CREATED = "design_created"
    SIZES_VALIDATED = "sizes_validated"
    INVOICED = "invoiced"
    PRODUCTION = "production"
    SHIPPED = "shipped"
    COMPLETED = "completed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """The words on screen."""
        return _LABELS[self][0]

    @property
    def tone(self) -> str:
        """The badge's colour: neutral, info, progress, good or bad."""
        return _LABELS[self][1]


_LABELS = {
    OrderStatus.NEW: ("New", "info"),
    OrderStatus.WAITING_SIZES: ("Waiting for sizes", "progress"),
    OrderStatus.DESIGN_CREATED: ("Design created", "progress"),
    OrderStatus.SIZES_VALIDATED: ("Sizes confirmed", "progress"),
    OrderStatus.INVOICED: ("Invoiced", "info"),
    OrderStatus.PRODUCTION: ("In production", "progress"),
    OrderStatus.SHIPPED: ("Shipped", "good"),
    OrderStatus.COMPLETED: ("Completed", "good"),
    OrderStatus.CANCELLED: ("Cancelled", "bad"),
}

# Once goods are on their way the lines stand; later changes are change orders.
OPEN_FOR_ENTRY = (
    OrderStatus.NEW,
    OrderStatus.WAITING_SIZES,
    OrderStatus.DESIGN_CREATED,
)


class Priority(StrEnum):
    """How urgent an order is."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"

    @property
    def label(self) -> str:
        """The word on screen."""
        return self.value.capitalize()
