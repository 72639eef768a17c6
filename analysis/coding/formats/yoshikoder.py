"""Yoshikoder (``.ykd``) and Lexicoder 2 (``.lcd``): XML of ``cnode`` (categories) that hold ``pnode`` (patterns)."""

from __future__ import annotations

from lxml import etree

from analysis.coding.formats.encodings import decode
from analysis.coding.formats.entries import CHANGED, LEFT_OUT, Content, NoDictionary

_WEIGHTS = ("score", "weight")


def read(data: bytes, *, encoding: str | None = None) -> Content:
    """The categories and patterns. ``encoding`` is believed before what the XML declares.

    A root category (``New dictionary``) is a category, as quanteda has it.
    Nothing outside the file is fetched and no entity is expanded. A category may hold both patterns and categories.
    """
    root = _root(decode(data, encoding)[0].encode(), "utf-8") if encoding else _root(data, None)
    content = Content()
    engine = root.get("patternengine", "substring")
    if engine != "substring":  # Yoshikoder's name for whole words with *
        reason = "another pattern language; patterns are read as words in which * stands for any characters"
        content.lose(root.sourceline or 1, CHANGED, f'patternengine="{engine}"', reason)
    _walk(root, (), content)
    return content


def _root(data: bytes, encoding: str | None) -> etree._Element:
    parser = etree.XMLParser(
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise NoDictionary(f"line {error.lineno or 1}: not whole as XML ({error.msg})") from None
    except (LookupError, ValueError) as error:
        raise NoDictionary(f"cannot be read as XML ({error})") from None
    table = root.getroottree().docinfo.internalDTD
    if table is not None and next(table.iterentities(), None) is not None:
        raise NoDictionary("defines XML entities, which a dictionary has no need of")
    if root.tag != "dictionary" and next(root.iter("cnode"), None) is None:
        raise NoDictionary(f"XML, but no Yoshikoder or Lexicoder dictionary: its root is <{root.tag}>")
    return root


def _walk(node: etree._Element, path: tuple[str, ...], content: Content) -> None:
    """Below one node, in order of the file. libxml2 allows 256 levels, so that this ends."""
    for child in node:
        line = child.sourceline or 1
        if child.tag == "cnode":
            inner = (*path, (child.get("name") or "").strip() or "unnamed")
            content.open(inner, line)
            _walk(child, inner, content)
        elif child.tag == "pnode" and path and child.get("name") is not None:
            content.add(line, path, child.get("name"), _weight(child, line, content))
        else:
            reason = "a pattern outside any category" if child.tag == "pnode" and not path else "no cnode and no pnode"
            content.lose(line, LEFT_OUT, f"<{child.tag}> {child.get('name', '')}", reason)


def _weight(node: etree._Element, line: int, content: Content) -> float | None:
    for name in _WEIGHTS:
        if node.get(name):
            try:
                return float(node.get(name))
            except ValueError:
                content.lose(line, CHANGED, f'{name}="{node.get(name)}"', "no number; the pattern is read without it")
    return None
