"""Loads rows that are lines of orders: an order goes in whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from wholesale.imports.batches import Work, load_batch
from wholesale.imports.entries import Entry, Outcome
from wholesale.imports.mapping import Target
from wholesale.imports.reader import Row
from wholesale.imports.report import Problem
from wholesale.imports.results import Result, result_of


@dataclass
class Head:
    """What the first row of an order says of it."""

    line: int
    texts: dict[str, str]
    is_good: bool = False


@dataclass
class OrderRows:
    """The orders met so far, and which of them have a row that is wrong."""

    order: Target
    line: Target
    heads: dict[str, Head] = field(default_factory=dict)
    # Order → the first line of it that is wrong.
    bad: dict[str, int] = field(default_factory=dict)
    # What an earlier pass found wrong: those orders are left out.
    left_out: dict[str, int] = field(default_factory=dict)
    # The rows that were loaded, by the table of their totals.
    order_ids: set[int] = field(default_factory=set)

    def load(self, work: Work, rows: Sequence[Row]) -> list[Result]:
        """Load rows and return what each came to, its order and its line together."""
        wanted = [row for row in rows if self.code(row) not in self.left_out]
        heads = {e.row.line: e for e in load_batch(work, self.order, self._first_rows(wanted))}
        for entry in heads.values():
            self.heads[self.code(entry.row)].is_good = not entry.problems
        lines = {e.row.line: e for e in load_batch(work, self.line, self._following(wanted))}
        return [self._result(row, heads.get(row.line), lines.get(row.line)) for row in rows]

    def code(self, row: Row) -> str:
        """Return the order that a row names."""
        given = next(item for item in self.order.fields if item.name == "code")
        return row.cells.get(given.columns[0], "").strip().upper()

    def _first_rows(self, rows: Sequence[Row]) -> list[Row]:
        first = []
        for row in rows:
            code = self.code(row)
            if code not in self.heads:
                texts = {} if row.fault else self._texts(row)
                self.heads[code] = Head(row.line, texts)
                first.append(row)
        return first

    def _texts(self, row: Row) -> dict[str, str]:
        return {given.name: given.text(row.cells).strip() for given in self.order.fields}

    def _following(self, rows: Sequence[Row]) -> list[Row]:
        """Return the rows whose order is good; a row that was read as broken is told as such."""
        return [row for row in rows if row.fault or self.heads[self.code(row)].is_good]

    def _result(self, row: Row, head: Entry | None, line: Entry | None) -> Result:
        problems = self._contradictions(row)
        if line is not None:
            result = result_of(self.line, line)
            self._count(line)
        else:
            result = Result(row.line, str(Outcome.ERROR), self.code(row), [], {}, dict(row.cells))
        if head is not None:
            problems = head.problems + problems
            self._add_head(result, result_of(self.order, head))
        elif line is None:
            first = self.heads.get(self.code(row))
            where = self.left_out.get(self.code(row)) or (first.line if first else row.line)
            reason = f"Line {where} of this order is wrong. An order is imported whole or not."
            problems.append(Problem(self.line.file, row.line, None, reason))
        self._blame(row, result, problems)
        return result

    def _blame(self, row: Row, result: Result, problems: list[Problem]) -> None:
        told = [{"column": p.column, "reason": p.reason} for p in problems]
        result.problems += [problem for problem in told if problem not in result.problems]
        if problems:
            result.outcome, result.cells = str(Outcome.ERROR), dict(row.cells)
        if result.outcome == Outcome.ERROR:
            self.bad.setdefault(self.code(row), row.line)

    def _contradictions(self, row: Row) -> list[Problem]:
        """A later row may leave empty what is said of the order, but not say something else."""
        first = self.heads.get(self.code(row))
        if first is None or first.line == row.line or row.fault or not first.texts:
            return []
        return [
            Problem(
                self.order.file,
                row.line,
                self.order.column(name, row.cells),
                f"Line {first.line} says “{first.texts[name]}” of this order.",
            )
            for name, text in self._texts(row).items()
            if text and name != "code" and text != first.texts[name]
        ]

    def _count(self, line: Entry) -> None:
        if line.id and line.outcome is not Outcome.UNCHANGED:
            self.order_ids.add(line.values["order_id"])

    def _add_head(self, result: Result, head: Result) -> None:
        result.changes = head.changes | result.changes
        if result.outcome == Outcome.UNCHANGED and head.outcome == Outcome.UPDATE:
            result.outcome = str(Outcome.UPDATE)
