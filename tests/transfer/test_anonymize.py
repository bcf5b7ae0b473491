"""An anonymized dump holds nothing that identifies anybody, and is still of use."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.cast import EMAILS, NAMES, Cast
from tests.transfer.conftest import members, run
from tests.transfer.filling import ADDRESS, CANARY, HARMLESS, canaries
from wholesale.audit.queries import first_break
from wholesale.extensions import db
from wholesale.integrity.operations import check
from wholesale.transfer import replacing
from wholesale.transfer.decisions import DECISIONS, undecided
from wholesale.transfer.left_out import travelling

CUSTOMERS = ("Wolverton", "Bärenfels", "Coach Carter", "Berta Bär")


@pytest.fixture
def anonymous(app: Flask, filled: Session, tmp_path: Path) -> Path:
    """An anonymized dump of the filled database."""
    path = tmp_path / "anonymous.zip"
    result = run(app, "export", path, "--anonymize")
    assert result.exit_code == 0, result.output
    return path


def rows(path: Path, table: str) -> list[dict[str, Any]]:
    """Return the rows of a table in a dump."""
    return [json.loads(line) for line in members(path)[f"{table}.ndjson"].splitlines()]


def originals(session: Session) -> set[str]:
    """Return every text that the database holds where somebody could be named."""
    found: set[str] = set()
    for name in db.metadata.tables:
        for column in canaries(db.metadata.tables[name]):
            query = f"SELECT {column}::text FROM {name} WHERE {column} <> ''"
            found.update(session.scalars(text(query)))
    return found


def test_no_original_value_is_anywhere_in_the_dump(anonymous: Path, filled: Session, cast: Cast):
    content = b"".join(members(anonymous).values()).decode()
    texts = originals(filled)
    assert len(texts) > 80
    written = [
        json.dumps(one, ensure_ascii=ascii)[1:-1] for one in texts for ascii in (True, False)
    ]
    left = [
        word for word in written if len(word) > 3 and not word.isdigit() and _within(word, content)
    ]
    assert left == []
    for trace in (CANARY, ADDRESS, *CUSTOMERS, *EMAILS.values(), *NAMES.values(), "argon2"):
        assert trace.lower() not in content.lower(), trace
    assert CANARY.encode().hex() not in content


def _within(word: str, content: str) -> bool:
    """Tell whether ``word`` stands in ``content`` as a word of its own."""
    return word in content and bool(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", content))


def test_the_same_original_has_one_replacement_and_no_guess_finds_it(
    app: Flask, anonymous: Path, filled: Session, cast: Cast, tmp_path: Path
):
    code = filled.scalar(text("SELECT code FROM quotes ORDER BY id LIMIT 1"))
    named = next(
        one["name"] for one in rows(anonymous, "organizations") if one["id"] == cast.organization
    )
    said = rows(anonymous, "quote_revisions")[0]["content"]
    assert said["customer"] == named
    assert said["code"] == code
    quote = next(one for one in rows(anonymous, "quotes") if one["code"] == code)
    assert named.lower() in quote["search"]
    seller = next(u for u in rows(anonymous, "users") if u["id"] == cast.users["sales"])
    assert said["salesperson"] == seller["name"]
    assert said["salesperson_email"] == seller["email"]
    other = tmp_path / "other.zip"
    assert run(app, "export", other, "--anonymize").exit_code == 0
    again = {one["name"] for one in rows(other, "organizations")}
    assert named not in again  # another dump, another secret


def test_a_copy_is_whole_though_nobody_is_in_it(anonymous: Path, target_app: Flask, target: Engine):
    result = run(target_app, "import", anonymous)
    assert result.exit_code == 0, result.output
    assert "chained anew" in result.stdout
    with Session(target) as session:
        assert first_break(session) is None
        hashes = "SELECT count(*) FROM users WHERE password_hash IS NOT NULL"
        assert session.scalar(text(hashes)) == 0
        assert session.scalar(text("SELECT count(*) FROM audit_entries")) > 10
        pictures = [one for one in check(session) if one.invariant.name == "pictures_are_whole"]
        assert pictures == []
        mails = session.scalars(text("SELECT email FROM users")).all()
        assert mails
        assert all(mail.endswith("@anonymous.example") for mail in mails)


def test_somebody_has_decided_on_every_column_that_can_hold_words():
    assert undecided() == []
    for table, columns in DECISIONS.items():
        assert table in travelling(is_anonymized=True)
        assert columns.keys() <= set(db.metadata.tables[table].columns.keys()), table


def test_what_is_kept_is_on_the_list_of_harmless_words():
    """Said twice, here and in the decisions: neither can let a name slip by alone."""
    for table, columns in DECISIONS.items():
        kept = {name for name, rule in columns.items() if rule is replacing.keep}
        assert not kept & set(canaries(db.metadata.tables[table])), (table, HARMLESS)


def test_a_column_without_a_decision_stops_the_export(
    app: Flask, filled: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delitem(DECISIONS["contacts"], "email")
    result = run(app, "export", tmp_path / "new.zip", "--anonymize")
    assert result.exit_code == 1
    assert "contacts.email" in result.stderr
    assert list(tmp_path.iterdir()) == []
