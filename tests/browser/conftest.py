"""The machine's own browser, driven by Playwright; tests that need it are skipped where there is none.

Where SAMESTORY_BROWSER is "required", as in .ci/run, they fail instead.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.conftest import TOP

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find_browser() -> str | None:
    """A Chromium: SAMESTORY_CHROMIUM, else the first that stands on the path."""
    return os.environ.get("SAMESTORY_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def browser():
    """A Chromium without a head. Nothing is downloaded."""
    without = pytest.fail if os.environ.get("SAMESTORY_BROWSER") == "required" else pytest.skip
    found = find_browser()
    if not found:
        without("no Chromium on this machine; install the package chromium, or set SAMESTORY_CHROMIUM to one")
    try:
        from playwright import sync_api
    except ImportError:
        without("Playwright for Python is not installed; make test installs it")
    with sync_api.sync_playwright() as playwright:
        # No sandbox: it cannot be made in most containers, and all that is opened are pages of our own.
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Where pictures of what was opened are kept: SAMESTORY_SCREENSHOTS, else reports/screenshots."""
    folder = Path(os.environ.get("SAMESTORY_SCREENSHOTS") or TOP / "reports" / "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
