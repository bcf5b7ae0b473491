"""How the demo company's catalog is laid out: departments, prepacks, order multiples."""

# Department, what it says, the shelves in it.
DEPARTMENTS = (
    (
        "Team uniforms",
        "What a team competes in",
        ("Jerseys", "Singlets", "Shorts & Pants"),
    ),
    (
        "Team apparel",
        "What a team trains and travels in, and its fans wear",
        ("Tees", "Hoodies", "Fleece", "Polos"),
    ),
    ("Jackets & warm-ups", "For the sideline", ("Outerwear",)),
    ("Gear", "Caps, bags and shoes", ("Headwear", "Bags & Accessories", "Footwear")),
)

# Run, name, units of each size in one pack.
PREPACKS = (
    ("Apparel", "Adult 1-2-2-1", {"S": 1, "M": 2, "L": 2, "XL": 1}),
    ("Apparel", "Adult dozen", {"S": 2, "M": 4, "L": 3, "XL": 2, "2XL": 1}),
    ("Apparel", "Youth 1-2-2-1", {"YXS": 1, "YS": 2, "YM": 2, "YL": 1}),
    ("Numeric", "Staff six", {"32": 1, "34": 2, "36": 2, "38": 1}),
    ("Shoes US", "Case of twelve", {"8": 1, "9": 2, "9.5": 2, "10": 3, "10.5": 2, "11": 2}),
)

# SKU → units come in multiples of this, since this season: older orders may say otherwise.
MULTIPLES = {
    "ACC-210": 12,
    "ACC-215": 12,
    "BAG-020": 12,
    "HAT-910": 6,
    "HAT-925": 6,
    "SOC-110": 6,
    "SOC-115": 6,
}
