"""Captions name n and denominator; findings hedge and cannot carry mark-up in."""

import re
from html import unescape

import pandas as pd
import pytest
from nbconvert.filters import markdown2html

from analysis.comparison.choices import choice_changed
from analysis.comparison.rates import share_of_articles, share_of_choices
from analysis.reporting.captions import caption_of, escaped, finding


@pytest.fixture
def coded():
    """Two outlets with two articles each, the first with a name that is mark-up."""
    ids = list("wxyz")
    articles = pd.DataFrame({"article_id": ids, "outlet": ["<script>*A*", "<script>*A*", "B", "B"]}).astype("str")
    rows = [("w", "Kyiv", "own"), ("x", "Kyiv", "direct"), ("y", "Kiev", "own"), ("z", "Kyiv", "direct")]
    mentions = pd.DataFrame(rows, columns=["article_id", "category", "voice"]).assign(
        codebook="b", variable="capital", where="body", sentence=0, speaker=None
    )
    return mentions.astype({"speaker": "str"}), articles


def shares(coded, **options):
    return share_of_choices(*coded, variable="capital", replicates=100, **options)


def test_a_caption_says_what_was_counted_over_what(coded):
    said = caption_of(shares(coded), "Which name?")
    assert said.startswith("Which name? Share of choices: capital, by outlet, all voices.")
    assert "N = 4 choices in 4 articles." in said
    assert "95 % bootstrap intervals over articles (100 replicates, seed 0)." in said
    assert said.endswith("Codebook b.")
    assert ", voice own, in body." in caption_of(shares(coded, voice="own", where="body"))
    assert "N = 4 articles." in caption_of(share_of_articles(*coded, variable="capital", replicates=100))


def test_a_caption_without_intervals_says_so(coded):
    assert "No level has two articles" in caption_of(shares(coded, by="article_id"))


def test_a_finding_names_the_widest_difference_with_its_counts(coded):
    said = finding(shares(coded))
    assert "0 % (0 of 2, every article alike)" in said
    assert "50 % (1 of 2, 0 to 100)" in said
    assert "no test is made here" in said
    assert "<script>" not in said
    assert "&lt;script&gt;\\*A\\*" in said


def test_a_finding_without_difference_or_without_anything(coded):
    mentions, articles = coded
    alike = finding(shares((mentions.assign(category="Kyiv"), articles)))
    assert alike.startswith("No difference between the 2 levels; *Kyiv* at the first of them: 100 %")
    nothing = finding(shares((mentions, articles), voice="indirect"))
    assert nothing == "Nothing was found, so nothing can be said."


def test_a_remainder_is_no_finding(coded):
    mentions, articles = coded
    lumped = mentions.assign(category=mentions["category"].replace("Kiev", "(others)"))
    assert finding(shares((lumped, articles))).startswith("*Kyiv* differs most")


def test_one_choice_changed_stands_beside_the_first(coded):
    variables = pd.DataFrame({"codebook": ["b"], "variable": ["capital"], "mentions": [4]})

    def measure(codebook, variable, voice):
        return share_of_choices(*coded, codebook=codebook, variable=variable, voice=voice, replicates=10)

    table = choice_changed(measure, variables, option="voice", values=["all", "own"])
    row = table[(table["outlet"] == "B") & (table["category"] == "Kyiv")].iloc[0]
    assert (row["n (all)"], row["n (own)"]) == (1, 0)
    assert (row["share (all)"], row["share (own)"], row["difference"]) == (0.5, 0, -0.5)
    assert choice_changed(measure, variables.assign(mentions=0), option="voice", values=["all"]).empty


def test_split_by_voice_no_article_is_counted_twice(coded):
    assert "N = 4 choices. " in caption_of(shares(coded, by="voice"))
    in_articles = share_of_articles(*coded, variable="capital", by=["outlet", "voice"], replicates=50)
    assert "N = 4 articles. " in caption_of(in_articles)
    assert "N = 4 articles. " in caption_of(share_of_articles(*coded, variable="capital", by="voice", replicates=50))
    assert "N = 4 choices in 4 articles. " in caption_of(shares(coded, by=[]))


@pytest.mark.parametrize(
    "text",
    [
        "<script>window.hit=1</script>",
        '"><img src=x onerror=alert(1)>',
        "[a](javascript:x) ![b](http://a.example/b.png) <http://a.example>",
        "http://gull.example/?a=1&b=2 and www.gull.example",
        "$\\href{javascript:x}{y}$ \\(x\\) \\[y\\]",
        "a ~~b~~ *c* _d_ `e` | f | &lt;b&gt; {{7*7}}",
        "a\n\n# b\n\n    <b>c</b>",
    ],
)
@pytest.mark.parametrize("around", ["**{}** said so.", "*{}* Figure `a`.", "The first: *{}*."])
def test_text_of_articles_is_text_in_markdown(text, around):
    html = markdown2html(around.format(escaped(text)))
    assert set(re.findall(r"</?(\w+)", html)) <= {"p", "strong", "em", "code"}
    assert " ".join(text.split()) in unescape(re.sub(r"</?(?:p|strong|em|code)>", "", html))
