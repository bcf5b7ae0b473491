"""Money is Decimal: parsing what people type, and rounding half up to the cent."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

CENT = Decimal("0.01")
LIMIT = Decimal("9999999999.99")  # numeric(12,2)


def cents(amount: Decimal) -> Decimal:
    """Round ``amount`` half up to two places (``domain.md``, Money)."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def from_float(text: str) -> Decimal:
    """Read a price that went through a binary float: ``9.80000019`` becomes ``9.80``.

    Raises ValueError when ``text`` is not a number.
    """
    try:
        return cents(Decimal(text))
    except InvalidOperation as error:
        raise ValueError(f"“{text}” is not an amount.") from error


def parse_amount(text: str, *, limit: Decimal = LIMIT) -> Decimal:
    """Read an amount as typed: ``12``, ``12.5``, ``1,200.00`` or ``12,50``.

    Returns an amount with two places. Raises ValueError with a sentence for the
    person when it is not a number, negative, finer than a cent or over ``limit``.
    """
    cleaned = _plain(text.strip().lstrip("$€£").replace(" ", ""))
    try:
        amount = Decimal(cleaned)
    except InvalidOperation:
        raise ValueError("Enter an amount such as 12.50.") from None
    if not amount.is_finite():
        raise ValueError("Enter an amount such as 12.50.")
    if amount < 0:
        raise ValueError("An amount cannot be negative.")
    if amount > limit:
        raise ValueError(f"The largest amount is {limit:,}.")
    if amount != amount.quantize(CENT):
        raise ValueError("An amount has two decimal places at most.")
    return amount.quantize(CENT)


def _plain(text: str) -> str:
    """Turn grouped and decimal-comma notation into Decimal's own."""
    head, comma, tail = text.rpartition(",")
    if comma and "." not in tail and len(tail) in (1, 2) and "," not in head:
        return head.replace(".", "") + "." + tail
    return text.replace(",", "")
