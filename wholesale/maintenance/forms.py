"""The form that begins or schedules maintenance."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import BooleanField, DateTimeLocalField
from wtforms.validators import Length, Optional

from wholesale.web.forms import Form, LineField


class MomentField(DateTimeLocalField):
    """A moment as the person's own clock shows it."""

    data: datetime | None

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, [Optional()], format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the moment. Raises ValueError with the sentence to show."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Give day and time, as 2026-12-01 06:00.") from None
        if self.data is not None and not 2000 <= self.data.year <= 2199:
            self.data = None
            raise ValueError("Give a day between 2000 and 2199.")

    def moment(self, zone: ZoneInfo) -> datetime | None:
        """Return what was entered on a clock of ``zone``, in UTC; None when nothing was."""
        return self.data.replace(tzinfo=zone).astimezone(UTC) if self.data else None


class MaintenanceForm(Form):
    """When, why, and how strictly."""

    reason = LineField("What people read", [Length(max=300)])
    starts_at = MomentField("From")
    ends_at = MomentField("Until")
    read_only = BooleanField("Administrators, jobs and commands cannot write either")
    tell = BooleanField("Mail everybody")
