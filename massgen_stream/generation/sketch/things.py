"""What stands in a scene; each thing is drawn by one function, at its own place of chance."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

from PIL import ImageDraw

from .scene import Scene, between

Draw = ImageDraw.ImageDraw
Painter = Callable[[Scene, Draw, int, float], None]

_WHITE: Final = (244, 240, 232)
_RED: Final = (190, 58, 52)
_LAMP: Final = (255, 238, 170)


def _mountains(scene: Scene, draw: Draw, horizon: int, _time: float) -> None:
    width, height = draw.im.size
    chance = scene.chance("mountains")
    for number in range(4):
        x, half = width * (0.1 + 0.27 * number + chance.uniform(-0.08, 0.08)), width * chance.uniform(0.12, 0.2)
        peak = horizon - height * chance.uniform(0.22, 0.4)
        rock = between(scene.palette.far, scene.palette.near, 0.2 + 0.15 * number)
        draw.polygon([(x - half, horizon), (x, peak), (x + half, horizon)], fill=rock)
        cap = 0.28
        snow = [(x, peak), (x - half * cap, peak + (horizon - peak) * cap), (x, peak + (horizon - peak) * cap * 0.7)]
        draw.polygon([*snow, (x + half * cap, peak + (horizon - peak) * cap)], fill=(*_WHITE, 215))


def _city(scene: Scene, draw: Draw, horizon: int, _time: float) -> None:
    width, height = draw.im.size
    chance = scene.chance("city")
    wall, base = between(scene.palette.near, scene.palette.far, 0.4), horizon + height * 0.04
    x = 0.0
    while x < width:
        wide, tall = width * chance.uniform(0.03, 0.07), height * chance.uniform(0.1, 0.38)
        draw.rectangle((x, base - tall, x + wide, base), fill=wall)
        for row in range(int(tall / (height * 0.025))):
            for column in range(3):
                if chance.random() < 0.4:  # noqa: PLR2004 - two windows of five are lit
                    left, top = x + wide * (0.15 + column * 0.28), base - tall + height * (0.01 + row * 0.025)
                    draw.rectangle((left, top, left + wide * 0.14, top + height * 0.01), fill=_LAMP)
        x += wide * 1.06


def _trees(scene: Scene, draw: Draw, horizon: int, _time: float) -> None:
    width, height = draw.im.size
    chance = scene.chance("trees")
    for number in range(26):
        depth = number / 26
        x, base = chance.random() * width, horizon + height * (0.05 + 0.24 * depth)
        tall = height * (0.1 + 0.14 * depth) * chance.uniform(0.8, 1.2)
        green = between(scene.palette.far, (30, 62, 44), 0.35 + 0.5 * depth)
        for layer in range(3):
            top, half = base - tall * (1 - 0.22 * layer), tall * (0.13 + 0.07 * layer)
            draw.polygon([(x, top), (x - half, top + tall * 0.42), (x + half, top + tall * 0.42)], fill=green)
        draw.rectangle((x - tall * 0.02, base - tall * 0.16, x + tall * 0.02, base), fill=(58, 42, 34))


def _house(scene: Scene, draw: Draw, horizon: int, _time: float) -> None:
    width, height = draw.im.size
    x, base = width * scene.chance("house").uniform(0.2, 0.7), horizon + height * 0.2
    wide, tall = height * 0.22, height * 0.13
    draw.rectangle((x, base - tall, x + wide, base), fill=between(_WHITE, scene.palette.near, 0.15))
    roof = [(x - wide * 0.1, base - tall), (x + wide / 2, base - tall * 1.85), (x + wide * 1.1, base - tall)]
    draw.polygon(roof, fill=_RED)
    for column in (0.18, 0.62):
        left = x + wide * column
        draw.rectangle((left, base - tall * 0.72, left + wide * 0.2, base - tall * 0.38), fill=_LAMP)
    draw.rectangle((x + wide * 0.43, base - tall * 0.5, x + wide * 0.57, base), fill=(96, 62, 44))


def _lighthouse(scene: Scene, draw: Draw, horizon: int, time: float) -> None:
    width, height = draw.im.size
    x, base, tall = width * scene.chance("lighthouse").uniform(0.3, 0.7), horizon + height * 0.06, height * 0.46
    rock = [(x - height * 0.26, base + height * 0.07), (x - height * 0.1, base - height * 0.03),
            (x + height * 0.12, base - height * 0.02), (x + height * 0.3, base + height * 0.07)]  # fmt: skip
    lamp = base - tall * 1.04
    for turn in (0.0, math.pi):
        angle = time * math.tau + turn + 0.5
        reach, spread = width * math.cos(angle), height * 0.1
        edge = lamp - height * 0.05 * math.sin(angle)
        draw.polygon([(x, lamp), (x + reach, edge - spread), (x + reach, edge + spread)], fill=(*_LAMP, 70))
    draw.polygon(rock, fill=between(scene.palette.near, (70, 64, 62), 0.5))
    foot, top = height * 0.055, height * 0.034
    for band in range(5):
        low, high = base - tall * band / 5, base - tall * (band + 1) / 5
        left, right = (foot + (top - foot) * share for share in (band / 5, (band + 1) / 5))
        sides = [(x - left, low), (x - right, high), (x + right, high), (x + left, low)]
        draw.polygon(sides, fill=_WHITE if band % 2 == 0 else _RED)
    room = height * 0.026
    draw.rectangle((x - room, base - tall * 1.09, x + room, base - tall), fill=_LAMP)
    draw.polygon([(x - room * 1.5, base - tall * 1.09), (x, base - tall * 1.2), (x + room * 1.5, base - tall * 1.09)],
                 fill=_RED)  # fmt: skip


def _boat(scene: Scene, draw: Draw, horizon: int, time: float) -> None:
    width, height = draw.im.size
    start = scene.chance("boat").random()
    size = height * 0.1
    x = (start + time * 0.3) % 1 * (width + 4 * size) - 2 * size
    y = horizon + height * 0.12 + math.sin(time * math.tau * 2) * height * 0.008
    hull = [(x - size, y), (x + size, y), (x + size * 0.7, y + size * 0.35), (x - size * 0.7, y + size * 0.35)]
    draw.polygon(hull, fill=(92, 56, 40))
    draw.polygon([(x, y - size * 1.7), (x, y - size * 0.1), (x + size * 0.85, y - size * 0.1)], fill=_WHITE)
    mast = x - size * 0.07
    draw.polygon([(mast, y - size * 1.4), (mast, y - size * 0.1), (x - size * 0.6, y - size * 0.1)], fill=_RED)


def _flowers(scene: Scene, draw: Draw, horizon: int, time: float) -> None:
    width, height = draw.im.size
    chance = scene.chance("flowers")
    for number in range(60):
        depth = number / 60
        y, size = horizon + height * (0.14 + 0.2 * depth), height * (0.006 + 0.012 * depth)
        x = chance.random() * width + math.sin(time * math.tau + number) * size * 0.6
        colour = chance.choice(((226, 72, 92), (250, 206, 70), (238, 140, 190), _WHITE))
        draw.line((x, y, x, y + size * 4), fill=(52, 96, 54), width=max(1, round(size / 4)))
        draw.ellipse((x - size, y - size, x + size, y + size), fill=colour)


def _birds(scene: Scene, draw: Draw, horizon: int, time: float) -> None:
    width, height = draw.im.size
    chance = scene.chance("birds")
    for number in range(7):
        size = height * chance.uniform(0.012, 0.026)
        x, y = (chance.random() + time * 0.4) % 1 * width, horizon * chance.uniform(0.2, 0.7)
        beat = size * (0.3 + 0.5 * math.sin(time * math.tau * 6 + number))
        wings = [(x - size, y - beat), (x, y), (x + size, y - beat)]
        draw.line(wings, fill=(24, 24, 32), width=max(1, round(size / 5)), joint="curve")


def _water(_scene: Scene, _draw: Draw, _horizon: int, _time: float) -> None:
    """Nothing: the ground is water already."""


PAINTERS: Final[Mapping[str, Painter]] = {
    "mountains": _mountains,
    "city": _city,
    "trees": _trees,
    "house": _house,
    "lighthouse": _lighthouse,
    "boat": _boat,
    "flowers": _flowers,
    "birds": _birds,
    "water": _water,
}
"""By name of the thing, from back to front."""
