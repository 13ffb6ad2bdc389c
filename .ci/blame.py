"""Name the package whose newest version makes tests fail. Always exits with 1.

    python .ci/blame.py LOCKED NEWEST

LOCKED and NEWEST are the interpreters of two environments: with the versions of the lock, where the
tests pass, and with the newest ones, where pytest has just failed. Each package that differs is put
back to its locked version alone, and the failed tests run again; if they pass, that package is to
blame. Without one, every difference is listed.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

FAILED = Path(".pytest_cache/v/cache/lastfailed")


def versions(python: str) -> dict[str, str]:
    """Return each installed package with its version."""
    command = [python, "-m", "pip", "list", "--format", "json", "--disable-pip-version-check"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {each["name"].lower(): each["version"] for each in json.loads(listed)}


def install(python: str, package: str, version: str) -> None:
    command = [python, "-m", "pip", "install", "-q", "--no-deps", f"{package}=={version}"]
    subprocess.run(command, check=True)


def passes(python: str, tests: list[str]) -> bool:
    """Tell whether these tests pass. The cache of what failed stays as it is."""
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def main(locked: str, newest: str) -> int:
    if not FAILED.exists():
        print("ci: the newest versions can't run the tests at all; see above")
        return 1
    tests = list(json.loads(FAILED.read_text(encoding="utf-8")))[:20]
    before, now = versions(locked), versions(newest)
    differing = {name: now[name] for name in now if name in before and before[name] != now[name]}
    if not passes(locked, tests):
        print("ci: these tests fail with the locked versions, too, so no new version is to blame")
        return 1
    for name, version in differing.items():
        install(newest, name, before[name])
        good = passes(newest, tests)
        install(newest, name, version)
        if good:
            print(f"ci: what fails with {name} {version} passes with {before[name]}")
            return 1
    print("ci: no single package explains the failure; these differ from the lock:")
    for name, version in differing.items():
        print(f"  {name} {version} (locked: {before[name]})")
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
