"""Text to nodes: what is read, where it stood, and what no input can do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from postinterview.loading import nodes
from postinterview.loading.diagnostics import MAX_DIAGNOSTICS, Findings, Span
from postinterview.loading.nodes import MAX_DEPTH, Mapping, Node, Scalar, Sequence

DEFAULT_RULES = Path(__file__).parents[2] / "rules" / "default.yaml"

both = pytest.mark.parametrize("pure", [False, True], ids=["C", "pure"])


def read(text: bytes | str, *, pure: bool = False) -> Node:
    """The nodes of a text that has no fault."""
    findings = Findings()
    node = nodes.read(text, "mine.yaml", findings, pure=pure)
    assert findings.found == []
    assert node is not None
    return node


def codes(text: bytes | str, *, pure: bool = False) -> list[str]:
    findings = Findings()
    nodes.read(text, "mine.yaml", findings, pure=pure)
    return [each.code for each in findings.sorted()]


def data(node: Node | None) -> object:
    """What a node says, without its places."""
    match node:
        case None:
            return None
        case Scalar():
            return node.text
        case Mapping():
            return {key.text: data(value) for key, value in node.entries}
        case Sequence():
            return [data(item) for item in node.items]


def placed(node: Node | None) -> object:
    """What a node says, with its places and quotes."""
    match node:
        case None:
            return None
        case Scalar():
            return node.text, node.plain, node.span
        case Mapping():
            return [(placed(key), placed(value)) for key, value in node.entries], node.span
        case Sequence():
            return [placed(item) for item in node.items], node.span


def scalars(node: Node) -> list[Scalar]:
    match node:
        case Scalar():
            return [node]
        case Mapping():
            return [found for key, value in node.entries for found in [key, *scalars(value)]]
        case Sequence():
            return [found for item in node.items for found in scalars(item)]


def under(text: str, span: Span) -> str:
    """The characters that a span covers, in a text whose lines end with a line feed."""
    lines = text.split("\n")
    if span.line == span.end_line:
        return lines[span.line - 1][span.column - 1 : span.end_column - 1]
    inner = lines[span.line : span.end_line - 1]
    first, last = lines[span.line - 1][span.column - 1 :], lines[span.end_line - 1][: span.end_column - 1]
    return "\n".join([first, *inner, last])


# --- what is read -------------------------------------------------------------------------------


def test_the_c_parser_is_here_so_that_both_are_tested() -> None:
    assert yaml.__with_libyaml__


@both
@pytest.mark.parametrize(
    "written",
    [
        "on",
        "yes",
        "no",
        "true",
        "null",
        "~",
        "12:30",
        "010",
        "0x1F",
        "1_000",
        "1e3",
        ".inf",
        "2026-02-30",
        "=",
        "-1",
    ],
)
def test_a_plain_scalar_stays_the_text_it_is(written: str, *, pure: bool) -> None:
    (_, value), *_ = mapping(read(f"a: {written}\n", pure=pure)).entries
    assert isinstance(value, Scalar)
    assert (value.text, value.plain) == (written, True)


def mapping(node: Node) -> Mapping:
    assert isinstance(node, Mapping)
    return node


@both
def test_quotes_are_known_from_plain_text(*, pure: bool) -> None:
    root = read(
        """a: 'it''s'\nb: "1\\t\\u00e9"\nc: |\n  two\n  lines\nd: >-\n  one\n  line\ne:\nf: ""\n""", pure=pure
    )
    assert [(one.text, one.plain) for one in scalars(root)[1::2]] == [
        ("it's", False),
        ("1\té", False),
        ("two\nlines\n", False),
        ("one line", False),
        ("", True),
        ("", False),
    ]


@both
def test_keys_keep_the_order_of_the_file(*, pure: bool) -> None:
    assert [key.text for key, _ in mapping(read("b: 1\na: 2\nc: 3\n", pure=pure)).entries] == ["b", "a", "c"]


@both
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from: any  # a comment\n", {"from": "any"}),
        ("from: any # a comment\n", {"from": "any"}),
        ("from: any ## a comment\n", {"from": "any"}),
        ("from: 'any' #comment\n", {"from": "any"}),
        ("from: [any] #comment\n", {"from": ["any"]}),
        ("from: #comment\n  - any\n", {"from": ["any"]}),
        ("title: C#1\n", {"title": "C#1"}),
        ("why: |\n  Call #1\n", {"why": "Call #1\n"}),
        ("title: 'Call #1'\n", {"title": "Call #1"}),
    ],
)
def test_a_comment_that_cuts_no_text_short_is_a_comment(text: str, expected: object, *, pure: bool) -> None:
    assert data(read(text, pure=pure)) == expected


@both
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\t\n", {"a": "1"}),
        ("a: 1\n\t\nb: 2\n", {"a": "1", "b": "2"}),
        ("\t# comment\na: 1\n", {"a": "1"}),
        ("#\tcomment\na: 1 #\tmore\n", {"a": "1"}),
        ("a: 'x\ty'\n", {"a": "x\ty"}),
        ('a: "x\ty"\n', {"a": "x\ty"}),
        ("a: |\n  x\ty\n", {"a": "x\ty\n"}),
    ],
)
def test_a_tab_that_does_no_harm_may_stay(text: str, expected: object, *, pure: bool) -> None:
    assert data(read(text, pure=pure)) == expected


@both
@pytest.mark.parametrize("title", ["Ready?", "what ? no", "a?b", "Quoi ?", "is it -?"])
def test_a_question_mark_in_a_text_between_brackets_is_part_of_it(title: str, *, pure: bool) -> None:
    assert data(read(f"{{title: {title}, why: [{title}]}}", pure=pure)) == {"title": title, "why": [title]}


@both
def test_a_byte_order_mark_and_line_ends_of_every_kind_change_nothing(*, pure: bool) -> None:
    text = "a: 1\nb:\n  - 2\n  - é\n"
    expected = placed(read(text, pure=pure))
    for line_end in ("\n", "\r\n", "\r"):
        other = text.replace("\n", line_end)
        assert placed(read("\ufeff" + other, pure=pure)) == expected
        assert placed(read(("\ufeff" + other).encode(), pure=pure)) == expected


@both
def test_the_default_rules_are_read_without_a_word(*, pure: bool) -> None:
    assert placed(read(DEFAULT_RULES.read_bytes(), pure=pure)) == placed(
        read(DEFAULT_RULES.read_text("utf-8"))
    )


# --- JSON ---------------------------------------------------------------------------------------


@both
def test_json_is_read_with_its_tabs(*, pure: bool) -> None:
    steps = '\t"steps":\t[\n\t\t{"at": "2026-03-02 10:00",\t"late": true}\n\t],\n'
    text = "{\n" + steps + '\t"why": "a \\/ b \\u00e9"\n}\n'
    assert data(read(text, pure=pure)) == {
        "steps": [{"at": "2026-03-02 10:00", "late": "true"}],
        "why": "a / b é",
    }


@both
def test_json_may_write_one_character_as_a_pair_of_escapes(*, pure: bool) -> None:
    text = '{"a": "\\ud83d\\ude00 \\\\ud83d \\ud83d\\ude00", "b": ["\\uD83D\\uDE00", 1],\n "c": 2}'
    root = read(text, pure=pure)
    assert data(root) == {"a": "😀 \\ud83d 😀", "b": ["😀", "1"], "c": "2"}
    assert [under(text, one.span) for one in scalars(root)] == [
        '"a"',
        '"\\ud83d\\ude00 \\\\ud83d \\ud83d\\ude00"',
        '"b"',
        '"\\uD83D\\uDE00"',
        "1",
        '"c"',
        "2",
    ]


@both
def test_a_fault_in_json_is_shown_where_the_user_sees_it(*, pure: bool) -> None:
    findings = Findings()
    nodes.read('{"a": "\\ud83d\\ude00", "b": 1, "b": 2}', "mine.json", findings, pure=pure)
    (found,) = findings.found
    assert (found.code, found.where) == ("PI010", Span("mine.json", 1, 31, 1, 34))


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("abcé😀 ", min_size=1, max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.lists(json_values, max_size=4), st.sampled_from([None, 2, "\t"]), st.booleans(), st.booleans())
def test_whatever_json_writes_is_read_as_it_was_meant(
    value: list[object], indent: int | str | None, ascii_only: bool, pure: bool
) -> None:
    import json

    def as_text(meant: object) -> object:
        match meant:
            case dict():
                return {key: as_text(inner) for key, inner in meant.items()}
            case list():
                return [as_text(inner) for inner in meant]
            case str():
                return meant
            case _:
                return json.dumps(meant)

    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert data(read(text, pure=pure)) == as_text(value)


# --- places -------------------------------------------------------------------------------------


@both
def test_spans_cover_the_text_they_belong_to(*, pure: bool) -> None:
    text = "a:\n  bé: {c: \"d e\", f: [g, 'h']}   # x\n  i:\n    - j k\n    - l:\n"
    root = mapping(read(text, pure=pure))
    assert [under(text, one.span) for one in scalars(root)] == [
        "a", "bé", "c", '"d e"', "f", "g", "'h'", "i", "j k", "l", "",
    ]  # fmt: skip
    inner = mapping(root.entries[0][1])
    assert under(text, inner.entries[0][1].span) == "{c: \"d e\", f: [g, 'h']}"
    assert under(text, inner.entries[1][1].span) == "- j k\n    - l"
    assert inner.span == Span("mine.yaml", 2, 3, 5, 8)


@both
def test_a_value_that_is_missing_stands_behind_its_key(*, pure: bool) -> None:
    for text in ("a: {b:  # c\n}", "a:\n  b:  # c\n", "a: {b}"):
        missing = scalars(read(text, pure=pure))[-1]
        key = scalars(read(text, pure=pure))[-2]
        assert (missing.span.line, missing.span.column) == (key.span.end_line, key.span.end_column)


# --- what is refused ----------------------------------------------------------------------------


@both
def test_all_that_can_be_told_is_told_at_once(*, pure: bool) -> None:
    text = "a: &x 1\nb: !t 2\na: 3\nc: Call #1\n<<: 4\n[d]: 5\n'': 6\ne: *x\nf:\n  - g\n    - h\n"
    assert codes(text, pure=pure) == [
        "PI011", "PI014", "PI010", "PI017", "PI013", "PI015", "PI016", "PI012", "PI020",
    ]  # fmt: skip


@both
def test_a_hundred_faults_are_kept_and_the_rest_counted(*, pure: bool) -> None:
    findings = Findings()
    assert nodes.read("a: 1\n" * 1_500, "mine.yaml", findings, pure=pure) is not None
    *kept, last = findings.sorted()
    assert [each.code for each in kept] == ["PI010"] * MAX_DIAGNOSTICS
    assert (last.code, last.message) == ("PI009", "1,399 more findings are not shown")
    assert (findings.count, last.count) == (1_499, 1_399)


@both
def test_what_is_whole_is_handed_on_beside_its_errors(*, pure: bool) -> None:
    findings = Findings()
    root = nodes.read("a: 1\na: 2\nb: Call #1\n", "mine.yaml", findings, pure=pure)
    assert data(root) == {"a": "1", "b": "Call"}
    assert len(findings.found) == 2


@both
@pytest.mark.parametrize(
    "text", ["a: *x\n", "<<: {a: 1}\n", "[a]: 1\n", "'': 1\n", "a: 1\n---\nb: 2\n", "a: [\n"]
)
def test_what_has_a_hole_is_not_handed_on(text: str, *, pure: bool) -> None:
    assert nodes.read(text, "mine.yaml", Findings(), pure=pure) is None


@both
def test_a_fault_knows_the_way_to_its_value(*, pure: bool) -> None:
    findings = Findings()
    nodes.read("a:\n  - b: 1\n  - c: {d: 1, d: 2}\n", "mine.yaml", findings, pure=pure)
    assert [each.path for each in findings.found] == ["a[1].c.d"]


@both
def test_forty_levels_are_read_and_one_more_is_not(*, pure: bool) -> None:
    assert MAX_DEPTH == 40
    assert data(read("[" * MAX_DEPTH + "]" * MAX_DEPTH, pure=pure)) is not None
    assert codes("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), pure=pure) == ["PI006"]
    assert codes("a: " * 1 + "{a: " * MAX_DEPTH + "1" + "}" * MAX_DEPTH, pure=pure) == ["PI006"]
    assert codes("- " * (MAX_DEPTH + 1) + "a", pure=pure) == ["PI006"]


DEEP = """
from postinterview.loading import nodes
from postinterview.loading.diagnostics import Findings

for opening in ("[", "{a: ", "- ", "? ", "[{a: ", '{"a": '):
    findings = Findings()
    assert nodes.read(opening * 100_000, "deep.yaml", findings, pure=PURE) is None
    assert [each.code for each in findings.found] == ["PI006"], opening
"""


@both
def test_no_depth_brings_a_parser_down(*, pure: bool) -> None:
    program = DEEP.replace("PURE", str(pure))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@both
@pytest.mark.parametrize("levels", [41, 1_000, 1_001, 2_000])
@pytest.mark.parametrize("before", ["", "a: 1\na: 2\nb:\n  c: "])
def test_level_41_is_pointed_at_although_libyaml_stops_elsewhere(
    levels: int, before: str, *, pure: bool
) -> None:
    findings = Findings()
    assert nodes.read(before + "[" * levels, "deep.yaml", findings, pure=pure) is None
    found = [(each.code, each.where.line, each.where.column) for each in findings.sorted()]
    assert found == ([("PI010", 2, 1), ("PI006", 4, 44)] if before else [("PI006", 1, 41)])


def test_a_nesting_limit_that_comes_first_is_reported_where_the_parser_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Stops:
        def __init__(self, text: str) -> None:
            self.end = yaml.Mark("", len(text), 0, len(text), None, 0)

        def get_event(self) -> None:
            raise yaml.MarkedYAMLError("while", self.end, "exceeded maximum nesting depth", self.end)

    monkeypatch.setattr(yaml, "CSafeLoader", Stops)
    findings = Findings()
    assert nodes.read("a: 1", "mine.yaml", findings) is None
    assert [(each.code, str(each.where)) for each in findings.found] == [("PI006", "mine.yaml:1:5")]


def test_findings_before_a_nesting_limit_are_counted_once() -> None:
    findings = Findings()
    nodes.read("a: 1\n" * 3 + "b: " + "[" * 2_000, "mine.yaml", findings)
    assert (findings.count, [each.code for each in findings.sorted()]) == (3, ["PI010", "PI010", "PI006"])


@both
@pytest.mark.parametrize("length", [1_023, 1_024, 1_025])
@pytest.mark.parametrize("template", ["{}: 1", "'{}': 1", '{{"{}": 1}}', "[[{}]: 1]"])
def test_the_parsers_agree_on_how_long_a_key_may_be(template: str, length: int, *, pure: bool) -> None:
    text = template.format("é" * length)
    assert codes(text, pure=pure) == codes(text, pure=not pure)


@both
def test_aliases_are_refused_without_being_followed(*, pure: bool) -> None:
    bomb = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 60))
    findings = Findings()
    assert nodes.read(bomb, "mine.yaml", findings, pure=pure) is None
    assert findings.count == 60 + 59 * 9


@both
def test_a_megabyte_is_read_and_one_byte_more_is_not(*, pure: bool) -> None:
    full = "a: 1 #" + "x" * 999_994
    assert "PI002" not in codes(full, pure=pure)
    assert codes(full + "x", pure=pure) == ["PI002"]
    assert codes((full + "x").encode(), pure=pure) == ["PI002"]
    assert codes("# " + "é" * 500_000, pure=pure) == ["PI002"]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        (b"\xff", 1, 1),
        (b"a: \xe9\n", 1, 4),
        ("é: 1\r\nü: ".encode() + b"\xe9", 2, 4),
        (b"\xef\xbb\xbfa\xc3", 1, 2),
    ],
)
def test_the_first_byte_that_is_not_utf_8_is_pointed_at(text: bytes, line: int, column: int) -> None:
    findings = Findings()
    assert nodes.read(text, "mine.yaml", findings) is None
    (found,) = findings.found
    assert (found.code, found.where.line, found.where.column) == ("PI003", line, column)


@both
def test_a_lone_half_of_a_character_in_a_text_is_refused(*, pure: bool) -> None:
    assert codes("a: \ud83d\n", pure=pure) == ["PI004"]
    assert codes('{"a": "\\ud83d"}', pure=pure) == ["PI027"]


# --- laws ---------------------------------------------------------------------------------------

SIGNS = list("abé日1 :-[]{},#&*!|>%@`'\"\\\n\t\r\x00\x85\u2028\ufeff\ud83d")
BREAKS = ["\n  ", "\n    ", "\n- ", "---\n", "...\n", "|\n"]
WORDS = ["- ", ": ", " #", " # ", "<<: ", "'b'", '"c"', "\\u00e9", "\\ud83d\\ude00", "key: "]
shuffled = st.lists(st.sampled_from(SIGNS + BREAKS + WORDS), max_size=25).map("".join)


@given(st.binary(max_size=200) | st.text(max_size=100) | shuffled, st.booleans())
@example("a: \x1b", True)
@example('"\\UFFFFFFFF"', True)
def test_any_input_gives_a_node_or_an_error_and_raises_nothing(text: bytes | str, pure: bool) -> None:
    findings = Findings()
    node = nodes.read(text, "mine.yaml", findings, pure=pure)
    assert node is not None or findings.has_errors


@given(shuffled)
@example("[a :]")
@example("{a:[b]}")
@example("{a: b?, c}")
@example("a: |#b")
@example("!a{b")
def test_the_two_parsers_agree_on_every_text(text: str) -> None:
    c, pure = Findings(), Findings()
    assert placed(nodes.read(text, "mine.yaml", c)) == placed(nodes.read(text, "mine.yaml", pure, pure=True))
    assert c.has_errors == pure.has_errors


@given(st.binary(max_size=200) | shuffled, st.booleans())
def test_every_place_named_lies_in_the_text(text: bytes | str, pure: bool) -> None:
    findings = Findings()
    nodes.read(text, "mine.yaml", findings, pure=pure)
    decoded = text if isinstance(text, str) else text.decode("utf-8", "replace")
    lines = decoded.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for each in findings.found:
        for span in (
            each.where,
            *(other.span for other in each.others),
            *([each.fix.span] if each.fix else []),
        ):
            assert 1 <= span.line <= span.end_line <= len(lines)
            assert 1 <= span.column <= len(lines[span.line - 1]) + 1
            assert (span.line, span.column) <= (span.end_line, span.end_column)


words = st.from_regex(r"[a-zé日][a-z0-9_é?.;/()+=-]{0,5}", fullmatch=True)
written = st.one_of(
    words,
    st.lists(words, min_size=2, max_size=3).map(" ".join),
    words.map(lambda word: f"'{word} # {word}'"),
    words.map(lambda word: f'"{word}: \\t{word}"'),
)
in_brackets = st.recursive(
    written,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(words, inner, max_size=3).map(
            lambda entries: "{" + ", ".join(f"{key}: {value}" for key, value in entries.items()) + "}"
        )
    ),
    max_leaves=6,
)


def indented(text: str) -> str:
    return "".join(f"\n  {line}" for line in text.split("\n"))


documents = st.recursive(
    in_brackets,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(
            lambda items: "\n".join("-" + indented(item).removeprefix("\n ") for item in items)
        )
        | st.dictionaries(words, inner, min_size=1, max_size=3).map(
            lambda entries: "\n".join(f"{key}:{indented(value)}" for key, value in entries.items())
        )
    ),
    max_leaves=8,
)


@given(documents)
def test_the_two_parsers_read_the_same_from_what_people_write(text: str) -> None:
    assert placed(read(text)) == placed(read(text, pure=True))


@given(documents, st.booleans())
def test_each_span_covers_what_was_written_there(text: str, pure: bool) -> None:
    for one in scalars(read(text, pure=pure)):
        shown = under(text, one.span)
        assert shown == one.text if one.plain else shown[0] in "'\"" and shown[0] == shown[-1]
