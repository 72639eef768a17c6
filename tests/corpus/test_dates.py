"""Dates: what is one, to the minute, and what is not guessed."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.dates import find_date, order_of, parse_date, readings, settle
from analysis.corpus.months import months_of, weekday_of

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


@pytest.mark.parametrize(
    "text",
    [
        "vendredi 14 juin 2024 à 12h30",
        "vendredi 14 juin 2024 12:30 CET",
        "14 juin 2024 12:30 heure de Paris",
        "Freitag, 14. Juni 2024, 12:30 Uhr MESZ",
        "14.Juni 2024 - 12.30 Uhr",
        "viernes, 14 de junio de 2024 - 12:30 h",
        "venerdì 14 giugno 2024 ore 12:30",
        "sexta-feira, 14 de junho de 2024 às 12h30",
        "vrijdag 14 juni 2024 om 12:30 uur",
        "piątek, 14 czerwca 2024 r., godz. 12:30",
        "пятница, 14 июня 2024 г. 12:30 МСК",
        "14 июня 2024 года в 12:30 по московскому времени",
        "п'ятниця, 14 червня 2024 року о 12:30",
        "14 червня 2024 12:30 за київським часом",
        "fredag den 14 juni 2024 kl. 12.30",
        "fredag den 14. juni 2024 kl. 12:30",
        "fredag 14. juni 2024 klokken 12:30",
        "perjantai 14. kesäkuuta 2024 klo 12.30",
        "pátek 14. června 2024 ve 12:30 hodin",
        "14 Haziran 2024 Cuma, saat 12:30",
        "2024. június 14., péntek 12:30",
        "Παρασκευή 14 Ιουνίου 2024, 12:30",
        "14 d’abril de 2024 12:30",
        "ב-14 ביוני 2024, 12:30",
        "14 يونيو 2024 12:30",
        "2024年6月14日 下午12:30",
        "2024年6月14日（金）12時30分",
        "2024년 6월 14일 금요일 오후 12:30",
        "١٤/٠٦/٢٠٢٤ ١٢:٣٠",
        "June 14, 2024 Friday 12:30 PM GMT",
        "June 14, 2024 12:30 Eastern Daylight Time",
        "Fri Jun 14 12:30:00 UTC 2024",
        "Fri Jun 14 12:30:00 +0000 2024",
        "Fri, 14 Jun 2024 12:30:00 +0000 (UTC)",
        "2024-06-14 12:30:00+03",
        "2024-06-14T12:30Z",
        "14/Jun/2024 12:30 GMT-5",
        "14. 6. 2024 12:30",
    ],
)
def test_dates_in_the_languages_of_exports_to_the_minute(text):
    when = NOON.replace(month=4) if "abril" in text else NOON
    assert parse_date(text) == when
    assert find_date(f"Text: {text}; 3 400") == when


# For each language the months as they stand in a date, by hand.
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "fr, short": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "fr, plain": "JANVIER FEVRIER MARS AVRIL MAI JUIN JUILLET AOUT SEPTEMBRE OCTOBRE NOVEMBRE DECEMBRE",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "de, Austria": "Jänner Feber Maerz Apr. Mai Jun. Jul. Aug. Sept. Okt. Nov. Dez.",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "es, short": "ene. feb. mar. abr. may. jun. jul. ago. setiembre oct. nov. dic.",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "it, short": "gen feb mar apr mag giu lug ago set ott nov dic",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "pl, nominative": "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad "
    "grudzień",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ru, nominative": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "ru, short": "янв. фев. мар. апр. мая июн. июл. авг. сен. окт. ноя. дек.",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "uk, nominative": "січень лютий березень квітень травень червень липень серпень вересень жовтень листопад грудень",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "no": "januar februar mars april mai juni juli august september oktober november desember",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta "
    "marraskuuta joulukuuta",
    "cs": "ledna února března dubna května června července srpna září října listopadu prosince",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "tr, plain": "OCAK SUBAT MART NISAN MAYIS HAZIRAN TEMMUZ AGUSTOS EYLUL EKIM KASIM ARALIK",
    "hu": "január február március április május június július augusztus szeptember október november december",
    "el": "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου Νοεμβρίου "
    "Δεκεμβρίου",
}


@pytest.mark.parametrize("language", MONTHS)
def test_twelve_months_in_each_language(language):
    names = MONTHS[language].split()
    assert len(names) == 12
    for number, name in enumerate(names, start=1):
        assert parse_date(f"5 {name} 2024") == dt.datetime(2024, number, 5), name
        assert parse_date(f"{name} 5, 2024") == dt.datetime(2024, number, 5), name


@pytest.mark.parametrize(
    "text", ["31/04/2024", "29. Februar 2023", "14 June 1699", "14 juin 2101", "14 juin 24", "14.06.24"]
)
def test_impossible_days_far_years_and_two_digits_are_no_dates(text):
    assert parse_date(text) is None
    assert find_date(text) is None
    assert readings(text) == ()


def test_1700_to_2100_are_years():
    assert parse_date("1 January 1700") == dt.datetime(1700, 1, 1)
    assert parse_date("31 December 2100") == dt.datetime(2100, 12, 31)


def test_doubtful_dates_have_two_readings_and_are_none():
    assert parse_date("03/04/2024 10:15") is None
    assert readings("03/04/2024 10:15") == (dt.datetime(2024, 3, 4, 10, 15), dt.datetime(2024, 4, 3, 10, 15))
    assert readings("14/04/2024") == readings("04/04/2024") == readings("4 April 2024") == readings("soon") == ()
    assert readings(None) == ()


def test_the_weekday_beside_a_doubtful_date_tells():
    assert parse_date("Friday 03/05/2024") == dt.datetime(2024, 5, 3)
    assert parse_date("03/05/2024, mardi") == dt.datetime(2024, 3, 5)
    assert parse_date("Monday 03/05/2024") is None


def test_the_order_of_the_other_dates_of_a_source_settles():
    column = ["03/04/2024", "14/04/2024", "31/01/2024 10:30", "5 May 2024", "", None, "soon", "05/05/2024"]
    assert settle(map(order_of, column)) == "day-first"
    assert parse_date("03/04/2024", order="day-first") == dt.datetime(2024, 4, 3)
    assert settle(map(order_of, ["04/14/2024", "03/04/2024"])) == "month-first"
    assert parse_date("03/04/2024", order="month-first") == dt.datetime(2024, 3, 4)
    assert settle(map(order_of, [*column, "04/14/2024"])) is None
    assert settle(map(order_of, ["03/04/2024", "05/05/2024", "31/04/2024"])) is None
    assert settle([]) is None


@pytest.mark.parametrize("order", ["day-first", "month-first"])
def test_an_order_changes_no_certain_date(order):
    for text in ("14/06/2024", "06/14/2024", "2024-06-14", "14 June 2024"):
        assert parse_date(text, order=order) == DAY
    assert parse_date("Friday 03/05/2024", order=order) == dt.datetime(2024, 5, 3)
    assert parse_date("10. listopada 2024", order=order) is None


def test_a_month_that_two_languages_name_alike():
    assert parse_date("10 listopada 2024") == dt.datetime(2024, 11, 10)  # Polish has no point there, Croatian always
    assert readings("10. listopada 2024") == (dt.datetime(2024, 10, 10), dt.datetime(2024, 11, 10))
    assert parse_date("10. listopada 2024", language="hr") == dt.datetime(2024, 10, 10)
    assert parse_date("10. listopada 2024", language="pl") == dt.datetime(2024, 11, 10)
    assert parse_date("10. listopadu 2024") == dt.datetime(2024, 11, 10)
    assert months_of("listopada") == (10, 11)
    assert months_of("Versailles") == ()


def test_weekdays():
    assert [weekday_of(day) for day in ("Mon", "mardi", "среда", "Donnerstag", "Cuma", "lauantai", "Κυριακή")] == list(
        range(7)
    )
    assert weekday_of("June") is None


def test_the_time_of_day_is_the_one_beside_the_date():
    assert find_date("At 10:15 he left. 14 June 2024, 12:30; at 17:45 he came") == NOON
    assert find_date("Posted at 12:30 on 14 June 2024, 99 comments since 17:45") == NOON
    assert find_date("14 June 2024, talks of 17:45 hours") == DAY


@pytest.mark.parametrize(
    "text", ["14 June 2024 in Moscow", "until 14 June 2024", "14 June 2024 (99)", "14-15 June 2024"]
)
def test_what_says_more_than_a_date_is_no_value(text):
    assert parse_date(text) is None
    assert find_date(text) is not None


@given(st.datetimes(dt.datetime(1700, 1, 1), dt.datetime(2100, 12, 31)))
def test_every_moment_is_read_back(moment):
    minute = moment.replace(second=0, microsecond=0)
    assert parse_date(moment.isoformat()) == moment
    assert parse_date(f"{moment:%d %B %Y %H:%M}") == minute
    assert parse_date(f"{moment:%B} {moment.day}, {moment.year} {moment:%I:%M %p}") == minute
    doubtful = moment.day <= 12 and moment.day != moment.month
    assert parse_date(f"{moment:%d/%m/%Y}") == (None if doubtful else dt.datetime.combine(moment, dt.time()))
    assert parse_date(f"{moment:%d/%m/%Y}", order="day-first") == dt.datetime.combine(moment, dt.time())


@given(st.text(max_size=150) | st.text("0123456789 ./-:年月日juneмайApMTZ,()", max_size=80))
def test_any_text_goes_through(text):
    found = find_date(text)
    value = parse_date(text)
    assert found is None or 1700 <= found.year <= 2100
    assert value is None or value == found
    assert value is None or readings(text) == ()
