"""The locked versions are those that `pyproject.toml` asks for."""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]


def asked_for(texts: list[str]) -> set[Requirement]:
    """Each requirement of a list, those of the extras that it names included."""
    found: set[Requirement] = set()
    for requirement in map(Requirement, texts):
        if requirement.name == "postinterview":
            found |= asked_for(list(chain.from_iterable(EXTRAS[extra] for extra in requirement.extras)))
        else:
            found.add(requirement)
    return found


def locked(name: str) -> dict[str, list[Requirement]]:
    """The pins of a lock by the name of the package; one for each environment where they differ."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    pins: dict[str, list[Requirement]] = {}
    for line in re.findall(r"^(\S.*?) \\$", text, re.MULTILINE):
        requirement = Requirement(line)
        pins.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return pins


CORE = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["build"]]
LOCKS = {"run": CORE, "test": [*CORE, *EXTRAS["test"]], "dev": [*CORE, *EXTRAS["dev"]]}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_a_fitting_version_of_all_that_is_asked_for(lock: str) -> None:
    pins = locked(lock)
    for requirement in asked_for(LOCKS[lock]):
        found = pins.get(canonicalize_name(requirement.name))
        assert found, f"run .ci/lock: requirements/{lock}.txt lacks {requirement}"
        for pin in found:
            version = str(pin.specifier).removeprefix("==")
            assert requirement.specifier.contains(version), f"run .ci/lock: {pin} is no {requirement}"


def test_the_locks_agree() -> None:
    dev = locked("dev")
    for name, pins in chain(locked("run").items(), locked("test").items()):
        # Not the markers: what one lock needs on Windows only, another may need everywhere.
        assert {str(pin.specifier) for pin in pins} <= {str(pin.specifier) for pin in dev[name]}


def test_each_pin_has_a_hash_and_names_no_address() -> None:
    for path in (ROOT / "requirements").iterdir():
        text = path.read_text(encoding="utf-8")
        assert "://" not in text
        assert all(pin.count("--hash=sha256:") for pin in re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:])


def test_one_pin_alone_fits_this_environment() -> None:
    for name, pins in locked("dev").items():
        assert sum(pin.marker is None or pin.marker.evaluate() for pin in pins) <= 1, name
