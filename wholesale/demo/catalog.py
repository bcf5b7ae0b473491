"""The demo company's catalog: categories, size runs with prepacks, products, their colours."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from wholesale.catalog.models import APPAREL_RUN, Category, Prepack, Product, SizeRun, Variant
from wholesale.core.money import cents
from wholesale.demo.bulk import insert_all
from wholesale.demo.shelves import DEPARTMENTS, MULTIPLES, PREPACKS
from wholesale.demo.styles import SHELVES, Shelf

RUNS = {
    "Apparel": list(APPAREL_RUN),
    "One size": ["One size"],
    "Numeric": [str(size) for size in range(28, 45, 2)],
    "Shoes US": [f"{half / 2:g}" for half in range(10, 27)] + ["14", "15"],
}
_RUN_NAMES = {"Numeric": "Numeric 28–44"}
CODES = {
    "Black": "BLK",
    "Navy": "NVY",
    "White": "WHT",
    "Royal": "RYL",
    "Red": "RED",
    "Charcoal": "CHR",
    "Heather Grey": "HGR",
    "Maroon": "MRN",
    "Forest Green": "FOR",
    "Kelly Green": "KEL",
    "Athletic Gold": "GLD",
    "Vegas Gold": "VGD",
    "Orange": "ORG",
    "Purple": "PUR",
    "Columbia Blue": "COL",
    "Cardinal": "CAR",
}
COLOURS = [colour for colour in CODES if colour not in ("White", "Charcoal", "Heather Grey")]
_NEUTRALS = list(CODES)[:7]
_DEARER = {"Vegas Gold": Decimal("1.50"), "Heather Grey": Decimal("1.00")}
# A share of the base price, so that a windbreaker's 3XL costs more on top than a tee's.
_LARGER = {"2XL": Decimal("0.05"), "3XL": Decimal("0.08"), "4XL": Decimal("0.11")}
_LARGER_WAIST = {"42": Decimal("2.00"), "44": Decimal("3.00")}


@dataclass
class Style:
    """What orders need to know of a product."""

    shelf: str
    row: dict[str, Any]
    run: str
    material: str
    # How often it is ordered, compared with the others of its shelf.
    weight: float
    id: int = 0
    variants: list[dict[str, Any]] = field(default_factory=list)

    @property
    def sizes(self) -> list[str]:
        """The sizes it comes in, in their order."""
        return RUNS[self.run]

    @property
    def surcharges(self) -> dict[str, str]:
        """Every size with its surcharge, as an order line copies them."""
        return {size: self.row["surcharges"].get(size, "0.00") for size in self.sizes}

    def sold_on(self, day: date) -> list[dict[str, Any]]:
        """Return the variants that could be ordered on ``day``."""
        return [
            v for v in self.variants if not (v["archived_at"] and v["archived_at"].date() <= day)
        ]


def add_catalog(session: Session, rng: Random, today: date) -> list[Style]:
    """Write the catalog and return its styles."""
    styles = _styles(session, rng, today)
    for style, key in zip(
        styles, insert_all(session, Product, [style.row for style in styles]), strict=True
    ):
        style.id = key
        style.variants = _variants(rng, style)
    rows = [row for style in styles for row in style.variants]
    _archive_some(rng, rows, today)
    for row, key in zip(rows, insert_all(session, Variant, rows), strict=True):
        row["id"] = key
    return styles


def _styles(session: Session, rng: Random, today: date) -> list[Style]:
    runs = [{"name": _RUN_NAMES.get(name, name), "sizes": sizes} for name, sizes in RUNS.items()]
    run_ids = dict(zip(RUNS, insert_all(session, SizeRun, runs), strict=True))
    _add_prepacks(session, run_ids)
    styles = []
    for shelf, key in zip(SHELVES, _shelf_ids(session), strict=True):
        for line in shelf.styles.strip().splitlines():
            style = _style(rng, shelf, line.strip(), today)
            style.row |= {"category_id": key, "size_run_id": run_ids[style.run]}
            styles.append(style)
    return styles


def _shelf_ids(session: Session) -> list[int]:
    """Write the departments and the shelves in them; return the shelves' keys."""
    tops = [{"name": name, "description": words} for name, words, _ in DEPARTMENTS]
    keys = insert_all(session, Category, tops)
    within = {
        shelf: key
        for key, (_, _, shelves) in zip(keys, DEPARTMENTS, strict=True)
        for shelf in shelves
    }
    shelves = [
        {"name": s.name, "description": s.description, "parent_id": within[s.name]} for s in SHELVES
    ]
    return insert_all(session, Category, shelves)


def _add_prepacks(session: Session, run_ids: dict[str, int]) -> None:
    packs = [
        {"size_run_id": run_ids[run], "name": name, "ratio": ratio} for run, name, ratio in PREPACKS
    ]
    insert_all(session, Prepack, packs)


def _style(rng: Random, shelf: Shelf, line: str, today: date) -> Style:
    """Read one line of a shelf."""
    sku, name, price, material, description, *rest = line.split("|")
    options = rest[0].split(",") if rest else []
    given = dict(option.split("=") for option in options if "=" in option)
    run = given.get("run", "Apparel")
    row = {
        "sku": sku,
        "name": name,
        "description": f"{description}.",
        "base_price": Decimal(price),
        "surcharges": _surcharges(run, Decimal(price)),
        "min_quantity": int(given.get("min", shelf.min_quantity)),
        "order_multiple": MULTIPLES.get(sku, 1),
        "lead_time_days": int(given.get("lead", shelf.lead_time_days)),
        "decoration": _decoration(shelf, options),
        "created_at": _ago(today, rng.randrange(760, 1800)),
        "archived_at": _ago(today, rng.randrange(120, 300)) if "archived" in options else None,
        "version": 1,
    }
    return Style(shelf.name, row, run, material, rng.lognormvariate(0, 0.35))


def _decoration(shelf: Shelf, options: list[str]) -> str | None:
    named = [option for option in options if "=" not in option and option != "archived"]
    decoration = named[0] if named else shelf.decoration
    return None if decoration == "none" else decoration


def _archive_some(rng: Random, variants: list[dict[str, Any]], today: date) -> None:
    """Take a few of the later colours out of the catalog, as happens every year."""
    sold = [row for row in variants if not row["archived_at"] and row["position"] > 3]
    for row in rng.sample(sold, 8):
        row["archived_at"] = _ago(today, rng.randrange(150, 400))


def _surcharges(run: str, price: Decimal) -> dict[str, str]:
    """Return the surcharges of the large sizes, to the half dollar."""
    if run == "Numeric":
        return {size: str(extra) for size, extra in _LARGER_WAIST.items()}
    if run != "Apparel":
        return {}
    halves = {size: max(round(price * share * 2), 3) for size, share in _LARGER.items()}
    return {size: str(cents(Decimal(half) / 2)) for size, half in halves.items()}


def _variants(rng: Random, style: Style) -> list[dict[str, Any]]:
    """Return the colours of a style: neutrals that everybody wears first, then team colours."""
    count = rng.randrange(3, 11) if style.shelf != "Footwear" else 3
    neutrals = rng.sample(_NEUTRALS, min(3, count))
    others = [colour for colour in CODES if colour not in neutrals]
    colours = sorted([*neutrals, *rng.sample(others, count - len(neutrals))], key=[*CODES].index)
    price, cost_share = style.row["base_price"], rng.uniform(0.42, 0.54)
    return [
        {
            "code": f"{style.row['sku']}-{CODES[colour]}",
            "product_id": style.id,
            "colour": colour,
            "material": style.material,
            "price": price + _DEARER[colour] if colour in _DEARER and price < 60 else None,
            "cost": cents(price * Decimal(str(round(cost_share + rng.uniform(0, 0.03), 3)))),
            "position": position,
            "created_at": style.row["created_at"],
            "archived_at": style.row["archived_at"],
            "version": 1,
        }
        for position, colour in enumerate(colours)
    ]


def _ago(today: date, days: int) -> datetime:
    return datetime(today.year, today.month, today.day, 15, tzinfo=UTC) - timedelta(days=days)
