"""Figures are drawn in many tests of this folder; none is left open for the next."""

import matplotlib.pyplot as plt
import pytest


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")
