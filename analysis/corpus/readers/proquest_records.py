"""Lines of a ProQuest export → its records: where each begins and ends, and what is no record.

Articles are divided by lines of underscores, by "Document 3 of 25", or by nothing but the index of the one above.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from analysis.corpus.readers.proquest_fields import is_closing, label_of

RULE = "_" * 40  # the line that stands for a rule of HTML

LINE = re.compile(r"\s*(?:[_=*—–-]\s?){15,}\s*")
OF_ALL = re.compile(
    r"\W*(?:Document|Documento|Dokument|Article|Item|Record)\s+(?P<n>\d{1,6})\s+(?:of|de|sur|von|di)\s+(?P<m>\d{1,6})\W*",
    re.IGNORECASE,
)
_CONTENTS = re.compile(
    r"\W*(?:table of contents|contents|tabla de contenidos?|índice|table des matières|sommaire|inhaltsverzeichnis)\W*",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\s*(?P<n>\d{1,5})[.)]\s+(?P<title>\S.*?)(?:\s*[.…\t]{2,}\s*\d{1,5})?\s*")
_FURNITURE = re.compile(
    r"\W*(?:proquest(?: document link| logo)?|report information from proquest|enlarge this image|"
    r"(?:show|hide|return to|back to)\b.{0,30}\b(?:table of contents|top|abstract|document)|back to top|"
    r"details|indexing(?: \(document details\))?|translate(?: \[?unavailable.{0,40})?|turn on search term navigation|"
    r"jump to first hit|"
    r"table of contents|abstract/details|find a copy|check for full text.{0,60}|get full text.{0,60}|"
    r"start a new search.{0,80}|contact (?:us|proquest).{0,80}|"
    r"proquest kontaktieren|contacter proquest|contactar con proquest|póngase en contacto con proquest|"
    r"(?:proquest-dokumentlink|lien de document proquest|enlace de documentos de proquest)|"
    r"(?:(?:database|datenbank) )?copyright ?(?:©|\(c\))? ?\d{4} proquest.{0,120}|"
    r"terms (?:and|&) conditions.{0,100}|bibliography|citation style.{0,60}|https?://\S+|"
    r"click here to.{0,60}|highlight(?:ing|s)?:? .{0,10})\W*",
    re.IGNORECASE,
)


_SENDER = r"(?P<sender>(?:From|De|Von|Da|Van) ?:)"
_MAIL = re.compile(
    rf"[\s*]*(?:{_SENDER}|(?:Sent|Date|To|Cc|Bcc|Subject|Reply-To|Importance|Attachments|"
    r"Enviado(?: el)?|Enviada em|Fecha|Para|Asunto|Assunto|Envoyé|À|Objet|Gesendet|Datum|An|Betreff|"
    r"Inviato|Data|A|Oggetto|Verzonden|Aan|Onderwerp) ?:)"
)
_HEAD = frozenset(("byline", "citation", "abstract"))  # fields above a text
_IS_SENDER = re.compile(rf"[\s*]*{_SENDER}")
_FEW = 60  # words of a title, an author and a citation at most
_MOST_ABOVE = 2_000  # lines among which a forwarded message's headers are looked for


class Record(NamedTuple):
    """The lines of one article, and its number where "Document 3 of 25" says it."""

    lines: list[str]
    number: int | None


def below_mail(lines: list[str]) -> list[str]:
    """The lines below the headers of a forwarded message ("From: …", "Date: …", "Subject: …") above the first text.

    A message's date and subject are not an article's, and what its sender writes above it is no headline.
    """
    begun, names = 0, set[str]()
    below = 0
    for place, line in enumerate(lines[:_MOST_ABOVE]):
        if (label_of(line) or ("",))[0] == "body":
            break
        header = _MAIL.match(line) if len(line) < 2_000 else None
        if header and header["sender"]:
            begun, names = place, set()
        if header and place - begun < 30:
            names.add(header[0])
            if len(names) > 2 and any(map(_IS_SENDER.fullmatch, names)):
                below = place + 1
        elif line.strip():
            names = set()
    return lines[below:]


def records_of(lines: list[str]) -> tuple[list[str], list[Record]]:
    """The lines above the first record, and the records."""
    parts: list[Record] = [Record([], None)]
    for line in lines:
        of = OF_ALL.fullmatch(line) if len(line) < 80 else None
        if of or LINE.fullmatch(line):
            parts.append(Record([], int(of["n"]) if of else None))
        else:
            parts[-1].lines.append(line)
    above: list[str] = []
    records: list[Record] = []
    waiting: int | None = None  # the number of a record whose line of underscores stands between
    open_text = False
    ruled = LINE.fullmatch(next((line for line in lines if line.strip()), "")) is not None
    for part in parts:
        number = part.number or waiting
        fields = [found[0] for found in map(label_of, part.lines) if found]
        begins = part is parts[-1] and ruled and _is_begun(part.lines, fields)
        # A line of underscores within a text, or between a text and its index.
        if (
            records
            and open_text
            and number is None
            and not begins
            and "body" not in fields
            and not _is_new(records[-1].lines, part.lines, fields)
        ):
            records[-1].lines.extend(["", *part.lines])
            open_text = not any(map(is_closing, fields))
            continue
        begun = part is parts[-1] and bool(records) and bool({"headline", "byline", "citation", "outlet"} & set(fields))
        begun = begun or (begins and open_text)
        if "body" in fields or len(set(fields)) > 1 or begun:
            records += [Record(one, None if n else number) for n, one in enumerate(_apart(part.lines))]
            behind = [found[0] for found in map(label_of, records[-1].lines) if found]
            open_text = "body" in behind and not any(map(is_closing, behind[behind.index("body") :]))
            waiting = None
        elif records and number and any(line.strip() for line in part.lines):
            records.append(Record(part.lines, number))  # says that it is a document, and has no label
            open_text, waiting = False, None
        else:
            waiting = number
            above += [*part.lines, RULE] if not records else []
    return above, records


def _is_begun(lines: list[str], fields: list[str]) -> bool:
    """Whether the last lines of an export are the head of a record that breaks off: a title, perhaps a citation."""
    kept = [line.strip() for line in lines if line.strip() and not is_furniture(line)]
    if not kept or label_of(kept[0]) or sum(len(line.split()) for line in kept) > _FEW:
        return False
    if fields:
        return "citation" in fields and not {"outlet", "id", "subject"} & set(fields)
    return not re.search(r"[.!?…][\"'”’»)]*$|@|proquest|copyright|©", kept[-1], re.IGNORECASE)


def _is_new(above: list[str], lines: list[str], fields: list[str]) -> bool:
    """Whether labelled lines without full text are a record of their own, and not the rest of the one above."""
    first = next((line for line in lines if line.strip() and not is_furniture(line)), "")
    titled = (label_of(first) or ("",))[0] == "headline"
    if len(set(fields)) < 2 and not titled:
        return False
    title = next((found[1] for found in map(label_of, lines) if found and found[0] == "headline"), None)
    heads = [label_of(line) or ("", line.strip()) for line in islice(filter(str.strip, above), 12)]
    if titled and heads and heads[0][0] == "headline":
        return True  # where the fields stand above the texts, each record begins with its title
    if title:
        known = next((value for field, value in heads if field in ("headline", "") and value), "")
        return not is_same_title(title, known)
    return label_of(first) is None and bool({"byline", "citation", "outlet"} & set(fields[:3]))


def is_same_title(title: str, other: str) -> bool:
    """Whether two titles are one, which may be broken at a width or cut short."""
    one, two = (" ".join(text.split()).casefold()[:40] for text in (title, other))
    return bool(one and two) and (one.startswith(two) or two.startswith(one))


def _apart(lines: list[str]) -> Iterator[list[str]]:
    """The records in lines without a mark between them: a new one begins below the index of the one above."""
    found = [label_of(line) for line in lines]
    last_text = max((place for place, label in enumerate(found) if label and label[0] == "body"), default=-1)
    first = next((label for label in found if label), ("", ""))
    above = _fields_above(lines, found)
    start, title = 0, first[1]
    text = closing = gap = False  # behind the text; in the index below it; below an empty line
    for place, (line, label) in enumerate(zip(lines, found, strict=True)):
        if place > last_text and not any(label and label[0] in _HEAD for label in found[place:]):
            break  # else a last record that has no text
        # Where the fields stand above the texts, each record begins with its title.
        titled = label and label[0] == "headline" and not is_same_title(label[1], title)
        titled = titled and (first[0] == "headline" or place in above)
        if text and (titled or (closing and gap and line.strip() and not label and not is_furniture(line))):
            yield lines[start:place]
            start, title = place, label[1] if label else ""
            text = closing = gap = False
        if label:
            text = text or label[0] == "body"
            closing = closing or (text and is_closing(label[0]))
        gap = not line.strip() or (gap and not label)
    yield lines[start:]


def _fields_above(lines: list[str], found: list[tuple[str, str] | None]) -> set[int]:
    """The places of labels from which on there are only labelled lines down to a text."""
    places: set[int] = set()
    run: list[int] = []
    for place, (line, label) in enumerate(zip(lines, found, strict=True)):
        if label and label[0] == "body":
            places.update(run)
            run = []
        elif label:
            run.append(place)
        elif line.strip():
            run = []
    return places


def contents_of(lines: list[str]) -> list[str]:
    """The titles of a table of contents: numbered lines from 1, else the lines under its heading."""
    names: list[str] = []
    for line in lines:
        match = _NUMBERED.fullmatch(line) if len(line) < 600 else None
        if match and int(match["n"]) == len(names) + 1:
            names.append(match["title"])
        elif names and line.startswith(" ") and line.strip() and not match:  # a title broken at a width
            names[-1] += f" {line.strip()}"
    if len(names) > 1 or (names and any(map(_CONTENTS.fullmatch, lines))):
        return names
    heading = next((place for place, line in enumerate(lines) if _CONTENTS.fullmatch(line)), None)
    if heading is None:
        return []
    behind = [line.strip() for line in lines[heading + 1 :] if line.strip() and not is_furniture(line)]
    return [re.sub(r"[\s.…]+\d{1,5}$", "", line) for line in behind if not LINE.fullmatch(line) and len(line) > 3]


def is_furniture(line: str) -> bool:
    """Whether a line is the vendor's own: a link, a button, a footer."""
    return len(line) < 300 and _FURNITURE.fullmatch(line) is not None


def is_ruled_off(lines: list[str]) -> bool:
    """Whether a line of underscores ends the lines, with nothing but a vendor's footer behind it."""
    last = max((place for place, line in enumerate(lines) if LINE.fullmatch(line)), default=None)
    return last is not None and all(is_furniture(line) for line in lines[last + 1 :] if line.strip())
