"""A study made from a few files, and the tables read from it."""

from __future__ import annotations

import json

import pytest
import yaml

from analysis.corpus.articles import read_articles
from analysis.study import open_study
from analysis.tables import validate


@pytest.fixture
def make_study(tmp_path):
    """Write files (name → text, bytes or records for JSON Lines) and a study.yml; return the open study."""

    def make(files, **keys):
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, list):
                content = "\n".join(json.dumps(record) for record in content)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        said = {"title": "A test", "articles": "articles", "codebooks": ["generic-frames"], **keys}
        (tmp_path / "study.yml").write_text(yaml.safe_dump(said), "utf-8")
        return open_study(tmp_path)

    return make


@pytest.fixture
def read(make_study):
    """Like make_study, but reads: tables held to their contracts."""

    def make(files, **keys):
        tables = read_articles(make_study(files, **keys))
        validate("articles", tables["articles"].assign(n_words=0))
        validate("rejects", tables["rejects"])
        validate("furniture", tables["furniture"])
        validate("sources", tables["sources"])
        counts = tables["sources"][["read", "rejected", "duplicates"]].sum()
        assert counts["read"] == len(tables["articles"])
        assert counts["rejected"] + counts["duplicates"] == len(tables["rejects"])
        assert set(tables["furniture"]["article_id"]) <= set(tables["articles"]["article_id"])
        return tables

    return make


@pytest.fixture
def reason(read):
    """The reason why the one item of a file is rejected."""

    def make(name, content, **keys):
        tables = read({f"articles/{name}": content}, **keys)
        assert len(tables["articles"]) == 0, tables["articles"].iloc[0].to_dict()
        assert len(tables["rejects"]) == 1
        row = tables["rejects"].iloc[0]
        assert (row["source_file"], row["source_index"]) == (f"articles/{name}", 0)
        return row["reason"]

    return make
