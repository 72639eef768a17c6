"""Frames: what goes in comes out, each half by itself; and a frame that is broken on disk is lost, not misread."""

from __future__ import annotations

import datetime as dt
import sqlite3
import struct

import pytest

from analysis.corpus.frames import halves, pack, survey, unpack
from analysis.corpus.kept import Kept, Lost
from analysis.corpus.line_keys import line_keys

DATE = dt.datetime(2024, 6, 14, 9, 30)
BODIES = ["Зажот met.\n\nThey spoke.", "One “line”."]
ROW = {"outlet_printed": "The Gull", "headline": "Talks", "published": DATE, "language": "en"}
PART = {"part": None, "format": "CSV"}
STUB = {"index": 1, "reason": "no text", "number": None, "headline": "Fire", "stub": {"id": "7", "published": DATE}}
CUT = {"line": 1, "text": "Share", "rule": "share"}


def entry(index, body):
    row = {**ROW, "body": body}
    return {"index": index, "number": 3, "order": "dmy", "keys": line_keys(body), "article": row, "cuts": [CUT]}


ENTRIES = [PART, entry(0, BODIES[0]), STUB, entry(2, BODIES[1])]


def test_the_first_half_tells_what_a_survey_asks():
    part, one, stub, other = survey(halves(pack(ENTRIES))[0])
    assert (part, stub) == (PART, STUB)
    for found, index, body in ((one, 0, BODIES[0]), (other, 2, BODIES[1])):
        keys = found.pop("keys")
        assert list(struct.unpack(f"<{len(keys) // 8}Q", keys)) == line_keys(body)
        assert found == {"index": index, "order": "dmy", "article": {"outlet_printed": "The Gull"}}


def test_the_second_half_tells_what_the_tables_hold():
    part, one, stub, other = unpack(halves(pack(ENTRIES))[1])
    assert (part, stub) == (PART, STUB)
    for found, index, body in ((one, 0, BODIES[0]), (other, 2, BODIES[1])):
        article = {**ROW, "body": body.encode()}
        assert found == {"index": index, "number": 3, "article": article, "cuts": [CUT]}


def test_a_frame_that_is_cut_off_on_disk_is_lost(tmp_path):
    kept = Kept(tmp_path / "read.sqlite")
    kept.add("a", 0, pack(ENTRIES))
    kept.end("a")
    kept.close()
    for size in (5, 30, 200):
        with sqlite3.connect(tmp_path / "read.sqlite") as connection:
            connection.execute("UPDATE frames SET data = substr(data, 1, ?) WHERE place = 0", (size,))
        connection.close()
        kept = Kept(tmp_path / "read.sqlite")
        with pytest.raises(Lost):
            list(kept.frames("a", 1))
        kept.add("a", 0, pack(ENTRIES))
        kept.end("a")
        kept.close()
