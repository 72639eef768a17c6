"""One list of packages: pyproject.toml, environment.yml and the lock say the same."""

import re
import tomllib

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from analysis import __version__
from tests.conftest import TOP

PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (TOP / "requirements.lock").read_text(encoding="utf-8")


def names(requirements):
    """Name → specifier."""
    return {canonicalize_name(one.name): one.specifier for one in map(Requirement, requirements)}


def test_conda_users_get_what_pip_users_get():
    listed = yaml.safe_load((TOP / "environment.yml").read_text(encoding="utf-8"))
    assert listed["channels"] == ["conda-forge"]
    plain = [one for one in listed["dependencies"] if isinstance(one, str)]
    pip = next(one["pip"] for one in listed["dependencies"] if isinstance(one, dict))
    assert pip == ["-e ."]
    conda = names(plain)
    assert PROJECT["project"]["requires-python"] == ">=3.11"
    assert conda.pop("python") == Requirement("python>=3.11,<3.13").specifier
    conda.pop("pip", None)
    assert conda == names(PROJECT["project"]["dependencies"])


def test_the_lock_holds_every_package_with_hashes_and_no_host():
    assert "://" not in LOCK
    assert "--index-url" not in LOCK and "--find-links" not in LOCK
    assert str(TOP) not in LOCK
    locked = dict(re.findall(r"^([\w.-]+)==(\S+)", LOCK, re.MULTILINE))
    asked = names(PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"])
    for name, specifier in asked.items():
        versions = re.findall(rf"^{re.escape(name)}==(\S+)", LOCK, re.MULTILINE)
        assert versions, name
        assert all(specifier.contains(version) for version in versions), name
    assert all("--hash=sha256:" in entry for entry in re.split(r"\n(?=[\w.-]+==)", LOCK)[1:])
    assert len(locked) > 50


def test_one_version():
    assert PROJECT["project"]["version"] == __version__
    citation = yaml.safe_load((TOP / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == __version__
