"""What stands in a copy for what identifies somebody, as SQL around a column.

Everything follows from the original and a random key that only the running export knows: the
same original gives the same replacement everywhere in one dump, and nobody can try guesses.
"""

from collections.abc import Callable

KEY = "transfer.key"
PIXEL = "524946461e000000574542505650384c110000002f000000000750cb5ad6b2ff8188e87f0000"
PIXEL_BYTES = f"decode('{PIXEL}', 'hex')"

Rule = Callable[[str], str]


def _digest(value: str) -> str:
    return (
        f"encode(sha256(convert_to(current_setting('{KEY}') || lower(({value})::text), 'UTF8')),"
        " 'hex')"
    )


def _unless_empty(value: str, then: str) -> str:
    return f"CASE WHEN ({value})::text = '' THEN '' ELSE {then} END"


def _labelled(word: str) -> Rule:
    def rule(value: str) -> str:
        return _unless_empty(value, f"'{word} ' || left({_digest(value)}, 12)")

    return rule


def keep(value: str) -> str:
    """The value itself: it identifies nobody."""
    return value


def gone(value: str) -> str:
    """Nothing."""
    return "NULL"


def blank(value: str) -> str:
    """An empty text."""
    return "''"


def nothing_in_it(value: str) -> str:
    """An empty object."""
    return "'{}'::jsonb"


person, customer = _labelled("Person"), _labelled("Customer")
place, words = _labelled("Place"), _labelled("Text")
file_name = _labelled("File")


def mail(value: str) -> str:
    """An address that nobody has."""
    return _unless_empty(value, f"left({_digest(value)}, 16) || '@anonymous.example'")


def phone(value: str) -> str:
    """A number that nobody has."""
    number = f"('x' || left({_digest(value)}, 7))::bit(28)::int % 10000000"
    return _unless_empty(value, f"'+1 555 ' || lpad(({number})::text, 7, '0')")


def reference(value: str) -> str:
    """A short code, as unique as the original."""
    return _unless_empty(value, f"'R' || left({_digest(value)}, 16)")


def token(value: str) -> str:
    """64 hex digits, as a hash has them."""
    return _unless_empty(value, _digest(value))


def object_key(value: str) -> str:
    """A key under which no storage has anything."""
    return _unless_empty(value, f"'anonymized/' || {_digest(value)}")


def secret(value: str) -> str:
    """Bytes that no link leads to."""
    return f"sha256(convert_to(current_setting('{KEY}') || encode({value}, 'hex'), 'UTF8'))"


def record_key(value: str) -> str:
    """The key of a record; a key that is a name or an address is replaced."""
    return f"CASE WHEN {value} ~ '^[0-9:]*$' THEN {value} ELSE {token(value)} END"


def payment_terms(value: str) -> str:
    """Usual words of payment, on which the workflow depends; any other text is replaced."""
    usual = "'^(net|prepaid|prepayment|due on receipt|cod)( [0-9]{1,3}( days)?)?$'"
    return f"CASE WHEN lower({value}) ~ {usual} THEN {value} ELSE {words(value)} END"


def picture(value: str) -> str:
    """One pixel."""
    return PIXEL_BYTES


def picture_hash(value: str) -> str:
    """The hash of that pixel."""
    return f"encode(sha256({PIXEL_BYTES}), 'hex')"


def picture_size(value: str) -> str:
    """The length of that pixel's file."""
    return f"length({PIXEL_BYTES})"


def pricing(value: str) -> str:
    """What a price depends on, without the name of the customer's price list."""
    source = f"CASE WHEN {value} ->> 'source' = '' THEN '' ELSE 'price list' END"
    labels = f"jsonb_build_object('source', {source}, 'list_label', 'list price')"
    return f"CASE WHEN {value} = '{{}}' THEN {value} ELSE {value} || {labels} END"


# What a document says and identifies nobody; a key that is not named here is replaced.
_KEPT = (
    "code", "revision", "valid_until", "delivery", "requested_delivery", "currency", "units",
    "subtotal", "discount_percent", "discount_amount", "discount", "tax_percent", "tax",
    "freight", "total",
)  # fmt: skip
_STYLES = """(SELECT coalesce(jsonb_agg(s || jsonb_build_object('rows',
    (SELECT jsonb_agg(r || jsonb_build_object('notes', <notes>))
    FROM jsonb_array_elements(s -> 'rows') r))), '[]') FROM jsonb_array_elements(e.value) s)"""
_CARRIED = "(SELECT <each> FROM jsonb_each(e.value) c)"
_DOCUMENT = "(SELECT <each> FROM jsonb_each(<value>) e)"
_CUSTOMER_OF = "(SELECT <name> FROM organizations o WHERE o.id = t.organization_id)"
_BY_KEY = {
    person: ("contact", "salesperson"),
    customer: ("customer",),
    mail: ("salesperson_email",),
    place: ("address", "ship_to", "shipping_address"),
}


def document(value: str) -> str:
    """What a quote or an order said when it was written down, as ``lines/content.py`` has it."""
    notes = words("r ->> 'notes'")
    styles = _STYLES.replace("<notes>", notes)
    carried = _CARRIED.replace("<each>", _each("c"))
    special = f" WHEN e.key = 'styles' THEN {styles} WHEN e.key = 'carried' THEN {carried}"
    return _DOCUMENT.replace("<each>", _each("e", special)).replace("<value>", value)


def _each(one: str, special: str = "") -> str:
    """Return the object of what becomes of each key of the entries ``one``."""
    value = f"({one}.value #>> '{{}}')"
    kept = ", ".join(f"'{key}'" for key in _KEPT)
    known = "".join(
        f" WHEN {one}.key = '{key}' THEN to_jsonb({rule(value)})"
        for rule, keys in _BY_KEY.items()
        for key in keys
    )
    cases = f"CASE WHEN {one}.key IN ({kept}) THEN {one}.value{special}{known}"
    return (
        f"coalesce(jsonb_object_agg({one}.key, {cases} ELSE to_jsonb({words(value)}) END), '{{}}')"
    )


def found_by(value: str) -> str:
    """The search key of a document, made of its replaced name and its customer's."""
    name = _CUSTOMER_OF.replace("<name>", customer("o.name"))
    return f"coalesce(search_key(concat_ws(' ', t.code, {name}, {words('t.name')})), '')"
