"""What a DOCX, RTF or PDF file says of itself: title, author and date, as far as they can be believed."""

from __future__ import annotations

import re
from typing import Any

# Titles that programs put where nobody wrote one.
_NO_TITLE = re.compile(
    r"(?:word|pdf|xlsx?)?[ -]?(?:document|dokument)\d*|untitled.*|unbenannt.*|about:blank|(?:https?|file):\S*|print|"
    r"powerpoint presentation|[^ ]*\.(?:docx?|rtf|odt|pdf|indd|qxd|html?|aspx?|php)|index",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    r"python-docx|microsoft(?: office)?(?: user)?|office user|user|owner|admin(?:istrator)?|unknown|default|author|"
    r"(?:un)?known author|pc|home|test|anonymous|openpyxl|apache poi|.*[@\\].*",
    re.IGNORECASE,
)


def told(*, title: str | None, author: str | None, created: str | None) -> dict[str, Any]:
    """What a file says of itself → fields for an item of a ``page``: ``headline``, ``stated`` and ``notes``.

    ``headline`` helps to find the headline on the page; ``stated`` are columns for where the page itself has none.
    Titles and authors that a program filled in are left out. The date at which the file was made is not the one of
    publication: it goes to the notes, so that it is seen but never taken for the other.
    """
    stated: dict[str, str] = {}
    title = re.sub(r"^Microsoft Word - ", "", title or "").strip()
    if len(title.split()) > 1 and not _NO_TITLE.fullmatch(title):
        stated["headline"] = title
    if author and not _NO_AUTHOR.fullmatch(author.strip()):
        stated["byline"] = author.strip()
    notes = [("published", f"{created} (when the file was made)")] if created else []
    headline = {"headline": stated["headline"]} if "headline" in stated else {}
    return {**headline, "stated": stated, "notes": notes}
