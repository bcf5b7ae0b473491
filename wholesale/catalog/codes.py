"""Codes of variants as they are suggested: the SKU, then the colour."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from wholesale.catalog.models import Variant

LONGEST_CODE = 100


def suggested_code(sku: str, parts: Iterable[str | None], taken: set[str]) -> str:
    """Return ``SKU-COLOUR``, with a number behind when it is taken; adds it to ``taken``."""
    words = [word for part in parts if part and (word := _in_capitals(part))]
    wanted = "-".join([sku, *words])[: LONGEST_CODE - 5]
    code, number = wanted, 1
    while code.lower() in taken or code == sku:
        number += 1
        code = f"{wanted}-{number}"
    taken.add(code.lower())
    return code


def copied_codes(old: str, new: str, variants: Sequence[Variant], taken: set[str]) -> list[str]:
    """Return codes for copies of ``variants``: the same ending behind the new SKU."""
    codes = []
    for variant in variants:
        begins = variant.code.lower().startswith(old.lower())
        ending = variant.code[len(old) :].strip("-") if begins else ""
        parts = [ending] if ending else [variant.colour, variant.material]
        codes.append(suggested_code(new, parts, taken))
    return codes


def _in_capitals(text: str) -> str:
    """Turn ``Heather Grey`` into ``HEATHER-GREY``; letters that are not Latin fall away."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Z0-9]+", "-", plain.upper()).strip("-")
