"""Words that change what a hit of a scale adds: negators, intensifiers, contrast; the English lists and their form.

The rules that use them are VADER's (Hutto & Gilbert 2014) and stand in `sentiment`; which words they are is data. A
scale variable may state its own under ``modifiers``; else those of its codebook's language hold, where there are some.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from analysis.coding import patterns

REACH = 3  # words between which a modifier still works on a hit: it may be the third before it
RISE = 0.293  # what a word of degree adds to a weight on VADER's scale of -4 to 4

Pattern = Annotated[str, Field(min_length=1)]


class Modifiers(BaseModel):
    """The modifiers of a scale. Longer patterns win over shorter ones, whichever list they stand in.

    ``negators``: turn a hit behind them; a mapping gives each its reach in words (a list: 3). ``intensifiers``: what
    each adds to the size of a weight (less than 0: takes away). ``contrast``: what stands before the first of these in
    a sentence counts half, what stands behind it half as much again. ``except``: phrases that hold such a word and
    change nothing (*not only*).
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    negators: list[Pattern] | dict[Pattern, Annotated[int, Field(ge=1, le=10)]] = []
    intensifiers: dict[Pattern, Annotated[float, Field(allow_inf_nan=False)]] = {}
    contrast: list[Pattern] = []
    exceptions: Annotated[list[Pattern], Field(alias="except")] = []

    @model_validator(mode="after")
    def _is_whole(self) -> Modifiers:
        seen: dict[str, str] = {}
        for name, listed in self.lists().items():
            for pattern in listed:
                try:
                    form = patterns.normal_form(pattern)
                except ValueError as error:
                    raise ValueError(f"{name}: pattern {pattern!r} {error}") from None
                if seen.setdefault(form, name) != name:
                    raise ValueError(f"pattern {pattern!r} stands in {seen[form]} and in {name}; one place is allowed")
        return self

    def lists(self) -> dict[str, list[str]]:
        """The patterns of each list, under the list's key."""
        return {
            "negators": list(self.negators),
            "intensifiers": list(self.intensifiers),
            "contrast": self.contrast,
            "except": self.exceptions,
        }

    def reach(self, negator: str) -> int:
        """How many words behind it a negator works."""
        return self.negators[negator] if isinstance(self.negators, dict) else REACH


def default(language: str) -> Modifiers | None:
    """The modifiers that come with Samestory for a language; None where there are none."""
    return _SHIPPED.get(language)


def _words(text: str) -> list[str]:
    """Words parted by spaces, and phrases parted by commas."""
    return [piece.strip() for part in text.split("\n") for piece in part.split(",") if piece.strip()]


_NEGATORS = """
    not, no, never, cannot, *n't
    aint, arent, couldnt, didnt, doesnt, dont, hadnt, hasnt, havent, isnt, shouldnt, wasnt, werent, wouldnt
    none, nobody, no one, nothing, nowhere, neither, nor, no longer
    without, despite, in spite of, instead of, rather than, far from, anything but
    rarely, seldom, hardly, scarcely
"""
# A negator of what stands beside it only: `the least good`.
_NEAR = {"least": 1}
_MORE = """
    absolutely, amazingly, awfully, completely, considerably, decidedly, deeply, enormously, entirely, especially
    exceptionally, extremely, fully, greatly, highly, hugely, immensely, incredibly, intensely, overwhelmingly
    particularly, profoundly, purely, quite, really, remarkably, so, substantially, thoroughly, totally, tremendously
    truly, unbelievably, unusually, utterly, very, more, most
    never … so, never … this, rarely … so, rarely … this, seldom … so, hardly ever … so
    considerable, enormous, exceptional, extreme, immense, incredible, major, total, tremendous, utter
"""
_LESS = """
    almost, nearly, barely, fairly, just enough, kind of, kinda, sort of, sorta, less, little, a bit
    marginally, mildly, moderately, occasionally, partially, partly, relatively, slightly, somewhat
    marginal, occasional, slight, scarce
"""
_CHANGE_NOTHING = """
    not only, not just, not merely, not simply, not least, not to mention, not necessarily, at least, very least
    without doubt, without a doubt, without question, no doubt, no matter, no less
    nothing but,     but also, but for, all but, last but not least, little by little, more or less
"""

ENGLISH = Modifiers(
    negators=dict.fromkeys(_words(_NEGATORS), REACH) | _NEAR,
    intensifiers=dict.fromkeys(_words(_MORE), RISE) | dict.fromkeys(_words(_LESS), -RISE),
    contrast=["but"],
    exceptions=_words(_CHANGE_NOTHING),
)
_SHIPPED = {"en": ENGLISH}
