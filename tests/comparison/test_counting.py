"""Words in articles: looked up as they stand, then folded; sizes from another table."""

import pandas as pd
import pytest

from analysis.coding.characters import fold
from analysis.comparison.counting import count_words
from analysis.study import UserError


def table(*rows):
    return pd.DataFrame(rows, columns=["article_id", "word", "voice", "n"]).astype(
        {"article_id": "str", "word": "str", "voice": "str"}
    )


IDS = pd.Series(["1", "2"], dtype="str")


def test_a_type_whose_fold_changes_when_folded_again_is_found():
    kind = fold("ταΐζω")
    assert kind.casefold() != kind, "else this test shows nothing"
    words = table(("1", kind, "own", 3), ("2", "the", "own", 1))
    for asked in (kind, "ταΐζω", "Ταΐζω", "ΤΑΐΖΩ"):
        assert count_words(words, IDS, words=[asked]).counts.toarray().tolist() == [[3, 0]], asked
    with pytest.raises(UserError, match="stands twice"):
        count_words(words, IDS, words=[kind, "ΤΑΐΖΩ"])


def test_words_are_folded_where_they_do_not_stand_as_given():
    words = table(("1", "kyiv", "own", 2), ("2", "Kyiv", "own", 5))
    found = count_words(words, IDS, words=["KYIV", "Kyiv", "Nowhere"])
    assert found.items["word"].tolist() == ["kyiv", "Kyiv", "nowhere"]
    assert found.counts.toarray().tolist() == [[2, 0], [0, 5], [0, 0]]


def test_sizes_of_another_table_and_of_the_voices_asked_for():
    phrases = table(("1", "peace plan", "own", 1), ("1", "old plan", "direct", 1))
    words = table(("1", "plan", "own", 5), ("1", "plan", "direct", 3), ("2", "plan", "own", 4), ("x", "plan", "own", 9))
    assert count_words(phrases, IDS, sizes=words).sizes.tolist() == [8, 4]
    assert count_words(phrases, IDS, sizes=words, voice="own").sizes.tolist() == [5, 4]
    assert count_words(phrases, IDS).sizes.tolist() == [2, 0]
    with pytest.raises(UserError, match="sizes has fewer words than are counted in article 1"):
        count_words(phrases, IDS, sizes=words[2:])


def test_a_table_in_parts_counts_as_the_whole():
    words = table(
        ("1", "plan", "own", 5), ("1", "zebra", "direct", 3), ("2", "apple", "own", 4), ("2", "plan", "own", 1)
    )
    for rows in (([0, 1], [2, 3]), ([], [0, 1, 2, 3]), ([0, 1, 2, 3],)):
        parts = [words.iloc[part] for part in rows]
        for asked in ({}, {"voice": "own"}, {"words": ["plan", "none"]}, {"min_count": 4}, {"sizes": parts}):
            whole = count_words(words, IDS, **{**asked, **({"sizes": words} if "sizes" in asked else {})})
            found = count_words(parts, IDS, **asked)
            assert found.items["word"].tolist() == whole.items["word"].tolist()
            assert (found.counts.toarray() == whole.counts.toarray()).all() and found.counts.shape == whole.counts.shape
            assert found.sizes.tolist() == whole.sizes.tolist() and found.types == whole.types
    assert count_words(parts, IDS).counts.toarray().tolist() == [[0, 4], [5, 1], [3, 0]]
