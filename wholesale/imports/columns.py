"""The fields that a file can fill, by kind: their labels, and what else files call them."""

from dataclasses import dataclass

CUSTOMER = "organization"


@dataclass(frozen=True)
class Column:
    """A field on the page where columns are chosen."""

    name: str
    label: str
    synonyms: tuple[str, ...] = ()
    convert: str | None = None
    hint: str = ""
    # Who may fill it, beyond who may import the kind.
    permission: str | None = None


def _c(name: str, label: str, synonyms: str = "", **more: str) -> Column:
    return Column(name, label, tuple(filter(None, synonyms.split("|"))), **more)


_NUMBERS = "number|customer no|customer id|account|account number|account no|client number"
_NAMES = "company|company name|customer name|organization|organisation|business|client|account name"
_REP = _c(
    "salesperson",
    "Salesperson",
    "sales rep|rep|sales person|account manager|owner",
    hint="Their e-mail address or name.",
)
_ARCHIVED = _c("archived", "Archived", "inactive|discontinued", hint="Yes or no.")
_SKU = "item|item number|item no|style|style number|article|article number|product code|product sku"

ORGANIZATIONS = (
    _c("reference", "Customer number", f"{_NUMBERS}|reference|id", hint="Tells customers apart."),
    _c("name", "Name", f"{_NAMES}|customer|school|club|team"),
    _c("client_type", "Client type", "type|customer type|segment"),
    _c("tier", "Price tier", "tier|price level|price group"),
    _c("territory", "Territory", "sales territory|area"),
    _c("phone", "Phone", "telephone|phone number|tel|mobile"),
    _c("street", "Street", "address|address 1|address line 1|street address", convert="text_block"),
    _c("city", "City", "town|place"),
    _c("region", "State or region", "state|region|province|county|state province"),
    _c("postal_code", "Postal code", "zip|zip code|postcode|post code|plz|postal"),
    _c("country", "Country", "nation"),
    _REP,
    _c("discount_percent", "Discount %", "discount|discount percent"),
    _c("credit_limit", "Credit limit", "credit"),
    _c("payment_terms", "Payment terms", "terms"),
    _c("tax_exempt", "Tax exempt", "exempt|tax free", hint="Yes or no."),
    _ARCHIVED,
)
CONTACTS = (
    _c("organization_number", "Customer number", _NUMBERS),
    _c(CUSTOMER, "Customer", _NAMES),
    _c("name", "Name", "contact|contact name|full name|person"),
    _c("first_name", "First name", "first|given name|forename"),
    _c("last_name", "Last name", "last|surname|family name"),
    _c("title", "Role", "title|job title|position|function"),
    _c("email", "E-mail", "mail|e mail address|email address", convert="address"),
    _c("phone", "Phone", "telephone|phone number|tel|mobile|cell"),
    _c(
        "is_primary",
        "Primary contact",
        "primary|main contact|is primary",
        hint="A customer keeps the primary contact it has.",
    ),
    _ARCHIVED,
)
PRODUCTS = (
    _c("sku", "SKU", _SKU, hint="Tells products apart, whatever the case."),
    _c("name", "Name", "product|product name|title|description short"),
    _c("description", "Description", "details|long description", convert="text_block"),
    _c("category", "Category", "product category|group|product group|department"),
    _c("size_run", "Size run", "sizes|size range|size scale"),
    _c("base_price", "Base price", "price|list price|unit price|wholesale price"),
    _c("surcharges", "Surcharges", "upcharges|size surcharges", hint="2XL +2.00, 3XL +3.00"),
    _c("surcharge", "Surcharge of the size that the header names"),
    _c("min_quantity", "Minimum quantity", "moq|minimum|min qty|minimum order quantity"),
    _c("order_multiple", "Order multiple", "multiple|multiples of|pack size|case pack"),
    _c("lead_time_days", "Lead time (days)", "lead time|lead time days"),
    _c("decoration", "Decoration", "decoration method|print method"),
    _ARCHIVED,
)
VARIANTS = (
    _c("code", "Code", "variant|variant code|variant sku", hint="Tells variants apart."),
    _c("product", "SKU", f"{_SKU}|product"),
    _c("colour", "Colour", "color|colour name|color name"),
    _c("material", "Material", "fabric"),
    _c("price", "Price", "unit price|list price|msrp"),
    _c("cost", "Cost", "unit cost|cost price", permission="costs:read"),
    _ARCHIVED,
)
PRICES = (
    _c("price_list", "Price list", "list|list name|price list name"),
    _c("product", "SKU", f"{_SKU}|product"),
    _c("variant", "Variant", "variant code|code|variant sku", hint="Empty: the whole product."),
    _c(
        "min_quantity",
        "From quantity",
        "from units|quantity|min qty|minimum quantity|from|qty|break",
    ),
    _c("price", "Price", "unit price|net price"),
)
ORDERS = (
    _c("code", "Order", "order number|order no|order code|po|po number|order id"),
    _c("organization_number", "Customer number", _NUMBERS),
    _c(CUSTOMER, "Customer", _NAMES),
    _c("order_name", "Name", "order name|title|event"),
    _REP,
    _c("priority", "Priority", "urgency"),
    _c("placed_at", "Placed", "order date|placed on|date|ordered on"),
    _c("requested_delivery", "Requested delivery", "delivery|due date|delivery date|in hands date"),
    _c("shipping_address", "Shipping address", "ship to|ship to address", convert="text_block"),
    _c("order_notes", "Notes", "order notes|comment|comments", convert="text_block"),
    _c("freight", "Freight", "shipping|shipping cost"),
    _c("variant", "Variant", "variant code|code|sku|item|item number|variant sku"),
    _c(
        "unit_price",
        "Unit price",
        "price|net price",
        hint="Empty: the list price. Price lists and discounts are not applied.",
    ),
    _c("discount_percent", "Line discount %", "discount|line discount|discount %"),
    _c("line_notes", "Line notes", "line comment|line note"),
    _c("size", "Size", "size name"),
    _c("quantity", "Quantity", "qty|units|pieces|pcs", hint="Units of the size in the row."),
    _c("units", "Units of the size that the header names"),
)
# The header of such a column holds the size: “Surcharge 2XL”, “M”.
BY_HEADER = {"products": "surcharge", "orders": "units"}
