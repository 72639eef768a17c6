"""Pairs of renderings → those that render one utterance, with the words of each that stand for the other's.

Two whole quotations or clauses are compared from end to end; a fragment is compared with the words of the other that it
is about, in marks or not; where few or none of its words are kept, with the words that stand in the same frame: ``a …
rather than`` beside ``a …, not``. How sure one can be that two renderings are one utterance:

    sure = speakers · (agree + (1 − agree) · context)

* agree: the share of weight that both have, over words of content (Dice 1945): 2 · kept / (all of a + all of b); a word
  is kept where its stem is;
* context: half the similarity of their sentences; for a fragment also the frame it stands in, .15 for each of four that
  agrees: 1 − (1 − similarity / 2) · (1 − .15 · frame);
* speakers: 1 for the same, .9 where one is not named or one is a person and the other is not, .8 for two bodies with
  nothing in common, .65 for two persons.

The numbers were set by judgement, by reading what comes out on stories of several kinds; none is fitted to counts.
"""

from __future__ import annotations

import functools
import re
import unicodedata

import numba
import numpy as np
import pandas as pd
from rapidfuzz import fuzz
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from analysis.coding.grammar import AUXILIARY, BODIES, DETERMINER, OBJECT, SUBJECT, closed_tag, is_role
from analysis.coding.names import plain
from analysis.coding.renderings import A_IN_B, B_IN_A, CONTRASTS, GOVERNS, JOINS, OPENS, QUOTED, WHOLE, Bodies, holders
from analysis.coding.word_alignment import align, find_window, form_of

SIDES = ("a", "b")
LONGEST_SLOT = 4  # words of a fragment that another may stand for in the same frame
_SHORT = 4  # words of content up to which a fragment may agree with other words by chance
_STEP = 0.15  # of similarity that weighs as much as one word of the frame
_POINTS = 5  # that a short fragment needs (see `_convincing`)
_ALL = 1 - 1e-9  # agreement of all words, whatever their sum is rounded to
_CONTEXT = 8  # words on either side in which the frames of two fragments may have a word in common

# How much is left of the evidence that words give, by what the speakers are to each other.
SAME, UNKNOWN, OTHER, DIFFERENT = 1.0, 0.9, 0.8, 0.65

_INNER = re.compile(r" (?:of|in|from|for|at|on) ")
_SPELLING, _GIVEN = 80, 60  # least likeness (0 to 100) of surnames, and of first names, that are spelt differently


def find_utterances(
    bodies: Bodies, renderings: pd.DataFrame, quotes: pd.DataFrame, pairs: pd.DataFrame, *, sure: float
) -> pd.DataFrame:
    """The pairs that render one utterance.

    Args:
        quotes: speaker, person_named. pairs: of `find_pairs`. sure: the least.

    Returns:
        utterance; first and beyond (words) and marks of either side, quote_a, quote_b (rows of ``quotes``; -1 for the
        outlet's own words), speaker_changed, sure. Of pairs that overlap the surest stays, words in marks before
        others; clauses come after quotations, and one stays where those inside hold less than half of its words.
    """
    found = _judged(bodies, renderings, quotes, compare(bodies, renderings, pairs))
    kept = _surest(bodies, found[_convincing(renderings, found, sure)])
    return kept.assign(utterance=_connected(kept))


def groups_of(renderings: pd.DataFrame, quotes: pd.DataFrame, stories: np.ndarray) -> list[np.ndarray]:
    """Within what renderings are compared without a pair of sentences: what one speaker says in a story, and the short
    fragments in marks of a story. For each rendering a number, -1 for none. ``stories``: a number for each article."""
    names = quotes["speaker"].to_numpy(dtype=object, na_value=None)[renderings["quote"]]
    story = stories[renderings["article"]].astype(np.int64)
    keys = [f"{at} {short_name(name)}" if name else None for at, name in zip(story.tolist(), names, strict=True)]
    size = (renderings["beyond"] - renderings["first"]).to_numpy()
    short = renderings["fragment"].to_numpy() & (size <= LONGEST_SLOT) & (renderings["marks"] != "indirect").to_numpy()
    return [pd.factorize(np.array(keys, dtype=object))[0].astype(np.int64), np.where(short, story, -1)]


def compare(bodies: Bodies, renderings: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """What the pairs of `find_pairs` have in common.

    Returns:
        The pairs in which something was found, with first and beyond of the words that stand for each other, and

        * agree: 2 · weight kept / weight of both, over words of content; a word is kept where its stem is (Dice 1945).
        * kept: words of content kept. asked: words of content of what was looked for (of the shorter, where both
          are whole).
        * frame: how many agree of the word before, the word behind, the words around, and the function words inside.
    """
    inside = holders(bodies, renderings, QUOTED)
    hidden = -1 - np.arange(len(bodies.start))
    said = [
        (bodies.keys, bodies.stems),
        (np.where(inside >= 0, hidden, bodies.keys), np.where(inside >= 0, hidden, bodies.stems)),
    ]
    # A window that is stretched stops at punctuation, marks, the edge of a clause, *and* and *that*.
    stops = bodies.parted.copy()
    for holder in (inside, holders(bodies, renderings, ("indirect",))):
        stops[:-1] |= holder[1:] != holder[:-1]
    joint = (bodies.slots == JOINS) | (bodies.slots == OPENS)
    stops |= joint
    stops[:-1] |= joint[1:]
    spans = [pairs[name].to_numpy(np.int64) for name in ("first_a", "beyond_a", "first_b", "beyond_b")]
    spans, agree, kept, asked, frame = _compare(
        *spans,
        pairs["how"].to_numpy(np.int64),
        pairs["plain"].to_numpy(np.bool_),
        *(array.astype(np.int64) for pair in said for array in pair),
        bodies.parted,
        stops,
        bodies.content,
        bodies.slots,
        bodies.sentence,
        bodies.bounds,
        bodies.weights,
    )
    columns = dict(zip(("first_a", "beyond_a", "first_b", "beyond_b"), spans.T, strict=True))
    table = pairs.assign(**columns, agree=agree, kept=kept, asked=asked, frame=frame)
    return table[(spans[:, 1] > spans[:, 0]) & (spans[:, 3] > spans[:, 2])].reset_index(drop=True)


@numba.njit(nogil=True, cache=True)
def _compare(
    first_a, beyond_a, first_b, beyond_b, how, plain, keys, stems, plain_keys, plain_stems, parted, stops,
    content, slots, sentence, bounds, weights,
):  # fmt: skip
    n = len(first_a)
    spans = np.zeros((n, 4), np.int64)
    agree, frame = np.zeros(n), np.zeros(n, np.int64)
    kept, asked = np.zeros(n, np.int64), np.zeros(n, np.int64)
    for at in range(n):
        a0, a1, b0, b1 = first_a[at], beyond_a[at], first_b[at], beyond_b[at]
        if how[at] != WHOLE:
            # The fragment is s, where it is looked for is l.
            s0, s1, l0, l1 = (a0, a1, b0, b1) if how[at] == A_IN_B else (b0, b1, a0, a1)
            own_keys, own_stems = (plain_keys, plain_stems) if plain[at] else (keys, stems)
            low, high = find_window(
                keys[s0:s1], stems[s0:s1], content[s0:s1],
                own_keys[l0:l1], own_stems[l0:l1], content[l0:l1], stops[l0:l1],
            )  # fmt: skip
            low, high = l0 + low, l0 + high
            if high == low and s1 - s0 > 1:
                low, high = _find_slot(
                    s0, s1, l0, l1, own_keys, stops, keys, stems, content, slots, parted, sentence, bounds
                )
            if high == low:
                continue
            a0, a1, b0, b1 = (s0, s1, low, high) if how[at] == A_IN_B else (low, high, s0, s1)
        spans[at] = a0, a1, b0, b1
        path = align(keys[a0:a1], stems[a0:a1], content[a0:a1], keys[b0:b1], stems[b0:b1], content[b0:b1])
        i, j, same, whole_a, whole_b, words_a, words_b = a0, b0, 0.0, 0.0, 0.0, 0, 0
        for step in path:
            if (step == 0 or step == 3) and content[i] and content[j] and stems[i] == stems[j]:
                same += weights[stems[i]]
                kept[at] += 1
            if step != 2:
                whole_a += weights[stems[i]] * content[i]
                words_a += content[i]
                i += 1
            if step != 1:
                whole_b += weights[stems[j]] * content[j]
                words_b += content[j]
                j += 1
        agree[at] = 2 * same / max(whole_a + whole_b, 1e-9)
        asked[at] = words_a if how[at] == A_IN_B else words_b if how[at] == B_IN_A else min(words_a, words_b)
        frame[at] = _frame(a0, a1, b0, b1, keys, stems, content, slots, parted, sentence, bounds)
        frame[at] += _same_shape(a0, a1, b0, b1, keys, content)
    return spans, agree, kept, asked, frame


@numba.njit(nogil=True, cache=True)
def _find_slot(s0, s1, l0, l1, own_keys, stops, keys, stems, content, slots, parted, sentence, bounds):
    """The words of as many and the same classes as a fragment's that stand in its frame; none unless all of it fits."""
    size = s1 - s0
    if size > LONGEST_SLOT or s0 == bounds[sentence[s0]]:
        return l0, l0
    for low in range(max(l0, bounds[sentence[l0]] + 1), l1 - size + 1):
        fits = keys[low - 1] == keys[s0 - 1]
        for at in range(size):
            fits &= content[low + at] == content[s0 + at] and own_keys[low + at] >= 0
            fits &= at == size - 1 or not stops[low + at]
        if fits and _frame(s0, s1, low, low + size, keys, stems, content, slots, parted, sentence, bounds) == 3:
            return low, low + size
    return l0, l0


@numba.njit(nogil=True, cache=True)
def _frame(a0, a1, b0, b1, keys, stems, content, slots, parted, sentence, bounds):
    """How many agree of: the word before, the word behind, some word of content near."""
    sa, sb = sentence[a0], sentence[b0]
    low_a, high_a, low_b, high_b = bounds[sa], bounds[sa + 1], bounds[sb], bounds[sb + 1]
    agrees = 0
    if a0 > low_a and b0 > low_b:
        same_class = slots[a0 - 1] > 0 and slots[a0 - 1] == slots[b0 - 1]
        agrees += keys[a0 - 1] == keys[b0 - 1] or same_class
    if a1 < high_a and b1 < high_b:
        behind_a, behind_b = _behind(a1, high_a, slots, parted), _behind(b1, high_b, slots, parted)
        agrees += keys[a1] == keys[b1] or (behind_a > 0 and behind_a == behind_b)
    for i in range(max(low_a, a0 - _CONTEXT), min(high_a, a1 + _CONTEXT)):
        if not content[i] or a0 <= i < a1:
            continue
        for j in range(max(low_b, b0 - _CONTEXT), min(high_b, b1 + _CONTEXT)):
            if content[j] and not b0 <= j < b1 and stems[i] == stems[j]:
                return agrees + 1
    return agrees


@numba.njit(nogil=True, cache=True)
def _same_shape(a0, a1, b0, b1, keys, content):
    """Whether two fragments have the same function words, at least two, in the same places: a kick in the teeth."""
    shared = 0
    for at in range(a1 - a0):
        if a1 - a0 != b1 - b0 or content[a0 + at] != content[b0 + at]:
            return False
        if not content[a0 + at]:
            if keys[a0 + at] != keys[b0 + at]:
                return False
            shared += 1
    return shared > 1


@numba.njit(nogil=True, cache=True, inline="always")
def _behind(at, high, slots, parted):
    """The class of the word behind a fragment: a contrast (also ``and not``), or what governs, unless parted."""
    if slots[at] == CONTRASTS:
        return CONTRASTS
    if slots[at] == JOINS and at + 1 < high and slots[at + 1] == CONTRASTS:
        return CONTRASTS
    return GOVERNS if slots[at] == GOVERNS and not parted[at - 1] else 0


@functools.lru_cache(maxsize=1 << 17)
def relation(a: str | None, person_a: bool, b: str | None, person_b: bool) -> tuple[float, bool]:
    """How much is left of what the words say (SAME, UNKNOWN, OTHER or DIFFERENT), and whether the speaker changed.

    Args:
        a, b: speakers of the table *quotes*; None where nobody is named. person_a, person_b: named as a person.

    Names are the same where one holds the words of the other and they end alike (``Foreign Ministry``, ``Freedonia's
    Foreign Ministry``), surnames where they are spelt alike (Volodymyr Zelenskyy, Vladimir Zelensky). A pronoun, a
    description (``the head of state``) and a country beside one of its bodies may be the same and are not told apart.
    """
    one, two = _name(a), _name(b)
    if not one or not two:
        return UNKNOWN, False
    nested = _holds(one, two) or _holds(two, one)
    if nested and one[-1] == two[-1]:
        return SAME, False
    if person_a and person_b:
        alike = fuzz.ratio(one[-1], two[-1]) >= _SPELLING
        given = len(one) == 1 or len(two) == 1 or fuzz.ratio(one[0], two[0]) >= _GIVEN
        return (SAME, False) if alike and given else (DIFFERENT, True)
    if nested or (not person_a and _describes(one)) or (not person_b and _describes(two)):
        return UNKNOWN, False
    return (UNKNOWN if person_a or person_b else OTHER), True


def _describes(name: tuple[str, ...]) -> bool:
    """Whether a speaker is somebody unnamed: the head of state, a witness, police officials."""
    return any(is_role(word) and word not in BODIES for word in (name[0], name[-1]))


def _holds(one: tuple[str, ...], two: tuple[str, ...]) -> bool:
    """Whether each word of the one is, or begins as, a word of the other: Russia, Russian officials."""
    return all(any(word[:5] == other[:5] for other in two) for word in one)


def short_name(name: str) -> str:
    """What spellings of one name have in common most of the time: the first letters of its last word."""
    return (_name(name) or ("",))[-1][:4]


@functools.lru_cache(maxsize=1 << 16)
def _name(name: str | None) -> tuple[str, ...]:
    """The words of a name as they are compared; none of a pronoun. Behind two words or more, what follows ``of`` or
    ``in`` is left out."""
    letters = unicodedata.normalize("NFD", plain(name or ""))
    text = "".join(letter for letter in letters if not unicodedata.combining(letter))
    head = _INNER.split(text)[0]
    words = [form_of(word.removesuffix("'s"))[0] for word in (head if " " in head.strip() else text).split()]
    return tuple(word for word in words if closed_tag(word) not in (SUBJECT, OBJECT, DETERMINER, AUXILIARY))


def _judged(bodies: Bodies, renderings: pd.DataFrame, quotes: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """With marks and quote (row; -1 for the outlet's own words) of either side, speakers and sure."""
    clause = holders(bodies, renderings, ("indirect",))
    names = [*quotes["speaker"].to_numpy(dtype=object, na_value=None).tolist(), None]
    persons = [*quotes["person_named"].tolist(), False]
    marks, quote = renderings["marks"].to_numpy(object), renderings["quote"].to_numpy(np.int64)
    sides = {}
    for side in SIDES:
        own, first = found[side].to_numpy(), found[f"first_{side}"].to_numpy()
        # Words without marks are said by whom the clause reports that they stand in.
        last = found[f"beyond_{side}"].to_numpy() - 1
        owner = np.where(own >= 0, own, np.maximum(clause[first], clause[last]))
        sides[f"marks_{side}"] = np.where(owner >= 0, marks[owner], "none")
        sides[f"quote_{side}"] = np.where(owner >= 0, quote[owner], -1)
    pairs = zip(sides["quote_a"].tolist(), sides["quote_b"].tolist(), strict=True)
    related = [relation(names[a], persons[a], names[b], persons[b]) for a, b in pairs]
    speakers, changed = (
        np.array([pair[at] for pair in related], kind) for at, kind in ((0, np.float64), (1, np.bool_))
    )
    half = found["close"].to_numpy() / 2
    framed = 1 - (1 - half) * (1 - _STEP * found["frame"].to_numpy())
    parts = found["how"].to_numpy() != WHOLE
    parts |= renderings["fragment"].to_numpy()[found["a"]] & renderings["fragment"].to_numpy()[found["b"]]
    context = np.where(parts, framed, half)
    agree = found["agree"].to_numpy()
    return found.assign(
        **sides, speakers=speakers, speaker_changed=changed, sure=speakers * (agree + (1 - agree) * context)
    )


def _convincing(renderings: pd.DataFrame, found: pd.DataFrame, sure: float) -> np.ndarray:
    """Which pairs are one utterance: those sure enough, less those whose agreement may be chance.

    Few words agree by chance. So short fragments need five points: two for each word of content where all are kept
    (else one for each kept, less one for each other), one for each .15 of the similarity of the sentences, for each
    part of the frame that agrees, for the same speaker, and where both renderings are these words in marks and no more.
    """
    agree, close, kept, asked = (found[name].to_numpy() for name in ("agree", "close", "kept", "asked"))
    speakers, frame = found["speakers"].to_numpy(), found["frame"].to_numpy()
    short = asked <= _SHORT
    entire, parts = np.ones(len(found), np.bool_), np.ones(len(found), np.bool_)
    direct, plain = np.zeros(len(found), np.bool_), np.zeros(len(found), np.bool_)
    for side in SIDES:
        row, marks = found[side].to_numpy(), found[f"marks_{side}"].to_numpy(object)
        entire &= np.isin(marks, QUOTED)
        for edge in ("first", "beyond"):
            entire &= renderings[edge].to_numpy()[row] == found[f"{edge}_{side}"].to_numpy()
        parts &= (row >= 0) & renderings["fragment"].to_numpy()[row]
        direct |= (row >= 0) & (renderings["marks"].to_numpy(object)[row] == "direct")
        plain |= marks == "none"
    within = short & (found["how"].to_numpy() != WHOLE)
    parts &= short & ((kept > 0) | ((frame > 2) & (close >= 2 * _STEP)))
    words = np.where(agree > _ALL, 2 * kept, 2 * kept - asked)
    points = words + close / _STEP + frame + (speakers == SAME) + entire
    enough = np.where(within | parts, points >= _POINTS, agree >= 0.25)
    # Of a fragment stands in a longer text: more than half, or half in its frame, or none but in all of its frame.
    enough &= ~within | (2 * kept > asked) | ((2 * kept == asked) & (frame > 1)) | ((frame > 2) & ~plain)
    # Of longer words that the outlet has as its own, and of a whole quotation without marks, most must be kept.
    enough &= within | ~plain | (agree >= 0.5)
    enough &= ~(found["plain"].to_numpy() & direct) | ((kept >= 3) & (agree >= 0.5))
    # What two speakers said must be too long to be said twice.
    enough &= (speakers != DIFFERENT) | ((kept >= 4) & (agree >= 0.8))
    enough &= (speakers != OTHER) | (kept >= 3) | ((agree > _ALL) & (close >= 2 * _STEP))
    return enough & (found["sure"].to_numpy() >= sure)


def _surest(bodies: Bodies, found: pd.DataFrame) -> pd.DataFrame:
    """One row for each stretch of words and other article (see `find_utterances`)."""
    quoted = [np.isin(found[f"marks_{side}"].to_numpy(object), QUOTED) for side in SIDES]
    clause = ~(quoted[0] & quoted[1]) & (found["how"].to_numpy() == WHOLE)
    bonus = (quoted[0] & quoted[1]) * np.where(found["how"].to_numpy() == WHOLE, 0.3, 0.1)
    bonus = bonus + 0.04 * np.minimum(found["kept"].to_numpy(), 8) + 0.01 * found["close"].to_numpy()
    keys = [found[name].to_numpy() for name in ("beyond_b", "first_b", "beyond_a", "first_a")]
    order = np.lexsort((*keys, -(found["sure"].to_numpy() + bonus).round(9), clause))
    said = np.concatenate([[0], np.cumsum(bodies.content)])
    article = bodies.articles[bodies.sentence]
    spans = found[["first_a", "beyond_a", "first_b", "beyond_b"]].to_numpy()
    _, pair = np.unique(article[spans[:, 0]] * len(bodies.articles) + article[spans[:, 2]], return_inverse=True)
    return found[_staying(order, pair, clause, spans, said)].reset_index(drop=True)


@numba.njit(nogil=True, cache=True)
def _staying(order, pair, clause, spans, said):
    """Which rows stay, of those of one pair of articles in their order; the last that stayed leads to those before."""
    stays, before = np.zeros(len(order), np.bool_), np.full(len(order), -1)
    latest = np.full(len(order), -1)
    for row in order:
        free, covered_a, covered_b = True, 0, 0
        other = latest[pair[row]]
        while other >= 0 and free:
            for side in range(2):
                first = max(spans[row, 2 * side], spans[other, 2 * side])
                beyond = min(spans[row, 2 * side + 1], spans[other, 2 * side + 1])
                if first < beyond:
                    free &= clause[row] and not clause[other]
                    if side == 0:
                        covered_a += said[beyond] - said[first]
                    else:
                        covered_b += said[beyond] - said[first]
            other = before[other]
        whole_a = said[spans[row, 1]] - said[spans[row, 0]]
        whole_b = said[spans[row, 3]] - said[spans[row, 2]]
        if free and 2 * covered_a < whole_a and 2 * covered_b < whole_b:
            stays[row], before[row], latest[pair[row]] = True, latest[pair[row]], row
    return stays


def _connected(kept: pd.DataFrame) -> np.ndarray:
    """A number for all rows that are connected: by the same stretch of words, or by two that share at least half of the
    longer (so that a fragment is not one with the clause around it)."""
    spans = np.concatenate([kept[[f"first_{side}", f"beyond_{side}"]].to_numpy(np.int64) for side in SIDES])
    stretches, at = np.unique(spans, axis=0, return_inverse=True)
    joined = np.stack(np.split(at.ravel(), 2), axis=1).tolist()
    open_ones: list[int] = []
    for one, (first, beyond) in enumerate(stretches.tolist()):
        open_ones = [other for other in open_ones if stretches[other, 1] > first]
        for other in open_ones:
            low, high = stretches[other].tolist()
            if 2 * (min(beyond, high) - first) >= max(beyond - first, high - low):
                joined.append([other, one])
        open_ones.append(one)
    left, right = np.array(joined, np.int64).reshape(-1, 2).T
    links = coo_array((np.ones(len(left)), (left, right)), shape=(len(stretches), len(stretches)))
    return connected_components(links, directed=False)[1][at.ravel()[: len(kept)]].astype(np.int64)
