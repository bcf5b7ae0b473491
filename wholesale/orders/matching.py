"""Matches pasted rows with the catalog: one variant and size, several to choose from, or none."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, contains_eager, joinedload
from sqlalchemy.types import Text

from wholesale.catalog.models import Product, SizeRun, Variant
from wholesale.orders.entry import LARGEST_QUANTITY
from wholesale.orders.paste import PastedRow, folded_size, read_rows

MOST_CHOICES = 12


@dataclass
class Match:
    """What a pasted row means: ready when one variant, a size of its run and units are known."""

    row: PastedRow
    variant: Variant | None = None
    size: str | None = None
    units: int | None = None
    choices: list[Variant] = field(default_factory=list)
    problem: str = ""

    @property
    def is_ready(self) -> bool:
        """Whether the row can go into the order as it stands."""
        return self.variant is not None and not self.problem

    @property
    def is_ambiguous(self) -> bool:
        """Whether a choice makes the row ready."""
        return self.variant is None and bool(self.choices)


def match_text(session: Session, text: str, chosen: dict[int, int] | None = None) -> list[Match]:
    """Return what each row of ``text`` means. Raises ValueError for more than can be read.

    ``chosen`` are choices for ambiguous rows: place in the list → key of a variant.
    """
    rows = read_rows(text, list(session.scalars(select(SizeRun.sizes))))
    variants = _candidates(session, rows)
    picked = chosen or {}
    return [_match(row, variants, picked.get(at)) for at, row in enumerate(rows)]


def units_by_variant(matches: Iterable[Match]) -> dict[int, dict[str, int]]:
    """Return variant → size → units over all rows that are ready."""
    found: dict[int, dict[str, int]] = {}
    for match in matches:
        if match.is_ready and match.variant and match.size:
            cells = found.setdefault(match.variant.id, {})
            cells[match.size] = cells.get(match.size, 0) + (match.units or 0)
    return found


def _candidates(session: Session, rows: Sequence[PastedRow]) -> list[Variant]:
    """Return the variants in use that any row may mean: by code, SKU, or the product's name."""
    tokens = sorted({token.upper() for row in rows for token in row.words.split()})
    texts = sorted({row.words for row in rows if row.words})
    if not texts:
        return []
    given = func.unnest(literal(texts, ARRAY(Text))).table_valued("text").render_derived()
    named = (
        select(true())
        .select_from(given)
        .where(func.strpos(func.search_key(given.c.text), func.search_key(Product.name)) > 0)
        .exists()
    )
    query = (
        select(Variant)
        .join(Variant.product)
        .where(Variant.archived_at.is_(None), Product.archived_at.is_(None))
        .where(
            or_(func.upper(Variant.code).in_(tokens), func.upper(Product.sku).in_(tokens), named)
        )
        .options(contains_eager(Variant.product).options(joinedload(Product.size_run)))
        .order_by(Product.sku, Variant.position, Variant.id)
    )
    return list(session.scalars(query))


def _match(row: PastedRow, variants: Sequence[Variant], chosen: int | None) -> Match:
    if not row.words:
        return Match(row, problem="No product is named.")
    found = _meant(row, variants)
    if not found:
        return Match(row, problem=f"No product or colour is called “{row.words[:80]}”.")
    if len(found) > 1:
        picked = [variant for variant in found if variant.id == chosen]
        if not picked:
            return Match(row, choices=found[:MOST_CHOICES], problem="Which one?")
        return _sized(row, picked[0])
    return _sized(row, found[0])


def _meant(row: PastedRow, variants: Sequence[Variant]) -> list[Variant]:
    """Return the variants that the words name most exactly."""
    tokens = {token.upper() for token in row.words.split()}
    by_code = [v for v in variants if v.code.upper() in tokens]
    if by_code:
        return by_code
    folded = _words(row.words)
    of_product = [v for v in variants if v.product.sku.upper() in tokens]
    if not of_product:
        names = [v for v in variants if _words(v.product.name) in folded]
        longest = max((len(v.product.name) for v in names), default=0)
        of_product = [v for v in names if len(v.product.name) == longest]
    by_colour = [v for v in of_product if v.colour and f" {_words(v.colour)} " in f" {folded} "]
    longest = max((len(v.colour or "") for v in by_colour), default=0)
    exact = [v for v in by_colour if len(v.colour or "") == longest]
    return exact or of_product


def _sized(row: PastedRow, variant: Variant) -> Match:
    """Settle size and units by the product's own run: ``32`` is a size where it is one."""
    sizes = {folded_size(size): size for size in variant.product.size_run.sizes}
    size, units, numbers = row.size, row.units, list(row.numbers)
    if size is None:
        as_size = next((n for n in numbers[: 1 if len(numbers) > 1 else 0] if n in sizes), None)
        if as_size:
            size = as_size
            numbers.remove(as_size)
        elif len(sizes) == 1:
            size = next(iter(sizes))
    if units is None and numbers:
        units = int(numbers[-1])
    match = Match(row, variant, sizes.get(size or ""), units)
    if size is None:
        match.problem = f"Which size? It comes in {', '.join(sizes.values())}."
    elif match.size is None:
        match.problem = f"{variant.product.name} does not come in {size}."
    elif not units or units > LARGEST_QUANTITY:
        match.problem = f"How many? Enter whole units from 1 to {LARGEST_QUANTITY:,}."
    return match


def _words(text: str) -> str:
    return " ".join(re.findall(r"[\w'-]+", text.casefold()))
