"""Draws a scene with Pillow, at any size and at any moment of its short life."""

from __future__ import annotations

import math
from typing import Final

from PIL import Image, ImageDraw, ImageFilter

from .scene import Colour, Scene, between
from .things import PAINTERS

_HORIZON: Final = 0.64
_SHARPER: Final = 2
"""How much larger a still picture is drawn than it becomes, so that its edges are smooth."""


def still(scene: Scene, width: int, height: int) -> Image.Image:
    """Return the scene as a picture."""
    large = moment(scene, width * _SHARPER, height * _SHARPER, 0.35)
    return large.resize((width, height), Image.Resampling.LANCZOS)


def preview(picture: Image.Image, share: float) -> Image.Image:
    """Return a picture of the same size that shows as much as one of *share* of its width would."""
    width, height = picture.size
    small = (max(1, round(width * share)), max(1, round(height * share)))
    return picture.resize(small, Image.Resampling.BOX).resize((width, height), Image.Resampling.BICUBIC)


def moment(scene: Scene, width: int, height: int, time: float) -> Image.Image:
    """Return the scene at *time*: 0 when it begins, 1 when everything that moves is where it began."""
    picture = _sky(scene, width, height)
    _shine(scene, picture, time)
    draw = ImageDraw.Draw(picture, "RGBA")
    horizon = round(height * _HORIZON)
    if "mountains" in scene.things or not scene.has_water:
        _ridge(scene, draw, horizon, height * 0.3, "far")
    if scene.has_water:
        _sea(scene, draw, horizon, time)
    else:
        _ridge(scene, draw, round(height * 0.78), height * 0.12, "near")
    for name in PAINTERS:
        if name in scene.things:
            PAINTERS[name](scene, draw, horizon, time)
    _weather(scene, draw, time)
    return picture


def _sky(scene: Scene, width: int, height: int) -> Image.Image:
    horizon = round(height * _HORIZON)
    column = Image.new("RGB", (1, height), scene.palette.near)
    for y in range(height):
        column.putpixel((0, y), between(scene.palette.sky, scene.palette.horizon, min(1.0, y / horizon)))
    return column.resize((width, height))


def _shine(scene: Scene, picture: Image.Image, time: float) -> None:
    """Put sun or moon into the sky, with its glow, and stars at night."""
    width, height = picture.size
    chance = scene.chance("light")
    x, y = width * chance.uniform(0.15, 0.85), height * chance.uniform(0.12, 0.45)
    radius = height * 0.055
    if scene.hour == "night":
        draw = ImageDraw.Draw(picture)
        for number in range(90):
            place = (chance.random() * width, chance.random() * height * _HORIZON)
            bright = 0.4 + 0.6 * abs(math.sin(math.pi * 4 * time + number))
            size = height / 400 * bright
            box = (place[0] - size, place[1] - size, place[0] + size, place[1] + size)
            draw.ellipse(box, fill=between(scene.palette.sky, scene.palette.light, bright))
    glow = Image.new("L", (96, 96))
    ImageDraw.Draw(glow).ellipse((36, 36, 59, 59), fill=150)
    glow = glow.filter(ImageFilter.GaussianBlur(13)).resize((round(radius * 12),) * 2, Image.Resampling.BICUBIC)
    picture.paste(scene.palette.light, (round(x - radius * 6), round(y - radius * 6)), glow)
    disc = (x - radius, y - radius, x + radius, y + radius)
    if scene.hour != "storm":
        ImageDraw.Draw(picture).ellipse(disc, fill=scene.palette.light)


def _ridge(scene: Scene, draw: ImageDraw.ImageDraw, base: int, rise: float, name: str) -> None:
    colour: Colour = getattr(scene.palette, name)
    width, height = draw.im.size
    chance = scene.chance(name)
    waves = [(chance.uniform(1, 7), chance.uniform(0, math.tau), chance.uniform(0.1, 1)) for _ in range(5)]
    total = sum(weight for _, _, weight in waves)
    step = max(1, width // 240)
    line = []
    for x in range(0, width + step, step):
        level = sum(weight * math.sin(count * math.tau * x / width + phase) for count, phase, weight in waves)
        line.append((x, base - rise * (0.5 + 0.5 * level / total)))
    draw.polygon([(0, height), *line, (width, height)], fill=colour)


def _sea(scene: Scene, draw: ImageDraw.ImageDraw, horizon: int, time: float) -> None:
    width, height = draw.im.size
    water, light = scene.palette.water, scene.palette.horizon
    rows = max(1, (height - horizon) // max(1, height // 160))
    for row in range(rows + 1):
        top = horizon + (height - horizon) * row / rows
        draw.rectangle((0, top, width, top + height / 100), fill=between(light, water, min(1.0, 0.35 + row / rows)))
    chance = scene.chance("waves")
    for _ in range(70):
        depth = chance.random()
        y = horizon + (height - horizon) * depth
        length = width * (0.02 + 0.08 * depth)
        x = (chance.random() + time * chance.choice((-1, 1))) % 1 * (width + length) - length
        draw.line((x, y, x + length, y), fill=(*light, 60 + round(80 * depth)), width=max(1, round(height / 300)))


def _weather(scene: Scene, draw: ImageDraw.ImageDraw, time: float) -> None:
    if scene.hour not in ("storm", "snow"):
        return
    width, height = draw.im.size
    chance = scene.chance("weather")
    for _ in range(160):
        x, y = chance.random() * width, (chance.random() + time * 2) % 1 * height
        if scene.hour == "storm":
            draw.line((x, y, x - height / 60, y + height / 22), fill=(220, 228, 236, 90), width=max(1, height // 400))
        else:
            size = height / chance.uniform(140, 320)
            draw.ellipse((x - size, y - size, x + size, y + size), fill=(255, 255, 255, 220))
