"""Outlets: which printed names are one outlet, which never are, and what a study's own table can say."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.outlet_names import outlet_names
from analysis.corpus.outlets import normalise, read_outlets
from analysis.study import UserError

TABLE = read_outlets()


def check(printed):
    return normalise(printed, TABLE)


@pytest.mark.parametrize(
    ("outlet", "printed"),
    [
        (outlet, printed)
        for outlet, names in {
            "The Guardian": "The Guardian (London)|Guardian.com|theguardian.com|guardian.co.uk|GUARDIAN|the guardian|"
            "The Guardian - Final Edition|The Guardian (London) - Final Edition|www.theguardian.com|"
            "https://www.theguardian.com/world/2024/jun/14/a-story|The Guardian; London (UK)|"
            "The Guardian (London, England)|Guardian (UK)|The Guardian (Online)|“The Guardian”|The  Guardian ",
            "The New York Times": "The New York Times (Late Edition (East Coast))|nytimes.com|NYT|New York Times|"
            "New York Times, Late Edition (East Coast); New York, N.Y.|NYTimes.com Feed|THE NEW YORK TIMES",
            "Le Monde": "Le Monde.fr|lemonde.fr|LE MONDE|Le Monde (site web)|Le Monde (France)|Le Monde, no. 24711",
            "Süddeutsche Zeitung": "Süddeutsche Zeitung (inkl. Regionalausgaben)|Sueddeutsche Zeitung|SZ|"
            "Suddeutsche Zeitung|Süddeutsche.de|sueddeutsche.de|Süddeutsche Zeitung (München)",
            "The Times": "The Times|Times of London|The Times (London)|The Times, London|thetimes.co.uk",
            "The Wall Street Journal": "Wall Street Journal, Eastern edition; New York, N.Y.|wsj.com|"
            "The Wall Street Journal (Online)|WSJ",
            "Agence France-Presse": "AFP|Agence France Presse -- English|Agence France-Presse (AFP)",
            "Chicago Tribune": "Chicago Tribune; Chicago, Ill.|Chicago Tribune (Illinois)|chicagotribune.com",
            "Der Spiegel": "SPIEGEL ONLINE|DER SPIEGEL (online)|spiegel.de|Spiegel",
            "CNN": "edition.cnn.com|CNN.com|CNN Wire|us.cnn.com",
            "The Globe and Mail": "The Globe and Mail (Canada)|Globe & Mail|The Globe and Mail; Toronto, Ont.",
            "TASS": "ITAR-TASS|ТАСС|tass.com",
        }.items()
        for printed in names.split("|")
    ],
)
def test_names_of_one_outlet(outlet, printed):
    assert check(printed) == outlet


@pytest.mark.parametrize(
    "names",
    [
        (
            "The Times (London)",
            "Times of India",
            "The Times (South Africa)",
            "The Times (Trenton, NJ)",
            "The Sunday Times",
        ),
        ("The Times", "The New York Times", "Financial Times", "The Moscow Times", "Los Angeles Times"),
        (
            "The Guardian",
            "The Guardian (Nigeria)",
            "The Guardian (Sydney)",
            "Guardian Weekly",
            "The Guardian (Lagos, NJ)",
        ),
        ("The Independent", "The Independent (Bangladesh)", "Irish Independent", "Independent Online"),
        ("The Sunday Times", "Sunday Times (South Africa)", "Sunday Times (Sri Lanka)"),
        ("The Daily Telegraph (London)", "Daily Telegraph (Sydney, Australia)", "The Telegraph (India)"),
        ("The Sunday Telegraph", "The Daily Telegraph"),
        ("The Sun (England)", "The Sun (Malaysia)", "The Sun (Nigeria)", "The Baltimore Sun"),
        ("The Wall Street Journal", "The Wall Street Journal Europe", "The Wall Street Journal (Asia)"),
        ("Daily News", "Daily News (New York)", "Daily News (Sri Lanka)"),
        ("BBC News", "BBC Monitoring", "BBC Russian", "BBC Monitoring Former Soviet Union"),
        ("Hospodářské noviny", "Hospodárske noviny"),
        ("Interfax", "Interfax-Ukraine"),
        ("rt.com", "russian.rt.com"),
        ("The Insider", "Business Insider"),
        ("Daily Bugle", "Daily Bugle (Springfield)", "Daily Bugle (Shelbyville)", "dailybugle.com"),
    ],
)
def test_different_outlets_stay_apart(names):
    assert len({check(name) for name in names}) == len(names)


def test_every_listed_outlet_and_domain_is_found_under_its_name():
    assert {outlet: check(outlet) for outlet in TABLE.places} == {outlet: outlet for outlet in TABLE.places}
    assert {domain: check(f"www.{domain}") for domain in TABLE.domains} == TABLE.domains
    assert len(TABLE.places) > 500


@pytest.mark.parametrize(
    ("printed", "outlet"),
    [
        ("Daily Bugle (Final Edition)", "Daily Bugle"),
        ("Daily Bugle (Late Edition (East Coast))", "Daily Bugle"),
        ("Daily Bugle - Online", "Daily Bugle"),
        ("DAILY BUGLE", "Daily Bugle"),
        ("DailyBugle.com (Online)", "dailybugle.com"),
        ("DAILY BUGLE -- (Online)", "Daily Bugle"),
        ("daily bugle", "Daily Bugle"),
        ("THE BUGLE OF THE SOUTH", "The Bugle of the South"),
        ("QXR", "QXR"),
        ("Daily Bugle - The Best", "Daily Bugle - The Best"),
        ("WWW.DailyBugle.com", "dailybugle.com"),
        ("https://dailybugle.com/a/b?c=d", "dailybugle.com"),
        ("", None),
        (" -- ", None),
        (None, None),
    ],
)
def test_names_that_are_not_listed_keep_their_wording(printed, outlet):
    assert check(printed) == outlet


@pytest.fixture
def own(tmp_path):
    def make(text):
        file = tmp_path / "outlets.yml"
        file.write_text(text, "utf-8")
        return read_outlets(file)

    return make


def test_a_study_adds_to_the_table_and_wins(own):
    table = own(
        "places: {Springfield: [Springfield NT]}\n"
        "editions: [moonlight]\n"
        "outlets:\n"
        "  The Guardian: [Grauniad, (Salford)]\n"
        "  MailOnline: [Mail Online, dailymail.co.uk]\n"
        "  Daily Bugle: [Springfield, bugle.example, The Bugle]\n"
    )
    for printed, outlet in {
        "Grauniad": "The Guardian",
        "The Guardian (Salford)": "The Guardian",
        "The Guardian (London)": "The Guardian",
        "dailymail.co.uk": "MailOnline",
        "mail online": "MailOnline",
        "Daily Mail": "Daily Mail",
        "DAILY BUGLE (Springfield)": "Daily Bugle",
        "Bugle - Moonlight Edition": "Daily Bugle",
        "bugle.example": "Daily Bugle",
        "Daily Bugle (Shelbyville)": "Daily Bugle (Shelbyville)",
    }.items():
        assert normalise(printed, table) == outlet, printed
    assert check("Grauniad") == "Grauniad"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("names: {}", "unknown key 'names'; allowed: editions, places, outlets"),
        ("outlets: [The Bugle]", "outlets: not a mapping"),
        ("outlets: {The Bugle: {site: bugle.example}}", "outlets: 'The Bugle': expected"),
        ("editions: {moonlight: yes}", "'editions': expected"),
        ("outlets: {The Bugle: [444]}", "outlets: 'The Bugle': expected"),
        ("outlets: {The Bugle: ['--']}", "outlets: 'The Bugle': expected"),
        ("outlets: {The Bugle: [Post], The Post: []}", "'The Post' stands under 'The Bugle' and 'The Post'"),
        ("outlets: {A: [b.example], C: [b.example]}", "'b.example' stands under 'A' and 'C'"),
    ],
)
def test_what_is_wrong_in_a_table_is_said_in_one_line(own, text, said):
    with pytest.raises(UserError) as caught:
        own(text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_list_of_names_says_what_was_joined_and_what_looks_alike():
    printed = [
        "GUARDIAN",
        "GUARDIAN",
        "The Guardian (Nigeria)",
        "Daily Bugle (Springfield)",
        "dailybugle.com",
        "Le Monde",
    ]
    articles = pd.DataFrame({"outlet": [check(name) for name in printed], "outlet_printed": printed}, dtype="str")
    articles.loc[len(articles)] = [None, None]
    names = outlet_names(articles, TABLE)
    assert names.to_dict("split", index=False)["data"] == [
        ["Daily Bugle (Springfield)", "Daily Bugle (Springfield)", 1, False, "dailybugle.com"],
        ["Le Monde", "Le Monde", 1, False, pytest.approx(float("nan"), nan_ok=True)],
        ["The Guardian", "GUARDIAN", 2, True, "The Guardian (Nigeria)"],
        ["The Guardian (Nigeria)", "The Guardian (Nigeria)", 1, False, "The Guardian"],
        ["dailybugle.com", "dailybugle.com", 1, False, "Daily Bugle (Springfield)"],
    ]
    assert list(names.columns) == ["outlet", "outlet_printed", "articles", "joined", "alike"]


def test_misspelt_names_look_alike():
    articles = pd.DataFrame(
        {"outlet": ["Daily Bugle", "Daily Bugel", "Evening Horn"], "outlet_printed": None}, dtype="str"
    )
    assert outlet_names(articles, TABLE)["alike"].dropna().to_list() == ["Daily Bugle", "Daily Bugel"]


def test_no_outlets_no_rows():
    assert outlet_names(pd.DataFrame({"outlet": [None], "outlet_printed": [None]}, dtype="str"), TABLE).empty


@given(
    st.text(max_size=60)
    | st.sampled_from(sorted(TABLE.places)).flatmap(lambda name: st.text(max_size=20).map(name.__add__))
)
def test_any_text_goes_through_and_a_name_that_was_made_stays(printed):
    outlet = check(printed)
    assert outlet is None or (outlet.strip() == outlet and outlet)
    assert outlet is None or check(outlet) == outlet
