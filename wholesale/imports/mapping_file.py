"""Reads a mapping from TOML and refuses one that names what does not exist."""

import tomllib
from collections.abc import Mapping as Dictionary
from decimal import Decimal
from pathlib import Path
from typing import Any

from wholesale.core.errors import Invalid
from wholesale.imports.convert import CONVERTERS, usual_converter
from wholesale.imports.mapping import Field, Mapping, Target
from wholesale.imports.records import RECORDS, Record

_SOURCES = ("column", "template", "lines", "constant", "filled", "sizes")
_OPTIONS = ("convert", "then", "otherwise")
_EXISTING = ("update", "keep")


class MappingError(Invalid):
    """A mapping that cannot be used; the message says where and why."""


def read_mapping(path: Path) -> Mapping:
    """Read a mapping from a TOML file. Raises MappingError that names the place."""
    try:
        given = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
        raise MappingError(f"{path.name}: {error}") from error
    return parse_mapping(given, path.name)


def parse_mapping(given: Dictionary[str, Any], name: str = "mapping") -> Mapping:
    """Return the mapping that ``given`` (as TOML is read) describes. Raises MappingError."""
    try:
        targets = tuple(_target(target) for target in given["target"])
        expected = given.get("expected", {}).get("subtotal")
        return Mapping(given["title"], targets, Decimal(expected) if expected else None)
    except KeyError as error:
        raise MappingError(f"{name}: “{error.args[0]}” is missing.") from error
    except (ValueError, TypeError, AttributeError, ArithmeticError) as error:
        raise MappingError(f"{name}: {error}") from error


def _target(given: Dictionary[str, Any]) -> Target:
    record = RECORDS.get(given["record"])
    if record is None:
        raise ValueError(f"there is no record “{given['record']}” ({', '.join(RECORDS)})")
    fields = tuple(_field(record, key, source) for key, source in given["fields"].items())
    absent = [key for key in record.key if key not in given["fields"]]
    if absent:
        raise ValueError(f"{record.name}: its key needs {', '.join(absent)}")
    existing = given.get("existing", "update")
    if existing not in _EXISTING:
        raise ValueError(f"{record.name}: existing is one of {', '.join(_EXISTING)}")
    file, rows = _file_or_rows(record, given)
    return Target(record, file, rows, fields, given.get("alias"), existing == "keep")


def _file_or_rows(
    record: Record, given: Dictionary[str, Any]
) -> tuple[str, tuple[Dictionary[str, str], ...] | None]:
    file, rows = given.get("file"), given.get("rows")
    if (file is None) == (rows is None):
        raise ValueError(f"{record.name} needs either a file or rows")
    if file is not None and Path(file).name != file:
        raise ValueError(f"{record.name}: “{file}” must be a file's name without a folder")
    return file or "the mapping", None if rows is None else tuple(rows)


def _field(record: Record, name: str, source: str | Dictionary[str, Any]) -> Field:
    """Read one field: a string is short for ``{ column = … }``."""
    place = f"{record.name}, {name}"
    if name not in record.fields:
        raise ValueError(f"{place}: there is no such field ({', '.join(record.fields)})")
    given = {"column": source} if isinstance(source, str) else source
    kinds = [kind for kind in _SOURCES if kind in given]
    unknown = [key for key in given if key not in (*_SOURCES, *_OPTIONS)]
    if len(kinds) != 1 or unknown:
        raise ValueError(f"{place}: give one of {', '.join(_SOURCES)}")
    convert = given.get("convert") or usual(record, name, kinds[0])
    if convert not in CONVERTERS:
        raise ValueError(f"{place}: convert is one of {', '.join(CONVERTERS)}")
    return _with_source(name, convert, kinds[0], given)


def usual(record: Record, name: str, kind: str) -> str:
    """Return the converter for a field that is not given one."""
    if kind == "lines":
        return "text_block"
    if name == "archived":
        return "flag"
    return "text" if name in record.references else usual_converter(record.column(name))


def _with_source(name: str, convert: str, kind: str, given: Dictionary[str, Any]) -> Field:
    value = given[kind]
    match kind:
        case "column":
            return Field(name, convert, either=(value,))
        case "template":
            return Field(name, convert, lines=(value,))
        case "lines":
            return Field(name, convert, lines=tuple(value))
        case "constant":
            return Field(name, convert, constant=str(value))
        case "filled":
            return Field(name, convert, choice=(value, given["then"], given["otherwise"]))
        case _:
            return Field(name, convert, sizes=dict(value))
