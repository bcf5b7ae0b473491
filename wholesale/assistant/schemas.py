"""What an answer of the model has to look like; anything else is refused."""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from wholesale.assistant.gemini import Reply, Trouble
from wholesale.assistant.models import Outcome

Short = Annotated[str, Field(max_length=200)]
Words = Annotated[str, Field(max_length=500)]


class Answer(BaseModel):
    """The base of all answers: no field besides those that were asked for."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class ProposedRow(Answer):
    """One size of one product that a mail or a file orders."""

    product: Short = Field(description="SKU or name of the product as it is written, no colour")
    colour: Short = Field(description="colour as it is written, or empty")
    size: Annotated[str, Field(max_length=20)] = Field(description="size as written, or empty")
    units: int = Field(ge=0, le=99_999, description="units ordered, 0 when it is not said")
    words: Words = Field(description="the words of the material that say so, copied exactly")


class ProposedRows(Answer):
    """All that a mail or a file orders."""

    rows: list[ProposedRow] = Field(max_length=500)


class Statement(Answer):
    """One sentence, and the facts that show it."""

    text: Words = Field(min_length=1)
    facts: list[Short] = Field(max_length=10, description="ids of the facts, such as F3")


class Summary(Answer):
    """What happened, what is open, what comes next."""

    happened: list[Statement] = Field(max_length=8)
    open: list[Statement] = Field(max_length=8)
    next_step: list[Statement] = Field(max_length=3)


class WantedFilter(Answer):
    """One filter of a list."""

    name: Short
    value: Short


class WantedList(Answer):
    """Which list answers a question, narrowed by what."""

    which: Literal["orders", "quotes", "leads", "organizations", "contacts", "products"]
    filters: list[WantedFilter] = Field(max_length=12)
    sort: Annotated[str, Field(max_length=40)] = Field(description="a sort of the list, or empty")


class MailDraft(Answer):
    """A mail to be edited."""

    subject: Short = Field(min_length=1)
    body: Annotated[str, Field(max_length=5000, min_length=1)]


class CleanRecord(Answer):
    """One record's names and addresses, cleaned; what a kind of record lacks is empty."""

    id: Short = Field(description="id of the record, such as R3")
    name: Words
    title: Short
    street: Words
    city: Short
    region: Short
    postal_code: Short
    country: Short


class CleanRecords(Answer):
    """The records that need cleaning."""

    records: list[CleanRecord] = Field(max_length=50)


Expected = TypeVar("Expected", bound=Answer)


def read_answer(reply: Reply, expected: type[Expected]) -> Expected:
    """Return ``reply`` as what was asked for. Raises Trouble for anything else."""
    try:
        return expected.model_validate_json(reply.text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        detail = f"{error.error_count()} problems, the first at {where or 'the top'}: "
        raise Trouble(Outcome.GARBAGE, detail + first["msg"], reply) from None


def gemini_schema(expected: type[Answer]) -> dict[str, Any]:
    """Return the shape of an answer as Gemini is told it: no references, types in capitals."""
    schema = expected.model_json_schema()
    return _plain(schema, schema.get("$defs", {}))


def _plain(node: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in node:
        return _plain(known[node["$ref"].rpartition("/")[2]], known)
    found: dict[str, Any] = {"type_": node["type"].upper()}
    if "description" in node and node["type"] != "object":
        found["description"] = node["description"]
    if "enum" in node:
        found |= {"enum": node["enum"], "format_": "enum"}
    if "properties" in node:
        found["properties"] = {name: _plain(one, known) for name, one in node["properties"].items()}
        found["required"] = node["required"]
    if "items" in node:
        found["items"] = _plain(node["items"], known)
    return found
