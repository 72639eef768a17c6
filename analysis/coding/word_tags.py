"""Forms and tags of all types of some texts at once: Arrow tells those of plain words, `grammar` those of the rest."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.coding import grammar

_LISTED = pa.array(sorted(grammar.LISTED), pa.large_string())
_ENDINGS = ("ly", "ed", "men")  # of words whose tag may follow from their ending (`grammar`)


def forms_of(raw: pa.Array) -> pa.Array:
    """The form (`grammar.key`) of each raw type, as Arrow strings of the same kind."""
    other = pc.or_(pc.invert(pc.string_is_ascii(raw)), pc.ends_with(raw, "."))
    return pc.replace_with_mask(
        pc.ascii_lower(raw), other, pa.array(map(grammar.key, raw.filter(other).to_pylist()), raw.type)
    )


def tag_codes(raw: pa.Array, forms: pa.Array, cue_tags: dict[str, str]) -> tuple[np.ndarray, np.ndarray]:
    """uint8, the code of the tag of each raw type inside a sentence, and as its first word (`grammar.tags_of`).

    Args:
        forms: as `forms_of` gives them. cue_tags: the tag of each form of a cue.
    """
    if not len(raw):
        return np.zeros(0, np.uint8), np.zeros(0, np.uint8)
    special = pc.invert(pc.string_is_ascii(raw))
    for listed in (_LISTED.cast(forms.type), pa.array(cue_tags, forms.type)):
        special = pc.or_(special, pc.is_in(forms, value_set=listed))
    for ending in _ENDINGS:
        special = pc.or_(special, pc.ends_with(forms, ending))
    # No list has it and no ending tells: a number, a name, or a plain word, after its first character.
    _, offsets, data = raw.buffers()
    begins = np.frombuffer(offsets, np.int64)[raw.offset : raw.offset + len(raw)]
    inside = _OF_FIRST[np.frombuffer(data, np.uint8)[begins]]
    first = inside.copy()
    places = np.flatnonzero(special.to_numpy(zero_copy_only=False))
    tags = grammar.tags_of(raw.take(pa.array(places)).to_pylist(), cue_tags)
    inside[places], first[places] = map(grammar.codes, tags)
    return inside, first


def _of_first() -> np.ndarray:
    """The code of the tag of a word in no list, by its first byte."""
    table = np.full(256, ord(grammar.PLAIN), np.uint8)
    table[ord("0") : ord("9") + 1] = ord(grammar.NUMBER)
    table[ord("A") : ord("Z") + 1] = ord(grammar.NAME)
    return table


_OF_FIRST = _of_first()
