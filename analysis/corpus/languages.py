"""Text → the language it is in, by py3langid's bundled model (140 languages; nothing is fetched).

A study is held to one language, and an article is kept out only where it is clearly in another: short and mixed texts
stay. What is read are windows of the text; one that is or may be in the study's language keeps the article.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

SHORTEST = 100  # letters: a window of fewer does not tell (measured: benchmarks/languages.md)
WINDOW, WINDOWS = 400, 3  # characters of a window, and how many of them are read
_FROM_MIDDLE = sorted(range(WINDOWS), key=lambda number: abs(2 * number - WINDOWS + 1))
SURE, PERHAPS = 0.9, 0.1  # the model's probability of a language from which it is clear, and may be

# Codes of the model and of sources → the one under which they count. Members of a group are forms of one language, or
# what news prose does not tell apart (Bosnian and Serbian, Nigerian Pidgin and short pieces of English).
_GROUPS = {
    "ar": "ary arz",
    "en": "pcm",
    "fa": "prs",
    "he": "iw",
    "id": "ms jv ace in",
    "no": "nb nn",
    "ro": "mo",
    "sr": "bs hr sh srl",
    "tl": "fil",
    "zh": "yue wuu cmn",
}
_ONE = {member: code for code, members in _GROUPS.items() for member in members.split()}
# The model's codes for no language; and Latin, which no newsroom writes and placeholder text resembles.
_SPEECHLESS = frozenset(("zxx", "und", "la"))
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[@#]\w+|<[^<>]*>")
_LETTER = re.compile(r"[^\W\d_]")
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # kana, Han, Hangul: each says what three letters do
_WORD = re.compile(r"\w+")
# Words that no other language has many of. Where they are a tenth of a window it is English, and the model, which
# takes a second to load, need not be asked.
_ENGLISH = frozenset(
    (
        *("the", "of", "and", "that", "with", "which", "this", "from", "were", "been", "would", "their", "they", "who"),
        *("about", "after", "when", "its", "said", "could", "should", "because", "there", "these", "other", "people"),
        *("government", "you", "your"),
    )
)


def detect(text: str) -> tuple[str, float] | None:
    """The language (ISO 639 code) of most windows of ``text`` and its mean probability; None if too short to tell."""
    windows = [found for window in _windows(text) if (found := _probabilities(window))]
    if not windows:
        return None
    means = {code: sum(found.get(code, 0.0) for found in windows) / len(windows) for code in set().union(*windows)}
    code = min(means, key=lambda code: (-means[code], code))
    return code, round(means[code], 4)


def other_language(text: str, language: str) -> tuple[str, float] | None:
    """The other language that ``text`` is clearly in, with its probability; None where it is or may be in ``language``.

    Clearly: the model gives it .9 or more over all windows, and ``language`` less than .1 in each of them.
    """
    own, windows = one_code(language), _windows(text)
    if own == "en" and any(map(_is_english, windows)):
        return None
    for window in windows:
        found = _probabilities(window)
        if found and found.get(own, 0.0) >= PERHAPS:
            return None
    found = detect(text)
    return found if found and found[0] != own and found[1] >= SURE else None


@lru_cache(maxsize=1 << 10)
def one_code(code: str) -> str:
    """The code under which a language counts: ``no`` of "nb" and "nn-NO", ``zh`` of "yue", ``en`` of "en-GB"."""
    base = re.split(r"[-_]", code.strip().lower())[0]
    return _ONE.get(base, base)


def _windows(text: str) -> list[str]:
    """Stretches from the middle, the beginning and the end of a text; a short one whole."""
    last = len(text) - WINDOW
    if last <= 0:
        return [text]
    starts = dict.fromkeys(last * number // (WINDOWS - 1) for number in _FROM_MIDDLE)
    return [text[start : start + WINDOW] for start in starts]


def _is_english(window: str) -> bool:
    words = _WORD.findall(window.lower())
    return len(words) >= 20 and 10 * sum(map(_ENGLISH.__contains__, words)) >= len(words)


@lru_cache(maxsize=16)  # detect follows other_language on the same windows
def _probabilities(window: str) -> dict[str, float] | None:
    """Language → the model's probability; None where there are too few letters or the model sees no language."""
    words = _ADDRESS.sub(" ", window)
    if len(_LETTER.findall(words)) + 2 * len(_DENSE.findall(words)) < SHORTEST:
        return None
    found: dict[str, float] = {}
    for label, probability in _model().rank(words):
        code = _ONE.get(label, label)
        found[code] = found.get(code, 0.0) + probability
    return None if max(found, key=found.__getitem__) in _SPEECHLESS else found


@lru_cache(maxsize=1)
def _model() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # takes a second: only where it is asked

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
