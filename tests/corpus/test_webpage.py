"""Web pages: the article whole, without what stands around it, from the markup of many systems and of none."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.corpus.decoding import Unreadable
from analysis.corpus.readers.webpage import item_of
from analysis.corpus.records import read_record
from benchmarks import webpages

ONE = "The council voted on Tuesday to rebuild the northern pier before the winter storms arrive."
TWO = "Engineers had found in spring that a third of the piles could not carry another season."
THREE = "The work will cost four million crowns, of which the region pays half, officials said."
TEXTS = [ONE, TWO, THREE]
P = "".join(f"<p>{text}</p>" for text in TEXTS)


def page(body, *, head="", html='<html lang="en">'):
    return f"<!DOCTYPE html>{html}<head><title>Pier vote</title>{head}</head><body>{body}</body></html>"


def item(source, **options):
    return item_of(source if isinstance(source, bytes) else source.encode(), encoding="utf-8", **options)


def paragraphs(body, **options):
    return item(page(body, **options)).get("body", "").split("\n\n")


def linked(value):
    return f'<script type="application/ld+json">{value if isinstance(value, str) else json.dumps(value)}</script>'


# --- the main text ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("made", webpages.pages(2), ids=lambda made: made.name)
def test_pages_in_the_manner_of_many_systems(made):
    read = webpages.as_read(made.source)
    precision, recall, f1 = webpages.scores(read, made.body)
    assert f1 >= 0.88, (precision, recall, read)


def test_the_mean_over_the_pages():
    f1 = [webpages.scores(webpages.as_read(made.source), made.body)[2] for made in webpages.pages(1)]
    assert sum(f1) / len(f1) >= 0.98


@pytest.mark.parametrize(
    "apart",
    [
        "<figure><img><figcaption>The pier at low tide, seen from the west in April.</figcaption></figure>",
        '<div class="wp-caption"><p class="wp-caption-text">The pier at low tide, seen in April.</p></div>',
        "<aside><h3>More</h3><p>Snow fell in May, which surprised the farmers of the valley.</p></aside>",
        '<div class="related-posts"><p>Snow fell in May, which surprised the farmers of the valley.</p></div>',
        '<div class="newsletterSignup"><p>Our letter brings you the stories of the week on Sundays.</p></div>',
        '<p style="display:none">A hidden sentence that nobody who reads the page can see at all.</p>',
        "<p hidden>A hidden sentence that nobody who reads the page can see at all.</p>",
        '<span class="sr-only">A hidden sentence that nobody who reads the page can see at all.</span>',
        "<script>var text = 'A sentence in a script, which is long enough to look like text.';</script>",
        "<noscript>Please enable JavaScript to see this page as it was meant to be seen.</noscript>",
        "<template><p>A sentence of a template, which is long enough to look like text.</p></template>",
        '<p><a href="/x">Snow falls on the valley in May</a></p>',
        '<ul><li><a href="/x">Snow falls on the valley</a></li><li><a href="/y">A choir wins</a></li></ul>',
        "<form><p>Your opinion is important to us, so please write to us.</p><input></form>",
    ],
)
def test_what_is_apart_amid_the_article(apart):
    one, *rest = (f"<p>{text}</p>" for text in TEXTS)
    found = paragraphs(f"<article><h1>Pier vote</h1>{one}{apart}{''.join(rest)}</article>")
    assert found == TEXTS


def test_what_the_markup_sets_apart_amid_the_text_is_listed():
    caption = "<figure><figcaption>The pier at low tide.</figcaption></figure>"
    found = item(page(f"<article><h1>Pier vote</h1><p>{ONE}</p>{caption}<p>{TWO}</p><p>{THREE}</p></article>"))
    assert found["cuts"] == [("caption", "The pier at low tide.")]


def test_lists_quotations_and_subheads_stay():
    body = (
        f"<article><h1>Pier vote</h1><p>{ONE}</p><h2>Who pays</h2><p>{TWO}</p><ul><li>new lamps on the quay</li>"
        f"<li>a ramp at the ferry</li></ul><blockquote>He did not.</blockquote><p>{THREE}</p></article>"
    )
    want = [ONE, "Who pays", TWO, "new lamps on the quay", "a ramp at the ferry", "He did not.", THREE]
    assert paragraphs(body) == want


def test_inline_tags_neither_split_words_nor_glue_them():
    text = (
        f"<p>The <b>coun</b>cil<i> vo</i><span>ted</span>&nbsp;&amp; won&shy;dered <a href=x>again</a>, twice.</p>{P}"
    )
    assert paragraphs(text)[0] == "The council voted & wondered again, twice."


def test_line_breaks():
    text = f"{ONE}<br><br>{TWO}<br>{THREE}<br/> <br/>By the<br>sea, where the pier had stood for so many years."
    assert paragraphs(f"<div>{text}</div>") == [*TEXTS, "By the sea, where the pier had stood for so many years."]


def test_a_body_that_the_page_only_states():
    said = {"@type": "NewsArticle", "articleBody": "".join(f"<p>{text} &amp; so on.</p>" for text in TEXTS * 2)}
    for value in (said, [said], {"@graph": [{"@type": "WebPage"}, said]}):
        found = item(page("<div id=app></div>", head=linked(value)))
        assert found["body"].split("\n\n") == [f"{text} & so on." for text in TEXTS * 2]


def test_a_stated_body_that_is_cut_short_takes_nothing_away():
    said = {"@type": "NewsArticle", "articleBody": f"{ONE} {TWO} {THREE}"}
    more = "".join(f"<p>They spoke about plank number {number}, and about nothing else.</p>" for number in range(30))
    found = item(page(f"<article>{P}{more}</article>", head=linked(said)))["body"]
    assert found.split("\n\n")[:3] == TEXTS
    assert found.endswith("plank number 29, and about nothing else.")


@pytest.mark.parametrize("broken", ["", "{", "[" * 5000, '{"@type": "NewsArticle", "articleBody": 3}', '"x"', "null"])
def test_broken_json_costs_nothing(broken):
    assert paragraphs(P, head=linked(broken)) == TEXTS


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 50_000 + P + "</div>" * 50_000,
        "".join(f"<font><span><p>{text}</p>" for text in TEXTS * 200),
        P + "<b>" * 100_000,
        f"<form>{P}</form>",
        f"<table><tr><td>Menu</td><td>{P}</td></tr></table>",
        f'<div class="comments-open sidebar ad popular">{P}</div>',
        f'<main aria-hidden="true">{P}</main>',
        f'<div style="display:none">{P}</div>',
        f"<footer>{P}</footer>",
        P + "<!--",
        f"<p>Menu</p></body></html>{P}",
        f"<p>{'<' * 10_000}</p>{P}",
        f"<p {'x=1 ' * 30_000}></p>{P}",
    ],
    ids=lambda source: source[:20],
)
def test_no_article_is_lost(source):
    found = paragraphs(source)
    assert [text for text in TEXTS if not any(text in line for line in found)] == []


LONG = [f"{text} Number {number} of the minutes says so." for number in range(4) for text in TEXTS]
LP = "".join(f"<p>{text}</p>" for text in LONG)
ELSE = "You can change your choice at any time in the privacy centre, which says what the partners may do with it."


def test_paragraphs_each_in_a_box_of_subscribers_are_the_article():
    boxed = "".join(f'<div class="subscribe-only"><p>{text}</p></div>' for text in LONG)
    assert paragraphs(f"<article><h1>Pier vote</h1><p>{ONE}</p>{boxed}</article>") == [ONE, *LONG]


@pytest.mark.parametrize(
    "source",
    [
        f'<div class="zz"><p>{ELSE}</p><p>{ELSE[:60]} now.</p></div><div class="yy"><h1>Pier vote</h1>{LP}</div>',
        f'<div class="yy"><h1>Pier vote</h1>{LP}</div><p>Home</p><p>News</p><p>Sport</p><div><p>{ELSE}</p></div>',
    ],
    ids=["above", "below"],
)
def test_text_that_other_lines_or_the_headline_part_from_the_article_is_not_of_it(source):
    assert paragraphs(source) == LONG


def test_a_short_text_below_the_headline_is_not_given_up_for_a_longer_one_above():
    source = f'<div class="zz"><p>{ELSE}</p><p>{ELSE[:60]} now.</p></div><div><h1>Pier vote</h1><p>{ONE}</p></div>'
    assert ONE in paragraphs(source)


@pytest.mark.parametrize("inside", ["{}", "<figure>{}</figure>"])
def test_a_table_amid_the_text_is_text(inside):
    table = inside.format("<table><tr><td>Steel</td><td>four million</td></tr></table>")
    found = paragraphs(f"<article><h1>Pier vote</h1>{LP}{table}<p>{ONE}</p></article>")
    assert found == [*LONG, "Steel", "four million", ONE]


def test_a_subheading_that_is_called_a_subtitle_is_no_deck():
    below = f'<p>{ONE} {TWO}</p><h2 class="a__sub-title">A costly delay</h2>{P}'
    found = item(page(f"<main><header><h1>Pier vote</h1></header>{below}</main>"))
    assert "deck" not in found
    assert "A costly delay" in read_record(found["body"], headline="Pier vote", web=True)["body"].split("\n\n")


def test_a_deck_is_no_deck_where_it_is_all_there_is():
    head = f'<meta name="description" content="{ONE}">'
    found = item(page(f"<header><h1>Pier vote</h1><p>{ONE}</p></header>", head=head))
    assert "deck" not in found
    assert read_record(found["body"], headline=found["headline"], web=True)["body"] == ONE


@pytest.mark.parametrize("box", ["<footer><p><a>{}</a></p></footer>", "<nav><a>{}</a></nav>", "<h2>{}</h2>"])
def test_where_all_is_set_apart_all_is_read(box):
    assert ONE in item(page(box.format(f"{ONE} {TWO}")))["body"]


@pytest.mark.parametrize("called", ["article", "story-body", "post"])
def test_a_hidden_article_below_a_notice_in_sight(called):
    notice = f'<div class="zz"><p>{ELSE}</p><p>{ELSE} Really.</p><p>{ELSE} Indeed.</p></div>'
    assert paragraphs(f'{notice}<div class="{called}" style="display:none">{LP}</div>') == LONG


def test_a_hidden_next_article_is_not_taken_for_a_short_one_in_sight():
    shown = f'<article class="post"><h1>Pier vote</h1>{P}</article>'
    assert paragraphs(f'{shown}<article class="post" style="display:none"><h1>Snow</h1>{LP}</article>') == TEXTS


def test_a_large_page_is_read_to_its_end():
    many = "".join(f"<p>{ONE} {number}</p>" for number in range(30_000))
    found = item(page(f"<article>{many}</article>"))["body"]
    assert found.count("northern pier") == 30_000


def test_several_articles_one_below_the_other_are_one():
    other = "".join(
        f"<p>Snow fell in May on field number {number}, which surprised the farmers.</p>" for number in range(9)
    )
    body = f"<article><h1>Pier vote</h1>{P}</article><article><h1>Snow in May</h1>{other}</article>"
    assert paragraphs(body, head='<meta property="og:title" content="Pier vote">') == TEXTS


# --- bytes -----------------------------------------------------------------------------------------------------------


def test_a_page_saved_as_utf_8_that_declares_another_encoding():
    source = page(f"<p>Zoë’s café.</p>{P}", head='<meta charset="iso-8859-1">')
    assert item(source.encode("utf-8"))["body"].startswith("Zoë’s café.")
    assert item(source.encode("utf-8"), charset="windows-1252")["body"].startswith("Zoë’s café.")


def test_what_a_server_says_counts_before_what_the_page_declares():
    source = page(f"<p>Он не знал об этом.</p>{P}", head='<meta charset="iso-8859-1">').encode("cp1251")
    assert item(source, charset="windows-1251")["body"].startswith("Он не знал об этом.")


def test_a_few_bytes_that_are_no_text_cost_no_page():
    source = page(f"<p>Caf\udce9 is open.</p>{P}").encode("utf-8", "surrogateescape")
    found = item(source)
    assert found["body"].endswith(THREE)
    assert found["notes"] == [("encoding", "1 characters that are not utf-8")]


def test_a_page_in_another_encoding_is_refused():
    with pytest.raises(Unreadable, match="not utf-8"):
        item(b"<html><body>" + "Это не юникод, и так далее. ".encode("cp1251") * 50)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<div class='ad'>", "<li>", "<br>", "<h1>", "<td>", ONE, "x", "&", "<", "\ud800"]
        )
    )
)
def test_any_markup_goes_through(parts):
    source = "".join(parts).encode("utf-8", "replace") or b"<p>"
    try:
        found = item(b"<html>" + source)
    except Unreadable:
        return
    assert ("body" in found) != ("reason" in found)


# --- columns ---------------------------------------------------------------------------------------------------------

ARTICLE = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Council votes for pier",
    "datePublished": "2024-06-04T10:30:00+02:00",
    "author": [{"@type": "Person", "name": "Jane Doe"}, {"@type": "Person", "name": "John Roe"}],
    "publisher": {"@type": "Organization", "name": "Gull &amp; Tern"},
    "articleSection": ["Coast", "News"],
    "inLanguage": "en-GB",
    "url": "https://gull.example/1",
}


@pytest.mark.parametrize(
    "wrap", [lambda node: node, lambda node: [{"@type": "WebSite"}, node], lambda node: {"@graph": [node]}]
)
def test_columns_from_json_ld(wrap):
    found = item(page(P, head=linked(wrap(ARTICLE)), html="<html>"))
    assert (found["headline"], found["outlet"]) == ("Council votes for pier", "Gull & Tern")
    assert (found["byline"], found["section"]) == ("Jane Doe, John Roe", "Coast")
    assert (str(found["published"]), found["language"]) == ("2024-06-04 10:30:00", "en-GB")
    assert found["url"] == "https://gull.example/1"


def test_meta_elements_count_before_json_ld_and_a_date_of_publication_before_any_time():
    head = '<meta property="og:site_name" content="Tern"><meta name="author" content="https://gull.example/jane">'
    times = '<time datetime="2020-01-01">1 January</time><time itemprop="datePublished" datetime="2024-06-05"></time>'
    found = item(page(f"<header>{times}</header>{P}", head=head + linked({**ARTICLE, "datePublished": None})))
    assert (found["outlet"], found["byline"]) == ("Tern", "Jane Doe, John Roe")
    assert str(found["published"]) == "2024-06-05 00:00:00"


def test_a_date_that_cannot_be_read_is_noted():
    found = item(page(P, head='<meta property="article:published_time" content="the day before">'))
    assert "published" not in found
    assert found["notes"] == [("published", "the day before")]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "/path", "ftp://x.example/", "https://[broken"])
def test_an_address_that_is_none_is_no_url(url):
    assert "url" not in item(page(P, head=f'<link rel="canonical" href="{url}">'))


def test_a_correction_stays_and_is_told_apart():
    note = "Correction: An earlier version of this article misstated the cost of the pier."
    body = item(page(f"<article><h1>Pier vote</h1>{P}<p><em>{note}</em></p></article>"))["body"]
    read = read_record(body, headline="Pier vote", web=True)
    assert (read["correction"], read["body"].split("\n\n")) == (note, [*TEXTS, note])


@pytest.mark.parametrize("around", ["{}", "<!-- {} -->", "//<![CDATA[\n{}\n//]]>", "<![CDATA[{}]]>;", " {} ;\n"])
def test_linked_data_in_a_comment_or_a_section_is_read(around):
    stated = json.dumps({"@type": "NewsArticle", "headline": "Pier vote passes", "author": {"name": "Ann Other"}})
    found = item(page(P, head=linked(around.format(stated))))
    assert (found["headline"], found["byline"]) == ("Pier vote passes", "Ann Other")


@pytest.mark.parametrize("long", ["{" + " " * 1_000_000 + "x", "//" + " " * 1_000_000 + "x", ";" * 1_000_000])
def test_linked_data_that_is_none_is_passed_over_soon(long):
    assert item(page(P, head=linked(long)))["body"].split("\n\n") == TEXTS


@pytest.mark.parametrize("charset", ["idna", "punycode", "unicode_escape", "base64", "no-such"])
def test_a_declared_encoding_that_is_none_of_texts_is_passed_over(charset):
    assert item(page(P, head=f'<meta charset="{charset}">'))["body"].split("\n\n") == TEXTS
