"""What all tests share: small tables made by hand, and ../shared where it is there."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

TOP = Path(__file__).resolve().parents[1]
SHARED = TOP.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder beside the checkout with real pages and hand coding; tests that need it are skipped without it."""
    if not SHARED.is_dir():
        pytest.skip("../shared is not beside the checkout; data/demo tests the same code")
    return SHARED


@pytest.fixture
def make_articles():
    """Articles from bodies, or from (headline, deck, body): a table as the corpus room gives it."""

    def make(*texts: str | tuple[str | None, str | None, str], outlets: list[str] | None = None) -> pd.DataFrame:
        parts = [text if isinstance(text, tuple) else (None, None, text) for text in texts]
        return pd.DataFrame(
            {
                "article_id": pd.array([f"{number:012x}" for number in range(len(parts))], dtype="str"),
                "published": pd.array([pd.NaT] * len(parts), dtype="datetime64[us]"),
                "outlet": pd.array(outlets or [f"Outlet {number}" for number in range(len(parts))], dtype="str"),
                "headline": pd.array([part[0] for part in parts], dtype="str"),
                "deck": pd.array([part[1] for part in parts], dtype="str"),
                "body": pd.array([part[2] for part in parts], dtype="str"),
            }
        )

    return make
