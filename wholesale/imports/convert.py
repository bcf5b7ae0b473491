"""Turns the text of a cell into a value: amounts, percentages, days, flags, addresses."""

import json
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, Numeric
from sqlalchemy.dialects.postgresql import ARRAY

from wholesale.catalog.models import Decoration
from wholesale.core.email import normal_email
from wholesale.core.money import cents, from_float, parse_amount
from wholesale.core.text import clean_block, clean_line
from wholesale.customers.models import ClientType, Tier
from wholesale.orders.workflow import OrderStatus, Priority

_YES = ("1", "true", "yes", "y")
_NO = ("0", "false", "no", "n")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NOT_LOCAL = re.compile(r"[^a-z0-9.]+")
_DAY_FIRST = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_SURCHARGE = re.compile(r"(\S.*?)[ :=]*\+? *([0-9][0-9.,]*)")


def money_from_float(text: str) -> Decimal:
    """Read an amount that went through a binary float: ``9.80000019`` is 9.80."""
    amount = from_float(text)
    if not amount.is_finite():
        raise ValueError(f"“{text}” is not an amount.")
    if amount < 0:
        raise ValueError("An amount cannot be negative.")
    return amount


def fraction_to_percent(text: str) -> Decimal:
    """Read a fraction as a percentage with two places: ``0.150000006`` is 15.00."""
    try:
        percent = cents(Decimal(text) * 100)
    except ArithmeticError:
        raise ValueError(f"“{text}” is not a fraction.") from None
    if not 0 <= percent <= 100:
        raise ValueError(f"“{text}” is not a fraction between 0 and 1.")
    return percent


def text_block(text: str) -> str:
    """Read several lines; a literal ``\\n`` is a line break."""
    return clean_block(text.replace("\\n", "\n"))


def whole(text: str) -> int:
    """Read a whole number from 0 to 999,999,999."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError(f"“{text}” is not a whole number.")
    return int(text)


def decimal(text: str) -> Decimal:
    """Read a number with a decimal point, such as a percentage or a rate."""
    try:
        number = Decimal(text)
    except ArithmeticError:
        raise ValueError(f"“{text}” is not a number.") from None
    if not number.is_finite():
        raise ValueError(f"“{text}” is not a number.")
    return number


def percent(text: str) -> Decimal:
    """Read a percentage from 0 to 100 with two decimal places at most: ``12.5``, ``12,5 %``."""
    number = parse_amount(text.rstrip("% "))
    if number > 100:
        raise ValueError("A percentage is 100 at most.")
    return number


def day(text: str) -> date:
    """Read a day such as ``1996-07-04`` or ``4.7.1996``; a time of day after it is left out."""
    written = re.split("[T ]", text, maxsplit=1)[0]
    if match := _DAY_FIRST.fullmatch(written):
        written = f"{match[3]}-{match[2]:0>2}-{match[1]:0>2}"
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise ValueError(f"“{text}” is not a day such as 2026-01-31.") from None


def noon(text: str) -> datetime:
    """Read a day as its noon in UTC, which is the same day on the screens of all America."""
    return datetime.combine(day(text), time(12), UTC)


def flag(text: str) -> bool:
    """Read yes or no: ``1`` or ``0``, ``true`` or ``false``, ``yes`` or ``no``."""
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise ValueError(f"“{text}” is neither yes nor no.")


def email(text: str) -> str:
    """Read an e-mail address."""
    if not _ADDRESS.fullmatch(text):
        raise ValueError(f"“{text}” is not an e-mail address.")
    return text


def email_from_name(text: str) -> str:
    """Make an address of a name: ``Zoë.O'Hara@x.example`` becomes ``zoe.ohara@x.example``."""
    name, _, host = unicodedata.normalize("NFKD", text).lower().rpartition("@")
    local = _NOT_LOCAL.sub("", name.encode("ascii", "ignore").decode())
    return email(f"{local.strip('.')}@{host}")


def address(text: str) -> str:
    """Read an e-mail address in the one form that people are known by."""
    return normal_email(text)


def surcharges(text: str) -> dict[str, str]:
    """Read surcharges by size: ``2XL +2.00, 3XL +3.00``, or the same as JSON."""
    if text.startswith("{"):
        try:
            parts = [(str(size), str(amount)) for size, amount in json.loads(text).items()]
        except (ValueError, AttributeError):
            raise ValueError("Write surcharges as “2XL +2.00, 3XL +3.00”.") from None
    else:
        parts = [_surcharge(part.strip()) for part in re.split(r"[,;] +|;", text) if part.strip()]
    return {clean_line(size): f"{parse_amount(amount)}" for size, amount in parts}


def _surcharge(part: str) -> tuple[str, str]:
    match = _SURCHARGE.fullmatch(part)
    if match is None:
        raise ValueError(f"“{part}” is not a size with its surcharge, such as “2XL +2.00”.")
    return match[1], match[2]


def member_of(values: type[StrEnum]) -> Callable[[str], str]:
    """Return a converter that reads a member of ``values`` by its value or its label."""
    named = {_folded(str(member)): member for member in values}
    named |= {_folded(member.label): member for member in values}  # type: ignore[attr-defined]

    def read(text: str) -> str:
        if (found := named.get(_folded(text))) is None:
            labels = ", ".join(member.label for member in values)  # type: ignore[attr-defined]
            raise ValueError(f"“{text}” is none of {labels}.")
        return str(found)

    return read


def _folded(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


def size_list(text: str) -> list[str]:
    """Read sizes in their order, divided by commas: ``S, M, L``."""
    return [size for part in text.split(",") if (size := clean_line(part))]


CONVERTERS: dict[str, Callable[[str], Any]] = {
    "text": clean_line,
    "text_block": text_block,
    "money": parse_amount,
    "money_from_float": money_from_float,
    "fraction_to_percent": fraction_to_percent,
    "decimal": decimal,
    "whole": whole,
    "day": day,
    "noon": noon,
    "flag": flag,
    "email": email,
    "email_from_name": email_from_name,
    "address": address,
    "percent": percent,
    "surcharges": surcharges,
    "size_list": size_list,
    "client_type": member_of(ClientType),
    "tier": member_of(Tier),
    "decoration": member_of(Decoration),
    "status": member_of(OrderStatus),
    "priority": member_of(Priority),
}
MEMBERS = ("client_type", "tier", "decoration", "status", "priority")


def usual_converter(column: "Column[Any]") -> str:
    """Return the converter for a column that the mapping does not give one."""
    kinds = (
        (Boolean, "flag"),
        (Integer, "whole"),
        (DateTime, "noon"),
        (Date, "day"),
        (ARRAY, "size_list"),
    )
    if isinstance(column.type, Numeric):
        usual = {(12, 2): "money", (5, 2): "percent"}
        return usual.get((column.type.precision or 0, column.type.scale or 0), "decimal")
    if column.name in ("email", "surcharges", *MEMBERS):
        return column.name
    return next((name for kind, name in kinds if isinstance(column.type, kind)), "text")
