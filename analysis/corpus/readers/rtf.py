"""RTF → its text; a document of its own is one article, for the page rules to take apart.

Read byte by byte of the format: groups, control words, escaped bytes in the code page of their font, ``\\uN``. What is
no text of the document is passed over: pictures, objects, headers, footers, notes, field instructions, hidden text and
every destination that is marked as optional. Nothing embedded is unpacked or run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from analysis.corpus.decoding import Unreadable, normal
from analysis.corpus.readers.columns import Item
from analysis.corpus.readers.properties import told

DEEPEST = 2_000  # groups within groups; programs write fewer than 100

_TOKEN = re.compile(
    rb"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,10})?[ ]?"
    rb"|\\'(?P<hex>[0-9A-Fa-f]{2})"
    rb"|\\(?P<sign>[^A-Za-z])"
    rb"|(?P<brace>[{}])"
    rb"|[\r\n\x00]+"
    rb"|(?P<text>[^\\{}\r\n\x00]+)"
    rb"|\\",
    re.DOTALL,
)
_SIGNS = {
    b"~": "\u00a0",
    b"_": "\u2011",
    b"\n": "\n",
    b"\r": "\n",
    b"{": "{",
    b"}": "}",
    b"\\": "\\",
    b"\t": "\t",
    b"-": "",  # a place where the word may be broken
}
_WORDS = {
    "par": "\n",
    "line": "\n",
    "lbr": "\n",
    "sect": "\n\n",
    "page": "\n",
    "row": "\n",
    "nestrow": "\n",
    "cell": "\t",
    "nestcell": "\t",
    "tab": "\t",
    "emdash": "—",
    "endash": "–",
    "emspace": "\u2003",
    "enspace": "\u2002",
    "qmspace": "\u2005",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
}
# Destinations that hold no text of the document, even where they are not marked as optional.
_ASIDE = frozenset(
    re.findall(
        r"\w+",
        "annotation atnauthor atnid bkmkend bkmkstart colortbl comment datafield datastore do docvar falt fchars "
        "ffdeftext ffname filetbl fldinst fldtype fontemb fontfile fonttbl footer footerf footerl footerr footnote "
        "ftncn ftnsep ftnsepc generator header headerf headerl headerr keywords latentstyles lchars listoverridetable "
        "listtable mmathpr nextfile nonesttables objdata object pgptbl picprop pict pn pntext pntxta pntxtb private "
        "result rsidtbl rxe shppict shprslt sp stylesheet subject tc template themedata txe userprops wgrffmtfilter xe "
        "xmlnstbl",
    )
)
_INFO = ("title", "author")
# Code pages of fonts by \fcharset; those that are not here leave the document's own.
_CHARSETS = {
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gbk",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    255: "cp437",
}
_PAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850", "ansi": "cp1252"}


class Rtf(NamedTuple):
    """What an RTF file holds: its text, ``info`` (title, author, created), and whether its groups end where it ends."""

    text: str
    info: dict[str, str]
    whole: bool


class _State(NamedTuple):
    """What a group inherits: where its text goes ("" = nowhere), the code page, how much ``\\u`` skips, and so on."""

    into: str
    page: str
    skip: int = 1
    hidden: bool = False
    held: str = ""  # where the Unicode half of \\upr goes


def sniff(head: bytes, path: Path) -> bool:
    """Whether the file begins as RTF does."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n\x00")[:5] == b"{\\rtf"


def read(path: Path, *, encoding: str, keep: str | None = None) -> Iterator[Item]:
    """The document as one page, with the title and author that it states. ``encoding`` is not used: RTF says its own.

    A file that breaks off is the page as far as it goes and, as a second item, a reason. Raises Unreadable where it is
    no RTF or holds no text.
    """
    rtf = parse(path.read_bytes())
    if not rtf.text.strip():
        raise Unreadable("no text in the document (pictures only?)")
    item: Item = {"source_index": 0, "page": "\n\n".join(line for line in rtf.text.split("\n") if line.strip())}
    yield item | told(title=rtf.info.get("title"), author=rtf.info.get("author"), created=rtf.info.get("created"))
    if not rtf.whole:
        yield {"source_index": 1, "reason": "the RTF file breaks off: a group is never closed, so text may be missing"}


def text_of(data: bytes) -> str:
    """The text of an RTF file: a paragraph a line, cells of a table divided by tabs, NFC.

    Raises Unreadable where it is no RTF or is nested beyond measure. A file that breaks off gives the text so far (see
    `parse`).
    """
    return parse(data).text


def parse(data: bytes) -> Rtf:
    """Text and statements of an RTF file. Raises Unreadable where it is no RTF or is nested beyond measure."""
    if not sniff(data, Path()):
        raise Unreadable("not RTF (it does not begin with {\\rtf)")
    page = _document_page(data)
    fonts: dict[int, str] = {}
    font = default = 0
    text: dict[str, list[str]] = {"text": [], **{name: [] for name in _INFO}}
    info: dict[str, str] = {}
    state, outer = _State("text", page), []
    waiting = bytearray()  # bytes of one code page, decoded together since a character may take two
    skip = position = 0  # characters to pass over: the fallback that stands behind \u
    opened = False
    while match := _TOKEN.match(data, position):
        position = match.end()
        shown = state.into and not state.hidden
        raw = match["text"] if match["hex"] is None else bytes.fromhex(match["hex"].decode())
        if raw is not None:
            if shown:
                waiting += raw[skip:]
            skip = max(0, skip - len(raw))
            continue
        brace, sign = match["brace"], match["sign"]
        word, number = (match["word"] or b"").decode().lower(), int(match["number"] or 0)
        if not (brace or sign or word):
            continue  # line ends of the file mean nothing
        _flush(waiting, state, text)
        skip = 0
        if brace == b"{":
            opened = True
            outer.append(state)
            if len(outer) > DEEPEST:
                raise Unreadable(f"not read: groups nested more than {DEEPEST} deep")
        elif brace:
            state = outer.pop() if outer else state
            if opened and not outer:
                break
        elif sign == b"*":
            state = _optional(data, position, state)
        elif sign or word in _WORDS:
            if shown:
                text[state.into].append(_SIGNS.get(sign, "") if sign else _WORDS[word])
        elif word == "u":
            skip = state.skip
            if shown and match["number"]:
                text[state.into].append(chr(number % 0x10000))
        elif word == "bin":
            position += max(0, number)
        elif word == "f":
            font = number
            state = state._replace(page=fonts.get(number) or page)
        elif word == "fcharset":
            fonts[font] = _CHARSETS.get(number, "")
        elif word in ("deff", "plain"):
            default = number if word == "deff" else default
            state = state._replace(page=fonts.get(default) or page, hidden=False)
        elif word == "creatim":
            info["created"] = _moment(data[position : position + 80])
            state = state._replace(into="")
        else:
            state = _changed(state, word, number if match["number"] else None)
    _flush(waiting, state, text)
    joined = {name: normal(_whole_pairs("".join(pieces))) for name, pieces in text.items()}
    info |= {name: " ".join(joined[name].split()) for name in _INFO if joined[name].strip()}
    return Rtf(joined["text"], info, not outer and b"\\" not in data[position:])


def _document_page(data: bytes) -> str:
    """The code page of the document: what ``\\ansicpg`` says, else that of ``\\mac``, ``\\pc`` or ``\\ansi``."""
    head = data[:4096]
    numbered = re.search(rb"\\ansicpg(\d{1,5})", head)
    if numbered:
        number = numbered[1].decode()
        name = {"65001": "utf-8", "10000": "mac_roman", "936": "gbk"}.get(number, f"cp{number}")
        try:
            return name if b"{Az\\09}".decode(name) == "{Az\\09}" else "cp1252"
        except (LookupError, UnicodeDecodeError):
            return "cp1252"
    named = re.search(rb"\\(mac|pca|pc|ansi)\b", head)
    return _PAGES[named[1].decode()] if named else "cp1252"


def _flush(waiting: bytearray, state: _State, text: dict[str, list[str]]) -> None:
    if waiting:
        text[state.into].append(waiting.decode(state.page, "replace").replace("\x00", ""))
        waiting.clear()


def _optional(data: bytes, position: int, state: _State) -> _State:
    r"""The state behind ``\*``: what follows is optional and passed over, but for the Unicode half of ``\upr``."""
    following = _TOKEN.match(data, position)
    if following and following["word"] == b"ud":
        return state._replace(into=state.held)
    if following and following["word"] == b"shpinst":  # a text box: its text is not optional
        return state
    return state._replace(into="")


def _changed(state: _State, word: str, number: int | None) -> _State:
    """The state behind a control word that is no text."""
    if word == "uc":
        return state._replace(skip=min(max(number or 0, 0), 100))
    if word == "v":
        return state._replace(hidden=number != 0)
    if word == "upr":
        return state._replace(into="", held=state.into)
    if word == "info" or word in _ASIDE:
        return state._replace(into="", held="")
    if word in _INFO:
        return state._replace(into=word)
    return state


def _moment(data: bytes) -> str:
    r"""The date of ``\yr2024\mo6\dy4\hr9\min30`` as ISO 8601."""
    parts = [re.search(rb"\\" + name + rb"(\d{1,4})", data) for name in (b"yr", b"mo", b"dy")]
    return "-".join(f"{int(part[1]):02}" for part in parts if part)


def _whole_pairs(text: str) -> str:
    """``text`` with surrogate pairs as the characters that they stand for; a half of one becomes U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
