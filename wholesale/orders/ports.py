"""Where higher rooms say what gates ask them: is the design approved, the invoice issued?"""

from collections.abc import Callable

from sqlalchemy.orm import Session

from wholesale.orders.models import Order

Port = Callable[[Session, Order], bool]
_ports: dict[str, Port] = {}


def provide(gate: str, port: Port) -> None:
    """Let ``port`` answer for ``gate`` (``workflow.Gate.name``): a room does it as it starts."""
    _ports[gate] = port


def withdraw(gate: str) -> None:
    """Let nobody answer for ``gate`` any more: it counts as not tracked."""
    _ports.pop(gate, None)


def answers(session: Session, order: Order) -> dict[str, bool]:
    """Return gate → met or not, for the gates that a room keeps track of."""
    return {gate: port(session, order) for gate, port in _ports.items()}
