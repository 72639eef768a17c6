"""Dates in texts: as far as the text names them, against the calendar, and what is no date."""

from __future__ import annotations

import datetime as dt

import pytest

from analysis.coding.numbers import find_numbers
from tests.coding.test_numbers import coded, numbers_of, said

DATES = {
    "It began on 14 June 2024.": ["14 June 2024: date 2024-06-14 of begin"],
    "It began on June 14th, 2024, at dawn.": ["June 14th, 2024: date 2024-06-14 of begin"],
    "It began on the 14th of June 2024.": ["14th of June 2024: date 2024-06-14 of begin"],
    "It began on Jun. 14, 2024.": ["Jun. 14, 2024: date 2024-06-14 of begin"],
    "It began on 2024-06-14.": ["2024-06-14: date 2024-06-14 of begin"],
    "It began in June 2024.": ["June 2024: date 2024-06 of begin"],
    "It began on June 14.": ["June 14: date --06-14 of begin"],
    "The crown annexed the islands in November.": ["November: date --11 of annex"],
    "In November, the crown annexed the islands.": ["November: date --11 of annex"],
    "The islands were annexed in 2022.": ["2022: date 2022 of annex"],
    "The four islands annexed by the crown in 2022 are poor.": ["four: 4 of island", "2022: date 2022 of annex"],
    "The crown went on to annex the islands in November, citing a vote.": ["November: date --11 of annex"],
    "The annexation of the islands in 2022 was illegal.": ["2022: date 2022 of annex"],
    "The 2022 annexation was illegal.": ["2022: date 2022 of annex"],
    "The invasion began in February 2022, and by 2024 it had failed.": [
        "February 2022: date 2022-02 of begin",
        "2024: date 2024 of fail",
    ],
    "Voters backed it in March and November 2022.": [
        "March: date 2022-03 of back",
        "November 2022: date 2022-11 of back",
    ],
    "It was signed in 2022 and broken in November of that year.": [
        "2022: date 2022 of sign",
        "November: date 2022-11 of break",
    ],
    "The talks ran from June 3 to July 10, 2024.": [
        "June 3: date 2024-06-03 of run",
        "July 10, 2024: date 2024-07-10 of run",
    ],
    "The summit was held on June 15-16.": ["June 15: date --06-15 of hold", "16: date --06-16 of hold"],
    "The summit was held on 15 and 16 June 2024.": [
        "15: date 2024-06-15 of hold",
        "16 June 2024: date 2024-06-16 of hold",
    ],
    "He spoke on Friday, June 14.": ["Friday, June 14: date --06-14 of speak"],
    "In May 20 people died.": ["May: date --05 of die", "20: 20 of peopl"],
    "They met in May and voted in March.": ["May: date --05 of meet", "March: date --03 of vote"],
    "In the 2024 elections 2000 soldiers voted.": ["2024: date 2024 of elect", "2000: 2000 of soldier"],
    "He ruled from 2014-2022.": ["2014: date 2014 of rule", "2022: date 2022 of rule"],
    "He ruled (1999–2004) and left.": ["1999: date 1999 of rule", "2004: date 2004 of rule"],
    "November’s vote was a sham.": ["November: date --11 of vote"],
    "It opened mid-2022.": ["2022: date 2022 of open"],
}
WEEKDAYS = {
    "He promised a truce on Friday.": ["Friday: date 2024-06-14 of promis"],
    "On Friday, the king promised a truce.": ["Friday: date 2024-06-14 of promis"],
    "The king on Thursday promised a truce.": ["Thursday: date 2024-06-13 of promis"],
    "Talks ran from Tuesday to Wednesday, then from Friday through Sunday.": [
        "Tuesday: date 2024-06-11 of run",
        "Wednesday: date 2024-06-12 of run",
        "Friday: date 2024-06-14",
        "Sunday: date 2024-06-16",
    ],
    "He said Saturday that he was ill.": ["Saturday: date 2024-06-08 of say"],
    "They met last Friday.": ["Friday: date 2024-06-07 of meet"],
    "They will meet next Friday.": ["Friday: date 2024-06-21 of meet"],
    "The talks will open on Saturday.": ["Saturday: date 2024-06-15 of open"],
    "He will resign, he said on Thursday.": ["Thursday: date 2024-06-13 of say"],
    "Friday’s attack was the worst.": ["Friday: date 2024-06-14 of attack"],
}
NO_DATES = [
    "It may be so, and they march on.",
    "May they march; March on, they said.",
    "April O'Neil met Theresa May and August Strindberg.",
    "Good Friday and Black Friday came; he rests on Fridays.",
    "In the 1990s, on page 12, in room 101, on flight 370, see No. 10.",
    "Sunday Times readers",
]


@pytest.mark.parametrize("body", [*DATES, *WEEKDAYS])
def test_what_is_dated(body):
    assert said(body) == (DATES | WEEKDAYS)[body]


@pytest.mark.parametrize("body", NO_DATES)
def test_what_is_no_date(body):
    assert "date" not in numbers_of(body)["kind"].tolist()


def test_without_a_day_of_publication_weekdays_have_no_date():
    table = numbers_of("He spoke on Friday, and on June 14.", published=None)
    assert table["date"].isna().tolist() == [True, False]
    assert table["text"].tolist() == ["Friday", "June 14"]
    articles, sentences = coded(["He spoke on Friday."])
    assert find_numbers(articles.drop(columns="published"), sentences)["date"].isna().all()


@pytest.mark.parametrize("day", range(7))
def test_weekdays_against_a_calendar(day):
    """Each name on each day of a week: the nearest such day that is not after publication, the next one, the last."""
    published = dt.date(2024, 2, 26) + dt.timedelta(days=day)
    for name in ("Monday", "Thursday", "Sunday"):
        body = f"They met on {name}. They met last {name}. They meet next {name}."
        dates = [dt.date.fromisoformat(date) for date in numbers_of(body, published=published.isoformat())["date"]]
        assert [date.strftime("%A") for date in dates] == [name] * 3
        on, last, coming = [(date - published).days for date in dates]
        assert (-7 < on <= 0, -7 <= last < 0, 0 < coming <= 7) == (True, True, True)


def test_days_that_no_month_has_are_no_dates():
    assert numbers_of("It began on 31 June 2024 and on 29 February 2023.")["date"].isna().all()
    assert said("It began on 29 February.") == ["29 February: date --02-29 of begin"]
