"""The stock of the starter: every name that a scene may hold and a prompt may ask for. No torch."""

NAMES = {  # of the things, as people say them
    "bread_loaf": "a loaf of bread",
    "croissant": "a croissant",
    "cupcake": "a cupcake",
    "layered_cake": "a layered cake",
    "pizza": "a pizza",
    "burger": "a burger",
    "salad_bowl": "a bowl of salad",
    "coffee_cup": "a cup of coffee",
    "teapot": "a teapot",
    "bottle": "a bottle of wine",
    "jar": "a jar of honey",
    "cosmetic_set": "cosmetics",
    "soap_with_towel": "soap and a towel",
    "candle": "a candle",
    "bouquet": "a bouquet",
    "potted_plant": "a potted plant",
    "scissors_and_comb": "scissors and a comb",
    "yoga_mat_with_dumbbell": "a yoga mat and a dumbbell",
    "shoe": "a shoe",
    "bag": "a shopping bag",
    "books_with_pencils": "books and pencils",
    "gift_box": "a gift box",
    "bicycle": "a bicycle",
    "paw_bowl": "a dog bowl",
}
THINGS = tuple(NAMES)
SEVERAL = (  # that are put side by side
    "croissant", "cupcake", "coffee_cup", "candle", "gift_box", "jar", "bottle", "burger", "bread_loaf",
    "books_with_pencils", "potted_plant",
)  # fmt: skip
MOST_THINGS = 3  # in one picture
CAMERAS = ("eye", "high", "above")
LIGHTS = ("soft day", "morning", "evening", "studio", "dramatic", "bright")  # of plates.light.MOODS
SIDES = ("left", "right")  # where the light comes from
FLOORS = ("plain", "plaster", "concrete", "slate", "wood", "walnut", "marble", "terrazzo", "linen", "gingham")
WALLS = (
    "none",
    "plain",
    "plaster",
    "concrete",
    "wood",
    "tiles",
    "curtain",
    "bokeh",
)  # none: the floor bends up
STAGES = ("none", "round", "square", "steps", "plinth")
DECORS = ("none", "arch", "niche", "disc", "leaf shadow", "spot")
SCATTERS = (
    "none", "beans", "crumbs", "petals", "leaves", "confetti", "ribbons", "snow", "hearts", "stars",
    "baubles", "eggs", "pumpkins", "crescents", "lamps",
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
    "back to school", "autumn", "halloween", "black friday", "winter", "diwali", "birthday", "wedding",
    "sale", "opening",
)  # fmt: skip
TRADES = (
    "bakery", "cafe", "tea shop", "restaurant", "pizzeria", "burger bar", "greengrocer", "wine shop",
    "delicatessen", "beauty salon", "spa", "barber", "florist", "plant shop", "gym", "shoe shop", "fashion",
    "bookshop", "stationer", "gift shop", "bicycle shop", "pet shop",
)  # fmt: skip
