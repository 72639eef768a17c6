"""SVG files made smaller: read by a slow reader of its own, the points are those that matplotlib wrote."""

import io
import re
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import numpy as np
import pytest

from analysis.reporting import layout
from analysis.reporting.small_svg import small_svg

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"


@pytest.fixture(scope="module")
def written():
    """A figure of all that figures are made of: bars with hatches, lines, marks, letters in two weights and turned."""
    with layout.style():
        figure, axes = plt.subplots(figsize=(3, 2))
        axes.bar([0, 1], [1.23456, 2], hatch="////")
        axes.bar([2], [1.5], hatch="...")
        axes.plot([0, 1, 2], [1, 0.333333, -1.7], marker="o")
        axes.scatter([0.1, 0.2], [0.3, 0.4], c=[1, 2])
        axes.pcolormesh(np.arange(6).reshape(2, 3))
        axes.set_title("Kyiv, Kiev: 50 %", weight="bold")
        axes.set_ylabel("share of choices")
        figure.savefig(out := io.BytesIO(), format="svg", metadata={"Date": None, "Title": 'a "1.23456" <b>\n   <c>'})
        plt.close(figure)
    return out.getvalue().decode()


def points(path):
    """Every point that a path of lines and curves names, in its order, and where it closes."""
    found, here, start = [], np.zeros(2), np.zeros(2)
    for kind, rest in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", rest)]
        if kind in "zZ":
            found.append("z")
            here = start
            continue
        if kind in "hv":
            numbers = [numbers[0], 0.0] if kind == "h" else [0.0, numbers[0]]
        assert len(numbers) == {"m": 2, "l": 2, "h": 2, "v": 2, "q": 4, "c": 6}[kind.lower()]
        given = np.reshape(numbers, (-1, 2)) + (here if kind.islower() else 0)
        found += [tuple(point) for point in given]
        here = given[-1]
        start = here if kind in "mM" else start
    return found


def shapes(text):
    """Of every shape in order: what it is, its points or numbers, its style; a letter by the points of its outline."""
    root = ElementTree.fromstring(text)
    (sheet,) = root.iter(f"{SVG}style")
    classes = dict(re.findall(r"\.(s\d+)\{([^}]*)\}", sheet.text))
    for one in root.iter():
        if one.get("class"):
            assert one.get("style") is None
            one.set("style", classes[one.get("class")])
    outlines = {one.get("id"): one for one in root.iter() if one.get("id")}
    for one in root.iter():
        if one.tag == f"{SVG}path":
            yield "path", points(one.get("d", "")), one.get("style"), one.get("transform")
        if one.tag == f"{SVG}use":
            placed = re.match(r"translate\((\S+) 0\)", one.get("transform", ""))
            x = placed.group(1) if placed else one.get("x", "0")
            outline = points(outlines[one.get(HREF)[1:]].get("d", ""))
            yield "use", [(float(x), float(one.get("y", "0"))), *outline], one.get("style"), None
        if one.tag == f"{SVG}g" and one.get("transform"):
            yield "g", [], one.get("style"), [round(float(n), 2) for n in re.findall(r"-?[\d.]+", one.get("transform"))]
        if one.tag in (f"{SVG}pattern", f"{SVG}clipPath", f"{SVG}rect"):
            yield one.tag, [], one.get("style"), None


def test_the_picture_is_the_same_to_a_hundredth_of_a_point(written):
    small = small_svg(written)
    before, now = list(shapes(written)), list(shapes(small))
    assert len(before) == len(now) > 50
    for one, other in zip(before, now, strict=True):
        assert (one[0], one[2], one[3]) == (other[0], other[2], other[3])
        assert [point == "z" for point in one[1]] == [point == "z" for point in other[1]]
        far = [abs(np.subtract(a, b)).max() for a, b in zip(one[1], other[1], strict=True) if a != "z"]
        assert max(far, default=0) < 0.00501
    assert len(small) < 0.6 * len(written)
    assert small_svg(written) == small


def test_what_is_said_of_the_figure_is_left_as_it_is(written):
    said = [re.search(r"<metadata>.*</metadata>", text, re.DOTALL).group() for text in (written, small_svg(written))]
    assert said[0] == said[1]
    title = ElementTree.fromstring(small_svg(written)).find(f"{SVG}title")
    assert title.text == 'a "1.23456" <b>\n   <c>'


@pytest.mark.parametrize(
    ("path", "small"),
    [
        ("M 1 1 L 1.005 3 L 1.015 3 z M 0 0 L 1 1", "m1 1v2h0.02zm-1-1l1 1"),
        ("M 0 0 Q 1.234 0 2 2 C 1 1 1 1 0 -1.999", "m0 0q1.23 0 2 2c-1-1-1-1-2-4"),
        ("M 0 0 A 1 1 0 0 1 2 2", "M 0 0 A 1 1 0 0 1 2 2"),
    ],
)
def test_paths(path, small):
    # 1.005 and 1.015 are rounded to the even hundredth, 1 and 1.02, before they are subtracted.
    assert small_svg(f'<path d="{path}"/>') == f'<path d="{small}"/>'
