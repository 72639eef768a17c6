"""What costs a second when a notebook does it first, done once before kernels are forked (see `nursery`).

The first figure of a process finds, reads and cuts fonts, and loads what writes each format. The first compiled
function has numba set up all that it can compile. Nothing of it is kept but what it read; no thread is started, and no
backend of matplotlib is chosen.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from analysis.reporting import layout
from analysis.reporting.pictures import write_pictures


def warm() -> None:
    """Draw a figure in every format, and show it as a notebook does; set up what runs compiled functions."""
    from IPython.core.pylabtools import print_figure

    with layout.style():
        figure = Figure(figsize=(layout.WIDTH, 1))
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0.2, 0.2, 0.7, 0.7))
        axes.barh([0], [1], hatch=layout.HATCHES[1])
        axes.plot([0, 1], [0, 1], marker="o", label="a line")
        figure.text(0, 0, "words")
        figure.text(0, 0.5, "words", weight="bold")
        figure.legend()
        with tempfile.TemporaryDirectory(prefix="samestory-") as folder:
            write_pictures(figure, Path(folder) / "first", {"caption": "", "alt": "", "figure_id": "0" * 10})
        print_figure(figure)
    _compiled()


def _compiled() -> None:
    from numba.core.registry import cpu_target

    cpu_target.typing_context.refresh()
    cpu_target.target_context.refresh()
