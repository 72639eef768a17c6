"""Reading in processes: what one file does costs no other; runs go on where they stopped; nothing depends on order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile

import pandas as pd
import pytest

from analysis.corpus import pool
from analysis.corpus.articles import read_articles
from analysis.corpus.digests import digests_of
from analysis.corpus.kept import Kept
from analysis.corpus.limits import LIMITS
from analysis.corpus.places import source_files

QUICK = LIMITS._replace(seconds=3)
PAGE = (
    "Talks {n} fail\n\nThey met on Tuesday in room {n} and parted without a text, officials said.\n\nHe did not come."
)
# A process in which plain text that says so misbehaves.
STRANGE = """import json, os, signal, sys, time; sys.path[:] = json.loads(sys.argv[1])
from analysis.corpus.readers import text
def read(path, *, encoding, keep, usual=text.read):
    said = path.read_bytes()
    if said.startswith(b"LATE"):
        yield {"source_index": 0, "body": "Before it hangs."}
    if said.startswith((b"HANG", b"LATE")):
        while True: pass
    if said.startswith(b"EAT"):
        held = [bytearray(50_000_000) for _ in range(1000)]
    if said.startswith(b"DIE"):
        os.kill(os.getpid(), signal.SIGKILL)
    if said.startswith(b"PRINT"):
        print("x" * 100_000)
    if said.startswith(b"RAISE"):
        raise KeyError("no such thing")
    if said.startswith(b"SLOW"):
        time.sleep(0.02)
    yield from usual(path, encoding=encoding, keep=keep)
text.read = read
from analysis.corpus import reading
def make(item, *arguments, usual=reading.make_article, **options):
    while "STICK" in item.get("body", ""): pass
    return usual(item, *arguments, **options)
reading.make_article = make
from analysis.corpus.readers import FORMATS, module_of
for format in FORMATS: module_of(format)  # so that a busy machine does not take loading them for a hang
from analysis.corpus.worker import main; main()"""


def pages(*names):
    return {f"articles/{name}.txt": PAGE.format(n=name) for name in names}


def counted(study, **options):
    """The tables, and how many files were read for them."""
    kept = Kept(study.tables_folder / "read.sqlite")
    digests = digests_of(source_files(study), study.tables_folder / "digests.json")
    seen = []
    return read_articles(study, kept=kept, digests=digests, progress=seen.append, **options), len(seen)


def same(one, other):
    for name in one:
        pd.testing.assert_frame_equal(one[name], other[name])


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("HANG", "took longer than 3 s"),
        ("EAT", "takes too much memory; split the file"),
        ("DIE", "the process that read it was ended by the system: most likely it took too much memory"),
        ("RAISE", "the reader of plain text fails on it: KeyError: 'no such thing'"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="signals and limits of memory")
def test_a_file_that_misbehaves_is_a_reject_and_its_neighbours_stay(make_study, monkeypatch, said, reason):
    monkeypatch.setattr(pool, "_START", STRANGE)
    study = make_study({**pages("a", "c"), "articles/b.txt": said})
    limits = (QUICK if said == "HANG" else LIMITS)._replace(memory=500_000_000)
    tables = read_articles(study, workers=1, limits=limits)
    assert tables["articles"]["source_file"].to_list() == ["articles/a.txt", "articles/c.txt"]
    assert tables["rejects"].to_dict("records") == [
        {"source_file": "articles/b.txt", "source_index": 0, "reason": reason}
    ]


def test_neighbours_in_the_file_that_hangs_are_kept(make_study, monkeypatch):
    monkeypatch.setattr(pool, "_START", STRANGE)
    study = make_study({"articles/b.txt": "LATE"})
    tables = read_articles(study, workers=1, limits=QUICK)
    assert tables["articles"]["body"].to_list() == ["Before it hangs."]
    assert tables["rejects"][["source_index", "reason"]].to_numpy().tolist() == [[1, "took longer than 3 s"]]


def test_an_article_at_which_the_rules_hang_costs_no_other(make_study, monkeypatch):
    monkeypatch.setattr(pool, "_START", STRANGE)
    bodies = ["One.", "Two. STICK", "Three."]
    with zipfile.ZipFile(
        make_study({"articles/x.jsonl": [{"body": body} for body in bodies]}).folder / "a.zip", "w"
    ) as file:
        file.writestr("one.txt", "HANG")
        file.writestr("two.jsonl", "\n".join(f'{{"body": "{body} again"}}' for body in bodies))
    study = make_study({}, articles=["articles", "a.zip"])
    tables = read_articles(study, workers=1, limits=QUICK)
    assert tables["articles"]["body"].to_list() == ["One. again", "Three. again", "One.", "Three."]
    assert [(name, index) for name, index, _ in tables["rejects"].itertuples(index=False)] == [
        ("a.zip/one.txt", 0),
        ("a.zip/two.jsonl", 1),
        ("articles/x.jsonl", 1),
    ]
    assert (tables["rejects"]["reason"] == "took longer than 3 s").all()


def test_what_a_reader_prints_does_not_disturb(make_study, monkeypatch):
    monkeypatch.setattr(pool, "_START", STRANGE)
    study = make_study({**pages("a"), "articles/b.txt": "PRINT it\n\nThey met on Tuesday, as officials said."})
    assert len(read_articles(study, workers=1)["articles"]) == 2


def test_a_process_that_does_not_start_is_an_error_not_a_loss(make_study, monkeypatch):
    monkeypatch.setattr(pool, "_START", "raise SystemExit('no such interpreter')")
    with pytest.raises(RuntimeError, match="the process that reads does not start: no such interpreter"):
        read_articles(make_study(pages("a")), workers=1)


def test_tables_do_not_depend_on_the_number_of_processes(make_study, monkeypatch):
    monkeypatch.setattr(pool, "FILES_EACH", 1)
    files = {
        **pages(*"abcdefgh"),
        "articles/i.jsonl": [{"body": "One.", "published": "2024-06-14 10:30"}, {"title": "x"}, {"body": "One."}],
        "articles/b2.txt": PAGE.format(n="a"),
        "articles/z.html": "<p>" + PAGE.format(n="z"),
        "articles/empty.txt": "",
        "articles/bad.md": b"\xff",
    }
    study = make_study(files)
    here = read_articles(study)
    assert here["articles"]["published"].notna().sum() == 1
    assert (here["rejects"]["reason"].str.startswith("duplicate")).sum() == 2
    for workers in (1, 3):
        same(here, read_articles(study, workers=workers))


def test_only_what_changed_is_read_again(make_study, tmp_path):
    study = make_study(pages("a", "b", "c"))
    first, n = counted(study)
    assert n == 3
    again, n = counted(study)
    assert n == 0
    same(first, again)
    (tmp_path / "articles" / "b.txt").write_text(PAGE.format(n="new"))
    (tmp_path / "articles" / "a.txt").rename(tmp_path / "articles" / "d.txt")
    changed, n = counted(study)
    assert n == 1
    assert changed["articles"]["headline"].to_list() == ["Talks new fail", "Talks c fail", "Talks a fail"]
    assert changed["articles"]["source_file"].to_list()[-1] == "articles/d.txt"
    same(changed, read_articles(study))
    (tmp_path / "articles" / "d.txt").rename(tmp_path / "articles" / "d.md")  # read as another format
    assert counted(study)[1] == 1


def test_other_settings_read_again(make_study):
    files = pages("a", "b")
    assert counted(make_study(files))[1] == 2
    assert counted(make_study(files, language="de"))[1] == 2
    files["list.csv"] = "file,outlet\narticles/a.txt,Gull\n"
    tables, n = counted(make_study(files, language="de", manifest="list.csv"))
    assert (n, tables["articles"]["outlet"].to_list()[0]) == (1, "Gull")


def test_an_interrupted_reading_goes_on_where_it_stopped(make_study):
    study = make_study(pages(*map(str, range(20))))
    seen = []

    def stop(progress):
        seen.append(progress)
        if progress.done == 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kept = Kept(study.tables_folder / "read.sqlite")
        digests = digests_of(source_files(study), study.tables_folder / "digests.json")
        read_articles(study, workers=1, kept=kept, digests=digests, progress=stop)
    assert (len(seen), seen[-1].of) == (7, 20)
    tables, n = counted(study, workers=2)
    assert n == 13
    same(tables, read_articles(study))


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_a_killed_reading_poisons_nothing(make_study, tmp_path):
    study = make_study({f"articles/{n:03}.txt": f"SLOW {PAGE.format(n=n)}" for n in range(150)})
    script = (
        "from analysis.corpus import pool; from analysis import open_study, read; import sys\n"
        f"pool._START = {STRANGE!r}\nread(open_study(sys.argv[1]), progress=lambda at: print(at.done, flush=True))"
    )
    run = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    while int(run.stdout.readline()) < 80:
        pass
    run.send_signal(signal.SIGKILL)
    run.wait()
    run.stdout.close()
    tables, n = counted(study)
    assert 0 < n < 130  # what was read in the last second may be read again
    same(tables, read_articles(study))


@pytest.mark.parametrize("harm", ["garbage", "cut", "flipped", "folder"])
def test_a_broken_store_is_made_anew(make_study, harm):
    study = make_study(pages(*"abcdef"))
    first, _ = counted(study)
    store = study.tables_folder / "read.sqlite"
    data = bytearray(store.read_bytes())
    if harm == "garbage":
        store.write_bytes(b"no database" * 1000)
    elif harm == "cut":
        store.write_bytes(data[: len(data) // 2])
    elif harm == "flipped":
        for place in range(4096, len(data), 97):
            data[place] ^= 0x55
        store.write_bytes(data)
    else:
        store.unlink()
        store.mkdir()
    for _ in range(2):
        same(first, counted(study)[0])
    if harm != "folder":
        assert counted(study)[1] == 0


@pytest.mark.skipif(os.name == "nt", reason="pipes")
def test_what_is_no_file_is_a_reject(make_study, tmp_path):
    study = make_study(pages("a"))
    os.mkfifo(tmp_path / "articles" / "b.txt")
    (tmp_path / "articles" / "zero.txt").symlink_to("/dev/zero")
    begun = time.monotonic()
    tables, _ = counted(study)
    assert time.monotonic() - begun < 5
    assert tables["rejects"]["reason"].to_list() == ["not a file but a pipe, a device or the like"] * 2


@pytest.mark.skipif(sys.platform != "linux", reason="names of files that are no text")
def test_a_name_that_is_no_text_is_read_all_the_same(make_study, tmp_path):
    study = make_study(pages("a"))
    (tmp_path / "articles" / "a.txt").rename(tmp_path / "articles" / os.fsdecode(b"\xe9.txt"))
    from analysis import read

    assert read(study)["articles"]["source_file"].to_list() == ["articles/\N{REPLACEMENT CHARACTER}.txt"]
