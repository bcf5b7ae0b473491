"""Statuses: each member is its value, the words on screen and the badge's tone, in one line."""

from enum import StrEnum
from typing import Self


class Stage(StrEnum):
    """The base of status enums: ``NEW = "new", "New", "info"``.

    Tones are neutral, info, progress, good and bad.
    """

    label: str
    tone: str

    def __new__(cls, value: str, label: str = "", tone: str = "neutral") -> Self:
        """Make a member that equals its value and carries label and tone."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label, member.tone = label, tone
        return member
