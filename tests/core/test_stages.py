"""A status is its value, and carries its words and its tone."""

import pytest

from wholesale.core.stages import Stage


class Light(Stage):
    """A traffic light."""

    STOP = "stop", "Stop here", "bad"
    GO = "go", "Go on", "good"


def test_a_member_equals_its_value_and_carries_words_and_tone():
    assert Light("go") is Light.GO
    assert Light.GO == "go" == str(Light.GO) == f"{Light.GO}"
    assert (Light.STOP.label, Light.STOP.tone) == ("Stop here", "bad")


def test_what_is_no_value_is_refused():
    with pytest.raises(ValueError, match="amber"):
        Light("amber")
