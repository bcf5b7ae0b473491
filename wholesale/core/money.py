"""Money is Decimal: parsing what people type, and rounding half up to the cent."""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

CENT = Decimal("0.01")
LIMIT = Decimal("9999999999.99")  # numeric(12,2)
PLAIN = re.compile(r"[0-9]{1,15}(\.[0-9]{1,9})?|\.[0-9]{1,2}")
GROUPED = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]{1,9})?")
DECIMAL_COMMA = re.compile(r"([0-9]{1,12}|[1-9][0-9]{0,2}(\.[0-9]{3})+),[0-9]{1,2}")


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
    cleaned = text.strip().lstrip("$€£").replace(" ", "")
    if cleaned.startswith("-"):
        raise ValueError("An amount cannot be negative.")
    amount = Decimal(_plain(cleaned))
    if amount > limit:
        raise ValueError(f"The largest amount is {limit:,}.")
    if amount != amount.quantize(CENT):
        raise ValueError("An amount has two decimal places at most.")
    return amount.quantize(CENT)


def _plain(text: str) -> str:
    """Turn the notations people use into Decimal's own; what could mean two things is refused."""
    if GROUPED.fullmatch(text):
        return text.replace(",", "")
    if DECIMAL_COMMA.fullmatch(text):
        return text.replace(".", "").replace(",", ".")
    if PLAIN.fullmatch(text):
        return text
    raise ValueError("Enter an amount such as 12.50.")
