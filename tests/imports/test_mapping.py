"""A mapping that names what does not exist is refused before any row is read."""

from pathlib import Path
from typing import Any

import pytest

from wholesale.imports.mapping import Field
from wholesale.imports.mapping_file import MappingError, parse_mapping, read_mapping
from wholesale.imports.northwind import MAPPING


def mapping_with(**target: Any):
    given = {"record": "categories", "file": "c.csv", "fields": {"name": "name"}} | target
    return parse_mapping({"title": "Test", "target": [given]})


def test_the_northwind_mapping_loads_what_others_need_first():
    names = [target.record.name for target in read_mapping(MAPPING).targets]
    assert names.index("organizations") < names.index("contacts") < names.index("orders")
    assert names[-1] == "order_lines"


def test_a_field_takes_the_converter_of_its_column_unless_it_names_another():
    fields = {"code": "id", "placed_at": "day", "freight": "cost"}
    (target,) = mapping_with(record="orders", fields=fields).targets
    assert [field.convert for field in target.fields] == ["text", "noon", "money"]


def test_a_template_joins_columns_and_fills_numbers_with_zeros():
    assert Field("code", lines=("NW-{id:3}",)).text({"id": "7"}) == "NW-007"
    assert Field("code", lines=("NW-{id:3}",)).text({"id": ""}) == ""


def test_a_line_none_of_whose_columns_is_filled_is_dropped():
    field = Field("address", lines=("{street}", "{city} {zip}", "{country}"))
    cells = {"street": "Torikatu 38", "city": "", "zip": " ", "country": "Finland"}
    assert field.text(cells) == "Torikatu 38\nFinland"


def test_cells_are_never_read_as_templates():
    assert Field("name", lines=("{name}",)).text({"name": "{secret}"}) == "{secret}"


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ({"record": "users"}, "there is no record “users”"),
        ({"fields": {"name": "n", "password": "p"}}, "categories, password: there is no such"),
        ({"fields": {"name": {"column": "n", "convert": "magic"}}}, "convert is one of"),
        ({"fields": {"name": {"column": "n", "constant": "x"}}}, "give one of"),
        ({"fields": {"description": "d"}}, "its key needs name"),
        ({"file": "../../secrets.csv"}, "without a folder"),
        ({"file": None}, "either a file or rows"),
        ({"existing": "delete"}, "existing is one of"),
        ({"fields": {"name": {"filled": "n", "then": "a"}}}, "“otherwise” is missing"),
    ],
)
def test_a_mapping_that_cannot_work_says_where(target: dict[str, Any], reason: str):
    with pytest.raises(MappingError, match=reason):
        mapping_with(**target)


def test_no_mapping_can_give_a_role_or_a_password():
    for name in ("role", "password_hash", "is_active"):
        fields = {"reference": "id", name: "x"}
        with pytest.raises(MappingError, match="there is no such field"):
            mapping_with(record="salespeople", fields=fields)


def test_a_file_that_is_no_toml_is_refused_with_its_name(tmp_path: Path):
    broken = tmp_path / "broken.toml"
    broken.write_text("title = ")
    with pytest.raises(MappingError, match=r"broken\.toml"):
        read_mapping(broken)
