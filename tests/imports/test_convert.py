"""Cells become values, or a sentence says why not."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from wholesale.imports.convert import CONVERTERS, noon, text_block


@pytest.mark.parametrize(
    ("converter", "text", "value"),
    [
        ("money_from_float", "9.80000019", Decimal("9.80")),
        ("money_from_float", "32.3800011", Decimal("32.38")),
        ("money", "1,200.50", Decimal("1200.50")),
        ("fraction_to_percent", "0.150000006", Decimal("15.00")),
        ("fraction_to_percent", "0.0299999993", Decimal("3.00")),
        ("fraction_to_percent", "0", Decimal(0)),
        ("decimal", "12.5", Decimal("12.5")),
        ("whole", "40", 40),
        ("day", "1996-07-04", date(1996, 7, 4)),
        ("day", "1996-07-04 00:00:00", date(1996, 7, 4)),
        ("flag", "1", True),
        ("flag", "No", False),
        ("email", "Ann_B+x@club.example", "Ann_B+x@club.example"),
        ("email_from_name", "Zoë.O'Hara@club.example", "zoe.ohara@club.example"),
        ("size_list", "S, M , L", ["S", "M", "L"]),
        ("text", "  Wolski  Zajazd ", "Wolski Zajazd"),
    ],
)
def test_texts_become_values(converter: str, text: str, value: Any):
    assert CONVERTERS[converter](text) == value


@pytest.mark.parametrize(
    ("converter", "text"),
    [
        ("money_from_float", "abc"),
        ("money_from_float", "NaN"),
        ("money_from_float", "-1"),
        ("money", "1.234"),
        ("fraction_to_percent", "15"),
        ("fraction_to_percent", "x"),
        ("decimal", "Infinity"),
        ("whole", "1.5"),
        ("whole", "-3"),
        ("whole", "٣"),
        ("day", "07/04/1996"),
        ("day", "1996-02-30"),
        ("flag", "maybe"),
        ("email", "no address"),
        ("email_from_name", "@club.example"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(converter: str, text: str):
    with pytest.raises(ValueError, match=r"\.$"):
        CONVERTERS[converter](text)


def test_a_literal_backslash_n_is_a_line_break():
    assert text_block("Coventry House\\nMiner Rd.") == "Coventry House\nMiner Rd."


def test_a_day_without_a_time_is_the_same_day_on_screens_in_america():
    moment = noon("1996-07-04")
    assert moment == datetime(1996, 7, 4, 12, tzinfo=UTC)
    for zone in ("America/New_York", "America/Los_Angeles", "Pacific/Honolulu"):
        assert moment.astimezone(ZoneInfo(zone)).date() == date(1996, 7, 4)
