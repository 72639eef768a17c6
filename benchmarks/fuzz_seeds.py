"""Small whole files of every format that is read, for `benchmarks.fuzz`: name → (suffix, bytes). All texts are own."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from functools import cache

import pandas as pd

from tests.corpus import test_eml as eml
from tests.corpus import test_europresse as europresse
from tests.corpus import test_factiva as factiva
from tests.corpus import test_mediacloud as mediacloud
from tests.corpus import test_nexis as nexis
from tests.corpus import test_pdf as pdf
from tests.corpus import test_proquest as proquest
from tests.corpus import test_rtf as rtf
from tests.corpus import test_warc as warc
from tests.corpus import test_xlsx as xlsx

SENTENCE = "The council of Port Ann met on day {n}, and nobody at the harbour said why it had taken so long."
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Harbour shut, part {n} | Gull Times</title>
<meta property="og:title" content="Harbour shut, part {n}"><meta property="og:site_name" content="Gull Times">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Harbour shut, part {n}",
"datePublished": "2024-06-0{n}T10:00:00+02:00", "author": {{"name": "Ada Moss"}}}}</script></head>
<body><nav><ul><li><a href="/">Home</a></li></ul></nav><article><h1>Harbour shut, part {n}</h1>
<time datetime="2024-06-0{n}">{n} June</time><p>{text}</p><p>{text} It rained.</p><figure><img src="a.jpg">
<figcaption>A boat</figcaption></figure><p>{text} “We wait,” said Ada Moss.</p></article><footer>Cookies</footer>
</body></html>
"""
MARKDOWN = "---\ntitle: Harbour shut, part 1\ndate: 2024-06-01\nsource: Gull\n---\n\n# Harbour shut, part 1\n\n{text}\n"


@cache
def seeds() -> dict[str, tuple[str, bytes]]:
    """A file of each format and layout."""
    records = [
        {
            "outlet": f"Gull {n}",
            "published": f"2024-06-0{n}",
            "headline": f"Harbour shut, part {n}",
            "byline": "Ada Moss",
            "url": f"http://gull.example/{n}",
            "body": SENTENCE.format(n=n) * 2,
        }
        for n in range(1, 6)
    ]
    frame = pd.DataFrame(records)
    text = SENTENCE.format(n=1) + "\n\n" + SENTENCE.format(n=2)
    page = PAGE.format(n=1, text=SENTENCE.format(n=1))
    french = {"FRENCH; FRANCAIS": "ENGLISH", "Le bateau est \n rentr&eacute; au ": "The boat came back to the "}
    documents = [nexis.html_page(n, 3).replace("Il pleut sur le quai.", text) for n in (1, 2, 3)]
    for word, english in french.items():
        documents = [document.replace(word, english) for document in documents]
    story = nexis.uni([1, 2, 3])
    pages = b"".join(warc.page(n) for n in (1, 2, 3))
    columns = [pdf.HEAD + pdf.column(50, 720, pdf.LEFT + pdf.MIDDLE) + pdf.column(320, 720, pdf.RIGHT)]
    rows = [list(frame.columns), *frame.to_numpy().tolist()]
    files = {
        "CSV": (".csv", frame.to_csv(index=False)),
        "TSV": (".tsv", frame.to_csv(index=False, sep="\t")),
        "JSON Lines": (".jsonl", "".join(f"{json.dumps(record)}\n" for record in records)),
        "Parquet": (".parquet", frame.to_parquet()),
        "XLSX": (".xlsx", xlsx.book(rows)),
        "DOCX": (".docx", nexis.as_docx(["Harbour shut", SENTENCE.format(n=1), SENTENCE.format(n=2)])),
        "RTF": (".rtf", rtf.rtf(rb"\pard Harbour shut\par\par " + text.encode() + rb"\par \u8220?So\u8221?\par")),
        "PDF": (".pdf", pdf.written(columns * 2)),
        "web page": (".html", page),
        "Markdown": (".md", MARKDOWN.format(text=text)),
        "plain text": (".txt", f"Harbour shut\n\n{text}\n"),
        "WARC": (".warc", pages),
        "WARC, packed": (".warc.gz", b"".join(gzip.compress(warc.page(n), mtime=0) for n in (1, 2, 3))),
        "ARC": (".arc", b"".join(warc.arc(warc.html(n)) for n in (1, 2))),
        "e-mail": (".eml", bytes(eml.message(proquest.LAYOUTS["numbered"]))),
        "e-mail of HTML": (".eml", bytes(eml.message("See the page.", proquest.LAYOUTS["html"]))),
        "Factiva HTML": (".html", factiva.page(*map(factiva.coded, (1, 2, 3)))),
        "Factiva, plain": (".html", factiva.page(*map(factiva.plain, (1, 2, 3)))),
        "Factiva XML": (".xml", factiva.xml(*map(factiva.element, (1, 2)))),
        "Factiva RTF": (".rtf", factiva.rtf(*factiva.lines(1), *factiva.lines(2))),
        "Europresse": (".html", europresse.page(*map(europresse.modern, (1, 2, 3)))),
        "Europresse, old": (".html", europresse.page(*map(europresse.old, (1, 2, 3)))),
        "ProQuest": (".txt", proquest.LAYOUTS["numbered"]),
        "ProQuest HTML": (".html", proquest.LAYOUTS["html"]),
        "LexisNexis": (".txt", nexis.old_file([1, 2, 3], 3)),
        "LexisNexis HTML": (".html", nexis.as_html(documents, count=3)),
        "Nexis Uni DOCX": (".docx", nexis.as_docx(story)),
        "Nexis Uni RTF": (".rtf", nexis.as_rtf(story)),
        "Media Cloud": (".csv", mediacloud.OLD),
        "gzip": (".txt.gz", gzip.compress(nexis.old_file([1, 2], 2).encode(), mtime=0)),
    }
    made = {name: (suffix, data.encode() if isinstance(data, str) else data) for name, (suffix, data) in files.items()}
    inner = {
        f"part{n}{suffix}": data for n, (suffix, data) in enumerate((made["LexisNexis"], made["web page"], made["CSV"]))
    }
    return {**made, "ZIP": (".zip", zipped(inner))}


def zipped(members: dict[str, bytes]) -> bytes:
    """A ZIP of files by name, the same bytes each time."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()
