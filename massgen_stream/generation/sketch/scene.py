"""What a picture shows: found in the words of a prompt, and filled up by chance that the same words always repeat."""

from __future__ import annotations

import random
import re
from hashlib import sha256
from typing import Final, NamedTuple

Colour = tuple[int, int, int]


class Palette(NamedTuple):
    """Colours of an hour of the day.

    Attributes:
        sky: At the top.
        horizon: Where the sky ends.
        light: Of sun, moon and lamps.
        far: Of what is far away.
        near: Of what is near.
        water: Of the sea.
    """

    sky: Colour
    horizon: Colour
    light: Colour
    far: Colour
    near: Colour
    water: Colour


_PALETTES: Final = {
    "night": Palette((8, 12, 36), (38, 48, 92), (240, 240, 214), (28, 34, 66), (12, 16, 34), (18, 30, 62)),
    "dusk": Palette((36, 30, 84), (246, 142, 92), (255, 222, 150), (84, 58, 104), (34, 26, 54), (58, 58, 110)),
    "dawn": Palette((96, 128, 190), (255, 204, 170), (255, 240, 200), (128, 128, 158), (58, 70, 84), (120, 148, 186)),
    "day": Palette((72, 142, 214), (206, 230, 244), (255, 248, 214), (112, 150, 142), (62, 104, 66), (52, 118, 166)),
    "storm": Palette((46, 54, 66), (128, 138, 146), (232, 236, 240), (74, 84, 92), (38, 46, 50), (54, 74, 86)),
    "snow": Palette(
        (140, 168, 198), (228, 236, 244), (255, 255, 250), (176, 194, 212), (236, 242, 248), (96, 126, 154)
    ),
}
_HOURS: Final = {
    "night": "night midnight moon moonlit stars starry dark",
    "dusk": "dusk sunset evening twilight golden",
    "dawn": "dawn sunrise morning misty mist fog",
    "day": "day noon sunny summer spring bright",
    "storm": "storm stormy rain rainy thunder grey gray clouds",
    "snow": "snow snowy winter ice frozen",
}
_THINGS: Final = {
    "lighthouse": "lighthouse beacon",
    "boat": "boat ship sail sailing sailboat yacht",
    "house": "house cabin cottage home farm village barn",
    "trees": "tree trees forest wood woods pine pines jungle",
    "city": "city town skyline skyscraper skyscrapers street tower towers",
    "mountains": "mountain mountains alps peak peaks summit",
    "flowers": "flower flowers meadow garden rose roses tulip tulips",
    "birds": "bird birds gull gulls swallow seagull seagulls",
    "water": "sea ocean lake river water wave waves beach coast shore harbour harbor bay island fish whale",
}
_ON_WATER: Final = frozenset(("lighthouse", "boat", "water"))
_LANDS: Final = ("mountains", "trees", "house", "water")


class Scene(NamedTuple):
    """A picture before it has a size.

    Attributes:
        palette: Its colours.
        hour: Their name.
        things: What is in it.
        seed: Where everything is that the words leave open.
    """

    palette: Palette
    hour: str
    things: frozenset[str]
    seed: int

    @property
    def has_water(self) -> bool:
        """Whether the ground is water."""
        return bool(self.things & _ON_WATER)

    def chance(self, what: str) -> random.Random:
        """Return chance for one thing; it is the same each time, whatever else is drawn."""
        return random.Random(f"{self.seed} {what}")  # noqa: S311 - must be repeatable


def scene_of(prompt: str, seed: int | None = None, number: int = 0) -> Scene:
    """Return the scene for a prompt; *number* tells several of the same prompt apart."""
    digest = sha256(f"{seed}\n{number}\n{prompt}".encode("utf-8", "surrogatepass")).digest()
    own = int.from_bytes(digest[:8], "big")
    words = set(re.findall(r"[a-z]+", prompt.lower()))
    chance = random.Random(own)  # noqa: S311 - must be repeatable
    hours = [hour for hour, names in _HOURS.items() if words & set(names.split())]
    hour = hours[0] if hours else chance.choice(("dusk", "dawn", "day"))
    things = {thing for thing, names in _THINGS.items() if words & set(names.split())}
    return Scene(_PALETTES[hour], hour, frozenset(things or {chance.choice(_LANDS)}), own)


def between(one: Colour, other: Colour, share: float) -> Colour:
    """Return the colour that lies between two."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
