"""Tags of many types at once are those of each by itself."""

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.coding import grammar

CUES = {"said": grammar.CUE, "claims": grammar.CUE_BASE, "zebra": grammar.CUE_NOUN}
_WORDS = """the The US us U.S. May mar Sun minister Ministers firemen Firemen said Said zebra Zebra quickly family
    Wanted sacred 12 1st I i don’t isn't Kyiv KYIV plain É été İ ǅ 日本 ٣ ’s 's Mr mr. x X _"""
WORDS = st.sampled_from(_WORDS.split())


@given(st.lists(st.one_of(WORDS, st.text(min_size=1, max_size=6)), max_size=12))
@settings(max_examples=300, deadline=None)
def test_tags_of_many_types_are_those_of_each(raw):
    raw = [word for word in raw if word.isprintable() and word.encode("utf-8", "ignore").decode() == word]
    inside, at_start = grammar.tags_of(raw, CUES)
    assert inside == [grammar.tag_of(word, CUES) for word in raw]
    assert at_start == [grammar._tags(word, CUES.get(grammar.key(word)))[1] for word in raw]


def test_some_tags():
    inside, at_start = grammar.tags_of(["the", "Plain", "Ministers", "quickly", "12", "Said", "plain"], CUES)
    assert "".join(inside) == "DNNR#Nj"
    assert "".join(at_start) == "DNrR#Vj"
