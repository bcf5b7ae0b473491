"""What comes by itself comes once, however many processes are up."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

TICK = text("""
SELECT procrastinate.procrastinate_defer_periodic_job_v2(
    'default', NULL, NULL, 'notifications.digest', 0, '', 1795718700, '{}'
)
""")


def test_of_five_processes_at_one_tick_one_defers_the_job(engine: Engine, session: Session):
    def tick(_: int) -> int | None:
        with engine.begin() as connection:
            return connection.execute(TICK).scalar()

    with ThreadPoolExecutor(5) as processes:
        made = [key for key in processes.map(tick, range(5)) if key]
    assert len(made) == 1
    jobs = text("SELECT count(*) FROM procrastinate.procrastinate_jobs")
    assert session.scalar(jobs) == 1
