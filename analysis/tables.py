"""The contract of every table: columns, types, meaning.

One row of `TABLES` is one table. `validate` holds a DataFrame to its contract; ``data/README.md`` prints the same
text and a test holds the two together. All tables are joined on ``article_id``. Undefined is NaN (in text, a missing
value), never 0 and never an empty string.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    import pandera.pandas as pa

VOICES = ("headline", "own", "direct", "indirect")
WHERE = ("headline", "deck", "body")
QUOTE_KINDS = ("direct", "partial", "term", "indirect")
KINDS = ("choice", "presence", "scale", "actor")
CREDITS = ("whole", "part")
ROLES = ("source", "copy", "original")
MARKS = ("direct", "partial", "term", "indirect", "none")
MOVED = ("out", "into")
BOUNDS = ("exact", "about", "least", "most")
NUMBER_KINDS = ("quantity", "date", "period", "rank")
UNITS = ("sentence", "naming")
YES_NO = ("yes", "no")
TONES = ("negative", "neutral", "positive")


@dataclass(frozen=True)
class Column:
    """What a column holds: its type as pandas names it, its meaning, whether values may be missing or stand twice, and
    the values that are allowed: some, those between two bounds, or those that a regular expression matches."""

    kind: str
    description: str
    nullable: bool = False
    unique: bool = False
    one_of: tuple[str, ...] | None = None
    least: float | None = None
    most: float | None = None
    pattern: str | None = None

    @property
    def dtype(self) -> object:
        """The type, as pandas has it."""
        return pd.api.types.pandas_dtype(self.kind)

    def allows(self, values: pd.Series) -> bool:
        """Whether all values, none of them missing, are allowed."""
        return (
            (self.one_of is None or set(values.unique()) <= set(self.one_of))
            and (self.least is None or bool(values.min() >= self.least))
            and (self.most is None or bool(values.max() <= self.most))
            and (self.pattern is None or bool(values.str.match(self.pattern).all()))
        )

    @property
    def model(self) -> pa.Column:
        """The same as pandera's, which says what breaks it."""
        import pandera.pandas as pa

        checks = [
            *([pa.Check.isin(self.one_of)] if self.one_of else []),
            *([pa.Check.ge(self.least)] if self.least is not None and self.most is None else []),
            *([pa.Check.in_range(self.least, self.most)] if self.most is not None else []),
            *([pa.Check.str_matches(self.pattern)] if self.pattern else []),
            *([pa.Check(_in_microseconds)] if self.kind == _CLOCK else []),
        ]
        said = {"nullable": self.nullable, "unique": self.unique, "description": self.description}
        return pa.Column(self.kind, checks, **said)


@dataclass(frozen=True)
class Table:
    """What one row is, and the columns by name."""

    row: str
    columns: dict[str, Column]

    @property
    def schema(self) -> pa.DataFrameSchema:
        """The pandera model. More columns than these are allowed: a manifest brings its own."""
        import pandera.pandas as pa  # slow to load; asked only what breaks a contract

        return pa.DataFrameSchema({name: column.model for name, column in self.columns.items()}, strict=False)


def _text(meaning: str, *, missing: bool = False, one_of: tuple[str, ...] | None = None) -> Column:
    return Column("str", meaning, nullable=missing, one_of=one_of)


def _place(meaning: str) -> Column:
    return Column("Int64", meaning, nullable=True, least=0)


def _whole(meaning: str) -> Column:
    return Column("int64", meaning, least=0)


def _share(meaning: str) -> Column:
    return Column("float64", meaning, least=0, most=1)


def _in_microseconds(column: pd.Series) -> bool:
    # pandera treats every unit of datetime64 as nanoseconds; Parquet and pandas 3 keep microseconds.
    return column.dtype == _CLOCK


_CLOCK = "datetime64[us]"
_ARTICLE = "the article: first 12 hex digits of the SHA-256 of outlet, headline and body (and day, if a text returns)"

TABLES: dict[str, Table] = {
    "articles": Table(
        "an article",
        {
            "article_id": Column("str", pattern=r"^[0-9a-f]{12}$", unique=True, description=_ARTICLE),
            "outlet": _text("who published it, under the one name that the table of outlets gives it", missing=True),
            "outlet_printed": _text("who published it, as the source prints it", missing=True),
            "published": Column(_CLOCK, nullable=True, description="when, as the outlet's own clock says"),
            "headline": _text("the headline as printed", missing=True),
            "deck": _text("the line or lines under the headline", missing=True),
            "body": _text("the published text, NFC, paragraphs joined by a blank line; offsets index it in characters"),
            "byline": _text("who wrote it, as printed", missing=True),
            "agency": _text("the agency or other source that the page credits", missing=True),
            "credit": _text(
                "what it is credited with: whole (dateline, byline, source line: the text is its) or part (with input "
                "from …)",
                missing=True,
                one_of=CREDITS,
            ),
            "disclosure": _text("the notice that the text was machine-made, as printed", missing=True),
            "section": _text("the section or page of the paper, as printed", missing=True),
            "correction": _text("a notice of correction that the page carries, as printed", missing=True),
            "url": _text("its address", missing=True),
            "language": _text("language of the text (of the study, where the source does not say)"),
            "story": _text(
                "the story it belongs to: as a manifest says, else (once coded) as dates, names and shared words say",
                missing=True,
            ),
            "source_file": _text("the file it was read from, relative to the study's folder"),
            "source_index": _whole("its place in that file, from 0"),
            "n_words": _whole("words in the body"),
        },
    ),
    "rejects": Table(
        "a source item that was not read",
        {
            "source_file": _text("the file, relative to the study's folder"),
            "source_index": _whole("the item's place in that file, from 0"),
            "reason": _text("why it is no article"),
        },
    ),
    "sources": Table(
        "a source file, or a file in an archive",
        {
            "source_file": _text("the file, relative to the study's folder; in an archive `archive.zip/member`"),
            "format": _text("what it was read as, by its content; missing where nothing knew it", missing=True),
            "expected": Column(
                "Int64",
                least=0,
                nullable=True,
                description="articles that the source itself says it holds; missing where it does not say",
            ),
            "read": _whole("articles read from it"),
            "rejected": _whole("items that were not read, duplicates apart"),
            "duplicates": _whole("items that stand here or elsewhere already"),
            "undated": _whole("articles read that have no date"),
            "outletless": _whole("articles read that have no outlet"),
            "missing": _text(
                "how what it says differs from what was found, the missing by name; or how it breaks off",
                missing=True,
            ),
        },
    ),
    "furniture": Table(
        "a line cut from a page, or a value of a source that could not be used",
        {
            "article_id": _text(_ARTICLE),
            "line": _whole("the line's number on the page, from 1; 0 of what is no line of it"),
            "text": _text("the line as printed, without outer spaces"),
            "rule": _text("the rule that cut it"),
        },
    ),
    "categories": Table(
        "a category of a codebook",
        {
            "codebook": _text("name of the codebook"),
            "version": _text("its version"),
            "codebook_hash": _text("first 12 hex digits of the SHA-256 of what it says"),
            "variable": _text("the variable"),
            "kind": _text("how the variable is counted", one_of=KINDS),
            "question": _text("what the variable asks", missing=True),
            "category": _text("the category"),
            "side": _text("the side that an actor speaks for, where the codebook says", missing=True),
            "n_patterns": _whole("how many patterns it has"),
        },
    ),
    "mentions": Table(
        "a codebook hit",
        {
            "article_id": _text(_ARTICLE),
            "codebook": _text("name of the codebook"),
            "variable": _text("the variable"),
            "category": _text("the category"),
            "pattern": _text("the pattern that hit, as the codebook has it"),
            "match": _text("the words hit, as printed"),
            "where": _text("the part of the article", one_of=WHERE),
            "sentence": Column(
                "Int64", nullable=True, description="the sentence of the body, from 0; missing elsewhere"
            ),
            "start": _whole("first character, in the part named by `where`"),
            "end": _whole("one past the last character"),
            "voice": _text(
                "whose words: headline (with deck), own, direct (quoted), indirect (reported)", one_of=VOICES
            ),
            "speaker": _text("who says it, where one is named", missing=True),
            "embedded": Column(
                "bool",
                description="the reporter's own label inside a reported clause: a definite noun phrase with a "
                "participle or relative clause (`the regions annexed in 2022`); its voice stays indirect",
            ),
            "in_name": Column(
                "bool",
                description="part of a proper name: an ordinary word with a capital inside a sentence (`Security` in "
                "`Security Council`), or, for a pattern written with a capital, a longer name around it (`Kyiv` in "
                "`Kyiv Post`; titles and given names do not count); body only, not in lines of title case",
            ),
            "valence": Column(
                "float64",
                nullable=True,
                description="what a hit of a scale adds: its weight after negation and intensity; NaN for other kinds",
            ),
        },
    ),
    "word_counts": Table(
        "a word type in a voice of an article",
        {
            "article_id": _text(_ARTICLE),
            "word": _text("the type: case folded, apostrophes and hyphens unified"),
            "voice": _text("whose words", one_of=VOICES),
            "n": Column("int64", least=1, description="tokens of that type in that voice"),
        },
    ),
    "sentences": Table(
        "a sentence of a body",
        {
            "article_id": _text(_ARTICLE),
            "sentence": _whole("its number in the article, from 0"),
            "start": _whole("first character in the body"),
            "end": _whole("one past the last character"),
            "n_words": _whole("words in it"),
            "valence": Column(
                "float64",
                least=-1,
                most=1,
                nullable=True,
                description="S / √(S² + 15), with S the sum of the valences of its hits of the study's first scale; 0 "
                "without a hit, NaN where the study has no scale",
            ),
            "voice": _text("the voice of most of its words (of two equal ones the first of these)", one_of=VOICES),
            "speaker": _text("who says most of them, where that voice is not the outlet's", missing=True),
        },
    ),
    "quotes": Table(
        "a quotation or a reported clause",
        {
            "article_id": _text(_ARTICLE),
            "quote": _whole("its number in the article, from 0, in order of start, the longer first"),
            "start": _whole("first character of the content in the body"),
            "end": _whole("one past the last character of the content"),
            "content": _text("the words said, without speaker and cue; rows lie in each other or apart, never across"),
            "kind": _text(
                "direct (whole sentences in marks), partial (words in marks inside the reporter's sentence), term "
                "(words in marks that nobody speaks: titles, words mentioned), indirect (a reported clause)",
                one_of=QUOTE_KINDS,
            ),
            "speaker": _text("who says it: the name over the article; missing where nobody is found", missing=True),
            "speaker_printed": _text("the noun phrase that names the speaker, as printed", missing=True),
            "cue": _text("the verb, noun or phrase that reports it, as printed", missing=True),
            "cue_class": _text("its class in the codebook reporting-verbs", missing=True),
            "cue_lemma": _text("its form in the dictionary", missing=True),
            "person_named": Column("bool", description="the speaker is a person whose name the article gives"),
            "continued": Column(
                "bool",
                description="goes on from the row before: the next paragraph, or the same sentence after the tag",
            ),
            "n_words": _whole("words in it; those of another row inside it count there"),
            "cue_start": _place("first character of the cue; may stand before an earlier quotation that goes on here"),
            "cue_end": _place("one past its last character"),
            "speaker_start": _place("first character of the printed speaker"),
            "speaker_end": _place("one past its last character"),
        },
    ),
    "quote_issues": Table(
        "a quotation mark without its fellow",
        {
            "article_id": _text(_ARTICLE),
            "start": _whole("where the mark stands in the body"),
            "mark": _text("the mark"),
            "issue": _text("what is wrong and what was assumed"),
        },
    ),
    "numbers": Table(
        "a quantity or a date claimed in a body",
        {
            "article_id": _text(_ARTICLE),
            "sentence": _whole("the sentence it stands in"),
            "start": _whole("first character in the body"),
            "end": _whole("one past the last character"),
            "text": _text("as printed"),
            "kind": _text(
                "what it says: a quantity, a date, a period of time, a rank (`the third`)", one_of=NUMBER_KINDS
            ),
            "value": Column(
                "float64", nullable=True, description="the quantity, scaled (`2 million` is 2000000); NaN for dates"
            ),
            "date": _text(
                "the date as far as it is known: 2024-06-14, 2022-11, 2022, --11 (November of no year); missing else",
                missing=True,
            ),
            "unit": _text("its unit: %, USD, km, year …; missing for things counted", missing=True),
            "what": _text(
                "what is counted or dated: the stems of the head noun or of the verb beside it", missing=True
            ),
            "bound": _text("exact, about, least (at least, more than) or most (up to, fewer than)", one_of=BOUNDS),
            "voice": _text("whose words", one_of=VOICES),
        },
    ),
    "targets": Table(
        "an actor named",
        {
            "article_id": _text(_ARTICLE),
            "codebook": _text("the codebook of the actor"),
            "variable": _text("its variable, of kind actor"),
            "actor": _text("the category"),
            "where": _text("the part of the article", one_of=WHERE),
            "sentence": Column(
                "Int64", nullable=True, description="the sentence of the body, from 0; missing elsewhere"
            ),
            "start": _whole("first character of the name, in the part named by `where`"),
            "end": _whole("one past the last character"),
            "match": _text("the name as printed"),
            "voice": _text("whose words", one_of=VOICES),
            "speaker": _text("who says it, where one is named", missing=True),
            "valence": Column(
                "float64",
                least=-1,
                most=1,
                nullable=True,
                description="how the clause that names it speaks of it, from -1 to 1; 0 without a word of the study's "
                "first scale, NaN where the study has none",
            ),
            "evidence": _text("the words that gave it, as `word (what it adds); …`", missing=True),
        },
    ),
    "copies": Table(
        "a pair of articles that share runs of words",
        {
            "article_a": _text("the article that stands first in *articles*"),
            "article_b": _text("the other"),
            "containment_a": _share("shingles (runs of 5 words) of a that b has too, over all different ones of a"),
            "containment_b": _share("the same of b"),
            "shared_shingles": _whole("different shingles that both have"),
            "longest_shared_run": _whole("words of the longest run that stands in both"),
            "start_a": _whole("first character of that run in the body of a"),
            "end_a": _whole("one past its last"),
            "start_b": _whole("first character in the body of b"),
            "end_b": _whole("one past its last"),
        },
    ),
    "passages": Table(
        "a run of words that two articles of a copy group share",
        {
            "article_a": _text("the article that stands first in *articles*"),
            "start_a": _whole("first character in its body"),
            "end_a": _whole("one past the last"),
            "article_b": _text("the other"),
            "start_b": _whole("first character in its body"),
            "end_b": _whole("one past the last"),
            "n_words": _whole("words of the run; at least those of a shingle"),
        },
    ),
    "copy_groups": Table(
        "an article",
        {
            "article_id": _text(_ARTICLE),
            "copy_group": _text("the group it is in: the id of the group's source; its own where it is alone"),
            "role": _text(
                "source (of its group the nearest to the first print), copy, or original (alone, and credits nobody "
                "with the whole text)",
                one_of=ROLES,
            ),
            "outlet_added_words": Column(
                "Int64",
                least=0,
                nullable=True,
                description="words of the body that stand in no other article of its group; missing where the text "
                "is credited to somebody whose own is not here",
            ),
        },
    ),
    "copied": Table(
        "a stretch of a body that is not its article's own",
        {
            "article_id": _text(_ARTICLE),
            "start": _whole("first character in the body"),
            "end": _whole("one past the last; stretches of an article lie apart"),
        },
    ),
    "added_words": Table(
        "a voice in the words that a copy adds",
        {
            "article_id": _text("an article with copied stretches"),
            "voice": _text("whose words", one_of=VOICES),
            "n": _whole("words of the body in that voice outside its copied stretches"),
        },
    ),
    "stories": Table(
        "an article",
        {
            "article_id": _text(_ARTICLE),
            "story": _text("the story it belongs to"),
            "given": Column("bool", description="as the source says; else found from dates, names and shared words"),
        },
    ),
    "alignments": Table(
        "a candidate pair of sentences in two articles of a story",
        {
            "article_a": _text("the article that stands first in *articles*"),
            "sentence_a": _whole("its sentence"),
            "article_b": _text("the other"),
            "sentence_b": _whole("its sentence"),
            "similarity": _share("how surely both report the same, from 0 to 1"),
            "aligned": Column("bool", description="similarity is at or above the threshold"),
            "proposition": Column(
                "Int64", nullable=True, description="the proposition of aligned pairs: a group of connected sentences"
            ),
        },
    ),
    "drifts": Table(
        "an utterance as two articles have it",
        {
            "utterance": _whole("what was said: renderings that are connected have one number"),
            **{
                f"{name}_{side}": column
                for side, other in (("a", "the article that stands first in *articles*"), ("b", "the other"))
                for name, column in {
                    "article": _text(other),
                    "sentence": _whole("the sentence where the rendering begins"),
                    "start": _whole("its first character in the body"),
                    "end": _whole("one past its last"),
                    "words": _text("as printed"),
                    "marks": _text("how it is printed: a kind of *quotes*, or none", one_of=MARKS),
                    "speaker": _text("who says it there", missing=True),
                    "cue": _text("the form in the dictionary of the cue there", missing=True),
                }.items()
            },
            "similarity": _share("how surely both render one utterance"),
            "kept": _whole("words in both"),
            "cut": _whole("words of a that b lacks, with nothing in their place"),
            "added": _whole("words of b that a lacks, with nothing in their place"),
            "replaced": _whole("words of a with others in their place in b"),
            "replacements": _text("what was replaced, as `words of a → words of b; …`", missing=True),
            "change": _share("1 − 2 · kept / (words of a + words of b)"),
            "moved": _text("out of quotation marks from a to b, or into; missing else", missing=True, one_of=MOVED),
            "speaker_changed": Column("bool", description="both name a speaker, and not the same"),
            "cue_changed": Column("bool", description="both have a cue, and of different classes"),
            "loaded": Column("bool", description="a word or label that is loaded stands in one and not in the other"),
            "loaded_words": _text("which, as `side: words (category)`", missing=True),
        },
    ),
    "samples": Table(
        "a question asked of an item of a validation sample",
        {
            "sample": _text("the sample: six hex digits"),
            "item": _text("the item's name on the coding sheet: sample-number; it tells nothing"),
            "codebook": _text("name of the codebook"),
            "codebook_hash": _text("what it said when the sample was drawn"),
            "variable": _text("the variable checked"),
            "category": _text("the category asked for; of kinds scale and actor `tone`"),
            "unit": _text("a sentence, or the naming of an actor in its sentence", one_of=UNITS),
            "article_id": _text(_ARTICLE),
            "where": _text("the part of the article", one_of=WHERE),
            "start": _whole("first character of the item in that part"),
            "end": _whole("one past the last"),
            "level": _text("the level compared (outlet) that the stratum belongs to", missing=True),
            "hit": Column("bool", description="the stratum: the machine found something of the variable in the item"),
            "machine": _text("the machine's code: yes or no; of `tone` negative, neutral or positive"),
            "drawn": _whole("items drawn from the stratum (level and hit)"),
            "population": _whole("units of the study in that stratum"),
            "alike": _whole("those of them with the same machine code in this category"),
        },
    ),
    "codings": Table(
        "a coder's answer",
        {
            "sample": _text("the sample"),
            "item": _text("the item"),
            "category": _text("the question, as in *samples*"),
            "coder": _text("who coded: the name of the sheet's file"),
            "code": _text(
                "the answer: yes, no, negative, neutral, positive; missing where none was given", missing=True
            ),
        },
    ),
}

# What a study shared without its texts has besides, since it can no longer be counted there.
SHARED: dict[str, Table] = {
    "phrase_counts": Table(
        "a run of two or three words in a voice of an article, where two articles or more have it",
        {
            "article_id": _text(_ARTICLE),
            "word": _text("the words, case folded, joined by a space; `#` and a hash where they are withheld"),
            "voice": _text("whose words", one_of=VOICES),
            "n": Column("int64", "how often it stands there", least=1),
        },
    ),
    "neighbours": Table(
        "a word near a node in an article",
        {
            "pattern": _text("the node: one of the codebooks' patterns that hit most often"),
            "article_id": _text(_ARTICLE),
            "word": _text("the word, as in *word_counts*"),
            "position": Column(
                "int64",
                "1: within 5 words on either side, in the sentence; 0: a word of the node. Distances and "
                "sides are not told: from them the text around a node could be put together",
                least=0,
                most=1,
            ),
            "voice": _text("whose words", one_of=VOICES),
            "node_voice": _text("whose words the node is in", one_of=VOICES),
            "n": Column("int64", "how often", least=1),
        },
    ),
    "same_words": Table(
        "a sentence, headline or deck whose words stand in another article of its copy group too",
        {
            "article_id": _text(_ARTICLE),
            "where": _text("the part of the article", one_of=WHERE),
            "start": _whole("first character, in the part named by `where`"),
            "words": _text("a hash, the same for the same words"),
        },
    ),
    "nodes": Table(
        "a node in a voice of an article",
        {
            "pattern": _text("the node"),
            "article_id": _text(_ARTICLE),
            "node": _text("the pattern again: the form printed is not told"),
            "voice": _text("whose words", one_of=VOICES),
            "n": Column("int64", "how often", least=1),
        },
    ),
}

# What is coded article by article, and what only over all articles together.
CODED = ("mentions", "word_counts", "sentences", "quotes", "quote_issues", "numbers", "targets")
TOGETHER = ("copies", "passages", "copy_groups", "copied", "added_words", "stories", "alignments", "drifts")
# What people say of what was coded: read from the study's folder of validation, not coded.
CHECKED = ("samples", "codings")


def validate(name: str, table: pd.DataFrame, *, encoded: bool = False) -> pd.DataFrame:
    """``table`` with the contract's columns first and in order, held to the contract of ``name``.

    ``encoded``: columns of text may be categorical, as they are inside the coding, where many rows have few texts.

    Raises ValueError, in one line, with the table, the column and the first value that breaks it.
    """
    columns = TABLES[name].columns
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise ValueError(f"table {name}: no column {missing[0]!r}; it has {', '.join(table.columns)}")
    others = [column for column in table.columns if column not in columns]
    ordered = table[[*columns, *others]]
    # pandera takes its time with large tables: it is asked only where a quick look finds something, and says what.
    if all(_holds(ordered[column], spec, encoded=encoded) for column, spec in columns.items()):
        return ordered
    from pandera.errors import SchemaError

    try:
        return TABLES[name].schema.validate(plain(ordered) if encoded else ordered)
    except SchemaError as error:
        raise ValueError(f"table {name}: {' '.join(str(error).split())[:200]}") from None


def plain(table: pd.DataFrame) -> pd.DataFrame:
    """The table with columns of text for categorical ones."""
    return table.astype({name: "str" for name, dtype in table.dtypes.items() if isinstance(dtype, pd.CategoricalDtype)})


def _holds(column: pd.Series | pd.DataFrame, spec: Column, *, encoded: bool) -> bool:
    """Whether a column keeps its contract, as far as a quick look tells; True is always right."""
    if isinstance(column, pd.DataFrame):  # a name may stand twice
        return False
    inside = encoded and isinstance(column.dtype, pd.CategoricalDtype)
    if (column.cat.categories.dtype if inside else column.dtype) != spec.dtype:
        return False
    if column.hasnans:
        if not spec.nullable:
            return False
        column = column.dropna()
    if spec.unique and not column.is_unique:
        return False
    return not len(column) or spec.allows(column)


def empty(name: str) -> pd.DataFrame:
    """The table ``name`` without rows, with the contract's columns and types."""
    columns = {**TABLES, **SHARED}[name].columns
    return pd.DataFrame({column: pd.Series(dtype=spec.dtype) for column, spec in columns.items()})
