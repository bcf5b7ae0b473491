"""How an order goes from status to status: the transitions, and the gates before them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from wholesale.orders.statuses import OPEN_FOR_ENTRY, OrderStatus, Priority

__all__ = ["OPEN_FOR_ENTRY", "OrderStatus", "Priority"]


@dataclass(frozen=True)
class Facts:
    """What gates ask about an order.

    ``tracked`` holds what higher rooms say: gate name → met or not; a gate that no room
    keeps track of yet is absent.
    """

    has_contact_email: bool = False
    lines: int = 0
    short: tuple[str, ...] = ()  # styles below their minimum or off their multiple, in words
    needs_no_design: bool = False
    sizes_confirmed: bool = False
    has_credit: bool = False  # net terms, and the open orders lie within the credit limit
    tracked: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Gate:
    """What has to be so before a transition; ``check`` returns why it is not, or None.

    A ``port`` gate is answered by a higher room. ``place`` says where on the order it is
    closed. Administrators may pass some gates, and any that nobody tracks yet, with a reason.
    """

    name: str
    label: str
    check: Callable[[Facts], str | None]
    place: str = ""
    is_port: bool = False
    admin_may_pass: bool = False


@dataclass(frozen=True)
class OpenGate:
    """A gate that is not met, and why."""

    gate: Gate
    reason: str
    is_untracked: bool = False

    @property
    def admin_may_pass(self) -> bool:
        """Whether an administrator may go on with a reason."""
        return self.is_untracked or self.gate.admin_may_pass


@dataclass(frozen=True)
class Transition:
    """One way from some statuses to another."""

    name: str
    sources: tuple[OrderStatus, ...]
    target: OrderStatus
    label: str
    permission: str = "orders:update"
    needs_reason: bool = False
    gates: tuple[Gate, ...] = ()

    def open_gates(self, facts: Facts) -> list[OpenGate]:
        """Return the gates that are not met."""
        found = []
        for gate in self.gates:
            untracked = gate.is_port and gate.name not in facts.tracked
            reason = gate.check(facts)
            if reason is not None:
                found.append(OpenGate(gate, reason, untracked))
        return found


def _port(name: str, label: str, reason: str, **options: Any) -> Gate:
    def check(facts: Facts) -> str | None:
        if name in facts.tracked:
            return None if facts.tracked[name] else reason
        return "Not tracked yet."

    return Gate(name, label, check, is_port=True, **options)


def _unless(gate: Gate, excused: Callable[[Facts], bool]) -> Gate:
    """Return ``gate`` with an excuse under which it is met."""
    return replace(
        gate, place="details", check=lambda facts: None if excused(facts) else gate.check(facts)
    )


CONTACT = Gate(
    "contact",
    "A contact with an e-mail address",
    lambda f: None if f.has_contact_email else "Choose a contact who has an e-mail address.",
    "details",
)
LINES = Gate(
    "lines",
    "At least one row",
    lambda f: None if f.lines else "Add a product.",
    "lines",
)
SIZES = Gate(
    "sizes",
    "Sizes are confirmed",
    lambda f: None if f.sizes_confirmed else "Confirm the sizes as they stand.",
    "sizes",
)
MINIMUM = Gate(
    "minimum",
    "Each style meets its minimum quantity",
    lambda f: "; ".join(f.short) or None,
    "lines",
)
DESIGN = _unless(
    _port(
        "design", "A design job exists, or none is needed", "Begin a design job.", place="details"
    ),
    lambda f: f.needs_no_design,
)
APPROVAL = _unless(
    _port(
        "approval", "The design is approved, or none is needed", "The design waits for approval."
    ),
    lambda f: f.needs_no_design,
)
INVOICE = _port("invoice", "An invoice is issued", "Issue the invoice.")
DEPOSIT = _unless(
    _port(
        "deposit",
        "Half is paid, or net terms within the credit limit",
        "Less than half of the total is paid.",
        admin_may_pass=True,
    ),
    lambda f: f.has_credit,
)
READY = _port("ready", "Every production job is ready", "Production is not finished.")
TRACKING = _port("tracking", "Carrier and tracking number", "Enter carrier and tracking number.")
BALANCE = _port("balance", "The balance is zero", "The invoice is not paid.", admin_may_pass=True)

_S = OrderStatus
PATH = tuple(status for status in OrderStatus if status is not OrderStatus.CANCELLED)
_FORWARD = (
    Transition("ask_sizes", (_S.NEW,), _S.WAITING_SIZES, "Ask for sizes", gates=(CONTACT, LINES)),
    Transition(
        "start_design", (_S.WAITING_SIZES,), _S.DESIGN_CREATED, "Start the design", gates=(DESIGN,)
    ),
    Transition(
        "confirm_sizes",
        (_S.DESIGN_CREATED,),
        _S.SIZES_VALIDATED,
        "Close sizes and design",
        gates=(APPROVAL, SIZES, MINIMUM),
    ),
    Transition("invoice", (_S.SIZES_VALIDATED,), _S.INVOICED, "Invoice", gates=(INVOICE,)),
    Transition("produce", (_S.INVOICED,), _S.PRODUCTION, "Start production", gates=(DEPOSIT,)),
    Transition("ship", (_S.PRODUCTION,), _S.SHIPPED, "Ship", gates=(READY, TRACKING)),
    Transition("complete", (_S.SHIPPED,), _S.COMPLETED, "Complete", gates=(BALANCE,)),
)
_BACK = tuple(
    Transition(
        f"back_to_{before}",
        (after,),
        before,
        f"Back to {before.label.lower()}",
        "orders:revert",
        needs_reason=True,
    )
    for before, after in pairwise(PATH)
)
_CANCEL = Transition(
    "cancel",
    PATH[: PATH.index(_S.SHIPPED)],
    _S.CANCELLED,
    "Cancel the order",
    needs_reason=True,
)
TRANSITIONS = (*_FORWARD, *_BACK, _CANCEL)


def transitions_from(status: OrderStatus) -> list[Transition]:
    """Return the ways that lead on, back and out from ``status``, the next step first."""
    return [transition for transition in TRANSITIONS if status in transition.sources]


def transition_named(name: str) -> Transition | None:
    """Return the transition ``name``, or None."""
    return next((found for found in TRANSITIONS if found.name == name), None)


def table() -> list[tuple[str, str, str, str]]:
    """Return from, to, who and gates of each transition: the table of the documentation."""
    return [
        (
            ", ".join(source.label for source in t.sources),
            t.target.label,
            t.permission,
            "; ".join(gate.label for gate in t.gates) or ("a reason" if t.needs_reason else ""),
        )
        for t in TRANSITIONS
    ]
