"""What is no good dump is refused in one line, and the database is as it was."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine

from tests.transfer.conftest import everything, forged, members, run


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])


def with_a_changed_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0xFF
    path.write_bytes(content)


def with_a_changed_checksum(path: Path) -> None:
    _rewritten(path, lambda m: m["tables"][-1].update(sha256="0" * 64))


def with_a_row_too_few(path: Path) -> None:
    _rewritten(path, lambda m: m["tables"][-1].update(rows=m["tables"][-1]["rows"] + 1))


def of_a_newer_schema(path: Path) -> None:
    _rewritten(path, lambda m: m.update(schema_revision="9999"))


def of_another_format(path: Path) -> None:
    _rewritten(path, lambda m: m.update(format=2))


def that_names_another_column(path: Path) -> None:
    _rewritten(path, lambda m: m["tables"][0]["columns"].append("x"))


def that_counts_by_what_is_not_there(path: Path) -> None:
    position = {"sequence": "users_id_seq", "table": "orders", "column": "id"}
    _rewritten(path, lambda m: m["positions"].append(position | {"last": 1, "is_used": True}))


def that_is_text(path: Path) -> None:
    path.write_text("name,email\n")


def that_is_another_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("letter.txt", "Dear all")


def whose_manifest_unfolds(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", b" " * 50_000_000)


def whose_manifest_is_none(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", "[" * 100_000)


def that_is_not_there(path: Path) -> None:
    path.unlink()


BAD: dict[Callable[[Path], None], str] = {
    cut: "only a part of one",
    with_a_changed_byte: "only a part of one",
    with_a_changed_checksum: "checksum",
    with_a_row_too_few: "rows instead of",
    of_a_newer_schema: "has schema 9999; this version knows schemas up to",
    of_another_format: "has format 2",
    that_names_another_column: "does not have the columns",
    that_counts_by_what_is_not_there: "which the schema has not",
    that_is_text: "no dump",
    that_is_another_zip: "no usable manifest",
    whose_manifest_unfolds: "no usable manifest",
    whose_manifest_is_none: "manifest of the dump is damaged",
    that_is_not_there: "No such file",
}


def _rewritten(path: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    """Change the manifest alone."""
    content = members(path)
    manifest = json.loads(content["manifest.json"])
    edit(manifest)
    content["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, lines in content.items():
            archive.writestr(name, lines)


def refused(app: Flask, path: Path, words: str) -> None:
    """Import ``path`` and see it refused in one line."""
    result = run(app, "import", path)
    assert result.exit_code == 1
    assert words in result.stderr
    assert "Nothing was changed." in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_a_dump_that_is_damaged_or_of_another_version_is_refused(
    made: Path, target_app: Flask, target: Engine
):
    whole, before = made.read_bytes(), everything(target)
    for spoil, words in BAD.items():
        made.write_bytes(whole)
        spoil(made)
        refused(target_app, made, words)
    assert everything(target) == before


def without_its_customer(manifest: dict[str, Any], content: dict[str, bytes]) -> None:
    lines = content["organizations.ndjson"].splitlines(keepends=True)
    content["organizations.ndjson"] = b"".join(lines[1:])


def of_an_unknown_status(manifest: dict[str, Any], content: dict[str, bytes]) -> None:
    lines = content["orders.ndjson"]
    content["orders.ndjson"] = lines.replace(b'"status":"new"', b'"status":"lost"')


def twice(manifest: dict[str, Any], content: dict[str, bytes]) -> None:
    content["users.ndjson"] += content["users.ndjson"]


def that_is_no_json(manifest: dict[str, Any], content: dict[str, bytes]) -> None:
    content["users.ndjson"] += b"DROP TABLE users\n"


def without_a_table(manifest: dict[str, Any], content: dict[str, bytes]) -> None:
    del content["activities.ndjson"]
    manifest["tables"] = [t for t in manifest["tables"] if t["name"] != "activities"]


ROWS = {
    without_a_table: "activities is not in it",
    without_its_customer: "rows that belong to none",
    of_an_unknown_status: "ck_orders_status",
    twice: "pk_users",
    that_is_no_json: "invalid input syntax for type json",
}


def test_a_row_that_breaks_a_rule_is_refused_though_the_checksums_agree(
    made: Path, target_app: Flask, target: Engine
):
    before = everything(target)
    for edit, words in ROWS.items():
        refused(target_app, forged(made, edit), words)
    assert everything(target) == before


def test_verify_finds_the_same_without_a_database(made: Path, app: Flask):
    whole = made.read_bytes()
    for spoil in (with_a_row_too_few, with_a_changed_byte, cut, that_is_not_there):
        made.write_bytes(whole)
        spoil(made)
        result = run(app, "verify", made)
        assert result.exit_code == 1
        assert BAD[spoil] in result.stderr
