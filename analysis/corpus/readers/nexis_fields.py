"""What LexisNexis and Nexis Uni print around an article: labels, headings, marks, dates, notices, in their languages.

Old exports print labels in capitals (``LOAD-DATE:``), Nexis Uni as words (``Load-Date:``); here they are one table.
Labels follow the language of the interface, not of the article, so that all of them can stand in any file.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from analysis.corpus.dates import readings

# Our name of a field → the labels it is printed under: English, German, French, Spanish, Dutch, Italian, Portuguese.
_HEAD = {
    "headline": "HEADLINE TITLE TITRE TITULO SCHLAGZEILE UEBERSCHRIFT ÜBERSCHRIFT TITEL",
    "byline": "BYLINE AUTHOR AUTEUR AUTEURS AUTOR AUTOREN AUTORE VERFASSER CONTRIBUTOR",
    "section": "SECTION RUBRIQUE RUBRIK RUBRIEK RESSORT SECTIE SECCION SEZIONE SEÇÃO",
    "length": "LENGTH LONGUEUR LÄNGE LAENGE LENGTE LONGITUD EXTENSION LUNGHEZZA COMPRIMENTO EXTENSAO",
    "deck": "HIGHLIGHT HIGHLIGHTS ENCART SUBHEADLINE SUBHEAD SUB-HEADLINE SUBTITLE SOUS-TITRE UNTERTITEL",
    "dateline": "DATELINE DATUMSZEILE ORTSMARKE LIEU-DATE LIEU",
    "abstract": "ABSTRACT RESUME RÉSUMÉ ZUSAMMENFASSUNG SAMENVATTING RESUMEN SUMMARY",
    "body": "BODY TEXT CORPS TEXTE VOLLTEXT TEXTO FULL-TEXT",
    "series": "SERIES SERIE SÉRIE",
    "show": "SHOW TRANSCRIPT GUEST GUESTS ANCHOR ANCHORS REPORTER REPORTERS HOST HOSTS SPEAKER NETWORK PROGRAM SEGMENT",
    "edition": "EDITION AUSGABE ÉDITION DISTRIBUTION CYCLE VERSION VOLUME ISSUE PAGE PAGES SEITE COLUMN KICKER TYPE",
    "source": "SOURCE QUELLE PUBLICATION NEWSPAPER",
    "date": "DATE DATUM PUBLICATION-DATE PUB-DATE",
}
_TAIL = {
    "load-date": "LOAD-DATE DATE-CHARGEMENT DATE-DE-CHARGEMENT LADEDATUM LADE-DATUM FECHA-CARGA "
    "FECHA-DE-CARGA LAAD-DATUM LAADDATUM DATA-CARICAMENTO",
    "update": "UPDATE AKTUALISIERUNG",
    "language": "LANGUAGE LANGUE SPRACHE IDIOMA TAAL LINGUA",
    "publication-type": "PUBLICATION-TYPE PUB-TYPE PUBLICATION-SUBTYPE TYPE-PUBLICATION TYPE-DE-PUBLICATION "
    "PUBLIKATIONSTYP PUBLIKATIONS-TYP PUBLIKATIONSART PUBLIKATION-TYP TIPO-PUBLICACION TIPO-DE-PUBLICACION "
    "PUBLICATIETYPE PUBLICATIE-TYPE TIPO-PUBBLICAZIONE",
    "journal-code": "JOURNAL-CODE CODE-JOURNAL CODE-REVUE CODE-DU-JOURNAL ZEITSCHRIFTENCODE ZEITSCHRIFTEN-CODE "
    "ZEITUNGS-CODE JOURNALCODE CODIGO-REVISTA",
    "document-type": "DOCUMENT-TYPE DOC-TYPE TYPE-DOCUMENT DOKUMENTTYP DOKUMENT-TYP",
    "subject": "SUBJECT SUBJECTS SUJET THEMA THEMEN SCHLAGWÖRTER SCHLAGWORT TEMA ONDERWERP TERMS KEYWORDS DESCRIPTORS "
    "TOPIC TOPICS SCHLAGWORTE",
    "company": "COMPANY COMPANIES SOCIETE FIRMA FIRMEN UNTERNEHMEN GESELLSCHAFT EMPRESA BEDRIJF",
    "organization": "ORGANIZATION ORGANISATION ORGANIZACION ORGANISATIE ORGANIZATIONS",
    "ticker": "TICKER SYMBOLE-BOURSIER TICKER-SYMBOL BOERSENSYMBOL BÖRSENSYMBOL BÖRSENTICKER",
    "industry": "INDUSTRY SECTEUR-ACTIVITE BRANCHE BRANCHEN INDUSTRIE INDUSTRIA SIC NAICS",
    "person": "PERSON PERSONNE PERSONEN PERSONA PERSOON NAME NAMES NAMED-PERSONS",
    "geographic": "GEOGRAPHIC LOCALISATION-GEO GEOGRAPHIE GEOGRAFIE GEOGRAFISCH GEOGRAPHISCH GEOGRAFICO GEO CITY STATE "
    "COUNTRY REGION LAND STADT STAAT PAYS VILLE",
    "graphic": "GRAPHIC GRAPHICS GRAPHIQUE GRAFIK GRAPHIK GRÁFICO ILLUSTRATION ENHANCEMENT PHOTO BILD GRAFIEK",
    "correction-date": "CORRECTION-DATE DATE-CORRECTION KORREKTURDATUM",
    "correction": "CORRECTION CLARIFICATION KORREKTUR BERICHTIGUNG CORRECCION RECTIFICATIE",
    "notes": "NOTES ANMERKUNGEN MEMO ADDITION",
    "url": "URL WEBSITE",
    "number": "ACC-NO ACCESSION-NO ACCESSION-NUMBER ISSN ISBN DOI PMID FILE-NO",
    "contact": "CONTACT CONTACTS",
    "copyright": "COPYRIGHT",
    "classification": "CLASSIFICATION KLASSIFIZIERUNG KLASSIFIKATION CLASIFICACION CLASSIFICATIE CLASSIFICAZIONE "
    "CLASSIFICAÇÃO",
}
TAIL = frozenset(_TAIL)
# Labels that no article prints within its text; whatever stands behind the first of them is not the body.
STRONG = frozenset({"load-date", "publication-type", "journal-code", "document-type", "classification"})
# Fields whose value can go on over several paragraphs → how many characters that may be.
LONG = {"graphic": 6000, "correction": 4000, "notes": 1500, "correction-date": 300, "classification": 20_000}
# Headings of Nexis Uni, which stand alone on their line, without a colon.
_HEADINGS = {
    "body": "Body|Body Text|Volltext|Text|Textkörper|Haupttext|Hauptteil|Artikeltext|Inhalt|Corps|Corps du texte|Texte"
    "|Corps de l'article|Cuerpo|Texto|Tekst|Corpo|Testo",
    "graphic": "Graphic|Grafik|Graphique|Gráfico|Illustration|Grafiek",
    "correction": "Correction|Korrektur|Clarification|Corrección",
    "notes": "Notes|Anmerkungen|Hinweise|Notas",
    "abstract": "Abstract|Résumé|Zusammenfassung|Resumen",
    "deck": "Highlight|Highlights",
    "classification": "Classification|Klassifizierung|Klassifikation|Clasificación|Classificatie|Classificazione"
    "|Classificação",
}
_LANGUAGES = {
    "en": "ENGLISH ENGLISCH ANGLAIS INGLES ENGELS",
    "de": "GERMAN DEUTSCH ALLEMAND ALEMAN DUITS",
    "fr": "FRENCH FRANZÖSISCH FRANÇAIS FRANCES FRANS",
    "es": "SPANISH SPANISCH ESPAGNOL ESPAÑOL SPAANS",
    "it": "ITALIAN ITALIENISCH ITALIEN ITALIANO",
    "nl": "DUTCH NIEDERLÄNDISCH NÉERLANDAIS NEDERLANDS",
    "pt": "PORTUGUESE PORTUGIESISCH PORTUGAIS PORTUGUES",
}
_MONTHS = (
    "january february march april may june july august september october november december "
    "januar februar märz april mai juni juli august september oktober november dezember jänner feber "
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre "
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre "
    "gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre "
    "januari februari maart mei augustus "
    "janeiro fevereiro março maio junho julho setembro outubro novembro dezembro "
    "jan feb mar apr jun jul aug sep sept oct okt nov dec dez"
)
_DAYS = (
    "monday tuesday wednesday thursday friday saturday sunday "
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag "
    "lundi mardi mercredi jeudi vendredi samedi dimanche "
    "lunes martes miércoles jueves viernes sábado domingo "
    "lunedì martedì mercoledì giovedì venerdì sabato domenica "
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag "
    "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira "
    "mon tue tues wed thu thur thurs fri sat sun"
)


def folded(text: str) -> str:
    """``text`` in capitals without accents; spaces and hyphens are one hyphen."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[\s_-]+", "-", plain.strip().upper())


_FIELDS = {
    folded(label): field for table in (_HEAD, _TAIL) for field, names in table.items() for label in names.split()
}
_NAMED_HEADINGS = {name.casefold(): field for field, names in _HEADINGS.items() for name in names.split("|")}
_CODES = {folded(name): code for code, names in _LANGUAGES.items() for name in names.split()}

_LABEL = re.compile(
    r"(?P<label>[^\W\d_][^\W\d_]*(?:[ /-]{1,2}[^\W\d_]+){0,3})\s?:(?:\s+(?P<value>\S.*))?\s*", re.DOTALL
)
_END = re.compile(
    r"(?:end of (?:the )?document|ende des dokuments|dokumentende|fin du document|fin del documento|fine del documento"
    r"|einde (?:van )?(?:het )?document|fim do documento)\.?",
    re.IGNORECASE,
)
_PAGE = re.compile(r"(?:page|seite|página|pagina)\s+\d{1,5}\s+(?:of|von|sur|de|di|van)\s+\d{1,5}", re.IGNORECASE)
_NUMBER = r"\d{1,3}(?:[.,\u00a0 ]\d{3})+|\d{1,7}"
_OF = r"(?:of|von|de|sur|di|van|des)"
_THING = r"(?:documents?|dokument(?:e|en|s)?|documentos?|documenti|documenten|results?|stories|story)"
_MARK = re.compile(
    rf"(?:(?P<n>{_NUMBER})\s+{_OF}\s+(?P<m>{_NUMBER})\s+{_THING}"
    rf"|{_THING}\s+(?P<n2>{_NUMBER})\s+{_OF}\s+(?P<m2>{_NUMBER}))\s*\.?",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    r"(?:copyright\b|copr?\.\s|\(c\)\s|©|copy\s+(?:19|20)\d\d|all rights reserved|alle rechte vorbehalten"
    r"|tous droits r[ée]serv[ée]s|todos los derechos|alle rechten voorbehouden|tutti i diritti|todos os direitos"
    r"|content and programming copyright|transcribed under license|droits d['’]auteur|urheberrecht)",
    re.IGNORECASE,
)
_MONTH = "|".join(sorted(set(_MONTHS.split()), key=len, reverse=True))
_DAY = "|".join(sorted(set(_DAYS.split()), key=len, reverse=True))
_NUMERIC = r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d)"
_SPELLED = (
    rf"(?:{_MONTH})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\s*,?\s+\d{{4}}"
    rf"|\d{{1,2}}(?:\.|st|nd|rd|th|er|º)?\s*(?:de\s+|of\s+)?(?:{_MONTH})\.?,?\s+(?:de\s+|del\s+)?\d{{4}}"
)
_DATE = re.compile(
    rf"(?:(?:{_DAY})\b\.?,?\s+)?(?:le\s+|el\s+|den\s+)?(?:{_SPELLED}|{_NUMERIC})(?!\w)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_VAGUE_DATE = re.compile(
    rf"(?:(?:{_MONTH})\.?(?:\s*[/-]\s*(?:{_MONTH}))?|spring|summer|autumn|fall|winter),?\s+(?:19|20)\d\d(?!\d)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
# Beside a date: day of the week, time, zone, edition. Anything else makes the line a sentence.
_CLOCK = (
    r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\b|\d{1,2}\s?[ap]\.?m\b\.?|\b[ap]\.?m\b\.?|\bat\b|\buhr\b|\bheures?\b"
    r"|\d{1,2}\s?h\s?\d{0,2}\b|(?-i:\b[A-Z]{2,5}\b)|\b(?:local|eastern|central|mountain|pacific) (?:\w+ )?time\b"
    r"|[+-]\d{2}:?\d{2}\b"
)
_BESIDE = re.compile(rf"(?:[\s,;.|()/:–-]|(?:{_DAY})\b|{_CLOCK})*", re.IGNORECASE)
_EDITION = re.compile(
    r"\b(?:edition|editions|éd?ition|ausgabe|auflage|final|cycle|correction|clarification|appended|version|edición|editie"
    r"|first|late|national|metro|city|state|international|home|all|morning|evening|bayern|deutschland|hauptausgabe)\b",
    re.IGNORECASE,
)


class Label(NamedTuple):
    """A paragraph that begins with a label: our name of the field, and what stands behind the label ("" if nothing)."""

    field: str
    value: str


@lru_cache(maxsize=4096)
def label(text: str, *, capitals: bool) -> Label | None:
    """The label that a paragraph begins with, or the heading that it is; None where there is none of the known ones.

    ``capitals``: only labels in capitals count, and no headings (old exports).
    """
    text = text.strip()
    match = _LABEL.fullmatch(text) if ":" in text[:45] else None
    if match:
        printed = match["label"]
        field = _FIELDS.get(folded(printed))
        if field and (printed == printed.upper() if capitals else printed[0].isupper()):
            return Label(field, match["value"] or "")
    field = None if capitals else _NAMED_HEADINGS.get(text.casefold())
    return Label(field, "") if field and text[0].isupper() else None


def is_end(text: str) -> bool:
    """Whether a line is "End of Document"."""
    return len(text) < 40 and _END.fullmatch(text.strip()) is not None


def is_page(text: str) -> bool:
    """Whether a line is "Page 3 of 12"."""
    return len(text) < 40 and _PAGE.fullmatch(text.strip()) is not None


def mark(text: str) -> tuple[int, int] | None:
    """(7, 10) of the line "7 of 10 DOCUMENTS", "Dokument 7 von 10"; None where the line is none of these."""
    if len(text) > 200:
        return None
    match = _MARK.fullmatch(text.strip())
    if match is None:
        return None
    first, last = (int(re.sub(r"\D", "", match[a] or match[b])) for a, b in (("n", "n2"), ("m", "m2")))
    return (first, last) if first >= 1 and last else None


def is_copyright(text: str) -> bool:
    """Whether a line begins as a copyright notice does."""
    return _COPYRIGHT.match(text.strip()) is not None


def is_date(text: str, *, vague: bool = False) -> bool:
    """Whether a line is a date of publication, with the day of the week, the time, the zone or the edition beside it.

    ``vague`` also takes a month or season and a year.
    """
    text = text.strip()
    match = (_VAGUE_DATE if vague else _DATE).match(text) if len(text) <= 140 else None
    if match is None:  # other languages, and orders of day and month that are in doubt
        return len(text) <= 80 and re.search(r"\d{4}", text) is not None and bool(readings(text))
    rest = match["rest"]
    beside = _BESIDE.match(rest)
    left = rest[beside.end() :] if beside else rest
    return not left or (len(left) <= 90 and not left.rstrip().endswith(".") and _EDITION.search(left) is not None)


def is_clock(text: str) -> bool:
    """Whether a line is a time of day and nothing else."""
    return len(text) <= 40 and re.match(r"\d", text.strip()) is not None and _BESIDE.fullmatch(text) is not None


def is_appended(text: str) -> bool:
    """Whether a line is "Correction Appended"."""
    return re.fullmatch(r"(?:correction|clarification|editor's note) appended", text.strip(), re.IGNORECASE) is not None


def is_edition(text: str) -> bool:
    """Whether a short line beneath a date names an edition."""
    return len(text) <= 80 and len(text.split()) <= 8 and _EDITION.search(text) is not None


def words_stated(value: str) -> int | None:
    """355 of "355 words", 2968 of "2,968 words"; None where no number leads."""
    match = re.match(rf"\s*(?P<n>{_NUMBER})(?!\w)", value)
    return int(re.sub(r"\D", "", match["n"])) if match else None


def language_code(value: str) -> str | None:
    """``en`` of "ENGLISH", ``de`` of "GERMAN; DEUTSCH"; None where it is none of the known names."""
    names = (folded(name) for name in re.split(r"[;,/]", value))
    return next((_CODES[name] for name in names if name in _CODES), None)
