"""The machine's own browser, driven by Playwright; tests that need it are skipped where there is none."""

from __future__ import annotations

import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find_browser() -> str | None:
    """A Chromium: SAMESTORY_CHROMIUM, else the first that stands on the path."""
    return os.environ.get("SAMESTORY_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def browser():
    """A Chromium without a head. Nothing is downloaded."""
    found = find_browser()
    if not found:
        pytest.skip("no Chromium on this machine: install the package chromium, or set SAMESTORY_CHROMIUM")
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright for Python is not installed")
    with sync_api.sync_playwright() as playwright:
        # No sandbox: it cannot be made in most containers, and all that is opened are pages of our own.
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()
