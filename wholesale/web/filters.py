"""What templates print with: money, numbers, dates in the person's zone, icons."""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_date, format_datetime
from babel.numbers import get_currency_symbol
from flask import Flask, current_app, url_for
from flask_login import current_user
from markupsafe import Markup

from wholesale.web.pages import here, nav, query_string

LOCALE = "en_US"
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+\+00:00$")


def money(value: Decimal) -> str:
    """Print an amount with the company's currency: ``$1,234.50``."""
    sign = "-" if value < 0 else ""
    return f"{sign}{current_app.jinja_env.globals['currency_symbol']}{abs(value):,.2f}"


def amount(value: Decimal) -> str:
    """Print an amount without its currency, for columns that name it once: ``1,234.50``.

    Plain formatting: a long order prints thousands of these.
    """
    return f"{value:,.2f}"


def exact(value: Decimal) -> str:
    """Print an amount with all its places, two at least: a price before it is rounded."""
    places = max(2, -int(value.normalize().as_tuple().exponent))
    return f"{value:,.{places}f}"


def number(value: int) -> str:
    """Print a whole number: ``12,345``."""
    return f"{value:,}"


def percent(value: Decimal) -> str:
    """Print a percentage without idle zeros: ``12.5``."""
    return f"{value.normalize():f}"


def day(value: date | datetime | None) -> str:
    """Print a day, ``Nov 24, 2026``, in the person's zone; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(reader_zone()).date()
    return format_date(value, "MMM d, y", locale=LOCALE)


def month(value: date) -> str:
    """Print a month: ``November 2026``."""
    return format_date(value, "LLLL y", locale=LOCALE)


def moment(value: datetime) -> str:
    """Print a moment in the person's zone: ``Nov 24, 2026, 11:15 AM``."""
    return format_datetime(value, "MMM d, y, h:mm a", tzinfo=reader_zone(), locale=LOCALE)


def plain(value: Any) -> str:
    """Print a recorded value: nothing as a dash, a mapping as ``M 12, L 8``, a moment as one."""
    if isinstance(value, str) and MOMENT.match(value):
        return moment(datetime.fromisoformat(value))
    if value in (None, "", {}, []):
        return "–"
    if isinstance(value, dict):
        return ", ".join(f"{key} {part}" for key, part in value.items())
    return str(value)


def reader_zone() -> ZoneInfo:
    """Return the zone of whoever reads the page; UTC where it is unknown."""
    try:
        return ZoneInfo(getattr(current_user, "time_zone", None) or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")  # an imported person's zone that this system does not know


@cache
def icon(name: str) -> Markup:
    """Draw the sprite's icon ``name``; the words beside it carry the meaning."""
    sprite = url_for("static", filename="icons/lucide.svg")
    return Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
        sprite, name
    )


def init_app(app: Flask) -> None:
    """Make the filters and functions known to ``app``'s templates."""
    app.jinja_env.filters.update(
        money=money,
        amount=amount,
        exact=exact,
        number=number,
        percent=percent,
        day=day,
        month=month,
        moment=moment,
        plain=plain,
    )
    symbol = get_currency_symbol(app.config["CURRENCY"], locale=LOCALE)
    app.jinja_env.globals.update(
        icon=icon,
        nav=nav,
        here=here,
        query_string=query_string,
        currency_symbol=symbol,
        new_key=lambda: str(uuid4()),
    )
