"""Quantities and dates: what is found, with value, unit, bound and what is counted or dated; and what is none."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import tables
from analysis.coding.numbers import _PLACE, _places, enumeration_conflicts, find_numbers
from analysis.coding.numerals import either, read_numeral
from analysis.coding.sentences import sentence_bounds
from analysis.coding.tokens import tokenise

FRIDAY = "2024-06-14"


def coded(bodies, *, published=FRIDAY):
    """Articles with these bodies and their sentences, all in the outlet's own voice."""
    ids = [f"{number:012x}" for number in range(len(bodies))]
    clock = pd.Series([published] * len(bodies)).astype("datetime64[us]")
    articles = pd.DataFrame({"article_id": pd.array(ids, dtype="str"), "body": bodies, "published": clock})
    bounds, _ = sentence_bounds(tokenise(bodies))
    owners = articles["article_id"].array.take(bounds["text"].to_numpy())
    voice = pd.array(["own"] * len(bounds), dtype="str")
    return articles, bounds.assign(article_id=owners, voice=voice)


def numbers_of(body, **options):
    """The rows of one body."""
    return find_numbers(*coded([body], **options))


def said(body, **options):
    """The rows of one body, each as ``text: kind, bound, value or date, unit, of what`` without what goes unsaid."""
    lines = []
    for row in numbers_of(body, **options).itertuples():
        parts = [row.kind if row.kind != "quantity" else None, row.bound if row.bound != "exact" else None]
        parts += [f"{row.value:.12g}" if row.value == row.value else None]
        parts += [value if not pd.isna(value) else None for value in (row.date, row.unit)]
        what = "" if pd.isna(row.what) else f" of {row.what}"
        lines.append(f"{row.text}: {' '.join(part for part in parts if part)}{what}")
    return lines


COUNTS = {
    "The crews shot down 87 Ukrainian drones overnight.": ["87: 87 of drone"],
    "They brought home the bodies of 254 fallen sailors.": ["254: 254 of sailor"],
    "They brought home 254 bodies of sailors.": ["254: 254 of bodi"],
    "The port is home to 700,000 people.": ["700,000: 700000 of peopl"],
    "The port, a city of some 700,000 residents, was quiet.": ["700,000: about 700000 of resid"],
    "A 700,000-person county voted.": ["700,000: 700000 of person"],
    "The army lost 1.5 million shells.": ["1.5 million: 1500000 of shell"],
    "About 2bn stamps were sold.": ["2bn: about 2000000000 of stamp"],
    "Nearly 40m users left.": ["40m: about 40000000 of user"],
    "The ministry counted 1 200 tents.": ["1 200: 1200 of tent"],
    "Seventeen Shahed drones and 14 missiles were seen.": ["Seventeen: 17 of drone", "14: 14 of missil"],
    "Twenty-one ships and two hundred and fifty boats sailed.": [
        "Twenty-one: 21 of ship",
        "two hundred and fifty: 250 of boat",
    ],
    "Three women aboard a bus were hurt.": ["Three: 3 of woman"],
    "Six more people were hurt in the town.": ["Six: 6 of peopl"],
    "All four annexed regions are poor.": ["four: 4 of region"],
    "The four regions annexed by the crown are poor.": ["four: 4 of region"],
    "Four illegally occupied islands lie there.": ["Four: 4 of island"],
    "Three of the four islands are empty.": ["Three: 3 of island", "four: 4 of island"],
    "There is one condition: the fleet must leave.": ["one: 1 of condit"],
    "One sailor was killed.": ["One: 1 of sailor"],
    "At least 12 people were killed and 30 injured.": ["12: least 12 of peopl", "30: 30 of injur"],
    "The raid left 12 dead.": ["12: 12 of dead"],
    "A raid on the port, killing at least 12, lasted an hour.": ["12: least 12 of kill"],
    "Three were killed and five wounded.": ["Three: 3 of kill", "five: 5 of wound"],
    "The toll of 87 rose.": ["87: 87 of toll"],
    "Envoys from the 7 most populous provinces met.": ["7: 7 of provinc"],
    "Ukraine's air force fired 14 missiles.": ["14: 14 of missil"],
    "The two sides’ 3,000 soldiers’ families wept.": ["two: 2 of side", "3,000: 3000 of famili"],
    "The plan has “three key goals” and no date.": ["three: 3 of goal"],
    "A two-state solution is dead.": ["two: 2 of state"],
}
BOUNDS = {
    "More than 80 drones fell.": ["80: least 80 of drone"],
    "Over 80 drones fell.": ["80: least 80 of drone"],
    "No fewer than 80 drones fell.": ["80: least 80 of drone"],
    "A minimum of 80 drones fell.": ["80: least 80 of drone"],
    "Some 80 or more drones fell, 90+ drones flew.": ["80: about 80 of drone", "90: least 90 of drone"],
    "Up to 90 drones fell.": ["90: most 90 of drone"],
    "As many as 90 drones fell.": ["90: most 90 of drone"],
    "Fewer than 90 drones fell.": ["90: most 90 of drone"],
    "No more than 90 drones fell.": ["90: most 90 of drone"],
    "Under 90 drones fell.": ["90: most 90 of drone"],
    "Around 90 drones fell, almost 90 boats sank.": ["90: about 90 of drone", "90: about 90 of boat"],
    "An estimated 90 drones fell, roughly 90 boats sank.": ["90: about 90 of drone", "90: about 90 of boat"],
    "More than $50 million was paid.": ["$50 million: least 50000000 USD of pay"],
    "A dozen drones and two dozen boats came.": ["A dozen: about 12 of drone", "two dozen: about 24 of boat"],
    "Dozens of drones and hundreds of thousands of shells fell.": [
        "Dozens: least 24 of drone",
        "hundreds of thousands: least 200000 of shell",
    ],
    "More than a dozen drones fell.": ["a dozen: least 12 of drone"],
    "Half a million men left.": ["Half a million: about 500000 of man"],
    "Over two days they spoke.": ["two days: period 2 day"],
}
RANGES = {
    "12 to 15 people came.": ["12: least 12 of peopl", "15: most 15 of peopl"],
    "He served 3-5 years.": ["3: period least 3 year of serv", "5 years: period most 5 year of serv"],
    "Between 20 and 30 drones fell.": ["20: least 20 of drone", "30: most 30 of drone"],
    "It fell from 7% to 5%.": ["7%: 7 % of fall", "5%: 5 %"],
    "It rose from 5 to 7 percent.": ["5: 5 % of rise", "7 percent: 7 % of rise"],
    "It cost $3-5 million.": ["$3: least 3000000 USD of cost", "5 million: most 5000000 USD of cost"],
    "Two or three villages burned.": ["Two: least 2 of villag", "three: most 3 of villag"],
    "It cost between $1 million and $2 million.": [
        "$1 million: least 1000000 USD of cost",
        "$2 million: most 2000000 USD of cost",
    ],
    "Prices rose by 10 per cent to 12.5%.": ["10 per cent: 10 % of rise", "12.5%: 12.5 %"],
}
PARTS = {
    "Two-thirds of voters stayed home.": ["Two-thirds: 0.666666666667 of voter"],
    "Half the territory is bog.": ["Half: 0.5 of territori"],
    "Half of its fleet sank.": ["Half: 0.5 of fleet"],
    "A third of the crews left.": ["A third: 0.333333333333 of crew"],
    "A quarter of a million sailors left.": ["A quarter of a million: about 250000 of sailor"],
    "One in five islanders left.": ["One in five: 0.2 of island"],
    "More than 3 in 10 farms closed.": ["3 in 10: least 0.3 of farm"],
    "Rates rose a quarter of a percentage point.": ["a quarter of a percentage point: 0.25 pp of rise"],
    "Three out of four islanders left.": ["Three out of four: 0.75 of island"],
}
UNITS = {
    "He gave $3.2bn in aid.": ["$3.2bn: 3200000000 USD of aid"],
    "A loan of €40m was granted.": ["€40m: 40000000 EUR of loan"],
    "A US$5 million grant arrived.": ["US$5 million: 5000000 USD of grant"],
    "The fine was £100.": ["£100: 100 GBP"],
    "They spent five million dollars.": ["five million dollars: 5000000 USD of spend"],
    "Rs 500 crore was lost.": ["Rs 500 crore: 5000000000 INR of lose"],
    "A 2 billion-euro fund opened.": ["2 billion-euro: 2000000000 EUR of fund"],
    "They hold 20% of the country's land.": ["20%: 20 % of land"],
    "Twenty per cent of voters agree.": ["Twenty per cent: 20 % of voter"],
    "A 10 percent tariff is due.": ["10 percent: 10 % of tariff"],
    "Support fell 2 percentage points.": ["2 percentage points: 2 pp of fall"],
    "The front is 1,000 kilometers long.": ["1,000 kilometers: 1000 km"],
    "A strip 40m wide and 3 km deep was cleared.": ["40m: 40 m", "3 km: 3 km"],
    "The ship sank 12 miles off the coast.": ["12 miles: 12 mi of sink"],
    "They shipped 30,000 tonnes of grain.": ["30,000 tonnes: 30000 t of grain"],
    "It was minus 5 degrees Celsius.": ["minus 5 degrees Celsius: -5 °C"],
    "It flew at 900 km/h.": ["900 km/h: 900 km/h"],
    "A 10-year security agreement was signed.": ["10-year: period 10 year of agreement"],
    "A four-day visit to the port ended.": ["four-day: period 4 day of visit"],
    "The two years of combat were long.": ["two years: period 2 year of combat"],
    "It must be returned within twenty working days.": ["twenty working days: period most 20 day of return"],
    "It is a 20 minute walk.": ["20 minute: period 20 minute of walk"],
    "Three more years followed.": ["Three more years: period 3 year of follow"],
    "It took 3½ hours.": ["3½ hours: period 3.5 hour of take"],
    "It took two and a half hours.": ["two and a half hours: period 2.5 hour of take"],
    "A 45-year-old fisherman drowned.": ["45-year-old: period 45 year of fisherman"],
    "Ann Lee, 45, drowned.": ["45: period 45 year of age"],
    "A boy aged 12 drowned.": ["12: period 12 year of age"],
}
RANKS = {
    "It was the third attack this week.": ["third: rank 3 of attack"],
    "The 3rd attack and its 21st drone were seen.": ["3rd: rank 3 of attack", "21st: rank 21 of drone"],
    "The country's second-largest city fell.": ["second: rank 2 of citi"],
    "She finished third.": ["third: rank 3 of finish"],
    "The twenty-first meeting failed.": ["twenty-first: rank 21 of meet"],
}
NONE = [
    "The G7 and the G20 met.",
    "An F-16, a MiG-29 and a Su-34 flew.",
    "Article 5 applies; see Section 12 and chapter two.",
    "A Boeing 737 landed.",
    "They work 24/7, and 9/11 is remembered.",
    "The home side won 3-1, then lost 4–2.",
    "Call 555-123-4567 or +44 20 7946 0958.",
    "They left at 7:30 p.m. and came back at 10 a.m., 0900 GMT or 6 o'clock.",
    "One of the men, and no one else, saw one another one day.",
    "This one is new; each one is not; the one who left is one too.",
    "Wait a second.",
    "The Group of Seven and the Big Three met; so did the Group of 20.",
    "The Third World and the 36th Brigade, the first lady and the 20th century.",
    "On the other hand, at first, second, they left.",
    "Covid-19 and 5G, 3D and A4, 4x4 and 1080p.",
    "The two said nothing.",
    "A half-hearted third-party quarter-finalist left this week.",
    "A version 1.2.3 and an address 10.0.0.1.",
    "They lost 1 – 2 to the visitors.",
    "Visit the Internet Explorer 6 Countdown, or the 747.",
    "World Cup 2018 day five was dull.",
    "The 22nd Fan Expo Canada took place here.",
    "half",
    "Thousand",
    "a",
    "",
]


@pytest.mark.parametrize("body", [*COUNTS, *BOUNDS, *RANGES, *PARTS, *UNITS, *RANKS])
def test_what_is_claimed(body):
    assert said(body) == (COUNTS | BOUNDS | RANGES | PARTS | UNITS | RANKS)[body]


@pytest.mark.parametrize("body", NONE)
def test_what_is_no_number(body):
    assert said(body) == []


SPELLED = [
    names.split()
    for names in (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen",
        "zero ten twenty thirty forty fifty sixty seventy eighty ninety",
    )
]


def spelled(number):
    """A number below a million in words, written another way than it is read."""
    ones, tens = SPELLED
    if number < 20:
        return ones[number]
    if number < 100:
        return tens[number // 10] + (f"-{ones[number % 10]}" if number % 10 else "")
    if number < 1000:
        return f"{ones[number // 100]} hundred" + (f" and {spelled(number % 100)}" if number % 100 else "")
    rest = number % 1000
    joint = " and " if 0 < rest < 100 else " "
    return f"{spelled(number // 1000)} thousand" + (joint + spelled(rest) if rest else "")


@settings(max_examples=300, deadline=None)
@given(st.integers(2, 999_999))
def test_numerals_in_words_and_in_digits_say_the_same(number):
    words = spelled(number)
    read = read_numeral(words, 0, 0, len(words))
    assert (read.value, read.end) == (number, len(words))
    for digits in (str(number), f"{number:,}", f"{number:,}".replace(",", "\u00a0")):
        read = read_numeral(digits, 0, 0, len(digits))
        assert (read.value, read.end) == (number, len(digits))


PIECES = """87 254 1.5 2022 2024-06-14 14 3-1 12-15 $ € % million bn dozen dozens one two half third first
    second hundred thousand June May March 14th Friday next last of and to from between in on at the a by about over
    than more up
    drones people regions annexed killed years 10-year -old km m C F-16 G7 : ; , . ( ) “ ” ’s - – — / ½ ٣ ²"""
WORDS = st.sampled_from([*re.split(r"[ \n]+", PIECES), "\n\n", "\u00a0"])
ANY = st.one_of(
    st.text(max_size=200), st.lists(WORDS, max_size=40).map(" ".join), st.lists(WORDS, max_size=40).map("".join)
)


@settings(max_examples=100, deadline=None)
@given(ANY)
def test_any_text_goes_through(body):
    articles, sentences = coded([body])
    table = find_numbers(articles, sentences)
    assert [body[row.start : row.end] for row in table.itertuples()] == table["text"].tolist()
    assert not np.isinf(table["value"]).any()
    assert (table["value"].isna() == (table["kind"] == "date")).all()
    assert (table["start"] < table["end"]).all()
    assert (table["end"].to_numpy()[:-1] <= table["start"].to_numpy()[1:]).all(), "rows overlap or are out of order"
    home = sentences.set_index("sentence")
    for row in table.itertuples():
        assert home.at[row.sentence, "start"] <= row.start < row.end <= home.at[row.sentence, "end"]
        assert pd.isna(row.date) or re.fullmatch(r"(?:\d{4}|-)(?:-\d\d){0,2}", row.date)
    pd.testing.assert_frame_equal(find_numbers(articles, sentences), table)
    enumeration_conflicts(articles, sentences)


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=40)
    | st.lists(st.sampled_from(["5", "two", "May", "_", "’s", "-", " ", "é", "\u0301", "中"])).map("".join)
)
def test_words_hold_every_place_where_a_number_may_begin(body):
    tokens = tokenise([None, None, body])
    rows, places = _places(tokens)
    assert not rows.any()
    fits = [place for place in places.tolist() if _PLACE.match(body, place)]
    assert fits == [match.start() for match in _PLACE.finditer(body)]


def test_words_read_before_are_not_read_again():
    articles, sentences = coded([*COUNTS, *UNITS])
    tokens = tokenise([part for body in articles["body"] for part in ("Two dead", "12 more", body)])
    pd.testing.assert_frame_equal(find_numbers(articles, sentences, tokens=tokens), find_numbers(articles, sentences))


@given(
    st.sets(st.text("ab .", max_size=4), min_size=1), st.text("ab .", max_size=8), st.sampled_from(["", "b", "(?!a)"])
)
def test_alternatives_match_as_if_written_out_the_longest_first(words, text, behind):
    plain = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    one, other = (re.search(f"(?:{pattern}){behind}", text) for pattern in (either(words), plain))
    assert (one and one.span()) == (other and other.span())


def test_articles_are_read_by_themselves():
    bodies = [*COUNTS, *UNITS, "", *NONE]
    articles, sentences = coded(bodies)
    whole = find_numbers(articles, sentences)
    backwards = find_numbers(articles[::-1].reset_index(drop=True), sentences)
    parts = [find_numbers(articles.iloc[[row]].reset_index(drop=True), sentences) for row in range(len(bodies))]
    pd.testing.assert_frame_equal(whole, pd.concat(parts, ignore_index=True))
    by = ["article_id", "start"]
    pd.testing.assert_frame_equal(
        whole.sort_values(by, ignore_index=True), backwards.sort_values(by, ignore_index=True)
    )


def test_the_voice_is_that_of_the_sentence_or_of_the_place():
    articles, sentences = coded(["We lost 12 drones.", "He said: they lost 14 drones, and 20 boats."])
    sentences["voice"] = pd.array(["direct", "own"], dtype="str")
    assert find_numbers(articles, sentences)["voice"].tolist() == ["direct", "own", "own"]

    def at(rows, starts):
        assert [articles["body"][row][start : start + 2] for row, start in zip(rows, starts, strict=True)] == [
            "12",
            "14",
            "20",
        ]
        return ["headline", "indirect", "own"]

    assert find_numbers(articles, sentences, voices=at)["voice"].tolist() == ["headline", "indirect", "own"]


def test_no_articles_no_numbers():
    articles, sentences = coded(["Nothing here."])
    for given_articles, given_sentences in (
        (articles[:0], sentences),
        (articles, sentences[:0]),
        (articles, sentences),
    ):
        table = find_numbers(given_articles, given_sentences)
        pd.testing.assert_frame_equal(table, tables.empty("numbers"))


LISTS = {
    "The king set one condition: the fleet must leave the islands and renounce its claim.": ("one condition", 1, 2),
    "He names 2 demands: land, money and peace.": ("2 demands", 2, 3),
    "They have three demands: land and peace.": ("three demands", 3, 2),
    "Two conditions — a truce, a swap of prisoners, and elections — were named.": ("Two conditions", 2, 3),
    "Three steps follow: a truce; a swap; elections; and a vote.": ("Three steps", 3, 4),
    "He has one question: who pays and who decides?": ("one question", 1, 2),
    "Two ways are left: to fight, to flee and to talk.": ("Two ways", 2, 3),
    "He had “one simple rule”: nobody may sleep, and nobody may speak.": None,
    "He has one condition: the fleet must leave.": None,
    "There are three demands: land, money and peace.": None,
    "There are three demands: land, money.": None,
    "There is one rule: the navy and the army must agree.": None,
    "There is one demand: an end to the war and to the blockade.": None,
    "Two reasons: the price, which rose, and the weather.": None,
    "Three countries: Bosnia and Herzegovina, Trinidad and Tobago, and Malta.": None,
    "One thing is clear: the war will go on and nobody knows for how long.": None,
    "One condition was met. They left: the fleet, the army and the king.": None,
}


@pytest.mark.parametrize("body", LISTS)
def test_lists_that_contradict_their_count(body):
    found = enumeration_conflicts(*coded([body]))
    expected = [] if LISTS[body] is None else [LISTS[body]]
    assert [(row.text, row.value, row.n_listed) for row in found.itertuples()] == expected
    assert [body[row.start : row.end] for row in found.itertuples()] == found["text"].tolist()
