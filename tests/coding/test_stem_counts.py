"""Sentences that have a stem, against counting them one by one with the words' own forms."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from analysis.coding.sentences import sentence_bounds
from analysis.coding.stem_counts import count_stems, summed
from analysis.coding.tokens import tokenise
from analysis.coding.word_alignment import form_of, forms_of, is_plain


def slowly(texts):
    """Sentences, and how many have each stem: token by token, in Python."""
    tokens = tokenise(texts)
    bounds, _ = sentence_bounds(tokens)
    first = [*bounds["first_token"], len(tokens.types)]
    counts = Counter()
    for begin, stop in pairwise(first):
        words = []
        for at in range(begin, stop):
            word = tokens.raw[tokens.types[at]]
            joined = (
                at > begin and tokens.starts[at] == tokens.ends[at - 1] and tokens.texts[at] == tokens.texts[at - 1]
            )
            if word[0] in "'’" and joined:
                words[-1] = words[-1].removesuffix("'s") + "'s"
            else:
                words.append(word)
        counts.update({form_of(word)[1] for word in words})
    return len(bounds), dict(counts)


def as_dict(counts):
    return dict(zip(counts.stems.to_pylist(), counts.having.tolist(), strict=True))


def test_by_hand():
    counts = count_stems(tokenise(["The ship's crew shipped oil. Oil burns.", "Ships burn."]))
    assert counts.sentences == 3
    assert as_dict(counts) == {"the": 1, "ship": 2, "crew": 1, "oil": 2, "burn": 2}
    assert counts.of(["burn", "boat", "ship"]).tolist() == [2, 0, 2]


def test_a_clitic_at_the_beginning_of_a_text_belongs_to_no_word_of_the_text_before():
    texts = ["Ships", "     ’s burn"]  # the second text's clitic begins where the first text ends, in characters
    counted = count_stems(tokenise(texts))
    assert (counted.sentences, as_dict(counted)) == slowly(texts)


_WORDS = st.sampled_from(
    [
        "ship",
        "ships",
        "Ship's",
        "organisation",
        "colour",
        "travelled",
        "centre",
        "defence",
        "an",
        "two",
        "U.S.",
        "U.S.’s",
        "don't",
        "Kyiv’s",
        "Київ",
        "rock-and-roll",
        "re-elect",
        "10-year",
        "700,000",
        "‘s",
        "’s",
        ".",
        "!",
        "“",
        "”",
        ",",
        "—",
        "Zelenskyy’s",
        "us",
    ]
)
_SPELT = st.from_regex(r"[a-z]{1,4}(our|lled|ise|tre|ence)s?", fullmatch=True)


@given(st.lists(st.lists(_WORDS, max_size=30).map(" ".join) | st.text(max_size=40), max_size=6))
def test_any_text(texts):
    counted = count_stems(tokenise(texts))
    assert (counted.sentences, as_dict(counted)) == slowly(texts)


@given(st.lists(st.lists(_WORDS, max_size=20).map(" ".join), min_size=1, max_size=6), st.integers(0, 6))
def test_parts_add_up(texts, cut):
    whole = count_stems(tokenise(texts))
    parts = summed(count_stems(tokenise(part)) for part in (texts[:cut], texts[cut:]))
    assert (parts.sentences, as_dict(parts)) == (whole.sentences, as_dict(whole))


@given(
    st.lists(
        _WORDS
        | st.text(min_size=1, max_size=12)
        | st.from_regex(r"[a-z]{1,4}(our|lled|ise|tre|ence)s?", fullmatch=True)
    )
)
def test_a_plain_word_is_its_own_key(words):
    plain = is_plain(pa.array(words, pa.large_string()))
    for word in np.array(words, object)[plain]:
        key, _, _ = form_of(word)
        assert key == word.lower()


@given(st.lists(_WORDS | st.text(min_size=1, max_size=8), max_size=8))
def test_forms_of_all_words_in_one_go(words):
    keys, stems, content = forms_of(
        pa.array([word.encode(errors="ignore").decode() for word in words], pa.large_string())
    )
    expected = [form_of(word.encode(errors="ignore").decode()) for word in words]
    assert list(zip(keys.to_pylist(), stems.to_pylist(), content.tolist(), strict=True)) == expected
