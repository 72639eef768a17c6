"""A run as an RO-Crate: what went in, what came out, what did it, when, in a form that archives and machines read.

RO-Crate 1.1 with the profile Process Run Crate 0.5 (https://w3id.org/ro/wfrun/process/0.5): one CreateAction whose
objects are study.yml, the codebooks and the articles (by hash; no word of a text), whose results are the files in the
crate's folder, and whose instrument is Samestory with the packages it used. A crate holds times; no other file does.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import mimetypes
import os
import platform
import shutil
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from analysis import store
from analysis.reporting.licences import LICENCES
from analysis.reporting.provenance import PACKAGES
from analysis.study import Study

FILE = "ro-crate-metadata.json"
INPUTS = "inputs"  # where a report keeps its study.yml and codebooks
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
ARTICLES = 1000  # named one by one; more are in the hash and the count
_LISTED = ("", "figures", "coded", "codebooks", INPUTS)  # folders whose files are named one by one
_KINDS = {
    ".ipynb": "application/x-ipynb+json",
    ".parquet": "application/vnd.apache.parquet",
    ".yml": "application/yaml",
    ".md": "text/markdown",
}


def now() -> str:
    """This moment, ISO 8601 in UTC; where builds are reproduced, the moment that SOURCE_DATE_EPOCH names."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    moment = datetime.datetime.fromtimestamp(int(given), datetime.UTC) if given else datetime.datetime.now(datetime.UTC)
    return moment.isoformat(timespec="seconds")


def copy_inputs(study: Study, folder: Path) -> None:
    """study.yml and the codebooks beside what was made of them."""
    (folder / INPUTS / "codebooks").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(study.folder / "study.yml", folder / INPUTS / "study.yml")
    for path in study.codebook_paths:
        shutil.copyfile(path, folder / INPUTS / "codebooks" / path.name)


def write_crate(
    folder: Path,
    study: Study,
    tables: Mapping[str, pd.DataFrame],
    *,
    command: str,
    started: str,
    description: str,
    settings: Mapping[str, object] | None = None,
    figures: Path | None = None,
    failures: Sequence[str] = (),
    licence: str | None = None,
) -> Path:
    """Write ``ro-crate-metadata.json`` into a folder, over all that is in it; return its path.

    Args:
        command: what was run, such as ``samestory report demo``. started: from `now`, before it ran.
        settings: the parameters given. figures: where figures are, if outside the folder: these are named, not held.
        failures: what failed, a line each. licence: the SPDX name of the crate's licence; None: not stated.
    """
    from rocrate.rocrate import ROCrate  # takes a second to load, and few commands need it

    crate, ended = ROCrate(version="1.1"), now()
    crate.name, crate.description, crate.datePublished = study.title, description, ended
    crate.license = _licence(crate, licence)
    root = crate.root_dataset
    root["conformsTo"] = _add(crate, PROFILE, "CreativeWork", name="Process Run Crate", version="0.5")
    authors = [_add(crate, f"#author-{at}", "Person", name=name) for at, name in enumerate(study.authors, start=1)]
    if authors:
        root["author"] = _one_or_more(authors)
    files = _files(crate, folder)
    inputs = [one for path, one in files.items() if path.startswith(("codebooks/", f"{INPUTS}/"))]
    results = [one for one in files.values() if one not in inputs]
    if figures is not None and folder.resolve() not in figures.resolve().parents:
        results += _figures_elsewhere(crate, figures)
    articles = _articles(crate, study, tables["articles"])
    action = {
        "name": command,
        "description": description,
        "instrument": _software(crate),
        "object": [*inputs, articles, *_settings(crate, settings or {})],
        "result": results,
        "startTime": started,
        "endTime": ended,
        "actionStatus": f"http://schema.org/{'Failed' if failures else 'Completed'}ActionStatus",
    }
    action |= {"agent": _one_or_more(authors)} if authors else {}
    action |= {"error": "; ".join(failures)} if failures else {}
    root["mentions"] = [_add(crate, "#run", "CreateAction", **action), articles]
    said = json.dumps(crate.metadata.generate(), indent=1, ensure_ascii=False) + "\n"
    (folder / FILE).write_text(said, encoding="utf-8")
    return folder / FILE


def _add(crate: object, identifier: str, kind: str, /, **properties: object) -> object:
    """An entity of the crate."""
    from rocrate.model.contextentity import ContextEntity

    return crate.add(ContextEntity(crate, identifier, properties={"@type": kind, **properties}))


def _one_or_more(entities: list) -> object:
    """RO-Crate 1.1 asks that one value be no list."""
    return entities[0] if len(entities) == 1 else entities


def _licence(crate: object, licence: str | None) -> object:
    if licence is None:
        return "No licence is stated. Texts of articles belong to their publishers."
    title, address = LICENCES[licence]
    return _add(crate, address, "CreativeWork", name=title, identifier=licence)


def _files(crate: object, folder: Path) -> dict[str, object]:
    """Path → entity: each file with its kind, size and hash; folders that grow with the articles as a whole."""
    made = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        home = name.rsplit("/", 1)[0] if "/" in name else ""
        listed = home.split("/")[0] in _LISTED
        if path.is_file() and listed and name != FILE:
            known = {
                "name": path.name,
                "contentSize": str(path.stat().st_size),
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            }
            kind = _KINDS.get(path.suffix) or mimetypes.guess_type(path.name)[0]
            made[name] = crate.add_file(path, name, properties=known | ({"encodingFormat": kind} if kind else {}))
        elif path.is_dir() and not home and name not in _LISTED:
            n = sum(1 for one in path.rglob("*") if one.is_file())
            made[f"{name}/"] = crate.add_dataset(
                path, f"{name}/", properties={"name": name, "description": f"{n} files"}
            )
    return made


def _figures_elsewhere(crate: object, figures: Path) -> list[object]:
    """Figures beside the crate: by their ids."""
    made = []
    for path in sorted(figures.glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        known = {"name": path.stem, "identifier": f"samestory:{record['figure_id']}", "description": record["caption"]}
        made.append(_add(crate, f"#figure-{path.stem}", "CreativeWork", **known))
    return made


def _articles(crate: object, study: Study, articles: pd.DataFrame) -> object:
    """The articles as one work of many parts, each by its hash, outlet and day, with no word of it."""
    rows = articles[["article_id", "outlet", "published"]].head(ARTICLES)
    parts = []
    for article, outlet, published in rows.itertuples(index=False):
        known = {"name": f"article {article}", "identifier": f"sha256:{article}"}
        known |= {"publisher": outlet} if isinstance(outlet, str) else {}
        known |= {} if pd.isna(published) else {"datePublished": f"{published:%Y-%m-%d}"}
        parts.append(_add(crate, f"#article-{article}", "NewsArticle", **known))
    return _add(
        crate,
        "#articles",
        "CreativeWork",
        name=f"The articles of {study.name}",
        description=f"{len(articles):,} articles, named by the first 12 hex digits of the SHA-256 of outlet, headline "
        "and body. Their texts belong to their publishers and are not in this crate.",
        identifier=f"sha256:{store.hash_of(*sorted(articles['article_id']))}",
        hasPart=parts,
    )


def _settings(crate: object, settings: Mapping[str, object]) -> list[object]:
    return [
        _add(crate, f"#setting-{name}", "PropertyValue", name=name, value=str(value))
        for name, value in settings.items()
    ]


def _software(crate: object) -> object:
    """Samestory, and what it rests on. Packages are named by package URLs (purl), which are URIs."""
    python = platform.python_version()
    known = {"python": ("pkg:generic/python", python)}
    known |= {name: (f"pkg:pypi/{name}", number) for name, number in ((one, version(one)) for one in PACKAGES)}
    needs = [
        _add(crate, f"{address}@{number}", "SoftwareApplication", name=name, version=number)
        for name, (address, number) in known.items()
    ]
    own = {"name": "Samestory", "version": version("samestory"), "softwareRequirements": needs}
    return _add(crate, f"pkg:pypi/samestory@{version('samestory')}", "SoftwareApplication", **own)
