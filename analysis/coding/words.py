"""What a word type is to the rules of sentences: flags, found once a type."""

from __future__ import annotations

import numba
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

(
    CAPITAL,  # begins with a capital
    SMALL,  # begins with a small letter
    NUMBER,  # begins with a digit
    INITIAL,  # one capital letter
    PROPER,  # a capital, then a small letter
    WHOLE,  # three small letters or more, and nothing else behind the first
    DOTTED,  # its last period belongs to it (U.S.)
    TITLE,  # stands before a name (Mr)
    SHORT,  # an abbreviation that may be the last word of a sentence (Inc)
    NEVER_LAST,  # an abbreviation that something always follows (e.g.)
    NUMBERED,  # an abbreviation before a number, a word elsewhere (no. 5)
    CLOCK,  # a.m., p.m.
    CALENDAR,  # what may follow the hour: weekdays, months, time zones
    OPENER,  # often opens a sentence
    SPEECH,  # said, asked …
) = (1 << bit for bit in range(15))

_ANY_CASE = {
    SHORT: "al approx assn bldg blvd bros corp dept dist govt incl intl ltd max misc natl plc pvt resp univ inc",
    NEVER_LAST: "cf e.g e.g. i.e i.e. viz vs",
    NUMBERED: "art ca ch fig figs no nos nr para pp sec vol vols",
    CLOCK: "a.m a.m. p.m p.m. am pm",
    OPENER: """a about according accordingly additionally after again all also although an and another any are as at
        because before both but by despite during each earlier either even every few finally first following for from
        further furthermore given he hence her here his how however i if in indeed instead is it its last later many
        meanwhile moreover most much my neither nevertheless no none nor not nothing now of on once one only or other
        others our over overall perhaps previously rather she since so some soon still such than that the their then
        there therefore these they this those though three through throughout thus to today together two under unlike
        until was we were what when where whether which while who whose why will with within without would yet you
        your""",
    SPEECH: """said says say asked asks told tells added adds wrote writes replied replies shouted exclaimed cried
        called wondered demanded declared stated noted continued explained insisted warned tweeted posted quipped
        joked""",
}
# Ordinary words when written small (he sat, the mass, an art).
_CAPITALISED = {
    TITLE: """Adm Amb Asst Atty Brig Capt Cdr Cllr Cmdr Col Cols Comdr Cpl Det Dr Drs Fr Gen Gens Gov Govs Hon Insp Lt
        Ltg Maj Messrs Mgr Mlle Mme Mr Mrs Ms Msgr Mt Mx Pres Prof Profs Rep Reps Rev Revd Sen Sens Sgt Spc St Ste Supt
        Vice-Adm Lt-Col Lt-Gen Maj-Gen Brig-Gen""",
    SHORT: """Apr Aug Ave Bros Co Corp Cos Ct Dec Dem Dept Div Ed Esq Feb Ft Fri Inc Jan Jr Jul Jun Ltd Mar Mon Nov Oct
        Op Pl Pt Pty Rd Sat Sec Sep Sept Sq Sr Sun Thu Thur Thurs Tue Tues Vol Wed Ph Ala Ariz Ark Calif Colo Conn Del
        Fla Ga Ill Ind Kan Ky La Mass Md Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa Penn Tenn Tex Va Vt Wash Wis Wyo
        Ont Que Alta Man Sask""",
    CALENDAR: """Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun
        January February March April May June July August September October November December Jan Feb Mar Apr Jun Jul
        Aug Sep Sept Oct Nov Dec ET EST EDT CT CST CDT MT MST MDT PT PST PDT GMT UTC BST CET CEST EET EEST MSK IST JST
        Eastern Central Mountain Pacific Greenwich Moscow Kyiv""",
}

_NONE = np.zeros(1, np.int64)
_FLAGS: dict[str, int] = {}
for _flag, _list in _ANY_CASE.items():
    for _word in _list.split():
        for _form in (_word, _word.capitalize(), _word.upper()):
            _FLAGS[_form] = _FLAGS.get(_form, 0) | _flag
for _flag, _list in _CAPITALISED.items():
    for _word in _list.split():
        _FLAGS[_word] = _FLAGS.get(_word, 0) | _flag


_LISTED = pa.array(_FLAGS, pa.large_string())
_FLAGS_LISTED = np.array([*_FLAGS.values(), 0], np.int32)  # the last: of words in no list


def flags_of(words: pa.Array) -> np.ndarray:
    """int32, the flags of each word type (Arrow strings)."""
    _, offsets, data = words.buffers()
    offsets = np.frombuffer(offsets, np.int64)[words.offset : words.offset + len(words) + 1] if len(words) else _NONE
    flags = _ascii_shapes(np.frombuffer(data or b"", np.uint8), offsets)
    wide = np.flatnonzero(flags < 0)
    flags[wide] = [_shape(word) for word in words.take(pa.array(wide)).to_pylist()]
    listed = pc.index_in(words, value_set=_LISTED).fill_null(len(_LISTED)).to_numpy()
    return flags | _FLAGS_LISTED[listed]


@numba.njit(nogil=True, cache=True)
def _ascii_shapes(data, offsets):
    """What `_shape` says of words of ASCII characters; -1 for others."""
    flags = np.zeros(len(offsets) - 1, np.int32)
    for word in range(len(flags)):
        begin, end = offsets[word], offsets[word + 1]
        first, last = data[begin], data[end - 1]
        small, wide = True, first >= 0x80  # small letters only behind the first character; a character beyond ASCII
        for at in range(begin + 1, end):
            small &= 97 <= data[at] <= 122
            wide |= data[at] >= 0x80
        if wide:
            flags[word] = -1
            continue
        if 97 <= first <= 122:
            flags[word] = SMALL
        elif 48 <= first <= 57:
            flags[word] = NUMBER
        elif 65 <= first <= 90:
            flags[word] = CAPITAL
            if end - begin == 1:
                flags[word] |= INITIAL
            elif 97 <= data[begin + 1] <= 122:
                flags[word] |= PROPER
        if last == 46:
            flags[word] |= DOTTED | SHORT
        elif end - begin > 2 and small:
            flags[word] |= WHOLE
    return flags


def _shape(word: str) -> int:
    """The flags that follow from how a word is written."""
    first = word[0]
    if "a" <= first <= "z":
        flags = SMALL
    elif first.isdigit():
        flags = NUMBER
    elif first.isupper() or first.istitle():
        flags = CAPITAL
        if len(word) == 1:
            flags |= INITIAL
        elif word[1].islower():
            flags |= PROPER
    else:
        flags = SMALL if first.islower() else 0
    if word[-1] == ".":
        flags |= DOTTED | SHORT
    elif len(word) > 2 and word[-1].islower() and word[1:].isalpha() and word[1:].islower():
        flags |= WHOLE
    return flags
