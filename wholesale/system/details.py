"""Everything a monitor asks of the running application, as one mapping."""

import os
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wholesale.accounts.models import SignInSession
from wholesale.config import VERSION
from wholesale.core.clock import now
from wholesale.extensions import db
from wholesale.jobs import queries as jobs
from wholesale.system.doctor import examine
from wholesale.system.schema import is_behind, present
from wholesale.web.vitals import VITALS

PAGE = os.sysconf("SC_PAGE_SIZE")


def details(session: Session) -> dict[str, Any]:
    """Return version, uptime, schema, pool, memory, sessions, answers, queue, and each part."""
    schema = present(session)
    queue = jobs.health(session)
    signed_in = select(func.count()).where(
        SignInSession.user_id.is_not(None), SignInSession.expires_at > now()
    )
    pool: Any = db.engine.pool
    return {
        "version": VERSION,
        "uptime_seconds": round(VITALS.uptime),
        "migrations": {"present": list(schema), "pending": is_behind(schema)},
        "pool": {"size": pool.size(), "in_use": pool.checkedout(), "overflow": pool.overflow()},
        "memory_bytes": _memory(),
        "active_sessions": session.scalar(signed_in) or 0,
        "response_ms": VITALS.quantiles(),
        "responses": dict(VITALS.counts),
        "queue": {"workers": queue.workers, "waiting": queue.waiting, "dead": queue.dead},
        "parts": {part.name.lower(): part.as_json() for part in examine(session)},
    }


def prometheus(found: dict[str, Any]) -> str:
    """Return ``details`` in the text format of Prometheus."""
    gauges = {
        "uptime_seconds": found["uptime_seconds"],
        "migrations_pending": int(found["migrations"]["pending"]),
        "memory_bytes": found["memory_bytes"],
        "active_sessions": found["active_sessions"],
        **{f"pool_{name}": value for name, value in found["pool"].items()},
        **{f"queue_{name}": value for name, value in found["queue"].items()},
    }
    lines = []
    for name, value in gauges.items():
        lines += [f"# TYPE wholesale_{name} gauge", f"wholesale_{name} {value}"]
    lines.append("# TYPE wholesale_responses_total counter")
    for status, count in sorted(found["responses"].items()):
        lines.append(f'wholesale_responses_total{{status="{status}"}} {count}')
    lines.append("# TYPE wholesale_response_ms gauge")
    for name, value in found["response_ms"].items():
        lines.append(f'wholesale_response_ms{{quantile="0.{name[1:]}"}} {value}')
    lines.append("# TYPE wholesale_part_trouble gauge")
    for name, part in found["parts"].items():
        lines.append(f'wholesale_part_trouble{{part="{name}"}} {int(bool(part["problem"]))}')
    return "\n".join(lines) + "\n"


def _memory() -> int:
    """Return the bytes of memory in use, where the system tells."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * PAGE
    except OSError:
        return 0
