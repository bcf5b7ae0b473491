"""Matches pasted rows with the catalog: one variant and size, several to choose from, or none."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, exists, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, contains_eager, joinedload
from sqlalchemy.types import Text

from wholesale.catalog.models import Product, SizeRun, Variant
from wholesale.lines.entry import LARGEST_QUANTITY
from wholesale.lines.paste import PastedRow, folded_size, read_rows

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
        """Whether the row can go into the document as it stands."""
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
    candidates = _Candidates(session, rows)
    picked = chosen or {}
    return [_match(row, candidates, picked.get(at)) for at, row in enumerate(rows)]


def units_by_variant(matches: Iterable[Match]) -> dict[int, dict[str, int]]:
    """Return variant → size → units over all rows that are ready."""
    found: dict[int, dict[str, int]] = {}
    for match in matches:
        if match.is_ready and match.variant and match.size:
            cells = found.setdefault(match.variant.id, {})
            cells[match.size] = cells.get(match.size, 0) + (match.units or 0)
    return found


class _Candidates:
    """The variants in use that rows may mean: by code, by SKU, and by the product's name."""

    def __init__(self, session: Session, rows: Sequence[PastedRow]) -> None:
        tokens = sorted({token.upper() for row in rows for token in row.words.split()})
        by_token = or_(Variant.code.in_(tokens), Product.sku.in_(tokens))
        self.codes: dict[str, Variant] = {}
        self.skus: dict[str, list[Variant]] = {}
        for variant in session.scalars(_variants().where(by_token)) if tokens else ():
            self.codes[variant.code.upper()] = variant
            self.skus.setdefault(variant.product.sku.upper(), []).append(variant)
        unknown = {row.words for row in rows if row.words and not self._is_coded(row.words)}
        self.names: dict[str, list[Variant]] = {}
        for variant in _named(session, unknown):
            self.names.setdefault(_words(variant.product.name), []).append(variant)

    def _is_coded(self, words: str) -> bool:
        return any(t in self.codes or t in self.skus for t in words.upper().split())

    def meant(self, words: str) -> list[Variant]:
        """Return the variants that ``words`` name most exactly."""
        tokens = words.upper().split()
        by_code = [self.codes[token] for token in tokens if token in self.codes]
        if by_code:
            return by_code
        folded = _words(words)
        found = [v for token in tokens for v in self.skus.get(token, ())]
        if not found:
            longest = max((name for name in self.names if name in folded), key=len, default="")
            found = self.names.get(longest, [])
        return _of_colour(found, folded)


def _of_colour(variants: list[Variant], folded: str) -> list[Variant]:
    """Return those whose colour is named, the longest name first of all; else all."""
    named = [v for v in variants if v.colour and f" {_words(v.colour)} " in f" {folded} "]
    longest = max((len(v.colour or "") for v in named), default=0)
    return [v for v in named if len(v.colour or "") == longest] or variants


def _variants() -> Select[Any]:
    return (
        select(Variant)
        .join(Variant.product)
        .where(Variant.archived_at.is_(None), Product.archived_at.is_(None))
        .options(contains_eager(Variant.product).options(joinedload(Product.size_run)))
        .order_by(Product.sku, Variant.position, Variant.id)
    )


def _named(session: Session, texts: Collection[str]) -> Iterable[Variant]:
    """Return the variants of products whose name stands in one of ``texts``.

    Names and texts are folded once each: a thousand products by hundreds of rows are many.
    """
    if not texts:
        return []
    given = func.unnest(literal(sorted(texts), ARRAY(Text))).table_valued("text").render_derived()
    folded = select(func.search_key(given.c.text).label("text")).cte().prefix_with("MATERIALIZED")
    names = (
        select(Product.id, func.search_key(Product.name).label("name"))
        .where(Product.archived_at.is_(None))
        .cte()
        .prefix_with("MATERIALIZED")
    )
    stands = exists(select(true()).where(func.strpos(folded.c.text, names.c.name) > 0))
    return session.scalars(_variants().where(Product.id.in_(select(names.c.id).where(stands))))


def _match(row: PastedRow, candidates: _Candidates, chosen: int | None) -> Match:
    if not row.words:
        return Match(row, problem="No product is named.")
    found = candidates.meant(row.words)
    if not found:
        return Match(row, problem=f"No product or colour is called “{row.words[:80]}”.")
    if len(found) > 1:
        picked = [variant for variant in found if variant.id == chosen]
        if not picked:
            return Match(row, choices=found[:MOST_CHOICES], problem="Which one?")
        return _sized(row, picked[0])
    return _sized(row, found[0])


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
