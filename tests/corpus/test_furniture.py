"""The rules: well formed, and sure of their hits."""

import pytest
import yaml

from analysis.corpus import furniture
from analysis.corpus.furniture import ZONES, load_rules

# Each line: what rule, in which zones.
KNOWN = [
    ("Share it", "share", "top head body tail"),
    ("Share this Post", "share", "top head body tail"),
    ("Share on Facebook", "share", "top head body tail"),
    ("X", "share", "top head tail"),
    ("Facebook Twitter WhatsApp", "share", "top head tail"),
    ("Leave a Reply", "comments", "head body tail"),
    ("Your email address will not be published. Required fields are marked *", "comments", "head body tail"),
    ("12 comments", "counter", "top head body tail"),
    ("1.2k shares", "counter", "top head body tail"),
    ("0", "counter", "top head tail"),
    ("5 Min Read", "read-time", "top head body tail"),
    ("GULL NEWS 5 Min Read", "read-time", "top head body tail"),
    ("Exit mobile version", "mobile-version", "top head body tail"),
    ("Next Story", "navigation", "top head body tail"),
    ("Home > World > Europe", "navigation", "top head tail"),
    ("Advertisement", "advertisement", "top head body tail"),
    ("Story continues below", "advertisement", "top head body tail"),
    ("Sign up for our daily newsletter", "newsletter", "top head body tail"),
    ("We use cookies to make this site work.", "cookies", "top head body tail"),
    ("© 2024 The Gull. All rights reserved.", "legal", "top head body tail"),
    ("Read more: Gulls return to the harbour", "read-more", "top head body tail"),
    ("Related stories", "related-stories", "top head body tail"),
    ("Tags: gulls, harbour", "tags", "top head tail"),
    ("Published on", "date", "top head tail"),
    ("Published: 4 June 2024, 10:30 GMT", "date", "top head tail"),
    ("3 hours ago", "date", "top head tail"),
    ("Last updated: 5 June 2024", "updated", "top head tail"),
    ("By Jane Doe", "byline", "top head tail"),
    ("Jane Doe, Brussels", "byline", "head tail"),
    ("Europe correspondent", "byline", "head tail"),
    ("•Source: Gull Weekly", "source-credit", "head tail"),
    ("(Reuters)", "source-credit", "head tail"),
    ("— AP", "source-credit", "head tail"),
    ("With reporting by the Gull Wire", "source-credit", "head tail"),
    ("Reporting by Jane Doe; Editing by Ann Poe", "reporting-credit", "head tail"),
    ("[This article was written with the help of AI.]", "disclosure", "top head body tail"),
    ("This article was generated with artificial intelligence.", "disclosure", "top head tail"),
    ("Gulls over the harbour. Photo: Jane Doe", "caption", "top head body tail"),
    ("Latest News", "section", "top head"),
    ("ENDS", "end-mark", "tail"),
    ("When you buy something through our shop links, we may earn a commission.", "affiliate", "top head body tail"),
    ("Subscribe for full digital reading, and support the harbour's reporters.", "paywall", "top head body tail"),
    ("This story was published from a wire agency feed without changes to the text.", "source-credit", "head tail"),
]

# Lines of an article that come near a rule.
SENTENCES = [
    "He did not.",
    "That is all.",
    "What comes next",
    "“Share it,” he said.",
    "Share prices fell on Monday.",
    "We may earn less this year, the fishers said.",
    "When you buy a boat, you pay for the harbour.",
    "Read more closely, the offer says nothing about the harbour.",
    "Watch what they do, the minister said.",
    "By Friday the gulls were back.",
    "By land and sea they came.",
    "Leave a reply on the minister’s desk, the aide had been told.",
    "June 14, 2024 was the day on which the offer was made.",
    "Source: that was all the note said, and it named nobody.",
    "The text was written by a machine, officials said, and nobody had read it.",
    "All rights of passage were reserved to the islanders.",
    "Advertisement for oneself is no crime.",
    "Photos, videos and maps were taken from the harbour office.",
    "Video, which was posted on Telegram, shows the ferry.",
    "Related to this is the price of grain.",
    "Five minutes to read a treaty of forty pages was too little, she said.",
    "Kyiv, Moscow",
    "Moscow",
    "Privacy is a right.",
    "More: that is what they wanted.",
    "Comments by the minister were not recorded.",
    "Republication of the map was forbidden by the court.",
    "The next story is about a gull.",
    "“Exit, mobile or not,” the sign said.",
    "— and then he left",
    "3.5 million people live there.",
]


@pytest.mark.parametrize(("line", "name", "zones"), KNOWN)
def test_known_lines_are_cut_where_they_may_be(line, name, zones):
    rules = load_rules()
    found = {zone: rule.name for zone in ZONES if (rule := rules.match(line, zone))}
    assert found == dict.fromkeys(zones.split(), name)


@pytest.mark.parametrize("line", SENTENCES)
def test_sentences_are_no_furniture_amid_an_article(line):
    assert load_rules().match(line, "body") is None
    assert load_rules().match(line, "records") is None


def test_a_long_paragraph_is_never_furniture():
    assert load_rules().match("Read more: " + "gull " * 100, "body") is None


def test_records_lose_no_dates_and_no_short_lines():
    rules = load_rules()
    for line in ("4 June 2024", "By Jane Doe", "World", "0", "X", "Gull", "Share", "Comments", "Tags: a, b"):
        assert rules.match(line, "records") is None, line


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("By Jane Doe and John Roe", "Jane Doe and John Roe"),
        ("•Source: Gull Weekly", "Gull Weekly"),
        ("— Continental Press", "Continental Press"),
        ("With reporting by Reuters and AFP", "Reuters and AFP"),
        ("With reporting by Jane Doe", None),
        ("[Written  by AI “alone”.]", "[Written by AI “alone”.]"),
        ("Published on", None),
    ],
)
def test_what_a_line_gives_to_its_column(line, value):
    rule = load_rules().match(line, "tail")
    assert rule.value(line) == value


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"name": "odd", "zones": ["head"], "patterns": ["a"], "colour": 1}, "colour"),
        ({"name": "odd", "zones": ["side"], "patterns": ["a"]}, "side"),
        ({"name": "odd", "zones": ["head"]}, "no patterns"),
        ({"name": "odd", "zones": ["head"], "patterns": ["{nothing}"]}, "nothing"),
    ],
)
def test_a_wrong_rule_is_named(entry, said):
    with pytest.raises(ValueError, match=said):
        furniture._sources(entry, {})


def test_every_rule_has_a_name_and_a_known_column():
    content = yaml.safe_load(furniture.Path(furniture.__file__).with_name("furniture.yml").read_text("utf-8"))
    assert set(content) == {"terms", "rules", "site"}
    for rule in load_rules().rules:
        assert rule.name == rule.name.lower()
        assert rule.gives in (None, "byline", "published", "agency", "disclosure", "correction")
        assert rule.separates in (None, "strong", "weak")


@pytest.mark.parametrize("mark", ["", "* ", "[(", "— ", "•\u00a0", "_"])
@pytest.mark.parametrize(
    "line",
    [
        "Correction: the number of boats was wrong.",
        "CLARIFICATION (14 June): it was the mayor.",
        "Erratum: two boats, not three, had left.",
        "Editor’s note: This article was updated to add a reply.",
        "Update: This story has been amended after a complaint.",
        "Note: The original version of this story gave a wrong date.",
        "An earlier version of this article misspelled the name.",
        "Our previous version of this story gave a wrong date.",
        "This article was corrected.",
    ],
)
def test_what_a_kept_line_begins_with_keeps_none_back(line, mark):
    assert load_rules().match(mark + line, "kept").name == "correction"
    assert furniture._begins("kept").match(mark + line)
    assert not furniture._begins("kept").match("Boats left the harbour at noon.")
    assert furniture._begins("records") is None
