"""What the readers of vendors' exports share: lenient decoding, where articles begin, one article as an item.

An export holds many articles. A broken byte in one of them must not cost the others, so that bytes are decoded
leniently here and what was broken is noted, and a file is cut into articles before any of them is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from analysis.corpus.dates import find_date, parse_date
from analysis.corpus.decoding import known_encoding, marked, normal
from analysis.corpus.readers.columns import Item, as_text

BROKEN = "\ufffd"
SHORT = 0.75  # of the words announced: fewer are noted

_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
# Line and page separators that are neither a paragraph's end nor a letter.
_FEEDS = re.compile(r"[\x0b\x0c\x1c-\x1e]")
_DECLARED = re.compile(rb"<(?:meta|\?xml)\b[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_UNSPACED = frozenset(("zh", "ja", "th", "ko", "lo", "km", "my"))

# The names that vendors print, in the languages of their pages.
LANGUAGES = {
    name: code
    for code, names in {
        "ar": "arabic arabe arabisch árabe arabo",
        "bg": "bulgarian bulgare bulgarisch búlgaro bulgaro",
        "ca": "catalan katalanisch catalán catalano",
        "cs": "czech tchèque tschechisch checo ceco",
        "da": "danish danois dänisch danés danese dansk",
        "de": "german allemand deutsch alemán tedesco alemão duits",
        "el": "greek grec griechisch griego greco",
        "en": "english anglais englisch inglés inglese inglês engels",
        "es": "spanish espagnol spanisch español spagnolo espanhol castellano spaans",
        "fi": "finnish finnois finnisch finlandés finlandese suomi",
        "fr": "french français französisch francés francese francês frans",
        "he": "hebrew hébreu hebräisch hebreo ebraico",
        "hu": "hungarian hongrois ungarisch húngaro ungherese",
        "id": "indonesian indonésien indonesisch indonesio indonesiano",
        "it": "italian italien italienisch italiano italiaans",
        "ja": "japanese japonais japanisch japonés giapponese japonês",
        "ko": "korean coréen koreanisch coreano",
        "nl": "dutch néerlandais niederländisch neerlandés holandés olandese nederlands",
        "no": "norwegian norvégien norwegisch noruego norvegese norsk",
        "pl": "polish polonais polnisch polaco polacco polski",
        "pt": "portuguese portugais portugiesisch portugués portoghese português",
        "ro": "romanian roumain rumänisch rumano rumeno",
        "ru": "russian russe russisch ruso russo русский",
        "sk": "slovak slovaque slowakisch eslovaco slovacco",
        "sv": "swedish suédois schwedisch sueco svedese svenska",
        "th": "thai thaï thailändisch tailandés",
        "tr": "turkish turc türkisch turco türkçe",
        "uk": "ukrainian ukrainien ukrainisch ucraniano ucraino",
        "zh": "chinese chinois chinesisch chino cinese chinês mandarin",
    }.items()
    for name in names.split()
}


class Piece(NamedTuple):
    """A stretch of a file: where it begins, and its text."""

    start: int
    text: str


def decoded(data: bytes, encoding: str, declared: str | None = None) -> str:
    """The text of an export, whatever its bytes: what cannot be decoded becomes U+FFFD, and so do control characters.

    By its byte-order mark; else as UTF-8 where it is UTF-8 (declarations are often wrong, UTF-8 is never an accident);
    else as ``declared`` or ``encoding`` say; else as UTF-8 with broken bytes where most of it is that, else as
    Windows-1252. NFC, ``\\n`` as the only line end.
    """
    said = known_encoding(declared) or known_encoding(_declared(data))
    text = _decoded(data, known_encoding(encoding) or "utf-8", said)
    text = _CONTROL.sub(BROKEN, _FEEDS.sub("\n", normal(text)))
    # Half a surrogate pair, which UTF-16 and UTF-7 let through, is no Unicode.
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def _decoded(data: bytes, encoding: str, said: str | None) -> str:
    mark = marked(data)
    if mark:
        return data.decode(mark, "replace")
    seven_bit = said and said.startswith(("iso2022", "utf-7", "hz"))  # these are valid UTF-8 too
    wide = (said if said and said.startswith(("utf-16", "utf-32")) and b"\x00" in data[:200] else None,)
    for name in (*wide, said if seven_bit else None, "utf-8", said, encoding):
        if name and not (name.startswith(("utf-16", "utf-32")) and name not in wide):
            try:
                if not (name in (said, encoding) and name != "utf-8" and _is_damaged_utf8(data)):
                    return data.decode(name)
            except UnicodeError:
                continue
    return data.decode("utf-8" if _is_damaged_utf8(data) else "cp1252", "replace")


def _declared(data: bytes) -> str | None:
    match = _DECLARED.search(data[:4096])
    return match[1].decode("latin-1") if match else None


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether at least four fifths of the bytes beyond ASCII are whole characters of UTF-8."""
    high = len(_HIGH.findall(data))
    return high > 0 and sum(len(found) for found in _SEQUENCE.findall(data)) >= 0.8 * high


def pieces(text: str, major: re.Pattern[str], minor: re.Pattern[str] | None = None) -> list[Piece]:
    """``text`` cut where articles begin; what stands above the first is the first piece.

    ``major`` matches at the beginning of an article, ``minor`` once inside it: a second ``minor`` without ``major``
    before it begins an article too, so that one broken mark does not put two articles into one.
    """
    firsts = [match.start() for match in major.finditer(text)]
    marks = [(place, True) for place in firsts]
    marks += [(match.start(), False) for match in minor.finditer(text)] if minor else []
    starts, taken = [], True
    for place, is_major in sorted(marks):
        if is_major:
            starts.append(place)
            taken = False
        elif taken:
            starts.append(place)
        else:
            taken = True
    bounds = [0, *starts, len(text)]
    return [Piece(start, text[start:end]) for start, end in pairwise(bounds)]


def ends_early(text: str) -> bool:
    """Whether a page of HTML begins and does not end."""
    return re.search(r"<html\b", text[:20_000], re.IGNORECASE) is not None and (
        re.search(r"</(?:html|body)\s*>", text[-20_000:], re.IGNORECASE) is None
    )


def language_code(name: str | None) -> str | None:
    """``en`` of "English", "Anglais", "English (US)" and "en-GB"; None where it is no language that is known."""
    seen = re.split(r"[^\w]", (name or "").strip().casefold())[0]
    return seen if len(seen) == 2 and seen in LANGUAGES.values() else LANGUAGES.get(seen)


def article(
    index: int,
    paragraphs: Sequence[str],
    *,
    where: str,
    dates: Iterable[str | None] = (),
    announced: str | None = None,
    language: str | None = None,
    notes: Iterable[tuple[str, str]] = (),
    **fields: str | None,
) -> Item:
    """One article as an item; one with a reason where it has no text.

    ``where`` names it in the reason. ``dates``: what is printed as its date, the first that can be read counts; where
    none can, the first goes to the notes. ``announced``: how many words the vendor says it has; if fewer than
    three quarters of them are there, the notes say so. ``language``: its name or code. ``fields``: columns as
    printed; empty ones are left out.
    """
    body = normal("\n\n".join(text for text in paragraphs if text.strip()))
    headline = as_text(fields.get("headline"))
    if not _WORD.search(body):
        return {"source_index": index, "reason": f"{where}: no text"} | ({"headline": headline} if headline else {})
    item: Item = {"source_index": index, "notes": list(notes)}
    item |= {field: text for field, text in ((field, as_text(value)) for field, value in fields.items()) if text}
    printed = [text[:400] for text in (as_text(text) for text in dates) if text]
    published = next((date for date in (parse_date(text) or find_date(text) for text in printed) if date), None)
    if published:
        item["published"] = published
    elif printed:
        item["notes"].append(("published", printed[0]))
    code = language_code(language)
    if code:
        item["language"] = code
    elif as_text(language):
        item["notes"].append(("language", as_text(language)))
    if announced and code not in _UNSPACED:
        item["notes"] += _short(announced, body)
    lost = sum(value.count(BROKEN) for value in (body, headline or ""))
    if lost:
        item["notes"].append(("body", f"{lost} character{'s' * (lost != 1)} that could not be decoded"))
    return item | {"body": body}


def _short(announced: str, body: str) -> list[tuple[str, str]]:
    """A note where much of the text that was announced is not there."""
    digits = re.sub(r"\D", "", announced)
    said, found = int(digits[:9] or 0), len(_WORD.findall(body))
    if found >= SHORT * said or said - found < 20:
        return []
    return [("body", f"{said} words announced, {found} found")]


def broken_off(index: int, what: str, headline: str | None = None) -> Item:
    """The reject of a file that ends before its end; ``what`` says what is missing."""
    item: Item = {"source_index": index, "reason": f"the file breaks off: {what}"}
    return item | ({"headline": headline} if headline else {})
