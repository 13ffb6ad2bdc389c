"""PI0xx: the text itself, before anything in it means something."""

from __future__ import annotations

from postinterview.loading.codes.code import Code

PAGES: tuple[Code, ...] = (
    Code(
        code="PI001",
        title="the file says nothing",
        explanation=(
            "The file is empty, or has only comments. An empty rule file would allow nothing and refuse "
            "nothing, which is never what was meant. Check that the file was saved; a rule file begins with "
            "`format: 1`, a `title` and its `events`."
        ),
        example_bad="# rules to come",
        example_good="format: 1\ntitle: After the interview",
    ),
    Code(
        code="PI002",
        title="the file is too large",
        explanation=(
            "A rule file has a few hundred lines, and this one is larger than a megabyte. It is most likely "
            "another file than the one that was meant, so it is not read at all."
        ),
        example_bad="(a file of more than 1,000,000 bytes)",
        example_good="(a rule file of a few hundred lines)",
    ),
    Code(
        code="PI003",
        title="the file is not in UTF-8",
        explanation=(
            "Text files can be stored in several ways, and rule files are stored in UTF-8, so that letters "
            "such as `é` look the same on every computer. This file was stored in another way. Open it in "
            "an editor, choose UTF-8 where it asks for the encoding, and save it again."
        ),
        example_bad="title: Après l'entretien        (saved as Windows-1252)",
        example_good="title: Après l'entretien        (saved as UTF-8)",
    ),
    Code(
        code="PI004",
        title="a character that can't be seen",
        explanation=(
            "The file holds a character that no editor shows, or that looks like a plain space and isn't "
            "one. Such characters come along when text is copied from web pages or word processors, and "
            "make two names that look alike differ. Delete it and type the text anew. Where the first one "
            "is a zero byte, the file is not a text file at all."
        ),
        example_bad="follow<U+200B>_up: {by: candidate}",
        example_good="follow_up: {by: candidate}",
    ),
    Code(
        code="PI005",
        title="a tab instead of spaces",
        explanation=(
            "The indentation says what belongs to what, and a tab has no width that everybody agrees on. "
            "Use spaces, two for each level. A tab inside quotes, in a comment or at the end of a line does "
            "no harm and may stay."
        ),
        example_bad="states:\n<tab>waiting: {title: Waiting}",
        example_good="states:\n  waiting: {title: Waiting}",
    ),
    Code(
        code="PI006",
        title="too many levels",
        explanation=(
            "Brackets or indented lines stand inside each other more than forty levels deep. A rule file "
            "needs fewer than ten, so this is a bracket or a dash that was repeated by mistake, or a file "
            "made to do harm. It is refused before any more of it is read."
        ),
        example_bad="from: " + "[" * 41 + "waiting" + "]" * 41,
        example_good="from: [waiting]",
    ),
    Code(
        code="PI007",
        title="several documents in one file",
        explanation=(
            "A line `---` or `...` in the middle of a file ends one document and begins another. Only the "
            "first would count, and the rest would be forgotten without a word. Write a file for each, or "
            "delete the line."
        ),
        example_bad="title: One\n---\ntitle: Two",
        example_good="title: One",
    ),
    Code(
        code="PI008",
        title="a line that begins with %",
        explanation=(
            "A line that begins with `%` tells a reader how to read the file. Rule files are read in one "
            "way only, so there is nothing to tell. Delete the line."
        ),
        example_bad="%YAML 1.2\n---\nformat: 1",
        example_good="format: 1",
    ),
    Code(
        code="PI010",
        title="the same name twice",
        explanation=(
            "A name is given twice in the same place, so one of the two values would silently be lost. Keep "
            "the one that is meant. If both are, give them different names."
        ),
        example_bad="states:\n  waiting: {title: Waiting}\n  waiting: {title: Still waiting}",
        example_good="states:\n  waiting: {title: Waiting}\n  still_waiting: {title: Still waiting}",
    ),
    Code(
        code="PI011",
        title="an & mark",
        explanation=(
            "`&name` marks a part of the file so that it can be repeated elsewhere. Rule files don't do "
            "that, because whoever reads a rule should see all of it. Delete the mark, and write the part "
            "out where it is needed. A text that begins with `&` goes in quotes."
        ),
        example_bad="guards: &usual\n  one_chase: {at_most: 1, of: chase}",
        example_good="guards:\n  one_chase: {at_most: 1, of: chase}",
    ),
    Code(
        code="PI012",
        title="a * mark",
        explanation=(
            "`*name` stands for a part of the file that was marked elsewhere. Rule files don't do that, "
            "because whoever reads a rule should see all of it. Write the part out here. A text that begins "
            "with `*` goes in quotes."
        ),
        example_bad="title: *important* news",
        example_good='title: "*important* news"',
    ),
    Code(
        code="PI013",
        title="a << line",
        explanation=(
            "`<<` takes over all values of another part of the file. Rule files don't do that, because "
            "whoever reads a rule should see all of it. Write the values out here."
        ),
        example_bad="follow_up: {<<: {by: candidate}, contact: chase}",
        example_good="follow_up: {by: candidate, contact: chase}",
    ),
    Code(
        code="PI014",
        title="a ! mark",
        explanation=(
            "`!name` before a value says what type it is of. In a rule file each value has one type "
            "already, that of the place where it stands. Delete the mark. A text that begins with `!` goes "
            "in quotes."
        ),
        example_bad="title: !important Answer them",
        example_good='title: "!important Answer them"',
    ),
    Code(
        code="PI015",
        title="a list or a group instead of a name",
        explanation=(
            "Before a colon stands one name, and here it is a list or a group in brackets. Often a text "
            "that begins with a bracket lacks its quotes. For several names, write one line for each."
        ),
        example_bad="[offer, rejection]: {by: employer}",
        example_good="offer: {by: employer}\nrejection: {by: employer}",
    ),
    Code(
        code="PI016",
        title="nothing before the colon",
        explanation=(
            "A line has a colon and a value and no name before them. Write the name, or delete the line. If "
            "the colon begins a text, put the text in quotes."
        ),
        example_bad="states:\n  : {title: Waiting}",
        example_good="states:\n  waiting: {title: Waiting}",
    ),
    Code(
        code="PI017",
        title="a text cut short by #",
        explanation=(
            "A space and a `#` begin a comment, so the text ends before them and the rest would silently be "
            "lost. If the `#` belongs to the text, put the whole text in quotes. If a comment is meant, "
            "write a space after the `#`."
        ),
        example_bad="title: Call #1",
        example_good='title: "Call #1"',
    ),
    Code(
        code="PI020",
        title="a line that doesn't line up",
        explanation=(
            "The indentation says what belongs to what, and this line begins where none of the lines above "
            "would let it. Lines of the same kind begin at the same column; what belongs to a name stands "
            "below it, two spaces further in; a name that has a value on its own line has none below it."
        ),
        example_bad="offered:\n    title: Offered\n  why: They made an offer",
        example_good="offered:\n  title: Offered\n  why: They made an offer",
    ),
    Code(
        code="PI021",
        title="a bracket without its partner",
        explanation=(
            "Every `[` needs its `]` and every `{` its `}`, in the right order. The caret shows the bracket "
            "that was left alone. If the bracket belongs to a text, put the text in quotes."
        ),
        example_bad="from: [waiting, followed_up",
        example_good="from: [waiting, followed_up]",
    ),
    Code(
        code="PI022",
        title="a quote without its partner",
        explanation=(
            "A text that begins with a quote ends with the same quote, and here the second one is missing, "
            "so that the rest of the file would belong to the text. Write the closing quote at the end of "
            "the text."
        ),
        example_bad='title: "Answer them',
        example_good='title: "Answer them"',
    ),
    Code(
        code="PI023",
        title="a colon inside a text",
        explanation=(
            "A colon and a space divide a name from its value. A line has room for that once, so a text "
            "with a colon and a space in it goes in quotes."
        ),
        example_bad="why: Note: once is enough",
        example_good='why: "Note: once is enough"',
    ),
    Code(
        code="PI024",
        title="a text that begins with a special sign",
        explanation=(
            "Some signs mean something at the beginning of a value, or are kept for later: `@`, `%`, a "
            "backtick, a comma, `? ` and `- `. Put a text that begins with one of them in quotes. If a list "
            "was meant, write it below its name or in square brackets."
        ),
        example_bad="title: @home",
        example_good='title: "@home"',
    ),
    Code(
        code="PI025",
        title="a colon or its space is missing",
        explanation=(
            "Lines are written `name: value`, with a space after the colon. Without the colon, or without "
            "the space, the whole line is one long word. A text over several lines is indented further than "
            "its name."
        ),
        example_bad="by:employer",
        example_good="by: employer",
    ),
    Code(
        code="PI026",
        title="a value with something left over",
        explanation=(
            "After a closing quote or bracket the value is over, and between brackets commas divide one "
            "thing from the next. Here something follows that is not divided from what stands before it. "
            "Put a comma there, or quotes around the whole text."
        ),
        example_bad='title: "Answer" them',
        example_good='title: "Answer them"',
    ),
    Code(
        code="PI027",
        title="a backslash in double quotes",
        explanation=(
            "Between double quotes a backslash and the letter after it stand for another character, and "
            "this pair stands for none, or for one that can't be seen. Write two backslashes for one, or "
            "use single quotes, where a backslash is only a backslash."
        ),
        example_bad='why: "see C:\\mail"',
        example_good="why: 'see C:\\mail'",
    ),
    Code(
        code="PI028",
        title="a text beside | or >",
        explanation=(
            "`|` and `>` announce a text of several lines, which begins on the next line and is indented. "
            "Nothing else stands beside them. If the sign belongs to the text, put the text in quotes."
        ),
        example_bad="why: > wait a week",
        example_good="why: >\n  wait a week",
    ),
    Code(
        code="PI029",
        title="a line that can't be read",
        explanation=(
            "The file stops making sense here, in a way that none of the other pages describes. Compare the "
            "line, and the one above, with a rule file that works. Putting a text in quotes often mends it."
        ),
        example_bad="(a name of more than a thousand characters before a colon)",
        example_good="follow_up: {by: candidate}",
    ),
)
