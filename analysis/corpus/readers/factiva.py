"""Factiva: HTML with and without field codes, XML, and RTF or plain text of the same layouts.

Field codes are the same in every language of its pages (HD headline, LP lead, TD text, AN accession number); without
them the fields are told by their order: headline, byline, "1,200 words", date, time, source, its code, page, language,
copyright, text, "Document J000000020240604ek6400001". An article that carries its number is whole.

Factiva names no address. ``WC``, the number of words, is compared with the text: a note says where much is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from lxml import etree

from analysis.corpus.credits import is_agency
from analysis.corpus.dates import find_date
from analysis.corpus.decoding import Unreadable
from analysis.corpus.readers import markup, rtf
from analysis.corpus.readers.columns import Item
from analysis.corpus.readers.exports import article, broken_off, decoded, ends_early, language_code, pieces
from analysis.corpus.readers.kinds import as_text

MOST_SAVED = 100  # articles that Factiva saves at once: a larger number of results is not that of a file

NUMBER = r"[A-Z][A-Z0-9]{1,15}(?:19|20)\d{6}[a-z0-9]{6,12}"
# What stands at an article's end: anywhere in a line, or alone with one of its two words damaged.
_WITHIN = re.compile(rf"Document[oe]?[ \t]*(?P<number>{NUMBER})")
_END = re.compile(
    rf"(?:AN[\t |]+)?(?:(?:Document[oe]?|Dokument|Документ|文書|文件|文档)[ \t]+(?P<number>{NUMBER}|[^ ]{{18,40}})"
    rf"|\S{{0,14}}?[ \t]*(?P<damaged>{NUMBER}))\W*"
)
_CODES = frozenset(
    re.findall(
        r"\w+",
        "SE HD HDS BY CR WC PD ET SN SC NGC GC ED PG VOL LA CY LP TD CT RF CO IN NS RE IPC IPD PUB AN CLM ART CX DSC",
    )
)
_WORDS = re.compile(
    r"(?P<n>\d[\d.,\s]*) ?(?:words?|mots?|Wörter|Worte|palabras?|parole|palavras?|woorden|слов|ord|słów|文字|字)\.?",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?[AaPp]\.?[Mm]\.?)?(?: ?[A-Z]{2,5})?")
_SOURCE_CODE = re.compile(r"[A-Z0-9]{1,12}")
_RIGHTS = re.compile(r"©|\(c\)|copyright|\brights\b|\bdroits\b|\brechte\b|\bderechos\b|\bdiritti\b", re.IGNORECASE)
_BYLINE = re.compile(r"(?:By|Par|Von|De|Da|Por|Door|Di|Text|Texte)\b", re.IGNORECASE)
_NAMES = re.compile(r"(?:[^\W\d_][\w.'’-]*(?:,| and| et| und|;|/)? ?){1,8}")
_TOTAL = re.compile(
    r"(?:(?:Results?(?: Found)?|Résultats?(?: trouvés)?|Ergebnisse(?: gefunden)?|Gefundene Ergebnisse|Treffer|"
    r"Resultados(?: encontrados)?|Risultati(?: trovati)?)[\t :]*(?P<behind>\d{1,3}(?:[., ]?\d{3})*)"
    r"|(?P<before>\d{1,3}(?:[., ]?\d{3})*) (?:articles?|documents?|results?|résultats|Artikel|Dokumente|Treffer|"
    r"artículos|documentos|articoli))",
    re.IGNORECASE,
)
_CONTENTS = re.compile(r"(?:\d{1,3}[.)] ?)?(?P<title>\S.{3,300}?)[\t .…]+(?P<page>\d{1,4})")
_ARTICLE = re.compile(
    r"<(?:div|article|table)\b[^<>]{0,300}?\bclass\s*=\s*[\"']?(?:[\w-]{1,60}[ ]){0,5}article(?=[\s\"'>])[^<>]{0,300}>",
    re.IGNORECASE,
)
_HEADLINE = re.compile(r"<\w{1,8}\b[^<>]{0,200}?\bclass\s*=\s*[\"']?[a-z]{2}Headline\b", re.IGNORECASE)
# Code → elements that hold one text, and those that may hold one a child.
_XML_WHOLE = {"HD": "headline", "BY": "byline", "CR": "credit", "CX": "corrections"}
_XML_PARTS = {"WC": "wordCount", "SN": "sourceName", "SE": "sectionName columnName", "PG": "pages"}
_XML_PARTS |= {"LA": "baseLanguage", "LP": "leadParagraph", "TD": "tailParagraphs", "AN": "accessionNo"}
_XML_ARTICLE = re.compile(r"<article(?=[\s>])")
_XML_COUNT = re.compile(r"<ppsarticleResultSet\b[^<>]{0,300}?\bcount\s*=\s*[\"'](\d{1,9})[\"']", re.IGNORECASE)
_XML = re.compile(
    r"<(?:PPSResponse|ppsarticle|ppsArticleResponse|accessionNo|DistDoc)\b|global\.factiva\.com/", re.ASCII
)
_HTML = re.compile(
    r"<title>\s*(?:Dow Jones )?Factiva\b|fcpNavContainer|factivalogo|articleParagraph [a-z]{2}articleParagraph|"
    rf"<div\b[^<>]{{0,200}}\bclass=[\"']?article [a-z]{{2}}Article\b|>\s*Document {NUMBER}\s*<",
    re.IGNORECASE,
)
_RTF = re.compile(rf"Factiva RTF Display Format|\bFactiva\b|Document {NUMBER}")

_CODE_ABOVE = re.compile(r"(HD|WC|PD|SN|SC|LA|LP)(?:$|\t| {2,})")
_CODE_FIRST = re.compile(r"(?:SE|HD|BY|WC)(?:$|\t| {2,})")

Fields = dict[str, list[str]]


def sniff(head: bytes, path: Path) -> bool:
    """Whether the file is an export of Factiva: by its elements and classes, its RTF title, its accession numbers."""
    text = as_text(head)
    if head.startswith(b"{\\rtf"):
        return _RTF.search(text) is not None
    if text.lstrip("\ufeff \t\n").startswith("<"):
        return _XML.search(text) is not None or _HTML.search(text) is not None
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len({match[1] for match in map(_CODE_ABOVE.match, lines) if match}) > 2:
        return True  # though it may break off before the first number
    if any(_number_of(line) for line in lines):
        return any(_WORDS.fullmatch(re.sub(r"^WC[\t ]+", "", line)) for line in lines)
    at = next((n for n, line in enumerate(lines[:60]) if _WORDS.fullmatch(line)), None)
    return (
        at is not None and _begun(lines[at : at + 2]) > 0 and any(map(_SOURCE_CODE.fullmatch, lines[at + 2 : at + 6]))
    )


def read(path: Path, *, encoding: str, keep: str | None = None) -> Iterator[Item]:
    """One item an article, and what the file says it holds. Raises Unreadable where no article is in it."""
    yield from items_of(path.read_bytes(), encoding)


def items_of(data: bytes, encoding: str) -> Iterator[Item]:
    """The items of an export's bytes, as `read` gives them."""
    if data.lstrip().startswith(b"{\\rtf"):
        parsed = rtf.parse(data)
        return _from_lines(parsed.text.split("\n"), whole=parsed.whole)
    text = decoded(data, encoding)
    if _XML.search(text):
        return _from_xml(text)
    if re.search(r"<(?:html|body|div|table)\b", text[:5000], re.IGNORECASE):
        return _from_html(text)
    return _from_lines(text.split("\n"), whole=True)


def _from_html(text: str) -> Iterator[Item]:
    above, *found = pieces(text, _ARTICLE, _HEADLINE)
    cut = ends_early(text)
    if not found:  # saved without its classes: only the numbers tell where articles end
        lines = _lines(text)
        if not any(map(_number_of, lines)):
            raise Unreadable("a page of Factiva without an article" + (", broken off" if cut else ""))
        yield from _from_lines(lines, whole=not cut)
        return
    names: list[str] = []
    last: Item = {}
    for index, piece in enumerate(found):
        fields: Fields = {}
        try:
            fields = _fields_of(piece.text)
            last = _item(index, fields)
        except Unreadable as error:
            last = {"source_index": index, "reason": f"article {index + 1}: {error}"}
        if cut and index == len(found) - 1 and not fields.get("AN"):
            last = broken_off(index, f"article {index + 1} has no end", " ".join(fields.get("HD", ())) or None)
        elif cut and index == len(found) - 1:
            yield last
            last = broken_off(index + 1, f"no end of the page behind article {index + 1}; others may be missing")
        names.append(" ".join(fields.get("HD", ())))
        yield last
    yield from _expected(_lines(above.text) + _lines(found[-1].text), _contents(above.text))
    if cut:
        yield _statement(len(found), f"{len(found)} articles begin in the file", names)


def _lines(text: str) -> list[str]:
    try:
        return markup.lines_of(markup.tree_of(text))
    except Unreadable:
        return []


def _contents(text: str) -> list[str]:
    """The headlines of a table of contents: links within the page, above the first article."""
    links = re.findall(r"<a\b[^<>]{0,300}?\bhref\s*=\s*[\"']#[^<>]{0,300}>.{0,1000}?</a\s*>", text, re.DOTALL | re.I)
    return [title for title in (" ".join(_lines(link)) for link in links) if len(title) > 3]


def _statement(count: int, by: str, names: list[str]) -> Item:
    said = {"count": count, "by": by} | ({"names": names} if names and all(names) else {})
    return {"source_index": 0, "expected": said}


def _expected(lines: list[str], contents: list[str]) -> Iterator[Item]:
    """What a page says it holds: its table of contents, else a number of results that can be that of one file."""
    if contents:
        yield _statement(len(contents), f"a table of contents of {len(contents)} articles", contents)
        return
    for line, following in pairwise((*lines, "")):
        for said in (line, f"{line} {following}"):
            match = _TOTAL.fullmatch(said.strip())
            count = int(re.sub(r"\D", "", match["behind"] or match["before"])) if match else 0
            if 0 < count <= MOST_SAVED:
                yield _statement(count, " ".join(said.split()), [])
                return


def _fields_of(text: str) -> Fields:
    """Code → lines, of one article of a page."""
    tree = markup.tree_of(text)
    fields: Fields = {}
    for row in tree.iter("tr"):
        cells = row.findall("td")
        code = markup.text_of(cells[0]) if len(cells) > 1 else ""
        if code in _CODES and "AN" not in fields:  # what stands behind it is another article's
            fields.setdefault(code, []).extend(line for cell in cells[1:] for line in markup.lines_of(cell))
    marked = [found for found in tree.iter() if re.fullmatch(r"[a-z]{2}Headline", found.get("class") or "", re.I)]
    if "HD" in fields or len(fields) > 2:
        return {"HD": [markup.text_of(found) for found in marked[:1]], **_numbered(fields)}
    bodies = [found for found in tree.iter("p", "pre") if _is_paragraph(found.get("class"))]
    lines = markup.lines_of(tree)
    body = [line for found in bodies for line in markup.lines_of(found)]
    at = lines.index(body[0]) if body and body[0] in lines else None
    return _in_order(lines, headline=markup.text_of(marked[0]) if marked else None, body_at=at)


def _is_paragraph(name: str | None) -> bool:
    return re.search(r"articleParagraph\b", name or "", re.IGNORECASE) is not None


def _numbered(fields: Fields) -> Fields:
    """The fields, ``AN`` as the bare number; left out where it is none."""
    match = re.search(rf"{NUMBER}|\S{{18,40}}", " ".join(fields.get("AN", ())))
    return {code: lines for code, lines in fields.items() if code != "AN"} | ({"AN": [match[0]]} if match else {})


def _in_order(lines: list[str], *, headline: str | None = None, body_at: int | None = None) -> Fields:
    """The fields of an article without codes, by their order; ``body_at`` is the line where its text begins."""
    end = next((place for place, line in enumerate(lines) if _number_of(line)), None)
    fields: Fields = {"AN": [_number_of(lines[end])]} if end is not None else {}
    if end is not None:
        lines = [*lines[:end], *(part for part in _WITHIN.split(lines[end])[:1] if part and not _END.fullmatch(part))]
    at = next((place for place, line in enumerate(lines[:14]) if _WORDS.fullmatch(line)), None)
    if at is None:  # no number of words: the date is the next best mark
        at = next((place - 1 for place, line in enumerate(lines[:14]) if len(line) < 60 and find_date(line)), None)
    else:
        fields["WC"] = [lines[at]]
    if at is None or at < 0:
        start = body_at if body_at is not None else 1
        return fields | {"HD": [headline or " ".join(lines[:1])], "TD": lines[start:]}
    fields |= _above(lines[: at + ("WC" not in fields)], headline)
    place, stop = at + 1, len(lines) if body_at is None else min(body_at, len(lines))
    if place < stop and len(lines[place]) < 60 and (find_date(lines[place]) or re.search(r"\d{4}", lines[place])):
        fields["PD"] = [lines[place]]
        place += 1
    if place < stop and _CLOCK.fullmatch(lines[place]):
        fields["ET"] = [lines[place]]
        place += 1
    if place < stop:
        fields["SN"] = [lines[place]]
        place += 1
    if place < stop and _SOURCE_CODE.fullmatch(lines[place]):
        place += 1
    spoken = next((n for n in range(place, min(place + 5, stop)) if language_code(lines[n])), None)
    if spoken is not None and len(lines[spoken]) < 40:
        pages = [line for line in lines[place:spoken] if re.fullmatch(r"\D{0,12}\d[\w,; -]{0,20}", line)]
        fields |= {"LA": [lines[spoken]], "PG": pages[:1]}
        place = spoken + 1
    if place < stop and (_RIGHTS.search(lines[place]) or re.search(r"\b(?:19|20)\d\d\b", lines[place][-30:])):
        place += 1
    return fields | {"TD": lines[place if body_at is None else body_at :]}


def _above(lines: list[str], headline: str | None) -> Fields:
    """Section, headline and byline: the lines above the number of words."""
    if headline and headline in lines:
        at = lines.index(headline)
        return {"SE": lines[:at][-1:], "HD": [headline], "BY": lines[at + 1 :]}
    lines = lines[-4:]
    byline = []
    if len(lines) > 1 and (_BYLINE.match(lines[-1]) or (len(lines) > 2 and _NAMES.fullmatch(lines[-1]))):
        byline, lines = lines[-1:], lines[:-1]
    elif len(lines) == 2 and _NAMES.fullmatch(lines[1]) and len(lines[1]) < len(lines[0]):
        byline, lines = lines[1:], lines[:1]
    section = lines[:1] if len(lines) > 1 and len(lines[0].split()) <= 4 else []
    return {"SE": section, "HD": lines[len(section) :], "BY": byline}


def _number_of(line: str) -> str | None:
    """The accession number in the line that ends an article; None for any other line."""
    match = _END.fullmatch(line) if len(line) < 80 else None
    if match:
        return match["number"] or match["damaged"]
    match = _WITHIN.search(line[:400]) or _WITHIN.search(line[-400:])
    return match["number"] if match else None


def _item(index: int, fields: Fields) -> Item:
    """An article of its fields."""
    said = {code: " ".join(lines) for code, lines in fields.items() if lines}
    notes = []
    source = said.get("CR", "")
    if source and not is_agency(source):
        notes.append(("credit", source))
    announced = re.match(r"\W*(\d[\d.,\s]*)", said.get("WC", ""))
    body = [*fields.get("LP", ()), *fields.get("TD", ())]
    return article(
        index,
        [_WITHIN.sub("", line) for line in body if len(line) > 80 or not _END.fullmatch(line)],
        where=f"article {index + 1}" + (f" ({said['AN']})" if "AN" in said else ""),
        dates=(f"{said['PD']} {said['ET']}" if {"PD", "ET"} <= said.keys() else None, said.get("PD")),
        announced=announced[1] if announced else None,
        language=said.get("LA"),
        notes=notes,
        headline=said.get("HD"),
        byline=said.get("BY"),
        outlet=said.get("SN"),
        section=said.get("SE") or said.get("CLM") or said.get("PG"),
        agency=source if source and not notes else None,
        correction=said.get("CX"),
    )


def _from_lines(lines: list[str], *, whole: bool) -> Iterator[Item]:
    """The articles of RTF or plain text, each with its number at its end."""
    lines = [line.strip() for line in lines if line.strip()]
    ends = [place for place, line in enumerate(lines) if _number_of(line)]
    names = []
    for line in lines:
        match = _CONTENTS.fullmatch(line) if len(line) < 400 else None
        if not match or _WORDS.fullmatch(line) or find_date(line):
            break
        names.append(match["title"])
    if len(names) < 2:
        names = []
    start, index = len(names), -1
    for index, end in enumerate(ends):
        begun = _begun(lines[start : end + 1])
        if begun > 1:
            reason = f"article {index + 1}: {begun} articles run into one another; what divides them is damaged"
            yield {"source_index": index, "reason": reason}
        else:
            yield _item(index, _fields_of_lines(lines[start : end + 1]))
        start = end + 1
    rest = lines[start:]
    begun = any(_WORDS.fullmatch(re.sub(r"^WC\s+", "", line)) for line in rest)
    begun = begun or any(map(_CODE_FIRST.match, rest[:1]))
    if begun:
        yield broken_off(index + 1, f"article {index + 2} has no end", _fields_of_lines(rest).get("HD", [None])[0])
    elif not ends:
        raise Unreadable("an export of Factiva without an article")
    elif not whole:
        yield broken_off(index + 1, f"no end of the document behind article {index + 1}; others may be missing")
    yield from _expected([] if begun else rest, names)


def _begun(lines: list[str]) -> int:
    """How many articles begin in lines: a number of words, and below it a date."""
    return sum(
        len(below) < 60 and _WORDS.fullmatch(re.sub(r"^WC\s+", "", line)) is not None and find_date(below) is not None
        for line, below in pairwise(lines)
    )


def _fields_of_lines(lines: list[str]) -> Fields:
    fields: Fields = {}
    code = ""
    for line in lines:
        match = re.match(r"([A-Z]{2,3})(?:[\t|]+\s*(.*)| {2,}(.*))?$", line)
        if match and match[1] in _CODES:
            code = match[1]
            line = match[2] or match[3] or ""
        if code and line:
            fields.setdefault(code, []).append(line)
    return _numbered(fields) if {"HD", "AN"} <= fields.keys() else _in_order(lines)


def _from_xml(text: str) -> Iterator[Item]:
    """The articles of an XML response, each parsed by itself: no entity or broken tag reaches its neighbours."""
    above, *found = pieces(text, _XML_ARTICLE)
    declared = _XML_COUNT.search(above.text)
    if declared:
        yield _statement(int(declared[1]), f'count="{declared[1]}"', [])
    if not found:
        raise Unreadable("XML of Factiva without an article")
    for index, piece in enumerate(found):
        end = re.search(r"</article\s*>", piece.text)
        if end:
            yield _xml_item(index, piece.text[: end.end()])
            continue
        number = re.search(r"<accessionNo>\s*([\w-]{4,40})\s*<", piece.text)
        what = f"article {index + 1}" + (f" ({number[1]})" if number else "")
        if index == len(found) - 1:
            yield broken_off(index, f"{what} has no end")
        else:
            yield {"source_index": index, "reason": f"{what}: not well-formed: <article> is never closed"}
    if end and not declared and not re.search(r"</(?:\w+:)?\w*Res(?:ponse|ultSet)\s*>", found[-1].text[end.end() :]):
        yield broken_off(len(found), f"no end of the response behind article {len(found)}; others may be missing")


def _xml_item(index: int, text: str) -> Item:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.LxmlError, ValueError) as error:
        return {"source_index": index, "reason": f"article {index + 1}: not well-formed: {str(error)[:120]}"}
    entity = next(root.iter(etree.Entity), None)
    if entity is not None:
        reason = f"article {index + 1}: not read: it names the entity {entity.text[:40]}"
        return {"source_index": index, "reason": reason}

    def said(*names: str, whole: bool = False) -> list[str]:
        found = (child for name in names for child in root if etree.QName(child).localname == name)
        parts = (part for child in found for part in ([child] if whole or (child.text or "").strip() else child))
        return [text for text in (" ".join("".join(part.itertext()).split()) for part in parts) if text]

    stamp = said("publicationDate")
    fields = {code: said(name, whole=True) for code, name in _XML_WHOLE.items()}
    fields |= {code: said(*names.split()) for code, names in _XML_PARTS.items()}
    return _item(index, fields | {"PD": stamp[:1], "ET": [moment for moment in stamp[1:2] if _CLOCK.match(moment)]})
