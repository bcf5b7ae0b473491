"""Conditions on search keys: what begins with, holds every word of, or resembles what was typed."""

from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import custom_op

from wholesale.core.text import like_pattern

WORDS = 8  # more of them narrow nothing that the first ones did not
SHORTEST = 3  # letters from which on the trigram index knows where to look
LAST_LETTER = "\U0010ffff"
RESEMBLING = (0.6, 0.4)  # of the typed trigrams: first nearly all, then about half


def begins(column: Any, q: str) -> Any:
    """Return the condition that ``column`` begins with ``q``, as a range of its byte order.

    A LIKE would find its index only while the plan knows the pattern.
    """
    key = func.search_key(q)
    return and_(column.op("~>=~")(key), column.op("~<~")(key.op("||")(LAST_LETTER)))


def in_byte_order(column: Any) -> Any:
    """Return ``column`` for ORDER BY, along the index that ``begins`` uses."""
    return UnaryExpression(column, modifier=custom_op("USING ~<~"))


def holds(column: Any, q: str) -> Any:
    """Return the condition that ``column`` holds every word of ``q``, in any order."""
    words = q.split()[:WORDS]
    return and_(*(column.like(func.search_key(like_pattern(word))) for word in words))


def begins_a_word(column: Any, q: str) -> Any:
    """Return the condition that a word of ``column`` begins with ``q``."""
    return func.concat(" ", column).like(func.search_key(like_pattern(f" {q}")))


def has_word_like(column: Any, q: str) -> Any:
    """Return the condition that a word after the first begins with ``q``; two letters suffice."""
    return column.like(func.search_key(like_pattern(f" {q}")))


def resembles(column: Any, q: str) -> Any:
    """Return the condition that ``column`` has words much like ``q``; ``widen`` says how much."""
    return column.op("%>")(func.search_key(q))


def likeness(column: Any, q: str) -> Any:
    """Return how much the words of ``column`` are like ``q``, from 0 to 1."""
    return func.word_similarity(func.search_key(q), column)


def widen(session: Session, share: float) -> None:
    """Let ``resembles`` take what is alike by ``share``, until the transaction ends."""
    name = "pg_trgm.word_similarity_threshold"
    session.execute(select(func.set_config(name, str(share), True)))


def first_of(query: Select[Any], key: Any, count: int) -> Select[Any]:
    """Select the keys of ``count`` of ``query``'s rows, whichever its index gives first.

    The rows are fenced off: with the limit in sight the planner would rather read the
    table, and read it to the end where few rows match.
    """
    fenced = query.with_only_columns(key.label("key")).cte().prefix_with("MATERIALIZED")
    return select(fenced.c.key).limit(count)
