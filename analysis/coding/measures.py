"""Units: money, measures and periods, in the forms that news prints them."""

from __future__ import annotations

import re

from analysis.coding.given import lexicon
from analysis.coding.numerals import either

# unit: its forms. Those of more than three letters take a plural s and any case.
_FORMS = """
%: % percent per_cent pct|pp: percentage_point percentage-point|USD: dollar US_dollar U.S._dollar USD
AUD: Australian_dollar AUD|CAD: Canadian_dollar CAD|HKD: Hong_Kong_dollar|EUR: euro EUR|GBP: pound_sterling GBP
CHF: franc Swiss_franc CHF|RUB: ruble rouble RUB|UAH: hryvnia UAH|JPY: yen JPY|CNY: yuan renminbi CNY|INR: rupee INR
ILS: shekel|TRY: lira Turkish_lira|PLN: zloty|SEK: SEK|NOK: NOK|SAR: riyal|IRR: rial|NGN: naira|cent: cent|pound: pound
km: kilometer kilometre km kms|m: meter metre m|cm: centimeter centimetre cm|mm: millimeter millimetre mm|mi: mile
ft: foot feet ft|in: inch inches|yd: yard yd|nmi: nautical_mile|km2: square_kilometer square_kilometre sq_km km² km2
mi2: square_mile sq_mi|m2: square_meter square_metre sq_m m² m2|ft2: square_foot square_feet sq_ft|ha: hectare ha
ac: acre|km/h: kilometers_per_hour kilometres_per_hour kilometers_an_hour kilometres_an_hour km/h kph kmh
mi/h: miles_per_hour miles_an_hour mph|t: ton tons tonne metric_ton|kg: kilogram kilo kg|g: gram gramme|oz: ounce oz
lb: lb lbs|l: liter litre|gal: gallon|°C: degrees_Celsius degrees_C °C C|°F: degrees_Fahrenheit degrees_F °F F
°: degree °
kW: kilowatt kW|MW: megawatt MW|GW: gigawatt GW|kWh: kilowatt-hour kWh|MWh: megawatt-hour MWh|GWh: gigawatt-hour GWh
second: second|minute: minute min mins|hour: hour hr hrs|day: day days|night: night|week: week|fortnight: fortnight
month: month|year: year yr yrs|decade: decade|century: century centuries
"""
PERIODS = lexicon("second minute hour day night week fortnight month year decade century")
MONEY = lexicon("USD AUD CAD HKD EUR GBP CHF RUB UAH JPY CNY INR ILS TRY PLN SEK NOK SAR IRR NGN cent pound")
_UNIT_OF = {
    (form.replace("_", " ") if len(form) < 4 else form.replace("_", " ").lower()): entry.partition(":")[0]
    for entry in re.split(r"[|\n]", _FORMS.strip())
    for form in entry.partition(": ")[2].split()
}
SIGNS = {"$": "USD", "US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "HK$": "HKD", "€": "EUR"}
SIGNS |= {
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "Rs": "INR",
    "Rs.": "INR",
    "₽": "RUB",
    "₴": "UAH",
    "₪": "ILS",
    "₺": "TRY",
}
SIGNS |= {code: code for code in ("USD", "EUR", "GBP", "JPY", "CHF", "RUB", "UAH", "INR", "CNY", "AUD", "CAD")}
_LONG = [form for form in _UNIT_OF if len(form) > 3]
_BRIEF = [form for form in _UNIT_OF if len(form) < 4 and form not in ("C", "F")]  # 30C, but not a grade C
_LASTING = "working|business|calendar|consecutive|straight|full|whole|long|more|additional|further|extra"
_GLUE = rf"(?: (?:{_LASTING}) (?=(?:hour|day|night|week|month|year|decade)s)|[- \u00a0]?)"
UNIT = re.compile(rf"{_GLUE}(?:(?P<long>(?i:{either(_LONG)}))(?i:s)?|(?P<brief>{either(_BRIEF)}|(?<=[0-9])[CF]))(?!\w)")
SIGN = re.compile(rf"(?<!\w)(?P<sign>{either(SIGNS)})[ \u00a0]?\Z")
_SIGN_ENDS = frozenset(sign[-1] for sign in SIGNS)
SIGN_AHEAD = re.compile(rf"(?:{either(SIGNS)})[ \u00a0]?")


def sign_before(body: str, start: int, at: int) -> re.Match[str] | None:
    """The sign or code of a currency right before a place, not before ``start``."""
    last = body[at - 2 : at - 1] if body[at - 1 : at] in (" ", "\u00a0") else body[at - 1 : at]
    return SIGN.search(body, max(start, at - 5), at) if last in _SIGN_ENDS and at > start else None


def unit_of(match: re.Match[str]) -> str:
    """The unit that a match of `UNIT` names."""
    form = match["brief"] or match["long"].lower()
    return _UNIT_OF.get(form) or _UNIT_OF[form.rstrip("s")]
