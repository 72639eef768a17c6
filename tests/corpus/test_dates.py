"""Dates: what is one, to the minute, and what is not guessed."""

import datetime as dt

import pandas as pd
import pytest

from analysis.corpus.dates import find_date, parse_date

DAY = dt.datetime(2024, 6, 14)
NOON = dt.datetime(2024, 6, 14, 12, 30)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2024-06-14", DAY),
        ("2024/06/14", DAY),
        ("20240614", DAY),
        ("14 June 2024", DAY),
        ("14th of June, 2024", DAY),
        ("June 14th 2024.", DAY),
        ("Jun. 14, 2024", DAY),
        ("Friday, 14 June 2024", DAY),
        ("January 11, 2010 Monday", dt.datetime(2010, 1, 11)),
        ("14/06/2024", DAY),
        ("06/14/2024", DAY),
        ("14.06.2024", DAY),
        ("06.06.2024", dt.datetime(2024, 6, 6)),
        ("2024-06-14T12:30:00Z", NOON),
        ("2024-06-14T12:30:00.000+03:00", NOON),
        ("2024-06-14 12:30", NOON),
        ("20240614T123000Z", NOON),
        ("Fri, 14 Jun 2024 12:30:00 +0000", NOON),
        ("Fri 14 Jun 2024 12.30 BST", NOON),
        ("June 14, 2024 at 12:30 p.m. EDT", NOON),
        ("12:30, 14 June 2024", NOON),
        ("14 June 2024, 12:30 am", dt.datetime(2024, 6, 14, 0, 30)),
        ("June 14, 2024 6 PM", dt.datetime(2024, 6, 14, 18)),
    ],
)
def test_dates_are_read_as_printed(text, date):
    assert find_date(text) == date
    assert parse_date(text) == date


@pytest.mark.parametrize(
    "text",
    [
        "",
        "n.d.",
        "yesterday",
        "June 2024",
        "14 June",
        "03/04/2024",
        "2024-02-31",
        "31 June 2024",
        "14/06/24",
        "1718366400",
    ],
)
def test_what_is_no_date_or_could_be_two(text):
    assert find_date(text) is None
    assert parse_date(text) is None


def test_a_date_in_a_sentence_is_found_but_is_no_value():
    text = "some time after 14 June 2024"
    assert find_date(text) == DAY
    assert parse_date(text) is None


def test_dates_of_yaml_and_parquet():
    assert parse_date(dt.date(2024, 6, 14)) == DAY
    assert parse_date(pd.Timestamp("2024-06-14 12:30", tz="Europe/Kyiv")) == NOON
    assert parse_date(pd.NaT) is None
    assert parse_date(None) is None
    assert parse_date(20240614) is None
