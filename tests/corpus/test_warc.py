"""WARC and ARC: every valid page read, every damaged record a reason, and its neighbours kept."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import re
import sys
import types
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from analysis.corpus.decoding import Unreadable
from analysis.corpus.readers import archived, httpbody, warc

FIXTURES = Path(__file__).parents[3] / "shared" / "data" / "warc"
needs_fixtures = pytest.mark.skipif(not FIXTURES.is_dir(), reason="the WARC fixtures are not here")


def html(number: int) -> bytes:
    text = f"The harbour was full of boats on day {number}, and the ministers came back at night. "
    return f"<html><head><title>Talks {number} fail at sea</title></head><body><article><h1>Talks {number} fail at sea</h1><p>{text * 3}</p></article></body></html>".encode()  # fmt: skip  # noqa: E501


def response(body: bytes, *headers: str, status: str = "200 OK", sort: str = "text/html; charset=utf-8") -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Type: {sort}", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def record(block: bytes, *, kind: str = "response", uri: str = "http://gull.example/1", length: int | None = None, **more) -> bytes:  # fmt: skip  # noqa: E501
    headers = {
        "WARC-Type": kind,
        "WARC-Target-URI": uri,
        "WARC-Date": "2024-06-14T10:00:00Z",
        "Content-Type": more.pop("sort", "application/http; msgtype=response"),
        "Content-Length": len(block) if length is None else length,
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"WARC/1.0\r\n{head}\r\n".encode() + block + b"\r\n\r\n"


def arc(body: bytes, uri: str = "http://gull.example/1", length: object = None) -> bytes:
    block = response(body)
    said = len(block) if length is None else length
    return f"{uri} 127.0.0.1 20240614100000 text/html {said}\n".encode() + block + b"\n"


def page(number: int, **more) -> bytes:
    return record(response(html(number)), uri=f"http://gull.example/{number}", **more)


def items(tmp_path, data: bytes) -> list[dict]:
    (tmp_path / "a.warc").write_bytes(data)
    assert warc.sniff(data[:65536], tmp_path / "a.warc")
    return list(warc.read(tmp_path / "a.warc", encoding="utf-8"))


def days(found: list[dict]) -> list[int]:
    """The numbers of the pages that were read."""
    return [int(re.search(r"on day (\d+)", item.get("body", "") or item.get("page", ""))[1]) for item in found if "reason" not in item]  # fmt: skip  # noqa: E501


def reasons(found: list[dict]) -> list[str]:
    return [item["reason"] for item in found if "reason" in item]


PACKINGS = {
    "plain": lambda records: b"".join(records),
    "each packed": lambda records: b"".join(gzip.compress(one) for one in records),
    "packed as one": lambda records: gzip.compress(b"".join(records)),
}


@pytest.mark.parametrize("packing", PACKINGS)
def test_pages_in_order(tmp_path, packing):
    records = [record(b"software: x\r\n", kind="warcinfo"), page(1), record(b"GET /", kind="request"), page(2), page(3)]
    found = items(tmp_path, PACKINGS[packing](records))
    assert days(found) == [1, 2, 3]
    assert [item["source_index"] for item in found] == [0, 1, 2]
    assert [item["url"] for item in found] == [f"http://gull.example/{number}" for number in (1, 2, 3)]
    assert found[0]["headline"] == "Talks 1 fail at sea"
    assert ("published", "2024-06-14T10:00:00Z (when the page was fetched)") in found[0]["notes"]
    assert "published" not in found[0]


@pytest.mark.parametrize("packing", PACKINGS)
def test_arc(tmp_path, packing):
    about = b"1 0 Gull\nURL IP-address Archive-date Content-type Archive-length\n\n"
    first = f"filedesc://a.arc 0.0.0.0 20240614100000 text/plain {len(about)}\n".encode() + about
    found = items(tmp_path, PACKINGS[packing]([first, arc(html(1)), arc(html(2), "http://gull.example/a b?c=d e")]))
    assert days(found) == [1, 2]
    assert found[1]["url"] == "http://gull.example/a b?c=d e"
    assert ("published", "2024-06-14T10:00:00Z (when the page was fetched)") in found[0]["notes"]


def chunked(data: bytes) -> bytes:
    return b"".join(b"%x;x=y\r\n%s\r\n" % (len(part), part) for part in (data[:50], data[50:])) + b"0\r\n\r\n"


def raw_deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    "block",
    [
        response(chunked(html(1)), "Transfer-Encoding: chunked"),
        response(chunked(html(1))[:-5], "Transfer-Encoding: chunked"),  # but for the last chunk, which is empty
        response(html(1), "Transfer-Encoding: chunked"),  # which it is not
        response(gzip.compress(html(1)), "Content-Encoding: gzip"),
        response(html(1), "Content-Encoding: gzip"),
        response(zlib.compress(html(1)), "Content-Encoding: deflate"),
        response(raw_deflated(html(1)), "Content-Encoding: deflate"),
        response(chunked(gzip.compress(html(1))), "Transfer-Encoding: chunked", "Content-Encoding: gzip"),
        response(html(1), "Content-Encoding: br"),
        response(html(1), sort=""),
        response(html(1).decode().encode("utf-16"), sort="text/html; charset=utf-16"),
    ],
)
def test_codings(tmp_path, block):
    assert days(items(tmp_path, record(block) + page(2))) == [1, 2]


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        (response(gzip.compress(html(1))[:-20], "Content-Encoding: gzip"), "its packed text has no end"),
        (response(gzip.compress(html(1))[:30] + b"??????????????????", "Content-Encoding: gzip"), "damaged|has no end"),
        (response(chunked(html(1))[:100], "Transfer-Encoding: chunked"), "breaks off within a chunk"),
        (
            response(chunked(html(1)).replace(b"\r\n0\r\n", b"\r\n?\r\n"), "Transfer-Encoding: chunked"),
            "chunks are damaged",
        ),
        (response(html(1)[:100], "Content-Length: 400"), "the page breaks off: 100 of 400 bytes are there"),
        (response(b"\x0b\x01\x02", "Content-Encoding: br"), "packed with Brotli|packed text is damaged"),
        (response(b"???", "Content-Encoding: zstd"), "packed as 'zstd', which is not read"),
        (response(gzip.compress(b"a" * (httpbody.LARGEST + 1)), "Content-Encoding: gzip"), "unpacks to more than"),
        (response(b"  "), "no text in it"),
    ],
)
def test_pages_that_cannot_be_read(tmp_path, block, reason):
    found = items(tmp_path, page(1) + record(block, uri="http://gull.example/bad") + page(2))
    assert days(found) == [1, 2]
    assert len(reasons(found)) == 1
    assert re.search(f"^response http://gull.example/bad: .*(?:{reason})", reasons(found)[0])


def test_brotli_where_it_is_installed(tmp_path, monkeypatch):
    fake = types.ModuleType("brotli")
    fake.error = ValueError
    fake.Decompressor = lambda: types.SimpleNamespace(process=lambda data: bytes(255 - byte for byte in data))
    monkeypatch.setitem(sys.modules, "brotli", fake)
    packed = bytes(255 - byte for byte in html(1))
    assert days(items(tmp_path, record(response(packed, "Content-Encoding: br")))) == [1]


def test_what_is_no_page_is_counted(tmp_path):
    records = [
        page(1),
        record(response(b"x", sort="image/png")),
        record(response(b"x", sort="image/png")),
        record(response(b"gone", status="404 Not Found")),
        record(b"", kind="revisit"),
        record(response(b"User-agent: *", sort="text/plain"), uri="http://gull.example/robots.txt"),
        record(b"log", kind="resource", uri="metadata://x/log.txt", sort="text/plain"),
    ]
    assert reasons(items(tmp_path, b"".join(records))) == [
        "records that are no pages were passed over: 2 image/png, 1 of the crawler's own (metadata:), "
        "1 revisit of an earlier capture, 1 robots.txt, 1 with status 404"
    ]


def test_resources_and_conversions(tmp_path):
    text = b"Talks fail on day 7. The harbour was full."
    records = [
        record(html(6), kind="resource", sort="text/html"),
        record(text, kind="conversion", sort="text/plain"),
        record(html(8), kind="resource", sort=""),
    ]
    found = items(tmp_path, b"".join(records))
    assert days(found) == [6, 7, 8]
    assert found[1]["page"] == text.decode()


def written_digest(data: bytes, how) -> str:
    return "sha1:" + how(hashlib.sha1(data).digest())


@pytest.mark.parametrize(
    "how", [bytes.hex, lambda d: base64.b32encode(d).decode(), lambda d: base64.urlsafe_b64encode(d).decode()]
)
def test_digests(tmp_path, how):
    block = response(html(1))
    good = written_digest(block, how)
    bad = written_digest(b"other", how)
    assert days(items(tmp_path, record(block, WARC_Block_Digest=good))) == [1]
    assert days(items(tmp_path, record(block, WARC_Payload_Digest=written_digest(html(1), how)))) == [1]
    assert days(items(tmp_path, record(block, WARC_Block_Digest=bad, WARC_Payload_Digest=written_digest(html(1), how)))) == [1]  # fmt: skip  # noqa: E501
    assert days(items(tmp_path, record(block, WARC_Block_Digest="crc9:?"))) == [1]
    found = items(tmp_path, record(block, WARC_Block_Digest=bad) + page(2))
    assert days(found) == [2]
    assert "the digest is another" in reasons(found)[0]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (page(9, length=-1), "its length is '-1', not a number"),
        (page(9, length="many"), "its length is 'many', not a number"),
        (page(9, length=50), "its length is 50, but it goes on behind that"),
        (page(9, length=900), "its length is 900, but the next record begins at"),
        (page(9, length=10**9), "its length is 1000000000, but the next record begins"),
        (page(9)[:200] + b"\r\n\r\n", "the next record begins at"),
        (b"some bytes\r\nof nobody\r\n\r\n", "bytes that belong to no record"),
        (b"\xff\xfe\x00\x01" * 50_000 + b"\r\n", "bytes that belong to no record"),
        (record(response(html(9)), WARC_Truncated="length"), r"the crawler cut the page off \(length\)"),
        (b"WARC/1.0\r\nA: b\r\n\r\n", "its length is '', not a number"),
    ],
)
def test_damage_costs_no_neighbour(tmp_path, bad, reason):
    found = items(tmp_path, page(1) + bad + page(2) + page(3))
    assert days(found) == [1, 2, 3]
    assert len(reasons(found)) == 1
    assert re.search(reason, reasons(found)[0])


def test_a_page_that_says_its_own_end_is_read_though_its_record_is_cut(tmp_path):
    whole = record(response(html(1), f"Content-Length: {len(html(1))}"), length=2000)
    assert days(items(tmp_path, whole)) == [1]
    assert days(items(tmp_path, whole + page(2))) == [1, 2]


@pytest.mark.parametrize("cut", [40, 150, 300, 400])
def test_a_file_that_breaks_off(tmp_path, cut):
    found = items(tmp_path, page(1) + page(2)[:cut])
    assert days(found) == [1]
    assert re.search("breaks off|not a number", reasons(found)[0])
    packed = gzip.compress(page(1)) + gzip.compress(page(2))[: cut // 3]
    found = items(tmp_path, packed)
    assert days(found) == [1]
    assert "breaks off" in reasons(found)[0]


def test_a_damaged_part_costs_no_neighbour(tmp_path):
    parts = [gzip.compress(page(number)) for number in range(1, 6)]
    checked = parts[1][:-8] + b"\x00" * 4 + parts[1][-4:]
    found = items(tmp_path, b"".join([parts[0], checked, *parts[2:]]))
    assert days(found) == [1, 3, 4, 5]
    assert "incorrect data check" in reasons(found)[0]
    broken = parts[1][:60] + b"\xff" * 60 + parts[1][120:]
    found = items(tmp_path, b"".join([parts[0], broken, *parts[2:]]))
    assert days(found) == [1, 3, 4, 5]
    assert "is damaged" in reasons(found)[0]
    short = parts[1][:80]
    found = items(tmp_path, b"".join([parts[0], short, *parts[2:]]))
    assert days(found) == [1, 3, 4, 5]


def test_what_stands_before_damage_in_one_long_part_is_read(tmp_path):
    packed = bytearray(gzip.compress(b"".join(page(number) for number in range(200)), compresslevel=0))
    packed[-500:-400] = b"\x00" * 100
    found = items(tmp_path, bytes(packed))
    assert days(found)[:199] == list(range(199))
    assert reasons(found)


def test_large_records(tmp_path):
    film = record(response(b"\n" * (archived.LARGEST + 10), sort="video/mp4"))
    book = record(response(b"a " * (archived.LARGEST // 2 + 10)))
    found = items(tmp_path, gzip.compress(page(1) + film + book + page(2)))
    assert days(found) == [1, 2]
    assert "which no page has" in reasons(found)[0]
    assert "1 video/mp4" in reasons(found)[1]


def test_a_file_without_pages_and_one_without_end(tmp_path):
    with pytest.raises(Unreadable, match="no page in it"):
        items(tmp_path, record(b"GET /", kind="request"))
    found = items(tmp_path, page(1) + page(9, length="x") * 2000)
    assert days(found) == [1]
    assert reasons(found)[-1].endswith(f"more than {archived.MOST_BROKEN} damaged places; the rest is not read")


def test_in_a_study(read):
    tables = read({"articles/a.warc.gz": gzip.compress(page(1)) + gzip.compress(page(2)), "articles/b": page(3)})
    assert len(tables["articles"]) == 3
    assert tables["sources"]["format"].to_list() == ["WARC, ARC"] * 2


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2000),
    st.sampled_from([b"", b"\x00", b"\n", b"WARC/1.0\r\n", b"\x1f\x8b\x08", b"Content-Length: 5\r\n", b"\xff" * 40]),
    st.integers(0, 30),
    st.booleans(),
)
def test_one_damage_costs_at_most_two_pages(tmp_path_factory, place, put, taken, packed):
    """Damage may hit the end of one record and the beginning of the next, never the others."""
    whole = PACKINGS["each packed" if packed else "plain"]([page(number) for number in range(1, 6)])
    place = place % len(whole)
    data = page(0) + whole if not packed else gzip.compress(page(0)) + whole
    place += len(data) - len(whole)
    damaged = data[:place] + put + data[place + taken :]
    path = tmp_path_factory.mktemp("warc") / "a.warc"
    path.write_bytes(damaged)
    found = list(warc.read(path, encoding="utf-8"))
    assert len(set(days(found)) & {*range(6)}) >= 4
    assert set(days(found)) == {*range(6)} or reasons(found) or put or taken


@needs_fixtures
@pytest.mark.parametrize("name", sorted(path.name for path in FIXTURES.glob("*")))
def test_the_fixtures_like_the_other_library(name):
    ours = list(archived.records(FIXTURES / name))
    theirs = []
    try:
        with (FIXTURES / name).open("rb") as file:
            theirs = [one.rec_type for one in ArchiveIterator(file)]
    except Exception:  # noqa: BLE001 (whatever it stops at, it has read no more than we)
        assert len(ours) >= len(theirs)
    else:
        assert [one.kind for one in ours if one.kind] == [kind.replace("arc_header", "warcinfo") for kind in theirs]


@needs_fixtures
def test_the_fixtures_pages():
    found = {path.name: (0, []) for path in FIXTURES.iterdir()}
    for path in FIXTURES.iterdir():
        try:
            read = list(warc.read(path, encoding="utf-8"))
        except Unreadable as error:
            read = [{"reason": str(error)}]
        found[path.name] = (sum("reason" not in item for item in read), reasons(read))
    one = [name for name, (pages, _) in found.items() if pages == 1]
    none = {"bad.arc", "example-digest.warc", "example-space-in-target-uri.warc.gz", "example-trunc.warc", "post-test.warc.gz"}  # fmt: skip  # noqa: E501
    assert {*one} == {*found} - none
    assert all(found[name][1] for name in none)
    assert len(found["bad.arc"][1]) == 4


def test_a_stream_of_zeros_does_not_fill_the_memory(tmp_path):
    bomb = io.BytesIO()
    with gzip.GzipFile(fileobj=bomb, mode="wb") as file:
        for _ in range(200):
            file.write(b"\x00" * 1_000_000)
    (tmp_path / "a.warc").write_bytes(gzip.compress(page(1)) + bomb.getvalue() + gzip.compress(page(2)))
    found = list(warc.read(tmp_path / "a.warc", encoding="utf-8"))
    assert days(found) == [1, 2]
