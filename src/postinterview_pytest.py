"""The pytest plugin: it imports nothing of the package until a project names its stories.

It lies outside the package, because pytest imports the plugins of every installed package at each start. With
`postinterview_stories` in the project's settings, `postinterview.testing.stories` does the work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

STORIES, RULES = "postinterview_stories", "postinterview_rules"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(STORIES, "story files, and folders with some, to collect as tests", type="paths")
    parser.addini(RULES, "play stories against these rules: a file, a packaged name, or module:name")


def pytest_configure(config: pytest.Config) -> None:
    paths = config.getini(STORIES)
    if paths:
        from postinterview.testing.stories import Stories

        stories = Stories.of(config, paths, config.getini(RULES) or None)
        config.pluginmanager.register(stories, "postinterview-stories")
