"""A style's minimum and multiple: in which way its units fall short of them, in words."""

_GROUPS = {
    2: "twos",
    3: "threes",
    4: "fours",
    5: "fives",
    6: "sixes",
    8: "eights",
    10: "tens",
    12: "dozens",
}


def least(minimum: int, multiple: int) -> int:
    """Return the smallest number of units that meets both."""
    return -(-minimum // multiple) * multiple


def shortfall(units: int, minimum: int, multiple: int) -> str:
    """Say how ``units`` of a style fall short; nothing when they do not, or there are none.

    The words name the nearest numbers that would do.
    """
    if not units:
        return ""
    if units < least(minimum, multiple):
        return f"{units:,} of at least {least(minimum, multiple):,}"
    if below := units % multiple:
        nearest = f"{units - below:,} or {units - below + multiple:,}"
        return f"{units:,}: sold in {group(multiple)}, {nearest}"
    return ""


def group(multiple: int) -> str:
    """Say how a style is packed: "sixes", "dozens", "24s"."""
    return _GROUPS.get(multiple, f"{multiple:,}s")
