"""What is planted in the demo study is recovered: the whole way from page to table, without ../shared."""

from itertools import combinations

import pandas as pd
import pytest
import yaml

from analysis import code, open_study
from analysis.coding.tokens import tokenise
from analysis.comparison.accuracy import validity
from analysis.comparison.coverage import omissions, propositions
from analysis.comparison.quantities import number_claims
from analysis.comparison.rates import share_of_choices
from analysis.study import shipped

PLANTED = yaml.safe_load((shipped("studies") / "demo" / "planted.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """The demo study with its tables in a folder of the test's own."""
    folder = tmp_path_factory.mktemp("demo")
    source = shipped("studies") / "demo"
    for name in ("articles", "manifest.csv", "study.yml", "validation"):
        (folder / name).symlink_to(source / name)
    return open_study(folder)


@pytest.fixture(scope="module")
def tables(study):
    return code(study)


@pytest.fixture(scope="module")
def articles(tables):
    return tables["articles"]


@pytest.fixture(scope="module")
def body_mentions(tables, articles):
    """Mentions in bodies, with the outlet and the date."""
    mentions = tables["mentions"].query("where == 'body'")
    return mentions.merge(articles[["article_id", "outlet", "headline", "published"]], on="article_id")


def article(articles, planted):
    """The one article that an entry of planted.yml names."""
    found = articles[(articles["outlet"] == planted["outlet"]) & (articles["headline"] == planted["headline"])]
    assert len(found) == 1, planted
    return found.iloc[0]


def counts(mentions, variable, categories):
    """Counts by outlet of some categories, zeros included, as planted.yml writes them."""
    chosen = mentions[mentions["variable"] == variable]
    table = pd.crosstab(chosen["outlet"], chosen["category"]).reindex(
        index=list(PLANTED["spelling"]), columns=categories, fill_value=0
    )
    return {outlet: dict(row) for outlet, row in table.iterrows()}


def test_every_article_is_read_and_none_is_lost(articles, tables):
    assert len(articles) == len(PLANTED["articles"]) == 38
    assert tables["rejects"].empty
    for planted in PLANTED["articles"]:
        row = article(articles, planted)
        assert row["source_file"] == f"articles/{planted['file']}"
        assert str(row["published"].date()) == planted["published"]
        assert len(row["body"]) == planted["body_characters"], planted
    assert articles[["country", "ownership"]].notna().all(axis=None)


@pytest.mark.parametrize("planted", PLANTED["furniture"], ids=lambda page: page["file"])
def test_furniture_is_cut_and_listed(planted, articles, tables):
    row = articles[articles["source_file"] == f"articles/{planted['file']}"].iloc[0]
    cut = tables["furniture"].query("article_id == @row.article_id")["text"].tolist()
    assert cut == planted["furniture"]
    for part in ("headline", "deck", "byline", "disclosure"):
        assert row[part] == planted[part] or (planted[part] is None and pd.isna(row[part])), part
    assert row["body"].startswith(planted["first_words"])
    assert row["body"].endswith(planted["last_words"])


def test_spellings(body_mentions):
    assert counts(body_mentions, "capital", ["Kyiv", "Kiev"]) == PLANTED["spelling"]
    other = PLANTED["other_spelling"]
    assert counts(body_mentions, "president", ["Zelenskyy", "Zelensky"]) == other["president"]
    for variable, categories in (("truce", ["truce"]), ("cease_fire_spelling", ["cease-fire", "ceasefire"])):
        found = counts(body_mentions, variable, categories)
        assert found == {o: {c: row[c] for c in categories} for o, row in other["cease-fire"].items()}


def test_what_stands_outside_the_envelope_is_not_counted(articles, body_mentions):
    for planted in PLANTED["exceptions"]:
        row = article(articles, planted)
        assert planted["words"] in row["body"]
        start = row["body"].index(planted["words"])
        mentions = body_mentions[
            (body_mentions["article_id"] == row["article_id"]) & (body_mentions["variable"] == "capital")
        ]
        inside = mentions["start"].between(start, start + len(planted["words"]))
        assert not inside.any()


def test_labels(body_mentions):
    categories = list(PLANTED["labels"]["Civic Ledger"])
    assert counts(body_mentions, "annexation", categories) == PLANTED["labels"]


@pytest.mark.parametrize("planted", PLANTED["voice"], ids=lambda item: item["label"])
def test_voices(planted, body_mentions):
    chosen = body_mentions[body_mentions["category"] == planted["label"]]
    table = pd.crosstab(chosen["outlet"], chosen["voice"]).reindex(
        index=list(planted["counts"]), columns=["own", "direct"], fill_value=0
    )
    assert {outlet: dict(row) for outlet, row in table.iterrows()} == planted["counts"]


def test_the_shift_shows_in_the_shares(articles, tables):
    shift = PLANTED["shift"]
    own = articles[articles["outlet"] == shift["outlet"]].assign(
        period=lambda table: (table["published"] >= shift["date"]).map({True: "after", False: "before"}).astype("str")
    )
    shares = share_of_choices(
        tables["mentions"], own, variable=shift["variable"], by="period", where="body", categories=tables["categories"]
    ).set_index(["period", "category"])["share"]
    assert shares["before", shift["from"]] == 1
    assert shares["after", shift["to"]] == 1


def shingles(body, k=5):
    """The k-word runs of a text, each once."""
    tokens = tokenise([body])
    words = [tokens.folded[at] for at in tokens.fold_of[tokens.types]]
    return {tuple(words[at : at + k]) for at in range(len(words) - k + 1)}


def test_the_agency_copies_are_one_group_and_nothing_else_is(articles, tables):
    planted = PLANTED["agency_copy"]
    rows = {article(articles, one)["article_id"]: one for one in planted["articles"]}
    groups = tables["copy_groups"]
    sizes = groups.groupby("copy_group").size()
    grouped = groups[groups["copy_group"].isin(sizes[sizes > 1].index)]
    assert set(grouped["article_id"]) == set(rows)
    assert sorted(grouped["role"]) == ["copy", "copy", "source"]
    assert (groups.loc[~groups["article_id"].isin(rows), "role"] == "original").all()
    credits = articles.set_index("article_id").loc[list(rows), ["agency", "credit"]]
    assert credits["agency"].isin([planted["agency"], "CP"]).all()
    whole = {name: not one["credit"].startswith("With") for name, one in rows.items()}
    assert credits["credit"].to_dict() == {name: "whole" if all_of_it else "part" for name, all_of_it in whole.items()}


def test_containment_is_what_sets_of_shingles_say(articles, tables):
    runs = {row.article_id: shingles(row.body) for row in articles.itertuples()}
    listed = {(row.article_a, row.article_b): row for row in tables["copies"].itertuples()}
    for a, b in combinations(articles["article_id"], 2):
        shared = len(runs[a] & runs[b])
        if max(shared / len(runs[a]), shared / len(runs[b])) >= 0.05:
            row = listed.pop((a, b))
            assert row.shared_shingles == shared
            assert row.containment_a == pytest.approx(shared / len(runs[a]))
            assert row.containment_b == pytest.approx(shared / len(runs[b]))
    assert not listed


def test_the_rewrite_shares_nothing_word_for_word(articles):
    one, other = (article(articles, PLANTED["rewrite"][role])["body"] for role in ("source", "copy"))
    assert len(shingles(one) & shingles(other)) <= 1


def test_the_drift_is_one_utterance(articles, tables):
    drifts = tables["drifts"]
    sides = pd.concat(
        drifts[["utterance", f"article_{side}", f"words_{side}", f"marks_{side}"]].set_axis(
            ["utterance", "article", "words", "marks"], axis=1
        )
        for side in "ab"
    )
    (number,) = drifts.loc[
        drifts["words_b"].eq("final solution") | drifts["words_a"].eq("final solution"), "utterance"
    ].unique()
    said = sides[sides["utterance"] == number].drop_duplicates(["article", "words"]).set_index("article")
    for planted in PLANTED["drift"]["words"]:
        row = said.loc[[article(articles, planted)["article_id"]]]
        assert row["words"].str.contains(planted["words"], regex=False).any(), planted
        assert row["marks"].isin(["partial", "term", "direct"]).any() == planted["marks"], planted
    loaded = drifts[(drifts["utterance"] == number) & drifts["loaded"]]
    assert loaded["replacements"].str.contains("solution").any()


def test_the_omission(articles, tables):
    planted = PLANTED["omission"]
    carried = propositions(tables["alignments"], tables["sentences"], articles)
    bodies = articles.set_index("article_id")["body"]
    holding = [
        (row.article_id, row.sentence)
        for row in tables["sentences"].itertuples()
        if planted["pattern"] in bodies[row.article_id][row.start : row.end]
    ]
    placed = carried.set_index(["article_id", "sentence"])["proposition"]
    number = placed.loc[holding].mode()[0]
    assert set(carried.loc[carried["proposition"] == number, "level"]) == set(planted["carried_by"])
    left_out = omissions(carried, tables["alignments"]).query("proposition == @number")
    assert set(left_out["level"]) == set(planted["left_out_by"])
    assert set(left_out["k"]) == {len(planted["carried_by"])}


def test_the_number_that_differs(articles, tables):
    planted = PLANTED["number"]
    claims = number_claims(tables["numbers"], tables["alignments"], articles)
    (row,) = claims[claims["values"].str.contains("78") & claims["conflict"]].to_dict("records")
    by_value = {str(value["value"]): [] for value in planted["values"]}
    for value in planted["values"]:
        by_value[str(value["value"])].append(value["outlet"])
    assert row["values"] == "; ".join(f"{value} ({', '.join(sorted(names))})" for value, names in by_value.items())
    assert row["majority"] == str(planted["true_to_the_reports"])
    assert row["n_without"] == 0


def test_the_missing_mark_is_recorded_and_does_no_harm_beyond_its_paragraph(articles, tables):
    planted = PLANTED["missing_mark"]
    row = article(articles, planted)
    issue = tables["quote_issues"]
    assert issue["article_id"].tolist() == [row["article_id"]]
    assert row["body"][issue["start"][0] + 1 :].startswith(planted["opened_before"])
    paragraphs = row["body"].split("\n\n")
    assert issue["start"][0] < len(paragraphs[planted["paragraph"] - 1])
    quotes = tables["quotes"].query("article_id == @row.article_id")
    assert quotes["end"].min() <= len(paragraphs[0])


def test_the_quotation_over_two_paragraphs(articles, tables):
    planted = PLANTED["continued_quotation"]
    row = article(articles, planted)
    paragraphs = row["body"].split("\n\n")
    first, second = (paragraphs[number - 1] for number in planted["paragraphs"])
    contents = tables["quotes"].query("article_id == @row.article_id")["content"].tolist()
    assert any(first.endswith(content) for content in contents)
    assert any(second.startswith("“" + content) for content in contents)
    assert row["article_id"] not in set(tables["quote_issues"]["article_id"])


def test_letters_of_all_kinds(articles):
    planted = PLANTED["not_nfc"]
    row = article(articles, planted)
    assert planted["word"] in f"{row['body']} {row['byline']}"
    for other in PLANTED["non_latin"]:
        assert other["word"] in article(articles, other)["body"]


def test_offsets_give_the_words(articles, tables):
    parts = articles.set_index("article_id")
    for row in tables["mentions"].itertuples():
        assert parts.at[row.article_id, row.where][row.start : row.end] == row.match
    for row in tables["sentences"].itertuples():
        text = parts.at[row.article_id, "body"][row.start : row.end]
        assert text == text.strip() != ""
    words = tables["sentences"].groupby("article_id")["n_words"].sum()
    assert (words == parts.loc[words.index, "n_words"]).all()


@pytest.mark.parametrize("variable", ["frame", "sentiment"])
def test_the_worked_validation_is_whole_and_of_these_codebooks(tables, variable):
    samples = tables["samples"].query("variable == @variable")
    codings = tables["codings"].query("sample in @samples['sample']")
    assert samples["item"].nunique() == 120
    assert set(codings["coder"]) == {"coder-1", "coder-2"}
    assert codings["code"].notna().all()
    assert len(codings) == 2 * len(samples)
    now = tables["categories"].query("variable == @variable")["codebook_hash"].iloc[0]
    assert set(samples["codebook_hash"]) == {now}, "the codebook has changed: draw and code anew"
    found = validity(samples, codings, draws=1)
    assert found.loc[found["average"] == "micro", "n_items"].iloc[0] > 100
