"""What of each column of text may leave the house: one decision a column, in one place.

A column of `tables.TABLES` that has no decision here fails a test, and stops `samestory share`.

* code: written by the scholar or by this program, not by an outlet (ids, categories, names of outlets, dates). Kept.
* short: words of an article, few of them (a speaker's name, an agency). Kept where at most ``max_words`` words.
* placed: words of an article at a place that the row tells. Kept where, put together with all others that are placed,
  they make no run of more than ``max_words`` words (see `sharing_places`).
* word: a word type, or several; kept where enough articles have it (see `sharing_words`).
* number: the words of a quantity; its digits are kept, since measures read how far it was rounded.
* loaded: a list of loaded words, each kept where short.
* address, file: an address, a file's name; what of it repeats a run of words is cut off.
* gone: replaced by `texts.NOT_HERE` where something was, so that what is counted stays countable.
* masked: each word replaced by ``…``, so that there are as many as there were (headline, deck).
* text: what coding reads (body): missing.
"""

from __future__ import annotations

from analysis.tables import SHARED, TABLES

DECISIONS = ("code", "short", "placed", "word", "number", "loaded", "address", "file", "gone", "masked", "text")

_CODES = {
    "articles": ("article_id", "outlet", "credit", "language", "story"),
    "rejects": ("reason",),
    "sources": ("format",),
    "furniture": ("article_id", "rule"),
    "categories": ("codebook", "version", "codebook_hash", "variable", "kind", "question", "category", "side"),
    "mentions": ("article_id", "codebook", "variable", "category", "where", "voice"),
    "word_counts": ("article_id", "voice"),
    "sentences": ("article_id", "voice"),
    "quotes": ("article_id", "kind", "cue_class"),
    "quote_issues": ("article_id", "mark", "issue"),
    "numbers": ("article_id", "kind", "date", "unit", "bound", "voice"),
    "targets": ("article_id", "codebook", "variable", "actor", "where", "voice"),
    "copies": ("article_a", "article_b"),
    "passages": ("article_a", "article_b"),
    "copy_groups": ("article_id", "copy_group", "role"),
    "copied": ("article_id",),
    "added_words": ("article_id", "voice"),
    "stories": ("article_id", "story"),
    "alignments": ("article_a", "article_b"),
    "drifts": ("article_a", "article_b", "marks_a", "marks_b", "moved"),
    "samples": (
        *("sample", "item", "codebook", "codebook_hash", "variable", "category", "unit", "article_id", "where"),
        *("level", "machine"),
    ),
    "codings": ("sample", "item", "category", "coder", "code"),
    "phrase_counts": ("article_id", "voice"),
    "neighbours": ("pattern", "article_id", "voice", "node_voice"),
    "same_words": ("article_id", "where", "words"),
    "nodes": ("pattern", "article_id", "node", "voice"),
}

_OTHERS = {
    "articles": {
        **dict.fromkeys(("headline", "deck"), "masked"),
        **dict.fromkeys(("byline", "disclosure", "correction"), "gone"),
        "body": "text",
        **dict.fromkeys(("outlet_printed", "agency", "section"), "short"),
        "url": "address",
        "source_file": "file",
    },
    "rejects": {"source_file": "file"},
    "sources": {"source_file": "file", "missing": "gone"},
    "furniture": {"text": "gone"},
    "mentions": {"pattern": "placed", "match": "placed", "speaker": "short"},
    "word_counts": {"word": "word"},
    "sentences": {"speaker": "short"},
    "quotes": {
        **dict.fromkeys(("content", "speaker_printed"), "gone"),
        **dict.fromkeys(("speaker", "cue_lemma"), "short"),
        "cue": "placed",
    },
    "numbers": {"text": "number", "what": "short"},
    "targets": {"match": "placed", "speaker": "short", "evidence": "gone"},
    "drifts": {
        **dict.fromkeys(("words_a", "words_b", "replacements"), "gone"),
        **dict.fromkeys(("speaker_a", "speaker_b", "cue_a", "cue_b"), "short"),
        "loaded_words": "loaded",
    },
    "phrase_counts": {"word": "word"},
    "neighbours": {"word": "word"},
}


def decision(table: str, column: str) -> str:
    """What becomes of a column of text.

    A column that no contract names, which a manifest brought, is ``short``: it may hold anything. Raises KeyError for a
    column of a contract that nobody has decided on.
    """
    if column in _CODES.get(table, ()):
        return "code"
    contract = {**TABLES, **SHARED}[table].columns
    if column not in contract:
        return "short"
    return _OTHERS[table][column]
