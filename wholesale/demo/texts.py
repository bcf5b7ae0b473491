"""What people write on the demo company's orders: names, notes, remarks on a line."""

from datetime import date
from random import Random

from wholesale.customers.models import ClientType
from wholesale.demo.seasons import season
from wholesale.orders.workflow import OrderStatus

_BY_SHELF = {
    "Jerseys": "{season} varsity set|{season} JV set|Home jerseys {year}|Away jerseys {year}|"
    "{season} game uniforms|Replacement jerseys|Alternate jerseys {year}|Freshman uniforms {year}",
    "Singlets": "{season} varsity singlets|{season} JV singlets|State qualifiers {year}|"
    "Travel team {year}|Duals team {year}|{season} singlets, new design",
    "Tees": "{season} practice tees|Camp shirts {year}|Student section {year}|Senior night {year}|"
    "{season} fundraiser|Team store, {season}|Alumni game {year}",
    "Hoodies": "{season} team hoodies|Booster club hoodies|Parents' order, {season}|"
    "Team store, {season}|Conference champions {year}|Class of {next_year} hoodies",
    "Fleece": "{season} travel gear|Captains' quarter-zips|Team sweats {year}|"
    "Team store, {season}|Managers and trainers {year}",
    "Outerwear": "Coaches' jackets {year}|Sideline gear, {season}|{season} warm-ups|"
    "Letter winners {year}|Staff outerwear, {season}",
    "Shorts & Pants": "{season} practice gear|Game shorts {year}|{season} training kit|"
    "Weight room gear|{season} pants, reorder",
    "Polos": "Coaches' polos {year}|Staff polos, {season}|Volunteers {year}|Game-day polos",
    "Headwear": "{season} caps|Team caps {year}|Sideline beanies|Fan caps, {season}",
    "Bags & Accessories": "Travel bags {year}|Team duffels, {season}|Homecoming {year}|"
    "Giveaway night {year}|Player bags, {season}",
    "Footwear": "Team slides {year}|Locker room, {season}",
}
_BY_KIND = {
    ClientType.RETAIL: "{season} team uniforms|Club kit {year}|Tournament set {year}|"
    "Parents' order, {season}|Tryouts {year}|{season} spirit wear|Late joiners, {season}|"
    "Coaches and board {year}|Travel team {year}",
    ClientType.WHOLESALE: "{season} floor stock|Restock, {season}|Dealer order {year}|"
    "Fan wear, {season}|Back-to-school {year}",
    ClientType.TOUR: "{season} event merchandise|Volunteer kit {year}|Champions' gear {year}|"
    "Merchandise tent, {season}|Player packs {year}",
    ClientType.ENTERPRISE: "Company picnic {year}|Staff wear, {season}|Trade show {year}|"
    "New hires, {season}|Corporate challenge {year}",
    ClientType.GOVERNMENT: "Rec league, {season}|Seasonal staff {year}|Uniform replenishment|"
    "Day camp {year}|Youth league, {season}",
    ClientType.IN_HOUSE: "Samples, {season}|Show booth {year}|Photo shoot, {season}",
}
# How often a kind of customer uses its own names; the others are the sports' own.
_OWN = {ClientType.WHOLESALE: 0.6, ClientType.RETAIL: 0.85}
NOTES = (
    "Names on the back; the roster follows by e-mail.",
    "Ship to the field house, not the main office.",
    "Match last year's navy, the fans noticed the difference.",
    "Numbers 1 to 45, no duplicates.",
    "Coach wants to see a first piece before the full run.",
    "Split into two boxes: varsity and JV.",
    "Must be here before the first home game.",
    "Tax-exempt certificate is on file.",
    "Add two blank spares in XL.",
    "Booster club pays; send the invoice to the treasurer.",
    "Call before delivery, the loading dock closes at 2 p.m.",
    "Pack per player with name labels.",
    "Same art as last season, new year on the sleeve.",
    "Hold the shipment until school reopens.",
    "Sponsor logo goes on the left sleeve, file is on its way.",
    "PO number to follow from the district office.\nDo not release to production without it.",
)
CALLED_OFF = (
    "Cancelled: the season was called off.",
    "Cancelled: the budget was not approved.",
    "Cancelled: entered twice, see the other order.",
    "Cancelled: went with last year's uniforms.",
)
LINE_NOTES = (
    "Player names on the back",
    "Numbers front and back",
    "No decoration, blanks",
    "Captain's patch on two pieces",
    "Left-chest logo only",
)


def order_name(rng: Random, shelf: str, client_type: ClientType, day: date) -> str:
    """Return what an order led by a product of ``shelf`` for ``day`` would be called."""
    if rng.random() < 0.04:
        return ""
    own = _BY_KIND.get(client_type)
    patterns = own if own and rng.random() < _OWN.get(client_type, 1) else _BY_SHELF[shelf]
    pattern = rng.choice(patterns.split("|"))
    return pattern.format(season=season(day), year=day.year, next_year=day.year + 1)


def order_notes(rng: Random, status: OrderStatus) -> str:
    """Return a note for about one order in five, and the reason of a cancelled one."""
    if status is OrderStatus.CANCELLED:
        return rng.choice(CALLED_OFF)
    return rng.choice(NOTES) if rng.random() < 0.2 else ""
