"""Codebooks: what is refused and how it is said, and that the shipped ones are whole."""

import pytest
import yaml

from analysis.coding.codebook import categories_table, read_codebook
from analysis.study import UserError, shipped

GOOD = {"name": "b", "version": "1.0.0", "variables": {"v": {"kind": "choice", "categories": {"a": ["x"], "b": ["y"]}}}}


@pytest.fixture
def refused(tmp_path):
    """The message with which a codebook is refused."""

    def read(content):
        file = tmp_path / "book.yml"
        file.write_text(content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8")
        with pytest.raises(UserError) as error:
            read_codebook(file)
        assert "\n" not in str(error.value)
        assert str(file) in str(error.value)
        return str(error.value)

    return read


def variable(**changes):
    """GOOD with its variable changed."""
    return {**GOOD, "variables": {"v": {**GOOD["variables"]["v"], **changes}}}


def test_an_empty_category(refused):
    assert "category 'a' is empty" in refused(variable(categories={"a": [], "b": ["y"]}))


def test_a_pattern_twice(refused):
    assert "'x' stands twice in 'a'" in refused(variable(categories={"a": ["x", "x"]}))
    assert "'X' stands in 'a' and in 'b'" in refused(variable(categories={"a": ["x"], "b": ["X"]}))
    assert "'a b' stands in 'a' and in 'b'" in refused(variable(categories={"a": ["a-b"], "b": ["a b"]}))
    assert "stands in 'a' and in 'except'" in refused(variable(**{"except": ["x"]}))
    assert "stands twice in 'a'" in refused(variable(kind="presence", categories={"a": ["x", "x"]}))


def test_presence_lets_two_categories_share_a_pattern(tmp_path):
    file = tmp_path / "book.yml"
    file.write_text(yaml.safe_dump(variable(kind="presence", categories={"a": ["x"], "b": ["x"]})))
    assert list(read_codebook(file).variables["v"].categories) == ["a", "b"]


def test_what_is_not_known_or_not_allowed(refused):
    assert "unknown key 'colour'; allowed: name, version" in refused({**GOOD, "colour": 1})
    message = refused(variable(categorys={}))
    assert "unknown key 'variables.v.categorys'" in message
    assert "categories, except, sides" in message
    assert "'choice', 'presence', 'scale' or 'actor'" in refused(variable(kind="choise"))
    assert "key 'version' is missing" in refused({key: value for key, value in GOOD.items() if key != "version"})
    assert "can never match" in refused(variable(categories={"a": ["x; y"]}))
    assert "weights go with kind scale" in refused(variable(categories={"a": {"x": 1.0}}))
    assert "side 's' names 'z'" in refused(variable(kind="actor", sides={"s": ["z"]}))
    assert "line 2: not YAML" in refused("name: b\n  version: : 1")
    assert "empty" in refused("")
    # YAML reads an unquoted No as false: the message must name the place.
    assert "variables.v.categories.a" in refused(
        "name: b\nversion: 1.0.0\nvariables: {v: {kind: choice, categories: {a: [No]}}}"
    )


@pytest.mark.parametrize("file", sorted(shipped("codebooks").glob("*.yml")), ids=lambda path: path.stem)
def test_shipped_codebooks_are_whole(file):
    codebook = read_codebook(file)
    assert codebook.name == file.stem
    assert codebook.sources and codebook.notes and codebook.description
    assert all(one.question for one in codebook.variables.values())
    table = categories_table([codebook])
    assert table["codebook_hash"].nunique() == 1


@pytest.mark.parametrize(("name", "frames"), [("generic-frames", 5), ("policy-frames", 15)])
def test_frames_have_words_enough(name, frames):
    table = categories_table([read_codebook(shipped("codebooks") / f"{name}.yml")])
    assert len(table) == frames
    assert table["n_patterns"].min() >= 40


def test_the_hash_is_of_what_is_counted(tmp_path):
    one, two = tmp_path / "one.yml", tmp_path / "two.yml"
    one.write_text(yaml.safe_dump(GOOD))
    two.write_text("# a comment\n" + yaml.safe_dump({**GOOD, "notes": "other"}))
    assert read_codebook(one).hash == read_codebook(two).hash
    two.write_text(yaml.safe_dump(variable(categories={"a": ["x"], "b": ["z"]})))
    assert read_codebook(one).hash != read_codebook(two).hash
