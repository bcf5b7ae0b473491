"""The statuses of a change order."""

from wholesale.core.stages import Stage
from wholesale.orders.workflow import OrderStatus


class ChangeStatus(Stage):
    """Where a change order stands: typed, then applied to its order or dropped."""

    OPEN = "open", "Being written", "progress"
    APPLIED = "applied", "Applied", "good"
    DROPPED = "dropped", "Dropped", "neutral"


# The rows of an order in these stand; before, one types into them, after, nothing is left to do.
CHANGEABLE = (OrderStatus.SIZES_VALIDATED, OrderStatus.INVOICED, OrderStatus.PRODUCTION)
