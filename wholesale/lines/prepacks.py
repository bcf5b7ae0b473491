"""Prepacks: how many units of each size so many pieces are, in whole packs."""

from collections.abc import Mapping

from wholesale.lines.entry import LARGEST_QUANTITY, parse_whole


def spread(ratio: Mapping[str, int], pieces: int) -> dict[str, int]:
    """Return size → units for ``pieces`` over ``ratio``: the sum and the proportions are exact.

    Raises ValueError with a sentence that names the nearest numbers of pieces that do.
    """
    pack = sum(ratio.values())
    most = LARGEST_QUANTITY // max(ratio.values()) * pack
    if pieces > most:
        raise ValueError(f"Enter {most:,} pieces at most: a cell holds {LARGEST_QUANTITY:,} units.")
    if pieces < 1 or pieces % pack:
        near = " or ".join(f"{number:,}" for number in nearest(pack, pieces, most))
        raise ValueError(f"{pieces:,} pieces are no whole packs of {pack:,}. Enter {near}.")
    return {size: part * (pieces // pack) for size, part in ratio.items()}


def nearest(pack: int, pieces: int, most: int) -> list[int]:
    """Return the numbers of whole packs' pieces next below and above ``pieces``."""
    below = max(pieces, 0) // pack * pack
    return [number for number in (below, below + pack) if 0 < number <= most]


def parse_pieces(text: str) -> int:
    """Read a number of pieces as typed. Raises ValueError with a sentence."""
    try:
        return parse_whole(text)
    except ValueError:
        raise ValueError("Enter a whole number of pieces, such as 144.") from None
