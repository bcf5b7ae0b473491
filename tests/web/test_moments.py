"""Moments as commands take them."""

from datetime import UTC, datetime

import click
import pytest

from wholesale.web.commands import MOMENT

SIX = datetime(2026, 11, 1, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-01 06:00",
        "2026-11-01T06:00",
        "2026-11-01T06:00:00",
        "2026-11-01T06:00Z",
        "2026-11-01T07:00+01:00",
        "2026-11-01 00:30-0530",
    ],
)
def test_a_moment_is_utc_unless_it_names_an_offset(written: str):
    assert MOMENT.convert(written, None, None) == SIX


def test_a_day_is_its_beginning():
    assert MOMENT.convert("2026-11-01", None, None) == SIX.replace(hour=0)


@pytest.mark.parametrize("written", ["", "yesterday", "2026-13-01", "2026-11-01 25:00", "01.11.26"])
def test_anything_else_is_told_how_to_write_one(written: str):
    with pytest.raises(click.BadParameter, match="write 2026-11-01 or 2026-11-01T06:00"):
        MOMENT.convert(written, None, None)
