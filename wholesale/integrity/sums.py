"""The invariant of the sums that the database keeps over orders for the dashboard."""

from wholesale.integrity.invariant import Invariant

SOLD = "status <> 'cancelled'"
IN_HOUSE = "status NOT IN ('shipped', 'completed', 'cancelled')"
MONTH = "date_trunc('month', placed_at AT TIME ZONE 'UTC')::date"
YEAR = "extract(year FROM {})::int || ' customer ' || organization_id"
# For each table of sums: its key as text; the same of a delta, of an order; what it counts.
KEPT = {
    "order_status_sums": ("status", "status", "status", "true"),
    "order_month_sums": ("month::text", "month::text", f"{MONTH}::text", SOLD),
    "order_customer_sums": (
        "year || ' customer ' || organization_id",
        YEAR.format("month"),
        YEAR.format("placed_at AT TIME ZONE 'UTC'"),
        SOLD,
    ),
    "order_due_sums": ("day::text", "delivery_rank::text", "delivery_rank::text", IN_HOUSE),
}
EACH = "CROSS JOIN LATERAL (VALUES (0), (salesperson_id)) whose (person)"


# One table's sums that differ from the orders, what waits to be folded counted in.
ASTRAY = """
SELECT '{table}', 'person ' || person || ' ' || key,
    sum(orders) || ' orders and ' || sum(total) || ' too many'
FROM (
    SELECT person, {kept} AS key, orders, total FROM {table}
    UNION ALL SELECT person, {delta}, orders, total FROM order_deltas {each}
    WHERE person IS NOT NULL AND {counted}
    UNION ALL SELECT person, {order}, -1, -total FROM orders {each}
    WHERE person IS NOT NULL AND code IS NOT NULL AND placed_at IS NOT NULL AND {counted}
) AS each GROUP BY person, key HAVING sum(orders) <> 0 OR sum(total) <> 0"""
SUMS = (
    Invariant(
        "order_sums_agree",
        "What the dashboard adds up is what the orders come to.",
        "flask integrity refill-sums adds them up anew; orders cannot be saved meanwhile.",
        " UNION ALL ".join(
            ASTRAY.format(
                table=table, kept=kept, delta=delta, order=order, counted=counted, each=EACH
            )
            for table, (kept, delta, order, counted) in KEPT.items()
        ),
    ),
)
