"""Archives: each file is read as one of its own, bombs and paths and links are rejects, and their neighbours stay."""

from __future__ import annotations

import gzip
import io
import json
import stat
import zipfile

import pytest

from analysis.corpus.limits import LIMITS
from analysis.corpus.reading import Job, read_file

GOOD = "Talks fail\n\nThey met on Tuesday and parted without a text, officials said.\n\nHe did not come."
SMALL = LIMITS._replace(members=5, member=400_000, unpacked=1_000_000, ratio=50)


def make_zip(members, *, packing=zipfile.ZIP_DEFLATED):
    """The bytes of a ZIP with members (name or ZipInfo → content)."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", packing) as file:
        for name, content in members:
            file.writestr(name, content)
    return held.getvalue()


@pytest.fixture
def read(tmp_path):
    """What a file of this name and content holds: (part, index, body or reason) of each item."""

    def made(name, data, limits=SMALL):
        path, folder = tmp_path / name, tmp_path / "unpacked"
        path.write_bytes(data)
        folder.mkdir(exist_ok=True)
        found, part = [], None
        for entry in read_file(Job(str(path), {}, "utf-8", None, None, "en"), folder, limits):
            if "part" in entry:
                part = entry["part"]
            elif "index" in entry:
                said = entry["article"]["body"] if "article" in entry else entry["reason"]
                found.append((part, entry["index"], said))
        assert all(path.stem == "file" for path in folder.rglob("*"))
        path.unlink()
        assert [path.name for path in tmp_path.iterdir()] == ["unpacked"]  # nothing is written elsewhere
        return found

    return made


def test_members_are_read_by_their_own_formats(read):
    lines = "\n".join(json.dumps({"body": body}) for body in ("One.", "Two."))
    members = [("b/part.txt", GOOD), ("a.jsonl", lines), ("empty/", ""), ("__MACOSX/._a", "x"), ("b/.hidden", "x")]
    assert read("export.zip", make_zip(members)) == [
        ("b/part.txt", 0, GOOD.partition("\n\n")[2]),
        ("a.jsonl", 0, "One."),
        ("a.jsonl", 1, "Two."),
    ]


def test_the_suffix_of_an_archive_does_not_matter(read):
    assert len(read("export.dat", make_zip([("a.txt", GOOD)]))) == 1
    assert len(read("export.txt", make_zip([("a.txt", GOOD)]))) == 1
    assert len(read("export.bin", gzip.compress(b'{"body": "One."}'))) == 1


def link(name):
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    ("member", "content", "reason"),
    [
        ("../../evil.txt", GOOD, "its name in the archive is a path that leads out of it"),
        ("/etc/evil.txt", GOOD, "its name in the archive is a path that leads out of it"),
        ("C:\\evil.txt", GOOD, "its name in the archive is a path that leads out of it"),
        ("a\\..\\..\\evil.txt", GOOD, "its name in the archive is a path that leads out of it"),
        (link("evil.txt"), "/etc/passwd", "a link or device in the archive, not a file"),
        ("inner.zip", make_zip([("a.txt", GOOD)]), "an archive in an archive: unpack it, and give the files"),
        ("inner.jsonl.gz", gzip.compress(GOOD.encode()), "an archive in an archive: unpack it, and give the files"),
        ("large.txt", GOOD * 6000, "0.6 MB unpacked; at most 0.4 MB are read"),
        ("film.mp4", b"\x00\x01", ".mp4 files are not read; readable are"),
        ("none.txt", b"", "empty file"),
        ("half.txt", b"\x00text", "binary file"),
    ],
)
def test_a_bad_member_is_a_reject_and_its_neighbours_stay(read, member, content, reason):
    found = read("export.zip", make_zip([("a.txt", GOOD), (member, content), ("z.txt", GOOD)]))
    assert [part for part, _, said in found if said.endswith("He did not come.")] == ["a.txt", "z.txt"]
    assert found[1][2].startswith(reason)


def test_a_member_that_is_packed_too_tightly_is_a_reject(read):
    limits = SMALL._replace(member=50_000_000, unpacked=50_000_000)
    found = read("export.zip", make_zip([("bomb.txt", b"a" * 20_000_000), ("z.txt", GOOD)]), limits)
    assert [said[:40] for _, _, said in found] == [
        "unpacks to more than 50 times its size, ",
        "They met on Tuesday and parted without a",
    ]


def test_a_member_that_lies_about_its_size_is_a_reject(read):
    data = make_zip([("bomb.txt", b"ab" * 300_000), ("z.txt", GOOD)])
    true, small = (600_000).to_bytes(4, "little"), (60).to_bytes(4, "little")
    assert data.count(true) == 2
    found = read("export.zip", data.replace(true, small))
    assert [part for part, _, _ in found] == ["bomb.txt", "z.txt"]
    assert found[0][2].startswith(("broken in the archive", "more than"))


def test_all_members_together_are_limited(read):
    members = [(f"{n}.txt", (GOOD + str(n)) * 3000) for n in range(5)]
    found = read("export.zip", make_zip(members, packing=zipfile.ZIP_STORED), SMALL._replace(item=10_000))
    assert [said for _, _, said in found][-1] == "the archive holds more than 1.0 MB"
    assert sum("longer than one article may be" in said for _, _, said in found) == 3


def test_too_many_members_are_a_reject(read):
    found = read("export.zip", make_zip([(f"{n}.txt", GOOD) for n in range(6)]))
    assert found == [(None, 0, "6 files in the archive; at most 5 are read")]


def test_an_encrypted_member_is_a_reject(read):
    data = bytearray(make_zip([("secret.txt", GOOD), ("z.txt", GOOD)]))
    for start, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(start) + offset] |= 1
    found = read("export.zip", bytes(data))
    assert found[0][2] == "encrypted: unpack it with its password, and give the files"
    assert found[1][0] == "z.txt"


def test_a_damaged_member_costs_no_other(read):
    members = [(f"{name}.txt", GOOD + name) for name in "abc"]
    data = bytearray(make_zip(members, packing=zipfile.ZIP_STORED))
    data[data.index(b"He did not come.b")] ^= 1
    found = read("export.zip", bytes(data))
    assert [part for part, _, _ in found] == ["a.txt", "b.txt", "c.txt"]
    assert found[1][2].startswith("broken in the archive: Bad CRC")


def test_a_zip_that_is_cut_off_or_empty_is_a_reject(read):
    data = make_zip([("a.txt", GOOD)])
    for broken in (data[:60], data[:-5], b"PK\x03\x04"):
        ((part, _, said),) = read("export.zip", broken)
        assert part is None
        assert said.startswith("a ZIP file that is broken or cut off")
    assert read("export.zip", make_zip([])) == [(None, 0, "the archive is empty")]


def test_names_that_stand_twice_are_two_sources(read):
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = make_zip([("a.txt", GOOD), ("a.txt", GOOD)])
    assert [part for part, _, _ in read("export.zip", data)] == ["a.txt", "a.txt (2)"]


def test_one_packed_file_is_read_under_its_own_name(read):
    lines = "\n".join(json.dumps({"body": f"Number {n}."}) for n in range(1000)).encode()
    packed = gzip.compress(lines)
    assert len(read("a.jsonl.gz", packed)) == 1000
    found = read("a.jsonl.gz", packed[: len(packed) // 2])
    assert found[0] == (None, 0, "Number 0.")
    assert len(found) > 100
    assert found[-1][2].startswith("a gzip file that is broken or cut off")
    assert [index for _, index, _ in found] == list(range(len(found)))
    for broken in (packed[:5], packed[:12], packed[:2] + b"nothing"):
        ((_, index, said),) = read("a.jsonl.gz", broken)
        assert (index, said[:37]) == (0, "a gzip file that is broken or cut off")


def test_a_packed_bomb_is_a_reject(read):
    limits = SMALL._replace(member=50_000_000, unpacked=50_000_000)
    assert read("a.txt.gz", gzip.compress(b"a" * 20_000_000), limits)[0][2].startswith("unpacks to more than 50 times")
    assert read("b.txt.gz", gzip.compress(GOOD.encode() * 9000))[0][2].startswith("more than 0.4 MB unpacked")
