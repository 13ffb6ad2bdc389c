"""Stories in the suite of a host: pytest collects them once the host's settings name them."""

from __future__ import annotations

import subprocess
import sys

import pytest

import postinterview.testing.stories  # noqa: F401 - `pytester` forgets what is imported first in a run
from postinterview.scenario.parsing import read

pytest_plugins = ["pytester"]

STORY = """\
format: 1
rules: default
scenarios:
  - name: a chase at once
    timezone: UTC
    steps:
      - {at: 2026-03-02 10:00, event: interview, with: {interviewers: [ana]}}
      - {at: 2026-03-02 12:00, event: follow_up, with: {channel: email}, expect: refused}
  - name: a chase after a week
    timezone: UTC
    steps:
      - {at: 2026-03-02 10:00, event: interview, with: {interviewers: [ana]}}
      - {at: 2026-03-10 12:00, event: follow_up, with: {channel: email}}
"""
read(STORY, "story.yaml")  # imports the parser, for the same reason
HURRIED = STORY.replace("expect: refused", "expect: allowed")


@pytest.fixture(autouse=True)
def quick_to_start(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each run imports all plugins anew; that of schemathesis takes more than a second."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:schemathesis")


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A foreign project that names its stories; without the settings of this one."""
    pytester.makeini("[pytest]\npostinterview_stories = stories\n")
    pytester.mkdir("stories")
    return pytester


def write(project: pytest.Pytester, name: str, text: str) -> None:
    (project.path / name).write_text(text, encoding="utf-8")


def printed_by_the_command(project: pytest.Pytester, file: str) -> str:
    command = [sys.executable, "-m", "postinterview", "test", file]
    done = subprocess.run(command, cwd=project.path, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_each_scenario_is_a_test_with_its_name(project: pytest.Pytester) -> None:
    write(project, "stories/soon.yaml", STORY)

    done = project.runpytest_inprocess("-v")

    done.assert_outcomes(passed=2)
    done.stdout.fnmatch_lines(
        [
            "stories/soon.yaml::a chase at once PASSED*",
            "stories/soon.yaml::a chase after a week PASSED*",
        ]
    )


def test_a_failure_is_printed_as_the_command_prints_it(project: pytest.Pytester) -> None:
    write(project, "stories/soon.yaml", HURRIED)
    said = printed_by_the_command(project, "stories/soon.yaml").splitlines()
    steps = [line for line in said if line.startswith(("stories/soon.yaml:8", "    "))]

    done = project.runpytest_inprocess()

    done.assert_outcomes(passed=1, failed=1)
    assert len(steps) > 3
    done.stdout.fnmatch_lines(steps, consecutive=True)
    done.stdout.fnmatch_lines(["FAILED stories/soon.yaml::a chase at once - stories/soon.yaml:8:*"])


def test_scenarios_are_chosen_by_name_and_by_the_last_failure(project: pytest.Pytester) -> None:
    write(project, "stories/soon.yaml", HURRIED)

    project.runpytest_inprocess("-k", "week").assert_outcomes(passed=1, deselected=1)
    project.runpytest_inprocess("stories/soon.yaml::a chase after a week").assert_outcomes(passed=1)
    project.runpytest_inprocess().assert_outcomes(passed=1, failed=1)
    project.runpytest_inprocess("--lf").assert_outcomes(failed=1)


@pytest.mark.slow
def test_a_worker_of_xdist_plays_the_scenarios(project: pytest.Pytester) -> None:
    write(project, "stories/soon.yaml", HURRIED)
    project.makepyfile(test_own="def test_own(): pass")
    project.makeini("[pytest]\ntestpaths = test_own.py\npostinterview_stories = stories\n")

    project.runpytest_subprocess("-n", "1").assert_outcomes(passed=2, failed=1)


def test_a_broken_file_is_an_error_with_its_diagnostics(project: pytest.Pytester) -> None:
    write(project, "stories/soon.yaml", STORY)
    write(project, "stories/broken.yaml", STORY.replace("timezone", "timzone"))
    write(project, "stories/torn.yaml", "scenarios: [")
    said = printed_by_the_command(project, "stories/broken.yaml").splitlines()

    done = project.runpytest_inprocess("--continue-on-collection-errors")

    done.assert_outcomes(passed=2, errors=2)
    done.stdout.fnmatch_lines(["*ERROR collecting stories/broken.yaml*", *said[:5]], consecutive=True)
    done.stdout.fnmatch_lines(
        ["*ERROR collecting stories/torn.yaml*", "error[[]PI*", " --> stories/torn.yaml:1:*"]
    )


def test_broken_rules_are_an_error_with_their_line(project: pytest.Pytester) -> None:
    write(project, "mine.yaml", "format: 1\nextends: default\nmachines: {follow_ups: 7}\n")
    write(project, "stories/soon.yaml", STORY.replace("rules: default", "rules: ../mine.yaml"))

    done = project.runpytest_inprocess()

    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["error*", " --> *mine.yaml:3:*"])


def test_other_files_in_the_folder_are_no_stories(project: pytest.Pytester) -> None:
    write(project, "stories/soon.yaml", STORY)
    write(project, "stories/settings.yaml", "colour: green\n")
    write(project, "stories/data.json", "{}")
    write(project, "stories/notes.txt", "scenarios:")
    write(project, "elsewhere.yaml", HURRIED)

    project.runpytest_inprocess().assert_outcomes(passed=2)


def test_a_file_that_is_named_must_hold_scenarios(project: pytest.Pytester) -> None:
    project.makeini("[pytest]\npostinterview_stories = settings.yaml\n")
    write(project, "settings.yaml", "colour: green\n")

    project.runpytest_inprocess().assert_outcomes(errors=1)


def test_stories_are_played_against_the_rules_of_the_settings(project: pytest.Pytester) -> None:
    hasty = "format: 1\nextends: default\ntitle: Hasty\n"
    write(project, "mine.yaml", hasty + "machines:\n  follow_up:\n    transitions:\n      - id: none_such\n")
    write(project, "stories/soon.yaml", STORY)
    project.makeini("[pytest]\npostinterview_stories = stories\npostinterview_rules = mine.yaml\n")

    broken = project.runpytest_inprocess()
    write(project, "mine.yaml", hasty)
    mended = project.runpytest_inprocess()

    broken.assert_outcomes(errors=1)
    broken.stdout.fnmatch_lines([" --> *mine.yaml:*"])
    mended.assert_outcomes(passed=2)


def test_a_story_that_the_rules_of_the_settings_can_not_play_fails_with_its_line(
    project: pytest.Pytester,
) -> None:
    write(project, "full.yaml", "format: 1\nextends: default\ntitle: Full\n")
    story = STORY.replace("default", "../full.yaml").replace("event: follow_up", "event: linkedin_invite", 1)
    write(project, "stories/soon.yaml", story.replace("with: {channel: email}", "to: ana", 1))
    project.makeini("[pytest]\npostinterview_stories = stories\npostinterview_rules = essentials\n")

    done = project.runpytest_inprocess()

    done.assert_outcomes(failed=1, passed=1)
    done.stdout.fnmatch_lines(["error[[]PI*linkedin_invite*", " --> stories/soon.yaml:8:*"])


def test_stories_are_played_against_a_rulebook_of_the_host(project: pytest.Pytester) -> None:
    project.makepyfile(shop="import postinterview as pi\nRULES = pi.load_rulebook('default')\nOTHER = 7\n")
    write(project, "stories/soon.yaml", STORY.replace("rules: default", "rules: missing.yaml"))
    settings = "[pytest]\npythonpath = .\npostinterview_stories = stories\npostinterview_rules = shop:{}\n"

    project.makeini(settings.format("RULES"))
    project.runpytest_inprocess().assert_outcomes(passed=2)
    project.makeini(settings.format("OTHER"))
    project.runpytest_inprocess().stdout.fnmatch_lines(["postinterview_rules: `shop:OTHER` is no rulebook*"])
    project.makeini(settings.format("NONE"))
    project.runpytest_inprocess().stdout.fnmatch_lines(
        ["postinterview_rules: `shop:NONE` can't be imported*"]
    )


def test_with_testpaths_the_stories_are_collected_as_well(project: pytest.Pytester) -> None:
    write(project, "stories/soon.yaml", STORY)
    project.mkdir("tests")
    write(project, "tests/test_own.py", "def test_own(): pass\n")
    project.makeini("[pytest]\ntestpaths = tests\npostinterview_stories = stories\n")

    project.runpytest_inprocess().assert_outcomes(passed=3)
    project.runpytest_inprocess("tests").assert_outcomes(passed=1)


def test_a_folder_that_is_not_there_ends_the_run(project: pytest.Pytester) -> None:
    project.makeini("[pytest]\npostinterview_stories = storeis\n")

    done = project.runpytest_inprocess()

    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["ERROR: postinterview_stories: there is no file or folder `*storeis`"])


def test_a_project_without_settings_imports_and_collects_nothing(pytester: pytest.Pytester) -> None:
    write(pytester, "story.yaml", HURRIED)
    pytester.makepyfile(
        """
        import sys

        def test_nothing_is_imported():
            assert "postinterview_pytest" in sys.modules
            assert not [name for name in sys.modules if name.partition(".")[0] in {"postinterview", "yaml"}]
        """
    )

    pytester.runpytest_subprocess("-W", "error").assert_outcomes(passed=1)


def test_the_entry_point_imports_nothing_but_the_standard_library() -> None:
    program = (
        "import sys; before = set(sys.modules); import postinterview_pytest;"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    found = {name.partition(".")[0] for name in done.stdout.split()}
    assert found - sys.stdlib_module_names == {"postinterview_pytest"}
