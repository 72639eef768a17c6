"""Pictures in few colours: what is drawn keeps its colours exactly, and nothing is far from what it was."""

import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from analysis.reporting import layout, pictures
from analysis.reporting.layout import COLOURS

RECORD = {"caption": "Bars.", "alt": "Bars of eight colours.", "figure_id": "0123456789"}


@pytest.fixture
def figure():
    with layout.style():
        figure, axes = plt.subplots(figsize=(3, 2))
        for place, colour in enumerate(COLOURS):
            axes.bar([place], [1 + place], color=colour)
        axes.set_title("Kyiv, Kiev")
        yield figure


def drawn(figure):
    with layout.style():
        figure.savefig(out := io.BytesIO(), format="png", dpi=pictures.DPI)
    return np.asarray(Image.open(out).convert("RGB")).astype(int)


def test_few_colours_and_what_is_drawn_is_exact(figure, tmp_path):
    before = drawn(figure)
    pictures.write_pictures(figure, tmp_path / "bars", RECORD)
    picture = Image.open(tmp_path / "bars.png")
    assert picture.mode == "P" and round(picture.info["dpi"][0]) == 300
    now = np.asarray(picture.convert("RGB")).astype(int)
    assert now.shape == before.shape and tuple(now[0, 0]) == (255, 255, 255)
    assert len(np.unique(now.reshape(-1, 3), axis=0)) <= 64
    flat = {tuple(round(255 * part) for part in colour) for colour in map(plt.matplotlib.colors.to_rgb, COLOURS)}
    assert flat <= {tuple(colour) for colour in np.unique(now.reshape(-1, 3), axis=0).tolist()}
    changed = (before != now).any(axis=2)
    assert changed.mean() < 0.02 and abs(before - now).max() < 64
    for ending in (".pdf", ".svg", ".png"):
        first = (tmp_path / f"bars{ending}").read_bytes()
        pictures.write_pictures(figure, tmp_path / "again", RECORD)
        assert (tmp_path / f"again{ending}").read_bytes() == first


def test_a_picture_of_very_many_colours_is_left_as_it_is():
    colours = np.arange(200 * 200 * 3, dtype=np.uint32).reshape(200, 200, 3) % 251
    noise = np.random.default_rng(1).integers(0, 256, (200, 200, 3))
    picture = Image.fromarray(((colours + noise) % 256).astype(np.uint8))
    assert pictures._few_colours(picture) is picture
