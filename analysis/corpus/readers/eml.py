"""E-mail (.eml, and .mbox of several): exports that archives send, and messages that are articles themselves.

Of the same text in several forms (multipart/alternative) the one is taken in which most is found. A text that is a
vendor's export is read as that; any other message is one article: subject, sender, date, text. Attachments are read
as the files they are, by their content; nothing is opened by a program and nothing is fetched.

Headers that say the wrong character set or transfer encoding are not believed: text that is UTF-8 is read as UTF-8, and
quoted-printable or base64 that nobody announced is decoded.
"""

from __future__ import annotations

import base64
import binascii
import email
import quopri
import re
import tempfile
from collections.abc import Iterator
from email.errors import CloseBoundaryNotFoundDefect, MessageError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from analysis.corpus.decoding import Unreadable
from analysis.corpus.readers import europresse, factiva, markup, nexis, proquest
from analysis.corpus.readers.columns import Item
from analysis.corpus.readers.exports import article, broken_off, decoded
from analysis.corpus.readers.kinds import HEAD
from analysis.corpus.readers.kinds import as_text as head_text

DEEPEST = 20  # messages and multiparts within one another
MOST_PARTS = 1_000
FEW = 60  # words: a message of ProQuest with fewer, and none of its labels, holds no article

_HEADERS = (
    "from|to|subject|date|received|return-path|message-id|mime-version|content-type|delivered-to|reply-to|cc|x-[\\w-]+|"
    "content-transfer-encoding|dkim-signature|arc-[\\w-]+|authentication-results|sender|list-[\\w-]+|thread-[\\w-]+|"
    "importance|accept-language|content-language|in-reply-to|references|user-agent|status|bcc"
)
_HEADER = re.compile(rf"(?:{_HEADERS}):(?:[ \t]|$)", re.IGNORECASE)
_SURE = frozenset(("received", "return-path", "message-id", "mime-version", "delivered-to", "dkim-signature"))
_MBOX = re.compile(rb"(?m)^From \S{1,200} .{0,60}\d{4}\r?$")
_FIELD = re.compile(r"(?im)(?:^|>)[ \t]*(?:title|headline|newspaper|paper|publication|source|author|byline)[ \t]*:")
_FORWARDED = re.compile(r"(?:(?:re|fwd?|wg|aw|tr|rv|i)\s*:\s*)+", re.IGNORECASE)
_TAGS = re.compile(r"<(?:html|body|div|p|table|br|span)\b[^<>]{0,500}>", re.IGNORECASE)
_QUOTED = re.compile(r"=(?:[0-9A-F]{2}|\r?\n)")
_BASE64 = re.compile(rb"\s*(?:[A-Za-z0-9+/]{40,78}\r?\n){3,}[A-Za-z0-9+/]{0,78}={0,2}\s*(?:--|\Z)")
_PICTURE = re.compile(r"\.(?:png|gif|jpe?g|bmp|svg|ico|vcf|p7s|asc|ics)$", re.IGNORECASE)
_IS_BASE64 = re.compile(rb"[A-Za-z0-9+/=\s]*")
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_VENDORS = (factiva, europresse, proquest)
_NAVIGATION = frozenset(("nav", "form"))


class Text(NamedTuple):
    """A text of a message in one form, with the items found in it and who they are of ("" for the message itself)."""

    items: list[Item]
    vendor: str


def sniff(head: bytes, path: Path) -> bool:
    """Whether the file begins with the headers of a message, or is a box of messages."""
    lines = head_text(head).lstrip("\ufeff\n").split("\n")[:200]
    if lines and lines[0].startswith("From ") and _MBOX.match(head):
        lines = lines[1:]
    seen = set()
    for line in lines:
        if not line.strip():
            break
        if line[0] not in " \t":
            if not re.match(r"[\w-]{1,60}:", line):
                return False
            if _HEADER.match(line):
                seen.add(line.partition(":")[0].lower())
    if path.suffix.lower() in (".eml", ".mbox"):
        return len(seen) > 1
    # A page of text may begin with "From:" and "Date:" too.
    return len(seen) > 1 and (bool(seen & _SURE) or {"from", "to", "subject", "date"} <= seen)


def read(path: Path, *, encoding: str, keep: str | None = None) -> Iterator[Item]:
    """The items of all messages of the file. Raises Unreadable where it holds no message with text."""
    data = path.read_bytes()
    starts = [match.start() for match in _MBOX.finditer(data)] if data.startswith(b"From ") else []
    messages = [data[start:end] for start, end in pairwise([*starts, len(data)])] or [data]
    index = 0
    for number, message in enumerate(messages, start=1):
        try:
            for item in items_of(message, encoding):
                if "expected" in item and len(messages) > 1:
                    continue  # one statement a file; that of a message is not that of the box
                yield item | {"source_index": index}
                index += "expected" not in item
        except Unreadable as error:
            if len(messages) == 1:
                raise
            yield {"source_index": index, "reason": f"message {number}: {error}"}
            index += 1


def items_of(data: bytes, encoding: str) -> Iterator[Item]:
    """The items of one message. Raises Unreadable where it has no text."""
    data = data.lstrip(b"\xef\xbb\xbf\r\n")
    if not re.search(rb"\n\r?\n|\r\r", data):
        raise Unreadable("a message without text, broken off in its headers")
    try:
        message = email.message_from_bytes(data)
        texts, attached, cut = _leaves(message, encoding)
    except (MessageError, RecursionError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable(f"the message cannot be read: {type(error).__name__}: {str(error)[:80]}") from None
    found = [item for file in attached for item in file]
    articles = [item for item in found if "body" in item or "page" in item]
    vendors = [text for text in texts if text.vendor]
    said = vendors or ([] if articles else texts)  # beside attached articles, the text is a cover note
    parts = [text.items for text in said] + attached
    items = [item for part in parts for item in part if "expected" not in item]
    if not items:
        raise Unreadable("a message without text" + (", broken off" if cut else ""))
    yield from items
    yield from _expected(parts)
    if cut:
        yield broken_off(len(items), "no end of the message: text or articles may be missing")


def _expected(parts: list[list[Item]]) -> Iterator[Item]:
    """What the parts of a message say they hold, as one statement; a part that says nothing holds what is in it."""
    said = [[item["expected"] for item in part if "expected" in item] for part in parts]
    if len(parts) == 1 or not any(said):
        yield from (item for part in parts for item in part if "expected" in item)
        return
    counts = [found[0]["count"] if found else len(part) for found, part in zip(said, parts, strict=True)]
    by = f"{'; '.join(dict.fromkeys(found[0]['by'] for found in said if found))}; {len(parts)} parts of the message"
    yield {"source_index": 0, "expected": {"count": sum(counts), "by": by}}


def _leaves(message: Message, encoding: str) -> tuple[list[Text], list[list[Item]], bool]:
    """The texts of a message, the items of its attachments, and whether a part of it never ends."""
    texts: list[Text] = []
    attached: list[list[Item]] = []
    waiting: list[tuple[Message, Message, int]] = [(message, message, 0)]  # part, the message it is of, depth
    cut, parts = False, 0
    while waiting:
        part, whole, depth = waiting.pop()
        cut = cut or any(isinstance(defect, CloseBoundaryNotFoundDefect) for defect in part.defects)
        cut = cut or _is_half_base64(part)
        parts += 1
        if depth > DEEPEST or parts > MOST_PARTS:
            raise Unreadable(f"not read: more than {MOST_PARTS} parts, or more than {DEEPEST} within one another")
        if part.is_multipart() and part.get_content_type() == "multipart/alternative":
            forms = [_deep(form, whole, encoding, depth + 1) for form in part.get_payload()]
            cut = cut or any(broken for _, _, broken in forms)
            attached += [file for _, files, _ in forms for file in files]
            texts += max((found for found, _, _ in reversed(forms)), key=_worth, default=[])
        elif part.is_multipart():
            inner = part.get_content_type() == "message/rfc822"
            waiting += [(child, child if inner else whole, depth + 1) for child in reversed(part.get_payload())]
        elif part.get_content_maintype() in ("text", "multipart", "message") and not _is_attached(part):
            texts.append(_text(part, whole, encoding))
        elif part.get_content_maintype() not in ("image", "audio", "video", "font") and not _is_picture(part):
            attached.append(_attachment(part, encoding))
    return [text for text in texts if text.items], [items for items in attached if items], cut


def _deep(form: Message, whole: Message, encoding: str, depth: int) -> tuple[list[Text], list[list[Item]], bool]:
    """`_leaves` of one form of an alternative, which may be a multipart again."""
    if depth > DEEPEST:
        raise Unreadable(f"not read: more than {DEEPEST} parts within one another")
    if form.is_multipart():
        if not form.get("Subject"):  # what the whole message says of itself holds for its parts
            for name in ("Subject", "From", "Date"):
                if whole.get(name) and not form.get(name):
                    form[name] = whole[name]
        return _leaves(form, encoding)
    if form.get_content_maintype() == "text":
        text = _text(form, whole, encoding)
        return [text] if text.items else [], [], _is_half_base64(form)
    return [], [], False


def _worth(texts: list[Text]) -> tuple[int, int, int]:
    """How much is in one form of a text: articles of a vendor, articles, words in hundreds."""
    bodies = [item["body"] for text in texts for item in text.items if "body" in item]
    of_vendor = sum("body" in item for text in texts if text.vendor for item in text.items)
    return of_vendor, len(bodies), round(sum(len(body.split()) for body in bodies), -2)


def _is_attached(part: Message) -> bool:
    """Whether a part of text is a file of its own: named, and to be saved rather than shown."""
    return part.get_content_disposition() == "attachment" and bool(part.get_filename())


def _is_picture(part: Message) -> bool:
    """Whether a part is named as a picture or a card, whatever type it says: the logo below a message."""
    return _PICTURE.search(str(part.get_filename() or "")) is not None


def _payload(part: Message) -> bytes:
    """The bytes of a part; quoted-printable and base64 decoded even where no header says so."""
    said = _coding(part)
    if said == "base64":
        raw = str(part.get_payload()).encode("ascii", "ignore")
        return _from_base64(raw) if _IS_BASE64.fullmatch(raw[:4_000]) else part.get_payload(decode=True)
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        data = str(part.get_payload()).encode("utf-8", "surrogateescape")
    if said != "quoted-printable":
        sample = data[:20_000].decode("latin-1")
        if len(_QUOTED.findall(sample)) >= max(3, len(sample) // 400) and re.search(r"=\r?\n|=3D", sample):
            return quopri.decodestring(data)
        if _BASE64.match(data):
            return _from_base64(data.partition(b"--")[0])
    return data


def _coding(part: Message) -> str:
    return str(part.get("Content-Transfer-Encoding", "")).strip().lower()


def _from_base64(raw: bytes) -> bytes:
    """The bytes of base64, the last group of which may be broken off."""
    letters = _NO_BASE64.sub(b"", raw)
    try:
        return base64.b64decode(letters[: len(letters) // 4 * 4])
    except (binascii.Error, ValueError):
        return raw


def _is_half_base64(part: Message) -> bool:
    """Whether the base64 of a part ends amid a group of four letters."""
    if part.is_multipart() or _coding(part) != "base64":
        return False
    raw = str(part.get_payload()).rstrip()
    return not raw.endswith("=") and len(_NO_BASE64.sub(b"", raw.encode("ascii", "ignore"))) % 4 > 0


def _text(part: Message, whole: Message, encoding: str) -> Text:
    """One part of text: as the export of a vendor that it is, else as the message itself."""
    data = _payload(part)
    charset = part.get_content_charset()
    text = _unquoted(decoded(data, encoding, charset))
    for vendor in _VENDORS:
        sender = _header(whole, "From") if vendor is proquest else ""
        if vendor.sniff(f"{sender}\n{text[:HEAD]}".encode(), Path()):
            try:
                items = vendor.items_of_text(text) if vendor is proquest else vendor.items_of(text.encode(), "utf-8")
                return Text(list(items), vendor.__name__.rpartition(".")[2])
            except Unreadable as error:
                if vendor is proquest:
                    return Text([broken_off(0, str(error))], "")
                continue
    if 0 < len(text.split()) < FEW and "proquest" in f"{_header(whole, 'From')} {text}".lower():
        return Text([broken_off(0, "an export of ProQuest without an article")], "")
    packed = text.lstrip().startswith(("{\\rtf", "PK"))  # then nexis would look into the file, and there is none
    if not packed and nexis.sniff(text[:HEAD].encode(), Path()):
        return Text(_through_file(text.encode(), "", "utf-8"), "nexis")
    labelled = _labelled(text)
    if labelled:
        return Text(labelled, "labelled")
    is_html = part.get_content_subtype() == "html" or len(_TAGS.findall(text[:20_000])) > 2
    if is_html:
        lines = markup.lines_anyway(text, without=_NAVIGATION)
        text = "\n\n".join(" ".join(line.split()) for line in lines)
    if not text.strip():
        return Text([], "")
    subject = _FORWARDED.sub("", _header(whole, "Subject"), count=1)
    sender = parseaddr(_header(whole, "From"))
    item = article(
        0,
        [text],
        where="the message",
        dates=[_header(whole, "Date")],
        headline=subject,
        outlet=sender[0] or sender[1],
    )
    if is_html and "body" in item:
        item["web"] = True  # mails have page furniture above and below their text
    return Text([item], "")


def _unquoted(text: str) -> str:
    """A text without the ">" before its lines, where most of them have it: an export that was forwarded."""
    lines = [line for line in text.split("\n") if line.strip()]
    if sum(line.lstrip().startswith(">") for line in lines) * 2 <= len(lines):
        return text
    return re.sub(r"(?m)^[ \t]?>[> ]{0,20}", "", text)


def _labelled(text: str) -> list[Item]:
    """The items of a text that begins with fields ("Title: …", "Newspaper: …"), as other archives send it."""
    try:
        found = list(proquest.items_of_text(text)) if len(_FIELD.findall(text[:HEAD])) > 1 else []
    except Unreadable:
        return []
    whole = [item for item in found if item.keys() >= {"body", "headline", "outlet"}]
    return found if len(whole) == len(found) else []


def _header(message: Message, name: str) -> str:
    """A header as text on one line, its encoded words decoded; "" where there is none."""
    printed = str(message.get(name, ""))
    raw = printed.encode("utf-8", "surrogateescape")
    try:
        pieces = decode_header(decoded(raw, "utf-8"))
    except (MessageError, ValueError, binascii.Error):
        return " ".join(decoded(raw, "utf-8").split())
    texts = (decoded(text, "utf-8", charset) if isinstance(text, bytes) else text for text, charset in pieces)
    return " ".join("".join(texts).split())


def _attachment(part: Message, encoding: str) -> list[Item]:
    """The items of an attached file, read by its content as a file of its own would be."""
    data = _payload(part)
    name = Path(str(part.get_filename() or "").replace("\\", "/")).name[:80] or "without a name"
    suffix = re.fullmatch(r"\.\w{1,8}", Path(name).suffix)
    if not data.strip():
        return [{"source_index": 0, "reason": f"attachment {name}: empty"}]
    if (suffix and suffix[0].lower() in (".eml", ".mbox", ".zip", ".gz")) or sniff(data[:HEAD], Path(name)):
        return [{"source_index": 0, "reason": f"attachment {name}: not read; save it as a file of its own"}]
    items = _through_file(data, suffix[0] if suffix else "", encoding)
    return [item | {"reason": f"attachment {name}: {item['reason']}"} if "reason" in item else item for item in items]


def _through_file(data: bytes, suffix: str, encoding: str) -> list[Item]:
    """The items of bytes that stand in a file of their own, for readers that want one."""
    from analysis.corpus.readers import read_items  # this module is in its table

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"part{suffix}"
        path.write_bytes(data)
        return list(read_items(path, encoding=encoding))
