"""What an import did, or why it did nothing."""

from dataclasses import dataclass, field
from decimal import Decimal

from wholesale.core.errors import Invalid

MOST_PROBLEMS = 50


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a file; a header's or a whole file's has no column."""

    file: str
    line: int | None
    column: str | None
    reason: str

    def __str__(self) -> str:
        place = [self.file]
        if self.line is not None:
            place.append(f"line {self.line}")
        if self.column:
            place.append(self.column)
        return f"{', '.join(place)}: {self.reason}"


class ImportRefused(Invalid):
    """Nothing was written; ``problems`` says why, at most ``MOST_PROBLEMS`` of them."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems[:MOST_PROBLEMS]
        super().__init__("Nothing was imported.\n" + "\n".join(map(str, self.problems)))


@dataclass
class Counts:
    """How many rows of one target were new, differed, or stood already."""

    record: str
    created: int = 0
    updated: int = 0
    unchanged: int = 0

    @property
    def label(self) -> str:
        """The words on screen."""
        return self.record.replace("_", " ").capitalize()


@dataclass
class Report:
    """The counts per target, in the order of loading, and the orders' sum to check against."""

    title: str
    is_dry_run: bool = False
    counts: list[Counts] = field(default_factory=list)
    subtotal: Decimal | None = None
    expected_subtotal: Decimal | None = None
    # Each line is rounded to the cent, so the sum may be off by half a cent a line.
    tolerance: Decimal = Decimal(0)

    @property
    def changed(self) -> bool:
        """Whether any row was created or updated."""
        return any(c.created or c.updated for c in self.counts)

    @property
    def agrees(self) -> bool:
        """Whether the orders' sum is the expected one; true where nothing is expected."""
        if self.expected_subtotal is None:
            return True
        return abs((self.subtotal or Decimal(0)) - self.expected_subtotal) <= self.tolerance

    def lines(self) -> list[str]:
        """Return the report as lines of text for a terminal."""
        head = f"{self.title}, dry run: nothing is kept." if self.is_dry_run else self.title
        rows = [
            f"  {c.label:<14}{c.created:>7,} created{c.updated:>7,} updated"
            f"{c.unchanged:>7,} unchanged"
            for c in self.counts
        ]
        return [head, *rows, *self._sum_lines(), *self._verdict()]

    def _sum_lines(self) -> list[str]:
        if self.subtotal is None:
            return []
        found = f"  Orders before freight: {self.subtotal:,.2f}"
        if self.expected_subtotal is None:
            return [found]
        verdict = "agrees to the rounding of the lines" if self.agrees else "DIFFERS"
        return [f"{found} (expected {self.expected_subtotal:,.2f}: {verdict})"]

    def _verdict(self) -> list[str]:
        return [] if self.changed else ["Nothing changed: every record was there already."]
