"""Digests of source files: the same as of their content, whatever was kept of them before."""

import hashlib
import json
import os

import pytest

from analysis.corpus import digests
from analysis.corpus.digests import digests_of


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.setattr(digests, "_SETTLED", -(10**9))  # a change shows at once
    found = [tmp_path / name for name in ("one.txt", "two.txt")]
    for file in found:
        file.write_text(f"{file.stem} of the files")
    return found


def plain(files):
    return {file: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_what_has_not_changed_is_not_read_again(files, tmp_path, monkeypatch):
    kept = tmp_path / "kept" / "digests.json"
    kept.parent.mkdir()
    assert digests_of(files, kept) == plain(files)
    asked = []
    read = digests._digest
    monkeypatch.setattr(digests, "_digest", lambda file: asked.append(file) or read(file))
    assert digests_of(files, kept) == plain(files) and asked == []
    seen = files[0].stat()
    files[0].write_text("one in the files")  # as long as before, and its time set back
    os.utime(files[0], ns=(seen.st_atime_ns, seen.st_mtime_ns))
    assert digests_of(files, kept) == plain(files) and asked == files[:1]
    assert digests_of(files[1:], kept) == plain(files[1:])
    assert list(json.loads(kept.read_text())) == [str(files[1])]


def test_what_changed_a_moment_ago_is_read_again(files, tmp_path, monkeypatch):
    monkeypatch.setattr(digests, "_SETTLED", 10**12)
    assert digests_of(files, tmp_path / "digests.json") == plain(files)
    assert not (tmp_path / "digests.json").exists()


@pytest.mark.parametrize("broken", ["", "[]", "{", '{"x": 1}', "\0"])
def test_what_was_kept_may_be_lost_or_broken(files, tmp_path, broken):
    kept = tmp_path / "digests.json"
    kept.write_text(broken)
    assert digests_of(files, kept) == plain(files)
    assert digests_of(files, tmp_path / "one.txt" / "no folder") == plain(files)


def test_what_is_no_file_has_a_name_for_that(tmp_path):
    assert digests_of([tmp_path, tmp_path / "none"], tmp_path / "kept") == dict.fromkeys(
        [tmp_path, tmp_path / "none"], "no file"
    )
