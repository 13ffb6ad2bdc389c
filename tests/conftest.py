"""Settings for every test: which ones run, and how long Hypothesis searches."""

from __future__ import annotations

import gc
import os
import signal
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# No deadline: the first call compiles and a shared machine stutters. The blob repeats a failure elsewhere.
# Quick and thorough draw the same examples each time, so that no change fails by chance; long goes looking.
# Thorough is what CI runs once, and `--all`; quick tries a quarter of its examples.
settings.register_profile("quick", deadline=None, print_blob=True, max_examples=20, derandomize=True)
settings.register_profile("thorough", settings.get_profile("quick"), max_examples=80)
settings.register_profile(
    "long",
    deadline=None,
    print_blob=True,
    max_examples=3000,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("quick")

_LEFT_OUT = "slow tests left out"
_COUNT = pytest.StashKey[int]()


# A shell ignores Ctrl-C in what it runs in the background, and programs that tests start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", help="run the tests marked `slow`, too")


def pytest_configure(config: pytest.Config) -> None:
    if config.option.all and config.option.hypothesis_profile is None:
        settings.load_profile("thorough")
    # The settings of whoever runs the tests are none of theirs, and that user's folder stays as it is.
    for name in [name for name in os.environ if name.startswith("POSTINTERVIEW_")]:
        del os.environ[name]
    own = TemporaryDirectory(prefix="settings", ignore_cleanup_errors=True)
    config.add_cleanup(own.cleanup)
    os.environ["XDG_CONFIG_HOME"] = own.name


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> object:
    """Keep the garbage collector from looking again and again at what lives as long as the run."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave slow tests out, unless `--all`, `-m` or the name of a single test asks for them.

    Some of them write expected texts, so ``UPDATE_GOLDEN=1`` leaves none out either.
    """
    if config.option.all or config.option.markexpr or any("::" in arg for arg in config.args):
        return
    if os.environ.get("UPDATE_GOLDEN") == "1":
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    items[:] = [item for item in items if not item.get_closest_marker("slow")]
    config.hook.pytest_deselected(items=slow)
    config.stash[_COUNT] = len(slow)


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> object:
    """Let a worker of xdist tell the process that prints how many tests it left out."""
    output: dict[str, object] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_LEFT_OUT] = session.config.stash.get(_COUNT, 0)
    return (yield)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what a worker of xdist told. Each worker collects every test, so the counts are equal."""
    node.config.stash[_COUNT] = getattr(node, "workeroutput", {}).get(_LEFT_OUT, 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    count = config.stash.get(_COUNT, 0)
    if count:
        terminalreporter.write_line(
            f"{count} {_LEFT_OUT} (installs, races, long searches, benchmarks): `pytest --all` runs them"
        )
