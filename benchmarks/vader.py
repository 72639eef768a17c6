"""VADER's list as a codebook: ``python -m benchmarks.vader`` writes ``data/codebooks/vader.yml``.

The list is read from the package vaderSentiment, which only this command and the tests need; a test holds the shipped
file equal to what this gives.
"""

from __future__ import annotations

import re
from importlib import metadata, resources
from pathlib import Path

import yaml

from analysis.coding import patterns

FILE = Path(__file__).resolve().parents[1] / "data" / "codebooks" / "vader.yml"
_WORD = re.compile(r"[^\W\d_]{2}")

HEAD = """\
name: vader
version: 1.0.0
language: en
description: >-
  Words that are good or bad to hear, each with the mean of ten people's ratings from -4 to 4: the list of VADER. Made
  for posts on social media; the program applies it with VADER's rules of negation, intensity and contrast.
sources:
  - "Hutto, C. J., & Gilbert, E. (2014). VADER: A parsimonious rule-based model for sentiment analysis of social media
    text. Proceedings of the International AAAI Conference on Web and Social Media, 8(1), 216-225."
  - "Chan, C.-H., Bajjalieh, J., Auvil, L., Wessler, H., Althaus, S., Welbers, K., van Atteveldt, W., & Jungblut, M.
    (2021). Four best practices for measuring news sentiment using 'off-the-shelf' dictionaries: A large-scale p-hacking
    experiment. Computational Communication Research, 3(1), 1-27."
notes: |
"""

NOTES = """\
What it measures. How pleasant the words of a text are to hear, as raters without context found them, not what is
good or bad for anybody: "war", "death" and "attack" are negative in the mouth of every side, and "peace talks
failed" adds up both ways. Compare outlets on the same story, and check the scores of a study against human coding
(samestory sample, samestory agree) before citing them; Chan et al. (2021) show how little dictionaries made for other
texts may agree with coders of news, and with each other.

Written by a command from vader_lexicon.txt of the package vaderSentiment {version} and not edited by hand: {kept} of
its {listed} entries, weights as listed. Left out, {out} entries: {never} that can never match a token of words
(emoticons, words with signs in them, letters replaced by *, which is a wildcard here), and {short} without two letters
side by side (numbers used as codes such as 187, letters with periods, single letters, codes such as m8), which are
numbers, initials and names in news. Where the list has one entry twice, the later weight holds, as in the package.

Known false friends in news: like, well, kind, share, interest, security, united, party, play, no, and codes of chat
that are also names or initials (po, gt, pu). The column in_name of the mentions marks hits inside proper names; a
study's own codebook of the same name may except others.

Negators, intensifiers and contrasting words are the program's English lists, since the variable states none.

The list comes under the following licence.

{licence}
"""


def entries() -> dict[str, float]:
    """The list as the package reads it: of an entry that stands twice the later weight."""
    text = resources.files("vaderSentiment").joinpath("vader_lexicon.txt").read_text(encoding="utf-8")
    rows = [line.strip().split("\t") for line in text.splitlines() if line.strip()]
    return {row[0]: float(row[1]) for row in rows}


def sorted_out(listed: dict[str, float]) -> tuple[dict[str, float], list[str], list[str]]:
    """The entries that are patterns; those that can never match; those without two letters side by side."""
    kept, never, short, seen = {}, [], [], set()
    for entry, weight in listed.items():
        try:
            form = None if "*" in entry or "?" in entry else patterns.normal_form(entry)
        except ValueError:
            form = None
        if form is None:
            never.append(entry)
        elif not _WORD.search(entry):
            short.append(entry)
        elif form not in seen:
            kept[entry] = weight
            seen.add(form)
    return kept, never, short


def codebook() -> str:
    """The text of vader.yml."""
    listed = entries()
    kept, never, short = sorted_out(listed)
    licence = next(file for file in metadata.files("vaderSentiment") if "LICENSE" in file.name).read_text().strip()
    notes = NOTES.format(
        version=metadata.version("vaderSentiment"),
        kept=f"{len(kept):,}",
        listed=f"{len(listed):,}",
        out=len(never) + len(short),
        never=len(never),
        short=len(short),
        licence=licence,
    )
    lines = [HEAD, *(f"  {line}".rstrip() + "\n" for line in notes.rstrip().splitlines()), "\n"]
    lines.append("variables:\n  sentiment:\n    kind: scale\n")
    lines.append("    question: How pleasant or unpleasant are the words?\n    categories:\n")
    for category, sign in (("positive", 1), ("negative", -1)):
        chosen = {entry: kept[entry] for entry in sorted(kept) if kept[entry] * sign > 0}
        text = yaml.safe_dump(chosen, default_flow_style=True, width=94, sort_keys=False, allow_unicode=True)
        lines.append(f"      {category}:\n")
        lines += [f"        {line.strip()}\n" for line in text.splitlines()]
    return "".join(lines)


def main() -> None:
    """Write the codebook."""
    FILE.write_text(codebook(), encoding="utf-8")
    print(FILE)


if __name__ == "__main__":
    main()
