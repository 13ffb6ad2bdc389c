"""The diagnostics of the syntax stage as rows: code, message, label for the caret, help.

They use none of YAML's own terms, since their readers write rules and don't program.
"""

from __future__ import annotations

from postinterview.loading.diagnostics import Template

# --- the file as a whole ----------------------------------------------------------------------------

EMPTY = Template(
    "PI001",
    "the file is empty",
    "it has no lines, or only comments",
    "rule files and scenario files begin with `format: 1`",
)
TOO_LARGE = Template(
    "PI002",
    "the file is larger than {megabytes} MB",
    help="a rule file has a few hundred lines; check that this is the right file",
)
_SAVE_AS_UTF8 = "save it again as UTF-8 (in most editors: save with encoding)"
OTHER_ENCODING = Template("PI003", "the file is written in {encoding}, not in UTF-8", help=_SAVE_AS_UTF8)
NOT_UTF8 = Template(
    "PI003", "the file is not in UTF-8: the byte 0x{byte:02X} can't stand here", "{label}", _SAVE_AS_UTF8
)
BINARY = Template("PI004", "this is not text: it holds a zero byte", help="check that this is the right file")
HIDDEN = Template(
    "PI004", "an invisible character: U+{number:04X}, {name}", help="delete it, or type a plain space"
)
TAB = Template(
    "PI005",
    "a tab stands where only spaces are allowed",
    "this is a tab",
    "use spaces, two for each level; most editors can replace all tabs",
)
TOO_DEEP = Template(
    "PI006",
    "more than {most} levels are nested here",
    "this would be level {next}",
    "a rule file needs fewer than ten; look for brackets or dashes that repeat by mistake",
)
SEVERAL_DOCUMENTS = Template(
    "PI007",
    "a second document begins here",
    "only the lines above would be read",
    "write a file for each, or delete the line `---`",
)
DIRECTIVE = Template(
    "PI008",
    "a line that begins with `%` is an instruction to the reader, and rule files have none",
    help="delete the line; rule files and scenario files begin with `format: 1`",
)

# --- what YAML offers and rule files refuse ---------------------------------------------------------

DUPLICATE = Template(
    "PI010",
    "`{name}` is given twice",
    "given again here",
    "keep one of them, with what stands below both; two entries of your own need different names",
)
ANCHOR = Template(
    "PI011",
    "`{name}` marks a part to be repeated elsewhere, which rule files don't allow",
    help="delete the mark and write each part out; if `&` belongs to the text, put the text in quotes",
)
ALIAS = Template(
    "PI012",
    "`{name}` repeats a part written elsewhere, which rule files don't allow",
    help="write the part out here; if `*` belongs to the text, put the text in quotes",
)
MERGE_KEY = Template(
    "PI013",
    "`<<` copies the values of another part, which rule files don't allow",
    help="write the values out here",
)
TYPE_NAME = Template(
    "PI014",
    "`{name}` names a type for the value, which rule files don't allow",
    help="delete it; if `!` belongs to the text, put the text in quotes",
)
KEY_NOT_TEXT = Template(
    "PI015",
    "a list or a group stands where a name belongs",
    "one name is expected before the colon",
    "write a name before the colon; if the brackets belong to it, put it in quotes",
)
EMPTY_KEY = Template(
    "PI016", "nothing stands before the colon", "the name is missing", "write the name, then the colon"
)
CUT_SHORT = Template(
    "PI017",
    "the text is cut short here: a space and `#` begin a comment",
    "read as a comment",
    "{advice}; if a comment is meant, leave a space after the `#`",
)

# --- indentation ------------------------------------------------------------------------------------

INDENTED_BELOW_VALUE = Template(
    "PI020",
    "this line stands under `{name}`, which has a value already",
    "indented further than the line above",
    "indent it like the line above; or, if these lines are the value, delete the one there",
)
ITEM_AMONG_NAMES = Template(
    "PI020",
    "a list item stands among names",
    "this begins an item",
    "put a list below a name that has no value yet, with `- ` before each item",
)
NAME_AMONG_ITEMS = Template(
    "PI020",
    "a name stands among list items",
    "this begins a name",
    "begin each item with `- `, or move this line out of the list",
)
MISALIGNED = Template(
    "PI020", "this line doesn't line up with the lines above", "begins at column {column}", "{advice}"
)
SWALLOWED_ITEM = Template(
    "PI020",
    "this list item is read as more of the text above it",
    "indented too far for an item",
    "begin it where the other items begin; if the dash belongs to the text, put the text in quotes",
)

# --- brackets, quotes, colons and commas ------------------------------------------------------------

OPEN_BRACKET = Template(
    "PI021",
    "`{bracket}` is never closed",
    "opened here",
    "write `{closer}` where it ends; if `{bracket}` belongs to a text, put the text in quotes",
)
WRONG_BRACKET = Template(
    "PI021",
    "`{found}` closes nothing here; `{closer}` is expected",
    help="write `{closer}`, or open the other bracket first",
)
STRAY_BRACKET = Template(
    "PI021",
    "`{found}` closes nothing: no bracket is open",
    help="delete it, or write the opening bracket; if it belongs to a text, put the text in quotes",
)
OPEN_QUOTE = Template(
    "PI022", "the quote {quote} is never closed", "opened here", "write the same quote at the end of the text"
)
COLON_IN_TEXT = Template(
    "PI023",
    "a text with a colon and a space in it needs quotes",
    "this would begin a second value",
    "{advice}",
)
COLON_IN_BRACKETS = Template(
    "PI023",
    "a colon stands where a comma or the closing bracket is expected",
    "not expected here",
    "if the colon belongs to a text, put the text in quotes; if not, a comma is missing",
)
BAD_START = Template("PI024", "a text can't begin with {sign}", "the value begins here", "{advice}")
BAD_LINE = Template(
    "PI024",
    "a line of a text can't begin with `?`",
    "this line belongs to the text above",
    "put the whole text in quotes",
)
NO_COLON = Template(
    "PI025",
    "this line has no colon: it is neither `name: value` nor part of the text above",
    help="write `name: value`; a text over several lines is indented further than its name",
)
TIGHT_COLON = Template(
    "PI025",
    "a space is missing after the colon",
    "this colon divides a name from its value",
    "write a space after it; if the colon belongs to a text, put the text in quotes",
)
NO_BLANK_AFTER_COLON = Template(
    "PI025",
    "`{name}` is read as one word: a space is missing after the colon",
    help="write `{before}: {after}`",
)
AFTER_CLOSING = Template(
    "PI026", "something follows the closing {kind}", "the value ended before this", "{advice}"
)
AFTER_THE_END = Template(
    "PI026",
    "something follows what seemed to be the whole file",
    "what stands above is complete",
    "write all of it in lines of `name: value`, or all of it in one pair of brackets",
)
BRACKET_IN_TEXT = Template(
    "PI026",
    "`{found}` can't stand in a text between brackets",
    help="put the text in quotes; or a comma is missing before the bracket",
)
_COMMAS = "put commas between what stands in brackets"
COMMA_MISSING_AT = Template("PI026", "a comma is missing", "a comma belongs here", _COMMAS)
COMMA_MISSING_BEFORE = Template(
    "PI026", "a comma or the closing bracket is missing before this", help=_COMMAS
)
NOTHING_BETWEEN = Template(
    "PI026", "nothing stands before this `{found}`", help="delete the comma, or write what is missing"
)

# --- the rest ---------------------------------------------------------------------------------------

BAD_ESCAPE = Template(
    "PI027",
    "`{raw}` can't stand between double quotes: {why}",
    "a backslash has a meaning in double quotes",
    "for a backslash itself write two, or put the text in single quotes",
)
BLOCK_HEADER = Template(
    "PI028",
    "`{sign}` must stand alone on its line",
    help="begin the text on the next line, indented; if `{sign}` belongs to it, use quotes",
)
UNREADABLE = Template(
    "PI029",
    "this can't be read",
    "reading stopped here",
    "look at this line and the one above; putting a text in quotes often helps",
)

# --- advice -----------------------------------------------------------------------------------------

LONGEST_ADVICE = 60
"""A longer text is not written out again in the help."""


def quoted(text: str) -> str:
    """Return the text in quotes, as a file may write it: in single ones if that needs no escapes."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def in_quotes(text: str) -> str:
    """Return the advice to quote a text, with the quoted text if it is short."""
    advice = "put the text in quotes"
    return f"{advice}: {quoted(text)}" if len(text) <= LONGEST_ADVICE else advice
