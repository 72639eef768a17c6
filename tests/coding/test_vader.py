"""The shipped codebook of VADER is what the package's list gives, and reads fast."""

import time

from analysis.coding.codebook import read_codebook
from analysis.study import shipped
from benchmarks.vader import FILE, codebook, entries, sorted_out


def test_the_shipped_file_is_what_the_command_writes():
    assert FILE.read_text(encoding="utf-8") == codebook()


def test_weights_are_those_of_the_list():
    listed = entries()
    kept, never, short = sorted_out(listed)
    variable = read_codebook(shipped("codebooks") / "vader.yml").variables["sentiment"]
    assert variable.kind == "scale" and list(variable.categories) == ["positive", "negative"]
    weights = {pattern: weight for category in variable.categories.values() for pattern, weight in category.items()}
    assert weights == kept
    assert all(weight > 0 for weight in variable.categories["positive"].values())
    assert all(weight < 0 for weight in variable.categories["negative"].values())
    # Every entry is in the codebook or counted as left out, and no word is left out.
    assert len(kept) + len(never) + len(short) == len(listed) == 7506
    assert {word for word in listed if word.isalpha() and len(word) > 1} <= set(weights)
    assert {":)", "o.o", "187", "l", "8-d"} <= set(never) | set(short)
    assert weights["war"] == -2.9 and weights["no"] == -1.2 and weights["can't stand"] == -2.0


def test_it_is_read_in_half_a_second():
    def seconds() -> float:
        begin = time.process_time()
        read_codebook(shipped("codebooks") / "vader.yml")
        return time.process_time() - begin

    assert min(seconds() for _ in range(5)) < 0.5  # whatever else the machine does meanwhile
