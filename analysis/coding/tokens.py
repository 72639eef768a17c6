"""Texts → tokens: integer arrays over one vocabulary, with exact character offsets.

A token is a run of Unicode letters, marks and digits. Inside it are kept, where letters or digits stand on both
sides: apostrophes (``don’t``), hyphens (``cease-fire``), and between digits ``, . /`` (``700,000``, ``9/11``). Single
letters with periods are one token with its last period (``U.S.``, ``U.S.-led``). The clitic ``’s`` is a token of its
own, so that ``Kyiv’s`` counts as ``Kyiv``. Han and Hiragana characters are tokens one by one; Thai and other scripts
without spaces stay one run. Web and mail addresses fall apart into their words.

The loop runs over the UTF-8 bytes of Arrow string buffers (numba, no Python string a token); folding is done once a
type, not once a token.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.coding import characters


@dataclass(frozen=True)
class Tokens:
    """The tokens of a sequence of texts, in order.

    Attributes:
        types: int32, a token's raw type (an index into `raw`).
        starts: int32, its first character in its text. byte_starts: int64, its first byte in `data`.
        sizes, byte_sizes: int32, characters and bytes of each raw type (tokens of a type are of one length).
        bounds: int64, text i holds tokens ``bounds[i]`` to ``bounds[i + 1] - 1``.
        data, offsets: the UTF-8 bytes of all texts and where each text begins in them.
        raw_strings: the raw types as printed, as an Arrow array; `raw` has them as a list.
        folded, fold_of: the types as counted, and raw type → folded type.
    """

    types: np.ndarray
    starts: np.ndarray
    byte_starts: np.ndarray
    sizes: np.ndarray
    byte_sizes: np.ndarray
    bounds: np.ndarray
    data: np.ndarray
    offsets: np.ndarray
    raw_strings: pa.Array

    @cached_property
    def raw(self) -> list[str]:
        """The raw types as printed."""
        return self.raw_strings.to_pylist()

    @cached_property
    def _folding(self) -> tuple[pa.Array, np.ndarray]:
        return fold_types(self.raw_strings)

    @cached_property
    def folded(self) -> list[str]:
        """The types as counted."""
        return self._folding[0].to_pylist()

    @property
    def folded_strings(self) -> pa.Array:
        """The same as an Arrow array."""
        return self._folding[0]

    @property
    def fold_of(self) -> np.ndarray:
        """int32, the folded type of each raw type."""
        return self._folding[1]

    @cached_property
    def ends(self) -> np.ndarray:
        """int32, one past each token's last character."""
        return self.starts + self.sizes[self.types]

    @cached_property
    def byte_ends(self) -> np.ndarray:
        """int64, one past each token's last byte."""
        return self.byte_starts + self.byte_sizes[self.types]

    @cached_property
    def texts(self) -> np.ndarray:
        """int64, the text of each token."""
        return np.repeat(np.arange(len(self.bounds) - 1), np.diff(self.bounds))


def tokenise(texts: Sequence[str | None] | pd.Series | pa.Array) -> Tokens:
    """The tokens of each text; a missing text has none. Any string is allowed.

    Args:
        texts: strings (NFC, if types that look alike are to be counted as one: the fold also normalises).

    Raises:
        ValueError: a partition over 2 GiB (split it: offsets of a text are int32).
    """
    from analysis.coding.interning import number_words  # compiled loops, which an index is asked without
    from analysis.coding.scanning import find_words

    data, offsets = bytes_of(texts)
    starts, byte_starts, lengths, bounds = find_words(data, offsets)
    types, raw = number_words(data, byte_starts, lengths)
    return Tokens(
        types=types,
        starts=starts,
        byte_starts=byte_starts,
        sizes=pc.utf8_length(raw).to_numpy().astype(np.int32),
        byte_sizes=pc.binary_length(raw).to_numpy().astype(np.int32),
        bounds=bounds,
        data=data,
        offsets=offsets,
        raw_strings=raw,
    )


def fold_types(raw: pa.Array) -> tuple[pa.Array, np.ndarray]:
    """Folded types, in order of coming; and int32, the folded type of each raw type (see `characters.fold`)."""
    return _encoded(pc.ascii_lower(raw), raw, characters.fold)


def unify_types(raw: pa.Array) -> tuple[pa.Array, np.ndarray]:
    """The same for case-sensitive patterns (see `characters.unify`)."""
    return _encoded(raw, raw, characters.unify)


def _encoded(plain: pa.Array, raw: pa.Array, form: Callable[[str], str]) -> tuple[pa.Array, np.ndarray]:
    """The forms of raw types, each once, and which each has: ``plain`` where a type is ASCII, else ``form`` of it."""
    wide = pc.invert(pc.string_is_ascii(raw))
    forms = pc.replace_with_mask(plain, wide, pa.array(_each(form, raw.filter(wide).to_pylist()), raw.type))
    encoded = forms.dictionary_encode()
    return encoded.dictionary, encoded.indices.to_numpy()


def _each(form: Callable[[str], str], words: list[str]) -> list[str]:
    """A form of each word, made of all in one go: line breaks part them, which no word holds and no step goes over."""
    return form("\n".join(words)).split("\n") if words else []


def frozen(array: np.ndarray) -> np.ndarray:
    """The same array, read-only. What comes from Arrow or a file may be so or not, and numba compiles for either."""
    view = array.view()
    view.flags.writeable = False
    return view


def count_words(texts: Sequence[str | None] | pd.Series) -> np.ndarray:
    """int64, the number of tokens of each text."""
    from analysis.coding.scanning import find_words

    *_, bounds = find_words(*bytes_of(texts))
    return np.diff(bounds)


def bytes_of(texts: Sequence[str | None] | pd.Series | pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """UTF-8 bytes (uint8) and offsets (int64, one more than texts), without a copy where Arrow holds them so."""
    if isinstance(texts, pd.Series):
        array = pa.array(texts, type=pa.large_string(), from_pandas=True)
    elif isinstance(texts, (pa.Array, pa.ChunkedArray)):
        array = texts.cast(pa.large_string())
    else:
        try:
            array = pa.array(texts, type=pa.large_string())
        except UnicodeEncodeError:
            # A lone surrogate cannot be UTF-8; it is kept as the three bytes it would have, and is no letter.
            array = pa.array(
                [None if text is None else text.encode("utf-8", "surrogatepass") for text in texts], pa.large_binary()
            )
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if array.null_count:
        array = array.fill_null(b"" if pa.types.is_large_binary(array.type) else "")
    _, offset_buffer, data_buffer = array.buffers()
    if not len(array):
        return np.zeros(0, np.uint8), np.zeros(1, np.int64)
    offsets = np.frombuffer(offset_buffer, np.int64)[array.offset : array.offset + len(array) + 1]
    if np.diff(offsets).max() >= 2**31:
        raise ValueError("a text over 2 GiB cannot be tokenised; split it")
    data = np.frombuffer(data_buffer, np.uint8) if data_buffer is not None else np.zeros(0, np.uint8)
    return frozen(data), frozen(offsets)
