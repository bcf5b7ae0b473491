"""Prints what was measured, and writes it with its charts into ``docs/PERFORMANCE.md``."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jinja2 import Environment, FileSystemLoader

from tests.bench.measure import P50, P95, P99, Measured
from wholesale.config import ROOT

PAGE = ROOT / "docs" / "PERFORMANCE.md"
CHARTS = ROOT / "docs" / "performance"
HEAD = ("p50 ms", "p95 ms", "p99 ms", "SQL ms", "statements", "bytes", "× empty page", "× bare")
BAR, LEFT, WIDTH = 22, 250, 860  # a bar's height, where bars begin, the chart's width
TICKS = (1, 10, 100, 1_000, 10_000, 100_000)


@dataclass(frozen=True)
class Table:
    """One table of the report: its title, heads, and rows of texts."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]

    def markdown(self, below: str = "") -> str:
        """Return the table as Markdown, with a line ``below`` its title."""
        lines = [["", *self.heads], ["---", *["---:"] * len(self.heads)], *self.rows]
        body = "\n".join("| " + " | ".join(line) + " |" for line in lines)
        return f"### {self.title}\n\n{below and below + chr(10) * 2}{body}\n"

    def show(self) -> None:
        """Print the table in columns."""
        names = max([len(row[0]) for row in self.rows] + [len(self.title)])
        print(f"\n{self.title:{names}} " + " ".join(f"{head:>12}" for head in self.heads))
        for name, *values in self.rows:
            print(f"{name:{names}} " + " ".join(f"{value:>12}" for value in values), flush=True)


def single(title: str, empty: Measured, found: Iterable[Measured]) -> Table:
    """Return the table of requests of one person, beside an empty page of the same run."""
    rows = []
    for one in [empty, *found]:
        times = [f"{one.at(part):.1f}" for part in (P50, P95, P99)]
        sql = sorted(one.sql)[len(one.sql) // 2]
        parts = [f"{sql:.1f}", str(one.statements), f"{one.size:,}"]
        rows.append(
            [one.name, *times, *parts, f"{one.ratio(empty):.1f}", f"{one.over_bare(empty):.1f}"]
        )
    return Table(title, HEAD, rows)


def chart(name: str, title: str, bars: Sequence[tuple[str, float, float]]) -> None:
    """Write a chart of bars, each a label, its p50 and its p95 in milliseconds, on a log scale."""
    longest = max(late for _, _, late in bars)
    ticks = [tick for tick in TICKS if tick / 10 < longest]

    def place(value: float) -> float:
        span = math.log10(ticks[-1]) or 1
        return round(LEFT + (WIDTH - LEFT - 70) * max(0, math.log10(max(value, 1))) / span, 1)

    drawn = [
        {"label": label, "top": 48 + row * BAR, "middle": place(p50), "late": place(p95),
         "words": f"{_short(p50)} / {_short(p95)} ms"}
        for row, (label, p50, p95) in enumerate(bars)
    ]  # fmt: skip
    loader = FileSystemLoader(ROOT / "tests" / "bench")
    template = Environment(loader=loader, autoescape=True).get_template("chart.svg")
    shown = {"title": title, "bars": drawn, "left": LEFT, "width": WIDTH}
    marks = [(f"{tick:,}", place(tick)) for tick in ticks]
    CHARTS.mkdir(exist_ok=True)
    text = template.render(height=60 + len(bars) * BAR, ticks=marks, **shown)
    (CHARTS / f"{name}.svg").write_text(text + "\n")


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def write(tables: Sequence[Table], machine: str) -> None:
    """Put ``tables`` between the page's marks, below a line that says what they ran on.

    Tables that were not measured this time stay; the new ones then say what they ran on.
    """
    first, last = "<!-- measured -->\n", "<!-- /measured -->"
    head, rest = PAGE.read_text().split(first)
    body, tail = rest.split(last)
    titles = {table.title for table in tables}
    intro, *parts = body.split("### ")
    kept = [part for part in parts if part.partition("\n")[0] not in titles]
    below = machine.partition("; ")[2] if kept else ""
    intro = intro if kept else machine + "\n\n"
    old = "".join(f"### {part.rstrip()}\n\n" for part in kept)
    fresh = "\n".join(table.markdown(below) for table in tables)
    PAGE.write_text(head + first + intro + old + fresh + last + tail)
