"""The plot of `benchmarks.speed`: seconds over articles, both on logarithmic axes, one column wide."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot as plt

if TYPE_CHECKING:
    from benchmarks.speed import Measured

# Okabe & Ito 2008, without yellow; markers say the same again.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
_MARKERS = "osD^vPX"


def draw(own: list[Measured], others: list[Measured], stem: Path) -> None:
    """Write stem.png and stem.svg: our jobs as lines, other programs as single marks."""
    names = list(dict.fromkeys(one.name for one in (*own, *others)))
    with plt.rc_context({"font.size": 7, "svg.hashsalt": "speed", "svg.fonttype": "none"}):
        figure, axes = plt.subplots(figsize=(3.5, 4.2), layout="constrained")
        for place, name in enumerate(names):
            runs = sorted((one for one in (*own, *others) if one.name == name), key=lambda one: one.articles)
            at = [one.articles * one.scale for one in runs]
            style = {"color": _COLOURS[place % len(_COLOURS)], "marker": _MARKERS[place % len(_MARKERS)]}
            low = [one.median - min(one.seconds) * one.scale for one in runs]
            high = [max(one.seconds) * one.scale - one.median for one in runs]
            axes.errorbar(
                at, [one.median for one in runs], yerr=[low, high], label=name, markersize=4, linewidth=1,
                linestyle="-" if runs[0] in own else "none",
                fillstyle="full" if runs[0] in own else "none", **style,
            )  # fmt: skip
        axes.set(xscale="log", yscale="log", xlabel="articles", ylabel="seconds, whole process")
        axes.grid(visible=True, which="major", linewidth=0.3)
        axes.spines[["top", "right"]].set_visible(False)
        figure.legend(loc="outside lower center", frameon=False, ncols=1)
        figure.savefig(stem.with_suffix(".png"), dpi=300, metadata={"Software": None})
        figure.savefig(stem.with_suffix(".svg"), metadata={"Date": None})
        plt.close(figure)
