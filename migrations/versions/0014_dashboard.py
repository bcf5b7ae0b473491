"""Sums over orders, kept by triggers; indexes of a salesperson's calendar and of open quotes."""

import sqlalchemy as sa
from alembic import op
revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

MONTH = "date_trunc('month', {0}placed_at AT TIME ZONE 'UTC')::date"
WRITE = "INSERT INTO order_deltas (salesperson_id, organization_id, status, month, delivery_rank, orders, total)"
MOVED = "{0}salesperson_id, {0}organization_id, {0}status, " + MONTH + ", {0}delivery_rank"
KEPT = "{0}salesperson_id, {0}organization_id, {0}status, {0}placed_at, {0}delivery_rank"


def _folded(table: str, keys: str, found: str, condition: str) -> str:
    """Return the part of the folding that moves deltas into one table of sums."""
    return f"""
        INSERT INTO {table} AS kept (person, {keys}, orders, total)
        SELECT person, {found}, sum(orders), sum(total) FROM each WHERE {condition}
        GROUP BY person, {found} HAVING sum(orders) <> 0 OR sum(total) <> 0
        ON CONFLICT (person, {keys}) DO UPDATE
        SET orders = kept.orders + excluded.orders, total = kept.total + excluded.total"""


# Many orders written by one statement are one call; an update of one order writes one row where
# only its money changed. Whoever places, moves or types waits for nobody here.
TRIGGERS = f"""
CREATE FUNCTION order_sums_add() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {WRITE} SELECT {MOVED.format('')}, 1, total FROM written WHERE placed_at IS NOT NULL;
    RETURN NULL;
END $$;
CREATE FUNCTION order_sums_take() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {WRITE} SELECT {MOVED.format('')}, -1, -total FROM written WHERE placed_at IS NOT NULL;
    RETURN NULL;
END $$;
CREATE FUNCTION order_sums_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ({KEPT.format('OLD.')}) IS NOT DISTINCT FROM ({KEPT.format('NEW.')}) THEN
        {WRITE} VALUES ({MOVED.format('NEW.')}, 0, NEW.total - OLD.total);
        RETURN NULL;
    END IF;
    IF OLD.placed_at IS NOT NULL THEN
        {WRITE} VALUES ({MOVED.format('OLD.')}, -1, -OLD.total);
    END IF;
    IF NEW.placed_at IS NOT NULL THEN
        {WRITE} VALUES ({MOVED.format('NEW.')}, 1, NEW.total);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION order_sums_empty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM order_deltas; DELETE FROM order_status_sums; DELETE FROM order_month_sums;
    DELETE FROM order_customer_sums; DELETE FROM order_due_sums;
    RETURN NULL;
END $$;
CREATE TRIGGER order_sums_add AFTER INSERT ON orders REFERENCING NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION order_sums_add();
CREATE TRIGGER order_sums_take AFTER DELETE ON orders REFERENCING OLD TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION order_sums_take();
CREATE TRIGGER order_sums_change AFTER UPDATE ON orders FOR EACH ROW
WHEN ((OLD.placed_at IS NOT NULL OR NEW.placed_at IS NOT NULL)
    AND ({KEPT.format('OLD.')}, OLD.total) IS DISTINCT FROM ({KEPT.format('NEW.')}, NEW.total))
EXECUTE FUNCTION order_sums_change();
CREATE TRIGGER order_sums_empty AFTER TRUNCATE ON orders
FOR EACH STATEMENT EXECUTE FUNCTION order_sums_empty();
"""
# One at a time: the lock keeps out another folding and nothing else. What a transaction that is
# still open wrote is not seen, and stays for the next time. In one statement, so that whoever
# reads finds a delta either where it was or in the sums.
FUNCTIONS = f"""
CREATE FUNCTION fold_order_deltas() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    folded bigint;
BEGIN
    LOCK TABLE order_status_sums IN SHARE UPDATE EXCLUSIVE MODE;
    WITH gone AS (DELETE FROM order_deltas RETURNING *), each AS (
        SELECT person, gone.* FROM gone
        CROSS JOIN LATERAL (VALUES (0), (gone.salesperson_id)) whose (person)
        WHERE person IS NOT NULL
    ), statuses AS ({_folded('order_status_sums', 'status', 'status', 'true')}
    ), months AS ({_folded('order_month_sums', 'month', 'month', "status <> 'cancelled'")}
    ), customers AS ({_folded(
        'order_customer_sums', 'year, organization_id',
        "extract(year FROM month)::int, organization_id",
        "status <> 'cancelled'")}
    ), due AS ({_folded(
        'order_due_sums', 'day', 'delivery_rank',
        "status NOT IN ('shipped', 'completed', 'cancelled')")}
    ) SELECT count(*) INTO folded FROM gone;
    RETURN folded;
END $$;
CREATE FUNCTION refill_order_sums() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE order_status_sums IN SHARE UPDATE EXCLUSIVE MODE;
    LOCK TABLE orders IN SHARE MODE;
    DELETE FROM order_deltas; DELETE FROM order_status_sums; DELETE FROM order_month_sums;
    DELETE FROM order_customer_sums; DELETE FROM order_due_sums;
    {WRITE} SELECT {MOVED.format('')}, 1, total FROM orders WHERE placed_at IS NOT NULL;
    RETURN fold_order_deltas();
END $$;
"""
DROP = """
DROP TRIGGER order_sums_add ON orders;
DROP TRIGGER order_sums_take ON orders;
DROP TRIGGER order_sums_change ON orders;
DROP TRIGGER order_sums_empty ON orders;
DROP FUNCTION order_sums_add();
DROP FUNCTION order_sums_take();
DROP FUNCTION order_sums_change();
DROP FUNCTION order_sums_empty();
DROP FUNCTION refill_order_sums();
DROP FUNCTION fold_order_deltas();
"""


def _sums(name: str, *keys: sa.Column) -> None:
    """Make one table of sums."""
    op.create_table(name,
    sa.Column('person', sa.Integer(), autoincrement=False, nullable=False),
    *keys,
    sa.Column('orders', sa.Integer(), nullable=False),
    sa.Column('total', sa.Numeric(precision=18, scale=2), nullable=False),
    sa.PrimaryKeyConstraint('person', *(key.name for key in keys), name=op.f(f'pk_{name}'))
    )


def upgrade() -> None:
    """Make the tables, the triggers and the indexes, and add up the orders there are."""
    op.create_table('order_deltas',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('salesperson_id', sa.Integer(), nullable=True),
    sa.Column('organization_id', sa.Integer(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('delivery_rank', sa.Date(), nullable=False),
    sa.Column('orders', sa.Integer(), nullable=False),
    sa.Column('total', sa.Numeric(precision=18, scale=2), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_deltas'))
    )
    _sums('order_status_sums', sa.Column('status', sa.Text(), nullable=False))
    _sums('order_month_sums', sa.Column('month', sa.Date(), nullable=False))
    _sums('order_customer_sums',
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('organization_id', sa.Integer(), autoincrement=False, nullable=False))
    _sums('order_due_sums', sa.Column('day', sa.Date(), nullable=False))
    op.create_index('ix_order_customer_sums_total', 'order_customer_sums', ['person', 'year', 'total', 'organization_id'])
    placed = sa.text('code IS NOT NULL')
    op.create_index('ix_orders_salesperson_delivery', 'orders', ['salesperson_id', 'delivery_rank', 'id'], postgresql_where=placed)
    op.create_index('ix_quotes_pipeline', 'quotes', ['status', 'salesperson_id'], postgresql_include=['ordered_at', 'valid_until', 'total'])
    op.execute(TRIGGERS)
    op.execute(FUNCTIONS)
    op.execute('SELECT refill_order_sums()')


def downgrade() -> None:
    """Drop them again."""
    op.execute(DROP)
    op.drop_index('ix_quotes_pipeline', table_name='quotes')
    op.drop_index('ix_orders_salesperson_delivery', table_name='orders')
    for name in ('due', 'customer', 'month', 'status'):
        op.drop_table(f'order_{name}_sums')
    op.drop_table('order_deltas')
