"""The demo company's styles, as its catalog lists them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shelf:
    """One category, and what its styles share unless they say otherwise."""

    name: str
    description: str
    decoration: str
    lead_time_days: int
    min_quantity: int
    # One style a line: SKU | name | price | material | description | exceptions.
    styles: str


SHELVES = (
    Shelf(
        "Jerseys",
        "Game uniforms, cut and decorated to order",
        "sublimation",
        21,
        12,
        """
        JRS-110|Sublimated V-Neck Jersey|42.00|Mesh|Names and numbers included
        JRS-115|Sublimated Crew Jersey|40.00|Mesh|Crew neck with set-in sleeves
        JRS-120|Full-Button Baseball Jersey|48.00|Double knit|Six buttons, piping in a second color
        JRS-125|Two-Button Baseball Jersey|44.00|Double knit|Pullover with a two-button placket
        JRS-130|Reversible Basketball Jersey|46.00|Micro mesh|Two layers, home and away in one
        JRS-135|Pro Basketball Jersey|45.00|Micro mesh|Racer back, taped seams
        JRS-140|Football Game Jersey|68.00|Stretch dazzle|Tackle twill numbers|cut_sew,lead=35
        JRS-145|Football Practice Jersey|24.00|Porthole mesh|One-color numbers|screen_print,lead=14
        JRS-150|Laced Hockey Jersey|72.00|Air knit|Fight strap, sewn crest|cut_sew,lead=35
        JRS-155|Soccer Match Jersey|36.00|Interlock|Lightweight, heat-sealed crest
        JRS-160|Long-Sleeve Volleyball Jersey|39.00|Interlock|Low-friction sleeves
        JRS-165|Reversible Lacrosse Pinnie|28.00|Mesh|Cut wide for pads, two layers
        """,
    ),
    Shelf(
        "Singlets",
        "Wrestling, track and rowing, full-color dye sublimation",
        "sublimation",
        21,
        10,
        """
        SNG-210|Classic Wrestling Singlet|46.00|Lycra|Regulation cut, gripper at the leg
        SNG-215|High-Cut Wrestling Singlet|49.00|Lycra|Higher front and back
        SNG-220|Women's Wrestling Singlet|49.00|Lycra|Women's pattern, lined front
        SNG-225|Reversible Wrestling Singlet|64.00|Lycra|Red and blue ankle-band colors in one
        SNG-230|Track Singlet|32.00|Micro mesh|Laser-cut ventilation at the back
        SNG-235|Rowing Unisuit|78.00|Lycra|Seat-free seams|lead=28
        SNG-240|Weightlifting Singlet|54.00|Lycra|Reinforced thigh
        """,
    ),
    Shelf(
        "Tees",
        "Practice, camp and fan wear",
        "screen_print",
        10,
        24,
        """
        TEE-310|Ring-Spun Team Tee|11.50|Cotton|Pre-shrunk, tear-away label
        TEE-315|Performance Tee|14.00|Polyester|Wicks and dries fast
        TEE-320|Long-Sleeve Performance Tee|18.00|Polyester|For cool mornings and night games
        TEE-325|Tri-Blend Tee|15.50|Tri-blend|Soft hand, athletic fit
        TEE-330|Women's V-Neck Tee|13.00|Cotton|Contoured fit
        TEE-335|Sublimated Warm-Up Tee|27.00|Polyester|All-over print|sublimation,lead=18,min=12
        TEE-340|Sleeveless Training Tee|12.50|Polyester|Cut-off look with finished edges
        TEE-345|Heavyweight Pocket Tee|14.50|Cotton|Left-chest pocket|archived
        """,
    ),
    Shelf(
        "Hoodies",
        "Pullovers and full zips for teams, parents and fans",
        "screen_print",
        12,
        12,
        """
        HDY-410|Classic Fleece Hoodie|32.00|Fleece|Double-lined hood, front pouch
        HDY-415|Full-Zip Hoodie|38.00|Fleece|Metal zipper, split pouch
        HDY-420|Performance Hoodie|42.00|Tech fleece|Smooth face, brushed inside|heat_transfer
        HDY-425|Sublimated Hoodie|56.00|Tech fleece|Full color, hood too|sublimation,lead=21
        HDY-430|Sleeveless Training Hoodie|29.00|French terry|For the weight room|archived
        HDY-435|Heavyweight Hoodie|46.00|Cotton fleece|Cross-grain, keeps its shape|embroidery
        """,
    ),
    Shelf(
        "Fleece",
        "Sweatshirts, joggers and quarter-zips",
        "screen_print",
        12,
        12,
        """
        FLC-510|Crewneck Sweatshirt|27.00|Fleece|Ribbed cuffs and waist
        FLC-515|Quarter-Zip Fleece|44.00|Microfleece|Stand-up collar, left-chest logo|embroidery
        FLC-520|Fleece Joggers|31.00|Fleece|Tapered leg, side pockets
        FLC-525|Open-Bottom Sweatpants|28.00|Fleece|Drawcord waist
        FLC-530|Microfleece Vest|39.00|Microfleece|Full zip, hand pockets|embroidery
        FLC-535|Sherpa Quarter-Zip|54.00|Sherpa|Contrast chest pocket|embroidery,archived
        """,
    ),
    Shelf(
        "Outerwear",
        "Warm-ups, sideline and staff jackets",
        "embroidery",
        18,
        6,
        """
        OUT-610|Coaches' Windbreaker|48.00|Nylon|Snap front, packs into its pocket|screen_print
        OUT-615|Quarter-Zip Pullover|46.00|Stretch knit|Thumb holes, back pocket
        OUT-620|Full-Zip Warm-Up Jacket|58.00|Polyester|Matches the warm-up pants
        OUT-625|Soft-Shell Jacket|74.00|Soft shell|Wind-proof, bonded fleece
        OUT-630|Sideline Parka|128.00|Nylon|Knee length, zip-off hood
        OUT-635|Rain Jacket|62.00|Ripstop|Seam-sealed|heat_transfer
        OUT-640|Letterman Jacket|189.00|Melton wool|Leather sleeves, chenille|cut_sew,lead=45,min=1
        OUT-645|Puffer Vest|66.00|Nylon|Quilted, light
        """,
    ),
    Shelf(
        "Shorts & Pants",
        "Game and practice bottoms",
        "screen_print",
        14,
        12,
        """
        SHT-710|Mesh Training Shorts|18.00|Mesh|Nine-inch inseam, pockets
        SHT-715|Grappling Shorts|38.00|Stretch woven|Side slits, grip waistband|sublimation,lead=21
        SHT-720|Basketball Game Shorts|34.00|Micro mesh|Goes with the jerseys|sublimation,lead=21
        SHT-725|Compression Shorts|22.00|Lycra|Flat seams|heat_transfer
        SHT-730|Running Shorts|29.00|Ripstop|Split leg, inner brief|sublimation,lead=18
        PNT-740|Baseball Pants|36.00|Double knit|Open bottom, piping
        PNT-745|Coaches' Stretch Pants|49.00|Twill|Five pockets|embroidery,min=6,run=Numeric
        PNT-750|Coaches' Chino Shorts|42.00|Twill|Ten-inch inseam|embroidery,min=6,run=Numeric
        PNT-755|Warm-Up Pants|44.00|Polyester|Zip ankles, matches the jacket
        PNT-760|Umpire Pants|54.00|Poly wool|Plate cut|none,min=1,run=Numeric
        """,
    ),
    Shelf(
        "Polos",
        "For coaches, staff and volunteers",
        "embroidery",
        12,
        6,
        """
        PLO-810|Performance Polo|29.00|Polyester|Snag-proof, left-chest logo
        PLO-815|Women's Performance Polo|29.00|Polyester|Y-placket, left-chest logo
        PLO-820|Sublimated Polo|44.00|Polyester|Full-color panels|sublimation,lead=21
        PLO-825|Piqué Polo|26.00|Cotton piqué|Three buttons, side vents
        PLO-830|Long-Sleeve Polo|34.00|Polyester|For the cold half of the season
        """,
    ),
    Shelf(
        "Headwear",
        "Caps, beanies and visors",
        "embroidery",
        14,
        24,
        """
        HAT-910|Structured Snapback Cap|18.00|Wool blend|3D-puff front logo|run=One size
        HAT-915|Stretch-Fit Cap|21.00|Wool blend|Closed back|run=One size
        HAT-920|Mesh-Back Trucker Cap|17.00|Twill & mesh|Curved brim|run=One size
        HAT-925|Cuffed Knit Beanie|15.00|Acrylic knit|Logo on the cuff|run=One size
        HAT-930|Pom Beanie|17.50|Acrylic knit|Striped in two team colors|run=One size
        HAT-935|Sun Visor|14.00|Twill|Hook-and-loop closure|run=One size
        HAT-940|Bucket Hat|19.00|Twill|Reversible|run=One size,archived
        """,
    ),
    Shelf(
        "Bags & Accessories",
        "Travel bags, socks, towels and blankets",
        "screen_print",
        14,
        12,
        """
        BAG-010|Team Duffel|46.00|Ripstop|Shoe tunnel, number panel|embroidery,run=One size
        BAG-015|Player Backpack|52.00|Ripstop|Bat sleeves, fence hook|embroidery,run=One size
        BAG-020|Drawstring Bag|9.50|Polyester|One-color print|run=One size,min=48
        BAG-025|Wheeled Equipment Bag|96.00|Ballistic|Holds a set of uniforms|run=One size,min=1
        SOC-110|Crew Socks|9.00|Cushioned knit|Knit-in logo|none,run=One size,min=36
        SOC-115|Over-the-Calf Socks|11.00|Cushioned knit|Two stripes|none,run=One size,min=36
        ACC-210|Rally Towel|6.50|Terry|Fifteen by eighteen inches|run=One size,min=72
        ACC-215|Neck Gaiter|9.00|Polyester|All-over print|sublimation,run=One size,min=48,archived
        ACC-220|Stadium Blanket|34.00|Fleece|Fifty by sixty inches|embroidery,run=One size
        """,
    ),
    Shelf(
        "Footwear",
        "Slides and turf shoes",
        "heat_transfer",
        21,
        12,
        """
        FTW-010|Team Slides|24.00|EVA|Logo on the strap|run=Shoes US
        FTW-015|Coaches' Turf Shoe|79.00|Synthetic|Rubber studs|none,run=Shoes US,min=1
        """,
    ),
)
