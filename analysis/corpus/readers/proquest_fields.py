"""ProQuest's field labels, in the languages of its pages, and its citations.

A label stands at the beginning of a line, before a colon or alone: "Publication title: Gull", "Full text: …". What the
labels mean is told by `FIELDS`; labels of other fields are known so that their lines are not taken for text.
"""

from __future__ import annotations

import re
from functools import lru_cache

from analysis.corpus.dates import find_date

FIELDS: dict[str, str] = {
    label: field
    for field, labels in {
        "headline": "title|document title|article title|headline|título|titre|titel|titolo",
        "byline": "author|authors|author(s)|autor|autores|auteur|auteurs|verfasser|autoren|autore",
        "citation": "publication info|publication information|publication details|source|citation|fuente|"
        "información de publicación|información de la publicación|informations de publication|"
        "publikationsinfo|informationen zur publikation",
        "outlet": "publication title|publication|newspaper|newspaper name|paper|"
        "título de publicación|título de la publicación|"
        "titre de la publication|titre de publication|publikationstitel|titel der publikation|título da publicação|"
        "titolo della pubblicazione|titolo pubblicazione",
        "published": "publication date|date of publication|date|fecha de publicación|fecha|"
        "date de publication|erscheinungsdatum|veröffentlichungsdatum|publikationsdatum|datum|data da publicação|"
        "data de publicação|data di pubblicazione",
        "year": "publication year|year|año de publicación|année de publication|erscheinungsjahr|publikationsjahr|"
        "ano de publicação",
        "section": "section|sección|rubrik|rubrique|seção",
        "column": "column|column name|columna|colonne",
        "pages": "pages|page|first page|start page|number of pages|páginas|página|première page|seiten|seite|"
        "primera página",
        "abstract": "abstract|abstract (summary)|summary|resumen|résumé|zusammenfassung|resumo",
        "body": "full text|fulltext|full-text|texto completo|texte intégral|texte complet|volltext|texto integral",
        "language": "language of publication|language|idioma de la publicación|idioma de publicación|idioma|"
        "langue de publication|langue de la publication|langue|sprache der publikation|publikationssprache|sprache",
        "url": "document url|url|url del documento|url du document|dokument-url|url do documento",
        "id": "proquest document id|document id|proquest id|proquest documentid|id del documento de proquest|"
        "identificador de documentos proquest|identificateur de document proquest|identifiant de document proquest|"
        "id de documento proquest|id del documento proquest|id dokument proquest|proquest-dokument-id-nummer|"
        "id documento proquest|identifiant proquest|id du document proquest|id de documents proquest|"
        "proquest-dokument-id|dokument-id von proquest|id do documento proquest",
        "words": "word count|text word count|recuento de palabras|nombre de mots|wortanzahl",
        "credit": "credit|credits|source attribution",
        "correction": "correction|corrections|correction note",
        # Known, not used. Those of `_CLOSING` stand behind a text only.
        "rights": "copyright|rights|copyright holder|derechos de autor|droits d'auteur|droits|urheberrecht|"
        "direitos autorais",
        "updated": "last updated|última actualización|dernière mise à jour|letzte aktualisierung|zuletzt aktualisiert|"
        "última atualização|entry date|date added",
        "database": "database|databases|base de datos|bases de datos|base de données|bases de données|datenbank|"
        "datenbanken|base de dados",
        "subject": "subject|subjects|subject(s)|materia|temas|sujet|sujets|schlagwort|schlagwörter|thema|assunto|"
        "business indexing term|business indexing terms|mesh|substance",
        "other": "links|link|location|locations|location(s)|people|person|personas|personnes|personen|"
        "company / organization|company/organization|companies|company|organization|organizations|"
        "lugar|lieu|ort|compañía / organización|société / organisation|firma / organisation|"
        "classification|classification codes|identifier / keyword|identifier/keyword|identifiers / keywords|keyword|"
        "keywords|product name|ethnicity|dateline|column (c)|alternate title|subtitle|publication subject|publisher|"
        "editorial|éditeur|verlag|place of publication|lugar de publicación|lieu de publication|erscheinungsort|"
        "country of publication|país de publicación|pays de publication|erscheinungsland|issn|e-issn|eissn|isbn|coden|"
        "issue|volume|número|volumen|numéro|ausgabe|band|source type|tipo de fuente|type de source|quellentyp|"
        "document type|document types|tipo de documento|type de document|dokumenttyp|document feature|"
        "document features|accession number|doi|digital object identifier|publication history|online publication date|"
        "milestone dates|publication note|publication frequency|supplement|series title|correspondence author|"
        "full text availability|text availability|proquest document link|"
        "enlace al documento de proquest|lien vers le document proquest|proquest-dokument-link|illustrations|"
        "entity|source format|elec pub date|print publication date|"
        "standort|unternehmen / organisation|unternehmen/organisation|firma/organisation|klassifizierung|"
        "klassifikation|"
        "publikationsthema|thema der publikation|herausgeber|land der veröffentlichung|ort der veröffentlichung|"
        "publikationsort|publikationsland|art der quelle|quellenart|dokumentart|dokumentmerkmal|isbn|heft|"
        "empresa / organización|empresa/organización|compañía/organización|clasificación|"
        "identificador / palabra clave|palabra clave|palabras clave|materia de publicación|materia de la publicación|"
        "editor|característica del documento|características del documento|"
        "emplacement|société/organisation|entreprise / organisation|entreprise/organisation|"
        "identificateur / mot-clé|mot-clé|mots-clés|sujet de la publication|sujet de publication|"
        "caractéristique du document|caractéristiques du document|proquest-dokumentlink|lien de document proquest|"
        "lien vers le document|enlace de documentos de proquest|enlace al documento|"
        "pessoas|empresa / organização|assunto da publicação|editora|lugar de publicação|local de publicação|"
        "país de publicação|tipo de fonte|tipo de documentos|"
        "soggetto|luogo|persone|società / organizzazione|editore|luogo di pubblicazione|paese di pubblicazione|"
        "argomento della pubblicazione|tipo di fonte|tipo di documento|enlaces|liens|verknüpfungen",
    }.items()
    for label in labels.split("|")
}
_CLOSING = ("id", "url", "rights", "updated", "database")
_ONCE = frozenset(("headline", "published", "section", "language", "url", "id", "updated", "database"))
_UNKNOWN = re.compile(r"\s*[A-ZÀ-Þ][\w/()-]*(?: [\w/()'’-]+){0,4} ?[:：]\s*(?P<value>\S.*)")
_SMALL = 5  # words with a small letter: fewer are in a name of a company or a place
_LONGEST = max(map(len, FIELDS))
_NAMED = 2_000  # characters in which the name of an outlet is looked for
_BEFORE = re.compile(r"\s*(?P<label>[^\W\d_][^:\t\n]{1,60}?)\s*(?:[:：]|\t)\s*(?P<value>.*)", re.DOTALL)
# "Full Text (1023 words)", "Full text | Newspaper"
_FULL = re.compile(
    r"\s*(?:full[ -]?text|texto completo|texte intégral|volltext)\s*"
    r"(?:\((?P<words>[\d.,\s]{1,12})\s*(?:words|palabras|mots|wörter)\s*\)|\|[^:]{0,40}|:\s*)?\s*",
    re.IGNORECASE,
)
_NOT_THERE = re.compile(
    r"(?:the )?(?:full[ -]?text |texto completo |texte intégral |volltext )?"
    r"(?:is |was )?(?:currently )?(?:not (?:currently )?available|unavailable|"
    r"none available|no disponible|non disponible|nicht verfügbar)\b.{0,200}|(?:no|citation only|abstract only)\.?",
    re.IGNORECASE | re.DOTALL,
)
_PAGES = re.compile(
    r"(?:\bp(?:p|g|gs)?\.\s*(?P<pages>[A-Z0-9][\w.,+/ -]{0,20}?)"
    r"|:\s*(?P<behind>[A-Z]{0,4}[. -]?\d[\w.,+/ -]{0,14}?))\.?\s*$",
    re.IGNORECASE,
)
_EDITION = re.compile(
    r",\s*[^,;]*\b(?:edition|edición|édition|ausgabe|final|ed\.)(?![\w-]).*$", re.IGNORECASE | re.DOTALL
)


@lru_cache(maxsize=20_000)
def label_of(line: str) -> tuple[str, str] | None:
    """(field, value) of a line that begins with a label; None for any other line. A label alone has the value ""."""
    full = _FULL.fullmatch(line) if len(line) < 120 else None
    if full:
        return "body", ""
    match = _BEFORE.match(line)
    if match and (field := FIELDS.get(_key(match["label"]))):
        return field, match["value"].strip()
    alone = FIELDS.get(_key(line)) if len(line) <= _LONGEST + 4 else None
    return (alone, "") if alone else None


def once_of(line: str) -> str:
    """What an index says once of a labelled line: the field, or the label where a field has several ("other")."""
    match = _BEFORE.match(line)
    name = _key(match["label"]) if match and _key(match["label"]) in FIELDS else _key(line)
    field = FIELDS.get(name, "")
    return field if field in _ONCE else name


def is_like_label(line: str) -> bool:
    """Whether a line has the form of a label and a value: "Standort: Hamburg"."""
    match = _UNKNOWN.fullmatch(line) if len(line) < 300 else None
    return match is not None and not is_prose(match["value"])


def is_prose(value: str) -> bool:
    """Whether what stands behind a label is a sentence of a text, and not the value of a field."""
    small = sum(word[0].islower() for word in value.split())
    return small >= _SMALL and ";" not in value and value.rstrip(" \"'”’»)")[-1:] in (*".!?…",)


def words_said(line: str) -> str | None:
    """``1023`` of "Full Text (1023 words)"."""
    match = _FULL.fullmatch(line) if len(line) < 120 else None
    return match["words"] if match else None


def is_closing(field: str) -> bool:
    """Whether a field stands behind an article's text only."""
    return field in _CLOSING


def is_missing(text: str) -> bool:
    """Whether what stands as full text says that there is none."""
    return not text.strip() or _NOT_THERE.fullmatch(" ".join(text.split())) is not None


def outlet_of(printed: str | None) -> str | None:
    """The publication's name of its title: without place, edition and what else stands behind it.

    "New York Times, Late Edition (East Coast); New York, N.Y." → "New York Times".
    """
    name = re.split(r";|\s*\[|\.\s*\(|\.\s+(?=[A-Z][^.]*:)", " ".join((printed or "")[:_NAMED].split()), maxsplit=1)[0]
    return _EDITION.sub("", name).strip(" ,.") or None


def citation_of(printed: str) -> dict[str, str]:
    """Outlet, date and pages of a citation; those that are there.

    "New York Times, Late Edition (East Coast); New York, N.Y. [New York, N.Y]. 12 June 2014: A.1." or the older
    "New York Times. (Late Edition). New York, N.Y.: Jun 12, 2004. pg. A.1".
    """
    if not find_date(printed):
        return {}
    found = {"published": printed.rpartition("]")[2].strip(" .") or printed}
    pages = _PAGES.search(printed)
    outlet = outlet_of(printed)
    if pages:
        found["pages"] = pages["pages"] or pages["behind"]
        found["published"] = found["published"].replace(pages[0], "").strip(" .,") or printed
    if outlet and not find_date(outlet):
        found["outlet"] = outlet
    return found


def _key(label: str) -> str:
    return " ".join(label.split()).casefold().rstrip(" :：")
