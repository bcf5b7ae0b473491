"""What a dump says of itself: format, schema, and what each table has to come to."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from wholesale.core.errors import DomainError

FORMAT = 1
LARGEST = 2 * 1024 * 1024
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Count = Annotated[int, Field(ge=0, lt=2**53)]


class Part(BaseModel):
    """The base of all parts: no field besides those of this format."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TableOf(Part):
    """One table: its columns, and what its lines come to."""

    name: Name
    columns: list[Name] = Field(min_length=1, max_length=500)
    rows: Count
    bytes: Count
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")

    @property
    def member(self) -> str:
        """The name of the table's lines within the dump."""
        return f"{self.name}.ndjson"


class Position(Part):
    """How far a sequence has counted; ``table`` and ``column`` are empty for one by itself."""

    sequence: Name
    table: Name | None = None
    column: Name | None = None
    last: int = Field(ge=-(2**63), lt=2**63)
    is_used: bool


class Manifest(Part):
    """The whole of it."""

    format: int = Field(default=FORMAT, ge=FORMAT, le=FORMAT)
    application: str = Field(max_length=100)
    schema_revision: str = Field(pattern=r"^[0-9a-z_]{1,40}$")
    created_at: datetime
    is_anonymized: bool
    tables: list[TableOf] = Field(max_length=500)
    positions: list[Position] = Field(max_length=5000)
    left_out: dict[str, str]

    @property
    def rows(self) -> int:
        """How many rows the dump holds."""
        return sum(table.rows for table in self.tables)

    @property
    def bytes(self) -> int:
        """How many bytes its lines are."""
        return sum(table.bytes for table in self.tables)


class _Format(BaseModel):
    format: int


def parsed(text: bytes) -> Manifest:
    """Return the manifest of ``text``; raises DomainError when it is none of this version."""
    try:
        found = _Format.model_validate_json(text).format
        if found != FORMAT:
            raise DomainError(
                f"The dump has format {found}; this version reads format {FORMAT}."
                " Import it with the version that wrote it."
            )
        manifest = Manifest.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "its text"
        raise DomainError(
            f"The manifest of the dump is damaged: {where}: {first['msg']}."
        ) from error
    names = [table.name for table in manifest.tables]
    if len(set(names)) != len(names):
        raise DomainError("The manifest of the dump is damaged: it names a table twice.")
    return manifest
