"""ProQuest: text (``____`` between the articles), HTML and RTF, and the text of its e-mails (see `eml`).

An article is a record of labelled fields: title, author and citation above "Full text:", the index ("Title:",
"Publication title:", "ProQuest document ID:" …) below it; some layouts have all fields above. Labels are those of
`proquest_fields`. A record without full text is a reject that says so.

The index begins behind the text's last paragraph: at the last "Title:" or "Publication title:" that labels follow,
and the labels right above it. A line within a text that begins like a label stays text.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from pathlib import Path

from analysis.corpus.decoding import Unreadable
from analysis.corpus.lines import ends_sentence
from analysis.corpus.readers import markup, rtf
from analysis.corpus.readers.columns import Item
from analysis.corpus.readers.exports import article, broken_off, decoded, ends_early
from analysis.corpus.readers.kinds import as_text
from analysis.corpus.readers.proquest_fields import (
    citation_of,
    is_closing,
    is_like_label,
    is_missing,
    is_prose,
    label_of,
    once_of,
    outlet_of,
    words_said,
)
from analysis.corpus.readers.proquest_records import (
    LINE,
    OF_ALL,
    RULE,
    Record,
    below_mail,
    contents_of,
    is_furniture,
    is_ruled_off,
    is_same_title,
    records_of,
)

ENOUGH = 40  # words without a label that are taken for a text

_TOTAL = re.compile(
    r"(?P<m>\d{1,6}) (?:documents?|articles?|items?|records?|results?|documentos|résultats|Dokumente)"
    r"(?: (?:selected|sent|attached|e-?mailed))?\.?",
    re.IGNORECASE,
)
# "Copyright law was changed" is a text; "(Copyright Gull Press 2012)" and "Copyright Gull Press" are none.
_RIGHTS = re.compile(
    r"\(?(?i:©|\(c\)|copyright(?: by)? (?:©|\(c\)|\d{4}\b|.{0,150}(?:\b\d{4}\W*$|all rights reserved))).{0,200}"
    r"|\(?(?i:copyright)(?: (?:[A-Z][\w.,&'’-]*|of|and|the|&)){1,10}\W{0,3}"
)
# A label before a colon, a bar, a bracket, or alone: "Full text of the speech" is none.
_SNIFF = re.compile(
    r"(?:^|[>\n])[ \t]*(Full[ -]?text|Publication (?:title|info(?:rmation)?)|ProQuest document (?:ID|link)|"
    r"Texto completo|Texte intégral|Volltext)\s*(?=[:|(]|</|\n|$)",
    re.IGNORECASE,
)
_RULE_BEFORE = re.compile(r"(?<=_{20})(?=[^_\s])")  # a rule whose line end is lost
_INLINE = re.compile(r"\s{2,20}(?=(?:Publication info|ProQuest document link)\b)")  # two fields on one line
_VENDOR = re.compile(r"\bproquest\b", re.IGNORECASE)


def sniff(head: bytes, path: Path) -> bool:
    """Whether the file has labels of ProQuest and names it, or has the labels of a text and of its publication."""
    text = as_text(head)
    labels = {found.casefold()[:4] for found in _SNIFF.findall(text)}
    return bool(labels) and (_VENDOR.search(text) is not None or (len(labels) > 1 and "publ" in labels))


def read(path: Path, *, encoding: str, keep: str | None = None) -> Iterator[Item]:
    """One item a record, and what the file says it holds. Raises Unreadable where no record is in it."""
    yield from items_of(path.read_bytes(), encoding)


def items_of(data: bytes, encoding: str) -> Iterator[Item]:
    """The items of an export's bytes, as `read` gives them."""
    if data.lstrip().startswith(b"{\\rtf"):
        parsed = rtf.parse(data)
        return items_of_lines(parsed.text.split("\n"), cut=not parsed.whole)
    return items_of_text(decoded(data, encoding))


def items_of_text(text: str) -> Iterator[Item]:
    """The items of text or of markup."""
    if re.search(r"<(?:html|body|div|p|table|br)\b", text[:5000], re.IGNORECASE):
        lines = markup.lines_anyway(text, without=frozenset(("nav", "form")), rule=RULE)
        return items_of_lines([blank for line in lines for blank in (line, "")], cut=ends_early(text))
    return items_of_lines(text.split("\n"))


def items_of_lines(lines: list[str], *, cut: bool = False) -> Iterator[Item]:
    """The items of lines of text, empty ones between paragraphs; ``cut``: they break off. Unreadable without record."""
    parts = [part if part.strip() else "" for line in lines for part in _RULE_BEFORE.split(line, maxsplit=1)]
    # Three empty lines say no more than one, and a million of them take long.
    lines = below_mail([part for n, part in enumerate(parts) if part or any(parts[max(n - 2, 0) : n])])
    above, records = records_of(lines)
    if not records:
        raise Unreadable("an export of ProQuest without an article")
    parsed = [_parts(record.lines) for record in records]
    closed = [indexed == "closed" for _, _, indexed in parsed]
    named = [fields.get("headline", "") for fields, _, _ in parsed]
    ended = is_ruled_off(lines) or is_furniture(next((line for line in reversed(lines) if line.strip()), ""))
    ruled = LINE.fullmatch(next((line for line in lines if line.strip()), "")) and not is_ruled_off(lines)
    for index, (record, (fields, body, _)) in enumerate(zip(records, parsed, strict=True)):
        item = _item(index, fields, body)
        if index == len(records) - 1 and "body" in item and not closed[index]:  # no index below the last text
            stops = ends_sentence(item["body"].rstrip())
            # With these above the text, nothing need stand below it; else there is an index.
            above = {"outlet", "published"} & fields.keys()
            unnamed = not above and "citation" not in fields
            if cut or any(closed) or unnamed or ((ruled or not (above or ended)) and not stops):
                item = broken_off(index, f"article {index + 1} has no end", fields.get("headline"))
            elif ruled or not stops:
                item["notes"].append(("body", "nothing stands behind the text: it may break off"))
        if index == len(records) - 1 and "reason" in item and not (closed[index] or ended):
            item = broken_off(index, f"article {index + 1} has no end", fields.get("headline"))
        yield item | ({"number": record.number} if record.number else {})
    begun = parsed[-1][2] == "begun" and "body" in item
    if not (ended or cut) and (begun or _is_index_broken(records, closed)):
        yield broken_off(len(records), f"no end of the index of article {len(records)}; others may be missing")
    if cut and closed[-1]:
        yield broken_off(len(records), f"no end of the page behind article {len(records)}; others may be missing")
    yield from _expected(above, lines, records, named if cut else [])


def _is_index_broken(records: list[Record], closed: list[bool]) -> bool:
    """Whether the last record's index ends in another label than the indexes of all others, which end in one."""
    last = [[found[0] for found in map(label_of, record.lines) if found][-1:] for record in records]
    ends = {field for fields, indexed in zip(last[:-1], closed, strict=False) if indexed for field in fields}
    return closed[-1] and len(ends) == 1 and set(last[-1]) != ends


def _expected(above: list[str], lines: list[str], records: list[Record], begun: list[str]) -> Iterator[Item]:
    """What the source says it holds: "Document 1 of 25", the table of contents above the first record, a number."""
    names = contents_of(above)
    counts = [int(match["m"]) for match in map(OF_ALL.fullmatch, (line for line in lines if len(line) < 80)) if match]
    total = next((match for match in map(_TOTAL.fullmatch, (line.strip() for line in above)) if match), None)
    if counts:
        count = max(set(counts), key=lambda said: (counts.count(said), said))
        said = {"count": count, "by": f"Document 1 of {count}"}
        yield {"source_index": 0, "expected": said | ({"names": names} if len(names) == count else {})}
    elif names:
        by = f"a table of contents of {len(names)} articles"
        yield {"source_index": 0, "expected": {"count": len(names), "by": by, "names": names}}
    elif total:
        yield {"source_index": 0, "expected": {"count": int(total["m"]), "by": total[0]}}
    elif begun:
        by = f"{len(begun)} articles begin in the page"
        yield {"source_index": 0, "expected": {"count": len(begun), "by": by, "names": begun}}


def _parts(lines: list[str]) -> tuple[dict[str, str], str | None, str]:
    """The fields of a record, its text (None where there is nothing like one), and its index: "closed", "begun", ""."""
    full = next((place for place, line in enumerate(lines) if (label_of(line) or ("",))[0] == "body"), None)
    head = lines[:full]
    fields, loose = _fields(head)
    if full is None:
        first = next((place for place, line in enumerate(lines) if label_of(line)), 0)
        top = first + _top(lines[first:])
        above, loose = _fields(lines[:top])
        end = top + _index(lines[top:], above.get("headline", ""))
        text = _text(lines[top:end], above)
        enough = len(text.split()) >= ENOUGH and "abstract" not in fields
        ending = label_of(next((line for line in reversed(lines) if line.strip()), ""))
        fields = _completed({**_fields(lines[end:])[0], **above} if enough else fields, loose)
        return fields, text if enough else None, "closed" if ending and is_closing(ending[0]) else ""
    value = label_of(lines[full])[1]
    behind = [value, *lines[full + 1 :]]
    title = fields.get("headline") or next((line.strip() for line in loose if line.strip()), "")
    end = _index(behind, title)
    below, _ = _fields(behind[end:])
    said = words_said(lines[full])
    fields = _completed({**below, **fields} | ({"words": said} if said else {}), loose)
    begins = len(below) > 1 or (bool(below) and end + 1 < len(behind))
    return fields, _text(behind[:end], fields), "closed" if any(map(is_closing, below)) else "begun" if begins else ""


def _top(lines: list[str]) -> int:
    """How many of the lines are labelled values, broken at a width or below their label, before a text begins."""
    end, valued, empty = 0, False, False
    for place, line in enumerate(lines):
        found = label_of(line)
        if found and not is_prose(found[1]):
            end, valued, empty = place + 1, bool(found[1]), False
        elif not line.strip():
            empty = True
        elif not is_furniture(line):
            if empty and valued:
                break
            end, valued = place + 1, True
    return end


def _completed(fields: dict[str, str], loose: list[str]) -> dict[str, str]:
    """The fields with what unlabelled lines above the text say: the headline, a citation."""
    free = [line.strip() for line in loose if line.strip() and not LINE.fullmatch(line)]
    cited = next((n for n, line in enumerate(free[:12]) if n and len(line) < 600 and citation_of(line)), None)
    if free and not fields.get("headline"):
        fields["headline"] = free[cited - 1 if cited else 0]
    if cited and "citation" not in fields:
        author = fields.get("byline", "")
        fields["citation"] = free[cited].removeprefix(author).lstrip(" .") if author else free[cited]
    return fields


def _fields(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """Labelled fields, the first of a kind winning, and the lines that belong to none."""
    fields: dict[str, list[str]] = {}
    loose: list[str] = []
    current: list[str] | None = None
    abstract = empty = False
    for line in (part for printed in lines for part in _INLINE.split(printed)):
        found = label_of(line)
        if found:
            current = [found[1]] if found[1] else []
            abstract, empty = found[0] == "abstract", False
            if not fields.get(found[0]):
                fields[found[0]] = current
        elif not line.strip():
            empty = True
            loose.append("")
        elif is_furniture(line):
            continue
        elif current is not None and (not empty or not current or abstract):
            current.append(line.strip())  # broken at a width, or below its label
        else:
            current = None
            loose.append(line)
    return {field: " ".join(value) for field, value in fields.items() if value}, loose


def _index(lines: list[str], title: str) -> int:
    """The line where the index below a text begins; the number of lines where there is none.

    Upwards from its anchor it goes as far as there are labels, each once: what begins like a label that the index has
    further down, or goes on as a sentence, is the text's. Labels that nobody knows may stand between known ones.
    """
    found = [(place, label) for place, label in enumerate(map(label_of, lines)) if label and place]
    anchor = _anchor(found, title)
    if anchor is None:  # an index that breaks off begins with its subjects
        anchor, found = len(lines), [one for one in found if one[1][0] != "body"]
        start = _upwards(lines, dict(found), anchor)
        begins = label_of(lines[start])[0] if start < anchor else ""
        several = sum(place >= start for place, _ in found) > 1
        return start if begins in ("subject", "credit") and (several or ";" in lines[start]) else anchor
    return _upwards(lines, dict(found), anchor)


def _upwards(lines: list[str], labelled: dict[int, tuple[str, str]], anchor: int) -> int:
    """The line above ``anchor`` where its index begins; ``labelled``: place → what `label_of` tells of a line."""
    seen = {once_of(lines[place]) for place in labelled if place >= anchor}
    start = place = anchor
    while place > 0:
        place -= 1
        if place in labelled:
            field, value = labelled[place]
            once = once_of(lines[place])
            if once in seen or field == "citation" or is_prose(value):
                break
            seen.add(once)
            start = place
        elif (
            lines[place].strip()
            and not is_furniture(lines[place])
            and not is_like_label(lines[place])
            and not _is_continued(lines, place, labelled)
        ):
            break
    return start


def _anchor(found: list[tuple[int, tuple[str, str]]], title: str) -> int | None:
    """The place of the label that is surely of the index: the article's title again, else the first that labels follow.

    ``found``: the places of labels behind "Full text:", and what `label_of` tells of them.
    """
    titles = [place for place, (field, value) in found if field == "headline" and is_same_title(value, title)]
    for n, (place, (field, _)) in enumerate(found):
        following = {label[0] for _, label in found[n + 1 : n + 8]}
        sure = field in ("id", "updated") or (field == "outlet" and following & {"id", "published", "year", "pages"})
        if sure or place in titles or (field == "headline" and not titles and following & {"outlet", "id"}):
            return place
    return None


def _is_continued(lines: list[str], place: int, labelled: Container[int]) -> bool:
    """Whether a line is the second to fourth of a labelled value, with no empty line between unless it must go on."""
    beside = next((n for n in range(place - 1, max(place - 4, -1), -1) if lines[n].strip()), None)
    if beside in labelled and (lines[beside].rstrip().endswith(";") or not label_of(lines[beside])[1]):
        return True
    for above in range(place - 1, max(place - 4, -1), -1):
        if above in labelled:
            return True
        if not lines[above].strip():
            return False
    return False


def _text(lines: list[str], fields: dict[str, str]) -> str:
    """The text of a record; what stands at its ends and is none goes into ``fields``: rights, credit, word count."""
    kept = [line for line in lines if not is_furniture(line) and not LINE.fullmatch(line)]
    while kept and not kept[0].strip():
        kept = kept[1:]
    if kept and _RIGHTS.fullmatch(kept[0].strip()):
        fields["printed rights"] = kept.pop(0).strip()
    while kept:
        last = kept[-1].strip()
        found = label_of(last)
        if found and found[0] in ("credit", "words") and found[1] and not is_prose(found[1]):
            fields.setdefault(found[0], found[1])
        elif _RIGHTS.fullmatch(last):
            fields.setdefault("printed rights", last)
        elif last:
            break
        kept.pop()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n")


def _item(index: int, fields: dict[str, str], body: str | None) -> Item:
    """A record as an item."""
    headline = fields.get("headline")
    if body is None or is_missing(body):
        what = (
            "an abstract, no full text" if fields.get("abstract") and body is None else "the full text is not available"
        )
        item: Item = {"source_index": index, "reason": f"article {index + 1}: citation only: {what}"}
        return item | ({"headline": headline} if headline else {})
    cited = citation_of(fields.get("citation", "")[:600]) or citation_of(fields.get("outlet", "")[:600])
    byline = fields.get("byline") or fields.get("credit")
    return article(
        index,
        [body],
        where=f"article {index + 1}",
        dates=(_ordered(fields.get("published")), cited.get("published"), fields.get("year")),
        announced=fields.get("words"),
        language=fields.get("language"),
        notes=[("copyright", fields["printed rights"])] if "printed rights" in fields else [],
        headline=headline,
        byline=None if byline and byline.strip(" .").casefold() == "anonymous" else byline,
        outlet=outlet_of(fields.get("outlet")) or cited.get("outlet") or outlet_of(fields.get("citation")),
        section=fields.get("section") or fields.get("column") or fields.get("pages") or cited.get("pages"),
        url=(re.search(r"https?://\S+", fields.get("url", "")) or [None])[0],
        correction=fields.get("correction"),
    )


def _ordered(date: str | None) -> str | None:
    """ "Jun 12, 2014" of "2014 Jun 12"."""
    return re.sub(r"^\s*(\d{4})\s+([^\W\d_]{3,10})\.?\s+(\d{1,2})\s*$", r"\3 \2 \1", date) if date else None
