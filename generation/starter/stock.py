"""The stock of the starter: every name that a scene may hold and a prompt may ask for. No torch."""

THINGS = (
    "bread_loaf", "croissant", "cupcake", "layered_cake", "pizza", "burger", "salad_bowl", "coffee_cup",
    "teapot", "bottle", "jar", "cosmetic_set", "soap_with_towel", "candle", "bouquet", "potted_plant",
    "scissors_and_comb", "yoga_mat_with_dumbbell", "shoe", "bag", "books_with_pencils", "gift_box", "bicycle",
    "paw_bowl",
)  # fmt: skip
MOST_THINGS = 3  # in one picture
CAMERAS = ("eye", "high", "above")
LIGHTS = ("soft day", "morning", "evening", "studio", "dramatic", "bright")  # of plates.light.MOODS
SIDES = ("left", "right")  # where the light comes from
FLOORS = ("plain", "plaster", "concrete", "slate", "wood", "walnut", "marble", "terrazzo", "linen", "gingham")
WALLS = ("none", "plain", "plaster", "concrete", "wood", "tiles", "curtain", "bokeh")  # none: the floor bends up
STAGES = ("none", "round", "square", "steps", "plinth")
DECORS = ("none", "arch", "niche", "disc", "leaf shadow", "spot")
SCATTERS = (
    "none", "beans", "crumbs", "petals", "leaves", "confetti", "ribbons", "snow", "hearts", "stars", "baubles",
    "eggs", "pumpkins", "crescents", "lamps",
)  # fmt: skip
ROOMS = ("left", "right", "top", "bottom", "center")  # where text finds room
PATTERNS = (
    "linear", "radial", "mesh", "waves", "frame", "mountains", "bokeh", "confetti", "hearts", "stars", "dots",
    "memphis", "stripes", "polka dots", "checkered", "sunburst",
)  # fmt: skip
FEELINGS = ("cosy", "elegant", "playful", "fresh", "bold", "calm", "festive", "minimal")
TONES = ("warm", "cool", "pastel", "earthy", "dark", "bright", "neutral", "light and airy")
OCCASIONS = (
    "christmas", "new year", "valentine", "easter", "mothers day", "ramadan", "spring", "summer",
    "back to school", "autumn", "halloween", "black friday", "winter", "diwali", "birthday", "wedding", "sale",
    "opening",
)  # fmt: skip
TRADES = (
    "bakery", "cafe", "tea shop", "restaurant", "pizzeria", "burger bar", "greengrocer", "wine shop",
    "delicatessen", "beauty salon", "spa", "barber", "florist", "plant shop", "gym", "shoe shop", "fashion",
    "bookshop", "stationer", "gift shop", "bicycle shop", "pet shop",
)  # fmt: skip
