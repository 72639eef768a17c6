"""Numbers and dates that aligned sentences claim: agreements, conflicts, absences.

A claim is a row of *numbers*; the two ends of a range are one claim. Claims of two articles meet only where their
sentences are aligned, and are matched by what they count or date and by their unit, never by their place: claims of the
same thing first, then claims of the same value. Of what is matched, the relation says:

agreement     the intervals meet: a printed value to its last printed digit, *about* within a tenth, *at least* and *at
              most* on their side, measures after conversion; 2022 and 2022-11; half and 50 %
conflict      the same thing, another value: 87 drones and 78 drones, annexed in March and annexed in November
incomparable  the same thing in terms that neither confirm nor exclude each other: in November and in 2022, 5 million
              dollars and 5 million euros
absence       no counterpart in any sentence of the other article that is aligned with the sentence of the claim; nor
              elsewhere in that article the same thing with a value that agrees, or an event that both have dated, in
              other terms (such a claim is the counterpart, and the note says so)

Limits: what is counted is a stem found by rules, synonyms are known for some nouns and verbs of news only; an absence
is only as sure as the alignment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from analysis.comparison.claims import Claim, meet, printed, read_claims
from analysis.study import UserError

RELATIONS = ("agreement", "conflict", "incomparable", "absence")


class _Match(NamedTuple):
    """Two claims of a pair of articles, or one (the other None), and the proposition and sentences they stand in."""

    one: int | None
    other: int | None
    relation: str
    note: str
    pair: tuple[str, str]
    sentences: tuple[int, int]
    proposition: int


def compare_numbers(numbers: pd.DataFrame, alignments: pd.DataFrame) -> pd.DataFrame:
    """Each claim of aligned sentences beside its counterpart in the other article, or beside nothing.

    Args:
        numbers: the table *numbers*. alignments: the table *alignments*; rows without a ``proposition`` are left out.

    Returns:
        One row a matched pair of claims, or a claim without a counterpart: proposition, article_a, sentence_a, text_a,
        value_a, date_a, the same of b, kind, unit and what (of a, else of b), relation, note. In an absence the side
        without the claim has its nearest aligned sentence, and no text. In order of articles and sentences as in
        ``alignments``.
    """
    claims = read_claims(numbers)
    rows = []
    for match in _matches(claims, alignments):
        row: dict[str, object] = {"proposition": match.proposition}
        for side, number, article, sentence in zip("ab", match[:2], match.pair, match.sentences, strict=True):
            claim = claims[number] if number is not None else None
            row |= {f"article_{side}": article, f"sentence_{side}": sentence}
            row |= {f"{name}_{side}": getattr(claim, name, None) for name in ("text", "value", "date")}
        said = claims[match.one if match.one is not None else match.other]
        row |= {"kind": said.kind, "unit": said.unit, "what": said.what}
        rows.append(row | {"relation": match.relation, "note": match.note})
    sides = [f"{name}_{side}" for side in "ab" for name in ("article", "sentence", "text", "value", "date")]
    columns = ["proposition", *sides, "kind", "unit", "what", "relation", "note"]
    types = {"proposition": "Int64", "sentence_a": "int64", "sentence_b": "int64", "value_a": float, "value_b": float}
    return pd.DataFrame(rows, columns=columns).astype({**dict.fromkeys(columns, "str"), **types})


def number_claims(
    numbers: pd.DataFrame, alignments: pd.DataFrame, articles: pd.DataFrame, *, by: str = "outlet"
) -> pd.DataFrame:
    """One row a claim of a proposition over all outlets that make it: who says 87, who 78, and who says neither.

    Claims that `compare_numbers` matches in any two articles are one row.

    Args:
        by: a column of ``articles``: outlet, or whatever is compared. Articles without a level are left out.

    Returns:
        proposition, kind, what (the most frequent stem), values (each value with its levels: ``87 (A, B); 78 (C)``, the
        most frequent first), majority (that first value), n_majority and n (levels that have it, and that make the
        claim), without (levels with a sentence in the proposition that lacks it), n_without, conflict (two of the
        claims are in conflict). Conflicts first, then the most widely made claims.
    """
    if by not in articles.columns:
        raise UserError(f"by {by!r} is no column of articles; allowed: {', '.join(articles.columns)}")
    claims = read_claims(numbers)
    matches = list(_matches(claims, alignments))
    level = articles.set_index("article_id")[by].dropna().astype("str").to_dict()
    held = sorted({number for match in matches for number in match[:2] if number is not None})
    links = [(match.one, match.other) for match in matches if match.relation != "absence"]
    one, other = np.array(links, dtype=np.int64).reshape(-1, 2).T
    group = connected_components(coo_array((np.ones(len(one)), (one, other)), shape=(len(claims),) * 2))[1]
    fought = {group[match.one] for match in matches if match.relation == "conflict"}
    members: dict[int, list[int]] = defaultdict(list)
    for number in held:
        if claims[number].article in level:
            members[group[number]].append(number)
    place, heard = _propositions(alignments, level)
    rows = [
        _as_row([claims[number] for number in numbers_of], level, place, heard) | {"conflict": label in fought}
        for label, numbers_of in members.items()
    ]
    columns = [
        "proposition",
        "kind",
        "what",
        "values",
        "majority",
        "n_majority",
        "n",
        "without",
        "n_without",
        "conflict",
    ]
    text = dict.fromkeys(("kind", "what", "values", "majority", "without"), "str")
    counts = dict.fromkeys(("n_majority", "n", "n_without"), "int64")
    table = pd.DataFrame(rows, columns=columns).astype({"proposition": "Int64", "conflict": bool, **text, **counts})
    order = np.lexsort((np.arange(len(table)), table["proposition"].fillna(-1), -table["n"], ~table["conflict"]))
    return table.iloc[order].reset_index(drop=True)


def _as_row(
    said: list[Claim],
    level: dict[str, str],
    place: dict[tuple[str, int], int],
    heard: dict[int, set[str]],
) -> dict[str, object]:
    """One claim over all levels."""
    levels: dict[str, set[str]] = defaultdict(set)
    for claim in said:
        levels[printed(claim)].add(level[claim.article])
    values = sorted(levels, key=lambda value: (-len(levels[value]), value))
    making = set().union(*levels.values())
    found = {place[home] for claim in said if (home := (claim.article, claim.sentence)) in place}
    stems = [claim.what for claim in said if claim.what]
    lacking = sorted(set().union(*(heard[number] for number in found)) - making)
    return {
        "proposition": min(found),
        "kind": said[0].kind,
        "what": min(stems, key=lambda stem: (-stems.count(stem), stem)) if stems else None,
        "values": "; ".join(f"{value} ({', '.join(sorted(levels[value]))})" for value in values),
        "majority": values[0],
        "n_majority": len(levels[values[0]]),
        "n": len(making),
        "without": ", ".join(lacking) or None,
        "n_without": len(lacking),
    }


def _propositions(
    alignments: pd.DataFrame, level: dict[str, str]
) -> tuple[dict[tuple[str, int], int], dict[int, set[str]]]:
    """The proposition of each aligned sentence, and the levels that have a sentence in each proposition."""
    place: dict[tuple[str, int], int] = {}
    heard: dict[int, set[str]] = defaultdict(set)
    for row in alignments[alignments["proposition"].notna()].itertuples():
        for article, sentence in ((row.article_a, row.sentence_a), (row.article_b, row.sentence_b)):
            place[article, sentence] = row.proposition
            if article in level:
                heard[row.proposition].add(level[article])
    return place, heard


def _matches(claims: list[Claim], alignments: pd.DataFrame) -> Iterator[_Match]:
    """The matches and absences of each pair of articles, in order of the alignments and of the claims."""
    standing: dict[tuple[str, int], list[int]] = defaultdict(list)
    whole: dict[str, list[int]] = defaultdict(list)
    for number, claim in enumerate(claims):
        standing[claim.article, claim.sentence].append(number)
        whole[claim.article].append(number)
    pairs: dict[tuple[str, str], list] = defaultdict(list)
    for row in alignments[alignments["proposition"].notna()].itertuples():
        pairs[row.article_a, row.article_b].append(row)
    for pair, edges in pairs.items():
        found = [*_side_by_side(claims, standing, pair, edges)]
        yield from sorted(_elsewhere(claims, whole, found), key=lambda match: match.sentences)


def _elsewhere(claims: list[Claim], whole: dict[str, list[int]], found: list[_Match]) -> list[_Match]:
    """The matches of a pair of articles, absences replaced where the same thing is said in a sentence not aligned.

    A date in other terms counts only where both articles have the other date too: then it is of the same event.
    """
    done = {match[:2]: match for match in found if match.relation != "absence"}
    left = [match for match in found if match.relation == "absence"]
    for relation in ("agreement", "incomparable"):
        agreed = {number for match in done.values() if match.relation == "agreement" for number in match[:2]}
        still = []
        for match in left:
            other = _same_elsewhere(claims, whole, match, relation, agreed)
            if other:
                done.setdefault(other[:2], other)
            else:
                still.append(match)
        left = still
    return [*done.values(), *left]


def _same_elsewhere(
    claims: list[Claim], whole: dict[str, list[int]], match: _Match, relation: str, agreed: set[int]
) -> _Match | None:
    """The counterpart of an absent claim in any sentence of the other article."""
    here, side = (match.one, 1) if match.other is None else (match.other, 0)
    claim = claims[here]
    if claim.what is None or (relation == "incomparable" and claim.kind != "date"):
        return None
    for number in whole[match.pair[side]]:
        known = claims[number].what == claim.what and (relation == "agreement" or number in agreed)
        met = meet(claim, claims[number], alone=False) if known else None
        if met and met[1] == relation:
            two = ((here, match.sentences[1 - side]), (number, claims[number].sentence))
            (one, first), (other, second) = two if side else two[::-1]
            note = "; ".join(part for part in (met[2], "in a sentence that is not aligned") if part)
            return match._replace(one=one, other=other, relation=relation, note=note, sentences=(first, second))
    return None


def _side_by_side(
    claims: list[Claim], standing: dict[tuple[str, int], list[int]], pair: tuple[str, str], edges: list
) -> Iterator[_Match]:
    """The matches in aligned sentences of a pair of articles: the strongest first, each claim once; then absences."""
    met: list[tuple] = []
    home: dict[int, tuple] = {}  # a claim → the nearest edge of its sentence
    for edge in edges:
        ones, others = standing.get((pair[0], edge.sentence_a), ()), standing.get((pair[1], edge.sentence_b), ())
        for number in (*ones, *others):
            if number not in home or edge.similarity > home[number].similarity:
                home[number] = edge
        for one in ones:
            for other in others:
                alone = all(
                    sum(claims[number].kind == claims[one].kind for number in side) == 1 for side in (ones, others)
                )
                found = meet(claims[one], claims[other], alone=alone)
                if found:
                    met.append((-found[0], one, other, found[1], found[2], edge))
    met.sort(key=lambda found: found[:3])
    done: set[int] = set()
    # The second time around, what one side says twice may agree with what the other says once.
    for again in (False, True):
        for _, one, other, relation, note, edge in met:
            free = (one not in done or other not in done) if again else (one not in done and other not in done)
            if free and (not again or relation == "agreement"):
                done |= {one, other}
                places = (edge.sentence_a, edge.sentence_b)
                yield _Match(one, other, relation, note, pair, places, edge.proposition)
    for number, edge in home.items():
        if number not in done:
            one, other = (number, None) if claims[number].article == pair[0] else (None, number)
            places = (edge.sentence_a, edge.sentence_b)
            yield _Match(one, other, "absence", "", pair, places, edge.proposition)
