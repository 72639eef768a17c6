"""Codebooks: YAML files of variables, their categories and the patterns of each.

See ``data/README.md`` for the format. A codebook is data: nothing in it is run, unknown keys are errors, and what is
wrong is said in one line with file, variable, category and pattern.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from analysis.coding import modifiers, patterns
from analysis.coding.modifiers import Modifiers
from analysis.study import Study, UserError, explain, read_yaml

Pattern = Annotated[str, Field(min_length=1)]
Weight = Annotated[float, Field(allow_inf_nan=False)]


class Variable(BaseModel):
    """One question asked of a text.

    ``kind`` says how it is counted: *choice*: categories compete at each place and shares sum to 1; *presence*: each
    category is counted for itself; *scale*: patterns carry weights; *actor*: names of who speaks or is spoken of.
    ``except``: phrases outside the envelope of variation; they compete with the categories and what they win is not
    counted. ``modifiers``: words that change what a hit of a scale adds (see `modifiers.Modifiers`).
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    kind: Literal["choice", "presence", "scale", "actor"]
    question: str | None = None
    notes: str | None = None
    case: Literal["sensitive", "insensitive"] = "insensitive"
    categories: Annotated[dict[str, list[Pattern] | dict[Pattern, Weight]], Field(min_length=1)]
    exceptions: Annotated[list[Pattern], Field(alias="except")] = []
    sides: dict[str, list[str]] | None = None
    modifiers: Modifiers | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Variable:
        alone = self.kind == "presence"
        seen: dict[str, dict[str, str]] = {}
        for category, listed in self.categories.items():
            if not listed:
                raise ValueError(f"category {category!r} is empty; a category needs at least one pattern")
            if isinstance(listed, dict) != (self.kind == "scale"):
                raise ValueError(f"category {category!r}: weights go with kind scale, and only with it")
            if alone:
                seen = {}
            for pattern in listed:
                _once(pattern, category, seen, self.case)
        for pattern in self.exceptions:
            _once(pattern, "except", seen if not alone else {}, self.case)
        if self.modifiers is not None and self.kind != "scale":
            raise ValueError("modifiers go with kind scale only")
        for side, members in (self.sides or {}).items():
            for member in members:
                if member not in self.categories:
                    raise ValueError(f"side {side!r} names {member!r}, which is no category here")
        return self


def _once(pattern: str, category: str, seen: dict[str, dict[str, str]], case: str) -> None:
    """Refuse a pattern that cannot match or that stands twice; ``seen``: form → spelling → category.

    Two spellings of one form (*cease fire* and *cease-fire*) may stand in one category, as they do in many lists.
    """
    try:
        form = patterns.normal_form(pattern, sensitive=case == "sensitive")
    except ValueError as error:
        raise ValueError(f"category {category!r}: pattern {pattern!r} {error}") from None
    homes = seen.setdefault(form, {})
    written = spelling(pattern, sensitive=case == "sensitive")
    other = homes.get(written) or next((home for home in homes.values() if home != category), None)
    if other is not None:
        where = f"twice in {category!r}" if other == category else f"in {other!r} and in {category!r}"
        raise ValueError(f"pattern {pattern!r} stands {where}; one place is allowed")
    homes[written] = category


def spelling(pattern: str, *, sensitive: bool = False) -> str:
    """What makes two entries of a category the same entry: all but blanks and, unless sensitive, case."""
    written = " ".join(pattern.split())
    return unicodedata.normalize("NFC", written if sensitive else written.casefold())


class Codebook(BaseModel):
    """A codebook as its file says, with the hash of what it says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[\w.-]+$")]
    version: Annotated[str, Field(pattern=r"^\d+(\.\d+){0,2}$")]
    language: str = "en"
    description: str | None = None
    sources: list[str] = []
    notes: str | None = None
    variables: Annotated[dict[str, Variable], Field(min_length=1)]

    def modifiers_of(self, variable: Variable) -> Modifiers | None:
        """The modifiers of a scale: its own, else those of the codebook's language; None: weights stand as they are."""
        if variable.kind != "scale" or variable.modifiers is not None:
            return variable.modifiers
        return modifiers.default(self.language)

    @property
    def hash(self) -> str:
        """First 12 hex digits of the SHA-256 of what is counted: comments and layout do not matter."""
        said = self.model_dump(mode="json", include={"variables"}, by_alias=True)
        for name, variable in self.variables.items():
            listed = self.modifiers_of(variable)
            said["variables"][name].pop("modifiers")
            if listed is not None:
                said["variables"][name]["modifiers"] = listed.model_dump(mode="json", by_alias=True)
        return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:12]


def read_codebook(file: Path) -> Codebook:
    """Read and check one codebook, or a dictionary of another program (see `dictionaries.read_dictionary`).

    Raises UserError in one line: file, key, value, what is allowed.
    """
    from analysis.coding import dictionaries  # a dictionary is made into a codebook: each needs the other

    if dictionaries.is_dictionary(file):
        return dictionaries.read_dictionary(file)[0]
    content = read_yaml(file)
    try:
        return Codebook.model_validate(content)
    except ValidationError as error:
        allowed = list(Codebook.model_fields)
        if any(len(item["loc"]) > 2 for item in error.errors()):
            allowed = [field.alias or name for name, field in Variable.model_fields.items()]
        raise UserError(explain(error, file, allowed=allowed)) from None


def read_codebooks(study: Study) -> list[Codebook]:
    """The study's codebooks, in its order. Two of one name are an error."""
    books = [read_codebook(path) for path in study.codebook_paths]
    names = [book.name for book in books]
    for name in names:
        if names.count(name) > 1:
            raise UserError(f"{study.folder / 'study.yml'}: two codebooks are named {name!r}; names must differ")
    return books


def categories_table(codebooks: list[Codebook]) -> pd.DataFrame:
    """The *categories* table: what is asked, also where nothing is found. One row a category."""
    rows = [
        (
            book.name,
            book.version,
            digest,
            name,
            variable.kind,
            variable.question,
            category,
            next((side for side, members in (variable.sides or {}).items() if category in members), None),
            len(listed),
        )
        for book, digest in [(book, book.hash) for book in codebooks]
        for name, variable in book.variables.items()
        for category, listed in variable.categories.items()
    ]
    columns = ["codebook", "version", "codebook_hash", "variable", "kind", "question", "category", "side"]
    columns.append("n_patterns")
    return pd.DataFrame(rows, columns=columns).astype(
        {column: "str" if column != "n_patterns" else "int64" for column in columns}
    )
