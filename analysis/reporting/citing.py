"""A figure's citation: BibTeX, CSL-JSON, and what to put into a LaTeX or Markdown manuscript, caption and alt text.

What is cited is the figure of a study, by its id; Samestory is cited beside it. The record has no date, since nothing
in it may change where the figure does not: whoever cites it adds when it was published, where it was.
"""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import yaml

from analysis.study import UserError, shipped

FORMS = ("bibtex", "csl", "latex", "markdown")
# What LaTeX takes for commands. Braces by name: BibTeX counts them, also behind a backslash.
_COMMANDS = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "''",  # some languages make a command of it
    "\n": " ",
}
# Signs that captions have, and that the letters of a plain LaTeX lack.
_SIGNS = {
    "−": "$-$",
    "±": r"$\pm$",
    "×": r"$\times$",
    "·": r"$\cdot$",
    "≤": r"$\leq$",
    "≥": r"$\geq$",
    "≈": r"$\approx$",
    "≠": r"$\neq$",
    "→": r"$\rightarrow$",
    "∞": r"$\infty$",
    "√": r"$\surd$",
    "²": "$^2$",
    "α": r"$\alpha$",
    "κ": r"$\kappa$",
    "λ": r"$\lambda$",
    "χ": r"$\chi$",
    "δ": r"$\delta$",
    "\u00a0": "~",
    "\u202f": r"\,",
}
_PLAIN = 0x250  # from here on letters need XeLaTeX or LuaLaTeX: Greek, Cyrillic, Arabic …
_PUNCTUATION = range(0x2010, 0x2040)
_MARKDOWN = str.maketrans({letter: f"\\{letter}" for letter in "\\`*_[]<>#|$&~"} | {"\n": " "})


def cite(record: dict, form: str, *, figure: Path) -> str:
    """The citation of a figure in one of the forms of `FORMS`, ending in a newline.

    Args:
        record: as `records.read_record` gives it. figure: any of the figure's files; LaTeX includes the PDF beside it,
            Markdown the SVG.

    Raises UserError for another form.
    """
    if form not in FORMS:
        raise UserError(f"--format {form!r} is none; allowed: {', '.join(FORMS)}")
    return {"bibtex": _bibtex, "csl": _csl, "latex": _latex, "markdown": _markdown}[form](record, figure)


def key_of(record: dict) -> str:
    """The key that a manuscript cites the figure by."""
    return f"samestory-{record['slug']}-{record['figure_id']}"


def _title(record: dict) -> str:
    return f"{record['study']['title']}: {_sentence(record['caption'])}"


def _sentence(caption: str) -> str:
    """The first sentence of a caption, without its full stop."""
    return caption.split(". ", 1)[0].removesuffix(".")


def _note(record: dict) -> str:
    """What the figure rests on, in a line."""
    books = ", ".join(f"{book['name']} {book['version']}" for book in record["codebooks"])
    made = f"made with Samestory {record['code']['samestory']}"
    stamp = f"; {record['validation']}" if record["validation"] else ""
    return f"Figure {record['figure_id']}, {made}; {record['corpus']['articles']:,} articles; codebooks {books}{stamp}"


def _authors(record: dict) -> list[str]:
    return list(record["study"].get("authors", []))


def _software() -> dict:
    return yaml.safe_load(shipped("citation").read_text(encoding="utf-8"))


def _bibtex(record: dict, figure: Path) -> str:
    program = _software()
    authors = " and ".join(f"{{{latex(name)}}}" for name in _authors(record))
    fields = {
        "author": authors,
        "title": f"{{{latex(_title(record))}}}",
        "howpublished": latex(_note(record)),
        "abstract": latex(record["caption"]),
    }
    names = " and ".join(f"{{{latex(one['name'])}}}" for one in program["authors"])
    of_program = {
        "author": names,
        "title": f"{{{latex(program['title'])}}}",
        "year": str(program["date-released"])[:4],
        "note": f"Version {latex(record['code']['samestory'])}",
    }
    return _entry("misc", key_of(record), fields) + _entry("misc", "samestory", of_program)


def _entry(kind: str, key: str, fields: dict[str, str]) -> str:
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{key},", *lines, "}"]) + "\n"


def _csl(record: dict, figure: Path) -> str:
    program = _software()
    entry = {
        "id": key_of(record),
        "type": "figure",
        "title": _title(record),
        "author": [{"literal": name} for name in _authors(record)],
        "note": _note(record),
        "abstract": record["caption"],
    }
    of_program = {
        "id": "samestory",
        "type": "software",
        "title": program["title"],
        "author": [{"literal": one["name"]} for one in program["authors"]],
        "issued": {"date-parts": [[int(str(program["date-released"])[:4])]]},
        "version": record["code"]["samestory"],
    }
    entries = [{name: value for name, value in one.items() if value} for one in (entry, of_program)]
    return json.dumps(entries, indent=1, ensure_ascii=False) + "\n"


def _latex(record: dict, figure: Path) -> str:
    """A figure environment; ``alt`` is read by tagged PDF (graphicx of 2021 or later), and passed over before that."""
    file = figure.with_suffix(".pdf").as_posix()
    needs = ["% Compile with xelatex or lualatex: letters beyond Latin."] if _beyond_latin(record["caption"]) else []
    lines = [
        *needs,
        r"\begin{figure}",
        r"  \centering",
        rf"  \includegraphics[width=\columnwidth, alt={{{latex(record['alt'], signs=False)}}}]{{{file}}}",
        rf"  \caption{{{latex(record['caption'])} Figure {record['figure_id']} \cite{{{key_of(record)}}}.}}",
        rf"  \label{{fig:{record['slug']}}}",
        r"\end{figure}",
    ]
    return "\n".join(lines) + "\n"


def _beyond_latin(words: str) -> bool:
    return any(ord(letter) >= _PLAIN and ord(letter) not in _PUNCTUATION for letter in words if letter not in _SIGNS)


def _markdown(record: dict, figure: Path) -> str:
    said = f"{record['caption']} Figure {record['figure_id']}, Samestory {record['code']['samestory']}."
    source = quote(figure.with_suffix(".svg").as_posix())
    return f"![{_plain(record['alt'])}]({source})\n\n*{_plain(said)}*\n"


def _plain(words: str) -> str:
    return words.translate(_MARKDOWN)


def latex(words: str, *, signs: bool = True) -> str:
    """Words as LaTeX prints them. ``signs``: also − and the like, which are not printed of an alt text."""
    known = {**_COMMANDS, **_SIGNS} if signs else _COMMANDS
    return "".join(known.get(letter, letter) for letter in words)
