"""study.yml → Study: where things are and what is compared.

A study is a folder with a ``study.yml``. This file reads it, refuses what it does not know, and answers where the
study's sources, codebooks and coded tables are. It reads no article.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import stat
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, field_validator, model_validator

from analysis.engine_settings import Engine

PACKAGE = Path(__file__).resolve().parent
_DEEPEST = 32  # levels of a YAML file

# The columns of an article that a study's `columns` can name in files.
COLUMNS = (
    *("outlet", "published", "headline", "deck", "byline", "agency", "credit", "disclosure", "section", "url"),
    *("language", "story", "body"),
)


class UserError(Exception):
    """Something the user can mend. The message is one line: what, where, and what is allowed."""


class Event(BaseModel):
    """A day that trends mark, and what happened on it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    date: datetime.date
    label: Annotated[str, Field(min_length=1)]


class Study(BaseModel):
    """What ``study.yml`` says. Unknown keys are errors; paths are relative to the study's folder.

    Attributes are the keys of ``study.yml``:

    * ``title``: what the study asks, in a line. ``authors``: whose study it is, for citations.
    * ``articles``: a file, a folder or a glob, or a list of these.
    * ``shared``: in place of articles, the folder of tables of a study without texts (``samestory share``).
    * ``manifest``: a CSV that overrides what pages say (``file`` and any of outlet, published, headline, url …).
    * ``columns``: what the columns of CSV, XLSX, JSON Lines and Parquet files are called there, such as
      ``outlet: Zeitung``; for those whose names are not known anyway.
    * ``outlets``: a YAML file of outlets' names (as the shipped ``outlets.yml``), whose statements win.
    * ``codebooks``: names of shipped codebooks, or paths.
    * ``compare``: the column whose levels are compared. ``reference``: the level the others are compared with.
    * ``events``: days to mark in trends, each with ``date`` and ``label``.
    * ``language``, ``encoding``: of the articles. ``seed``: of every random draw.
    * ``engine``: how coding is run (see `analysis.engine_settings.Engine`). ``store``: where the coded tables are, a
      folder or a place such as ``s3://bucket/path``, of this study alone.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Annotated[str, Field(min_length=1)]
    articles: str | list[str] | None = None
    manifest: str | None = None
    columns: dict[str, Annotated[str, Field(min_length=1)]] | None = None
    outlets: str | None = None
    shared: Annotated[str, Field(min_length=1)] | None = None
    authors: list[Annotated[str, Field(min_length=1)]] = []
    codebooks: Annotated[list[str], Field(min_length=1)]
    compare: Annotated[str, Field(min_length=1)] = "outlet"
    reference: str | None = None
    events: list[Event] = []
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] = "en"
    seed: Annotated[int, Field(ge=0)] = 1
    encoding: str = "utf-8"
    engine: Engine = Engine()
    store: Annotated[str, Field(min_length=1)] | None = None

    _folder: Path = PrivateAttr(default_factory=Path)

    @field_validator("articles")
    @classmethod
    def _some_articles(cls, value: str | list[str] | None) -> str | list[str] | None:
        if not value or not all([value] if isinstance(value, str) else value):
            raise ValueError("must name at least one file, folder or glob")
        return value

    @field_validator("columns")
    @classmethod
    def _known_columns(cls, value: dict[str, str] | None) -> dict[str, str] | None:
        unknown = [name for name in value or () if name not in COLUMNS]
        if unknown:
            raise ValueError(f"no column of ours is called {unknown[0]!r}; those are {', '.join(COLUMNS)}")
        return value

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str) -> str:
        try:
            "".encode(value)
        except LookupError:
            raise ValueError("is no encoding that Python knows, such as utf-8 or windows-1252") from None
        return value

    @model_validator(mode="after")
    def _one_source(self) -> Study:
        if (self.articles is None) == (self.shared is None):
            raise ValueError("needs the key 'articles', or in its place 'shared' (tables of a study without texts)")
        return self

    @property
    def folder(self) -> Path:
        """The folder that holds ``study.yml``, absolute."""
        return self._folder

    @property
    def name(self) -> str:
        """The folder's name: reports and figures are filed under it."""
        return self._folder.name

    @property
    def article_patterns(self) -> list[str]:
        """``articles`` as a list; empty where the study came without texts."""
        return [self.articles] if isinstance(self.articles, str) else list(self.articles or ())

    @property
    def shared_folder(self) -> Path | None:
        """Where the tables of a study without texts are; None for a study that has its articles."""
        return self._folder / self.shared if self.shared else None

    @property
    def outlets_path(self) -> Path | None:
        """The study's own table of outlets; None where it has none. Raises UserError where there is no such file."""
        if self.outlets is None:
            return None
        file = self._folder / self.outlets
        if not file.is_file():
            raise UserError(f"{self._folder / 'study.yml'}: outlets: {self.outlets!r}: there is no such file")
        return file

    @property
    def codebook_paths(self) -> list[Path]:
        """The file of each codebook: a path in the study's folder, else a shipped name.

        Raises UserError where there is neither.
        """
        return [self._codebook_path(name) for name in self.codebooks]

    def _codebook_path(self, name: str) -> Path:
        own = self._folder / name
        if own.is_file():
            return own
        home = shipped("codebooks")
        if (home / f"{name}.yml").is_file():
            return home / f"{name}.yml"
        known = ", ".join(sorted(path.stem for path in home.glob("*.yml")))
        raise UserError(
            f"{self._folder / 'study.yml'}: codebook {name!r} is no file here and is not shipped; shipped: {known}"
        )

    @property
    def validation_folder(self) -> Path:
        """Where samples for human coding and the filled sheets stand: ``validation/``, one folder a sample."""
        return self._folder / "validation"

    @property
    def tables_folder(self) -> Path:
        """Where coded tables live: ``tables/`` in the study's folder.

        A study that its owner made read-only is left as it is: its tables go to the user's cache, in a folder named
        by the study's path. The mode is asked, not ``os.access``, since to root every folder is writable.
        """
        own = self._folder / "tables"
        home = own if own.exists() else self._folder
        if home.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) and os.access(home, os.W_OK):
            return own
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        return cache / "samestory" / f"{self.name}-{hashlib.sha256(str(self._folder).encode()).hexdigest()[:12]}"

    @property
    def store_place(self) -> str:
        """Where coded tables are: what ``store`` names, else `tables_folder`. What was read is kept in the latter."""
        if self.store is None:
            return str(self.tables_folder)
        return self.store.rstrip("/") if "://" in self.store else str(self._folder / Path(self.store).expanduser())


def shipped(kind: str) -> Path:
    """Where what comes with Samestory stands: the folders ``codebooks``, ``notebooks`` and ``studies``, or the file
    ``citation``.

    In a checkout they stand at the top of the repository; an installed wheel carries them inside the package.
    """
    inside = PACKAGE / "shipped"
    if inside.is_dir():
        places = {"codebooks": inside / "codebooks", "notebooks": inside / "notebooks", "studies": inside}
        return {**places, "citation": inside / "CITATION.cff"}[kind]
    top = PACKAGE.parent
    places = {"codebooks": top / "data" / "codebooks", "notebooks": top / "notebooks", "studies": top / "data"}
    return {**places, "citation": top / "CITATION.cff"}[kind]


def open_study(path: str | Path = "") -> Study:
    """Read ``study.yml`` of a folder (or the file itself, or the name of a shipped study such as ``demo``).

    An empty path is the study that ``samestory explore`` was started with, else the demo.

    Raises UserError, in one line, where there is no study, the YAML is broken, or a key or value is not allowed.
    """
    path = path or os.environ.get("SAMESTORY_STUDY") or "demo"
    given = Path(path).expanduser()
    file = given / "study.yml" if given.is_dir() else given
    if not file.is_file() and len(given.parts) == 1:
        file = shipped("studies") / given / "study.yml"
    if not file.is_file():
        raise UserError(
            f"{path}: no study here; a study is a folder with a study.yml (samestory new DIR --articles PATH)"
        )
    content = read_yaml(file)
    try:
        study = Study.model_validate(content)
    except ValidationError as error:
        within = any(item["loc"][:1] == ("engine",) and len(item["loc"]) > 1 for item in error.errors())
        raise UserError(explain(error, file, allowed=list((Engine if within else Study).model_fields))) from None
    study._folder = file.resolve().parent
    return study


class _Strict(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML as libyaml reads it, ten times as fast; a key that stands twice is refused, not lost."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        seen = set()
        for key, _ in node.value:
            if key.value.__hash__ and (key.tag, key.value) in seen:
                problem = f"key {key.value!r} stands twice"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            if key.value.__hash__:
                seen.add((key.tag, key.value))
        return super().construct_mapping(node, deep)


def _refuse_growth(text: str) -> None:
    """Aliases can make a small file grow without bound, deep nesting ends the process; nothing here needs either."""
    depth = 0
    for event in yaml.parse(text, _Strict):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, f"alias *{event.anchor}: write it out", event.start_mark)
        if depth > _DEEPEST:
            raise yaml.composer.ComposerError(None, None, f"nested over {_DEEPEST} levels deep", event.start_mark)


def read_yaml(file: Path) -> dict[str, Any]:
    """A YAML file that holds a mapping. Raises UserError naming file and line where it does not."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        _refuse_growth(text)
        content = yaml.load(text, _Strict)
    except UnicodeDecodeError as error:
        raise UserError(f"{file}: not UTF-8 at byte {error.start}; save the file as UTF-8") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}:" if mark else ""
        raise UserError(f"{file}:{line} not YAML: {getattr(error, 'problem', None) or 'unreadable'}") from None
    except (ValueError, LookupError) as error:  # PyYAML makes dates and numbers, and some are none (2024-02-31)
        raise UserError(f"{file}: a value is no date or number ({error}); put it in quotes") from None
    if not isinstance(content, dict):
        raise UserError(f"{file}: {'empty' if content is None else 'not a mapping'}; expected lines of `key: value`")
    return content


def explain(error: ValidationError, file: Path, *, allowed: list[str]) -> str:
    """pydantic's errors as one line: file, key, value, what is allowed."""
    said = []
    for item in error.errors():
        # A key that may have several types is listed once for each type; its name is enough.
        places = [str(place) for place in item["loc"] if not str(place).startswith(("str", "list[", "function-"))]
        key = ".".join(places) or "the file"
        if item["type"] == "extra_forbidden":
            said.append(f"unknown key {key!r}; allowed: {', '.join(allowed)}")
        elif item["type"] == "missing":
            said.append(f"key {key!r} is missing")
        else:
            value = item["input"]
            shown = "" if isinstance(value, (dict, list)) else f" is {value!r}"
            message = item["msg"].removeprefix("Value error, ")
            if not item["loc"]:  # said of the whole file
                said.append(message)
                continue
            said.append(f"key {key!r}{shown if len(shown) < 60 else shown[:57] + '...'}: {message}")
    return f"{file}: " + "; ".join(dict.fromkeys(said))


def write_study(folder: Path, *, articles: str, title: str | None = None, codebooks: list[str] | None = None) -> Path:
    """Write the ``study.yml`` of a new study and return its path.

    Args:
        articles: a file, folder or glob as the caller sees it; kept relative to the study's folder.
        codebooks: shipped names or paths; by default the generic frames and the reporting verbs.

    Raises:
        UserError: there is a study already, nothing is found under ``articles``, or a codebook is not there.
    """
    file = folder / "study.yml"
    if file.exists():
        raise UserError(f"{file}: there is a study already; edit it, or choose another folder")
    found = Path(articles).expanduser()
    anchor = found if found.exists() else next(parent for parent in found.parents if parent.exists())
    if not found.exists() and not any(anchor.glob(str(found.relative_to(anchor)))):
        raise UserError(f"--articles {articles}: nothing is there; expected a file, a folder or a glob")
    home = folder.resolve()
    relative = os.path.relpath(anchor.resolve() / found.relative_to(anchor), home)
    shipped_names = [name if (shipped("codebooks") / f"{name}.yml").is_file() else None for name in codebooks or []]
    names = [
        known or os.path.relpath(Path(name).resolve(), home)
        for name, known in zip(codebooks or [], shipped_names, strict=True)
    ]
    content = {
        "title": title or f"How outlets word the same story: {home.name}",
        "articles": Path(relative).as_posix(),
        "codebooks": names or ["generic-frames", "reporting-verbs"],
        "compare": "outlet",
        "language": "en",
        "seed": 1,
    }
    study = Study.model_validate(content)
    study._folder = home
    _ = study.codebook_paths  # says which are there where one is not
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return file
