"""An SVG file in half its size: the same picture to a hundredth of a point.

matplotlib writes six decimals, every path in absolute coordinates, and a line of its own with a long name for every
letter. Here coordinates are rounded to hundredths and paths written relative to their last point, as whole numbers of
hundredths, so that no error adds up; letters are placed by ``x``, and get short names; styles that come often stand at
the top once. What is drawn, in which order and in which groups, is left as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from decimal import ROUND_HALF_EVEN, Decimal

_PATH = re.compile(r'(?<= d=")[^"]+(?=")')
_STEP = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_NUMBERS = {"M": 2, "L": 2, "Q": 4, "C": 6, "z": 0, "Z": 0}  # that follow a step
_NUMBER = re.compile(r"(?:scale|rotate|matrix)\([^)]*\)|-?\d+\.\d{3,}")  # what a scale multiplies is not rounded
_LETTER = re.compile(r'(?<=["#])(?:[A-Za-z]+[A-Za-z0-9]*-)+[0-9a-f]+(?=")')
_PLACED = re.compile(r'(<use [^>]*?) transform="translate\((-?[\d.]+) 0\)"')
_UNUSED = re.compile(r' id="(?:patch|text|line2d|PathCollection|LineCollection|QuadMesh|PolyCollection)_\d+"')
_STYLE = re.compile(r'style="([^"]*)"')
_BARE = re.compile(r"<g>\n(<path[^>]*/>)\n</g>")


def small_svg(text: str) -> str:
    """The text of an SVG file that matplotlib wrote with letters as paths, made smaller."""
    head, body = text.split("</metadata>", 1) if "</metadata>" in text else ("", text)
    body = _PATH.sub(lambda found: _relative(found.group()), body)
    body = _NUMBER.sub(_rounded, body)
    body = re.sub(r"\n\s*(?=<)", "\n", body)
    body = _PLACED.sub(r'\1 x="\2"', body)
    names: dict[str, str] = {}
    body = _LETTER.sub(lambda found: names.setdefault(found.group(), f"c{len(names)}"), body)
    body = _with_classes(_BARE.sub(r"\1", _UNUSED.sub("", body)))
    return f"{head}</metadata>{body}" if head else body


def _with_classes(body: str) -> str:
    """Styles that stand at several places as classes, which the file's style sheet lists; none where it has none."""
    if "</style>" not in body:
        return body
    often = [style for style, n in Counter(_STYLE.findall(body)).items() if n > 2]
    names = {style: f"s{number}" for number, style in enumerate(often)}
    rules = "".join(f".{name}{{{style}}}" for style, name in names.items())
    body = _STYLE.sub(lambda found: f'class="{names[found[1]]}"' if found[1] in names else found[0], body)
    return body.replace("</style>", f"{rules}</style>", 1)


def _rounded(found: re.Match[str]) -> str:
    return found.group() if found.group().endswith(")") else _said(_hundredths(found.group()))


def _relative(path: str) -> str:
    """A path of lines and curves relative to its last point; as it is where it has other steps."""
    steps = [(kind, written.split()) for kind, written in _STEP.findall(path)]
    if any(_NUMBERS.get(kind) != len(written) for kind, written in steps):
        return path
    said, here, start = [], (0, 0), (0, 0)
    for kind, written in steps:
        if kind in "zZ":
            said.append("z")
            here = start
            continue
        numbers = [_hundredths(number) for number in written]
        steps_on = [number - here[place % 2] for place, number in enumerate(numbers)]
        if kind == "L" and 0 in steps_on:
            said.append(f"h{_said(steps_on[0])}" if steps_on[1] == 0 else f"v{_said(steps_on[1])}")
        else:
            said.append(kind.lower() + _row(steps_on))
        here = (numbers[-2], numbers[-1])
        start = here if kind == "M" else start
    return "".join(said)


def _row(numbers: list[int]) -> str:
    """Numbers one behind the other, a blank between them where no sign stands there."""
    said = [_said(number) for number in numbers]
    return said[0] + "".join(one if one.startswith("-") else f" {one}" for one in said[1:])


def _hundredths(number: str) -> int:
    return int((Decimal(number) * 100).to_integral_value(ROUND_HALF_EVEN))


def _said(hundredths: int) -> str:
    """A number of hundredths, as short as it can be written."""
    whole, rest = divmod(abs(hundredths), 100)
    text = f"{whole}.{rest:02}".rstrip("0").rstrip(".")
    return f"-{text}" if hundredths < 0 else text
