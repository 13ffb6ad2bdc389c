"""PI85x: tables of transitions, as other trackers have them."""

from __future__ import annotations

from postinterview.loading.codes.code import Code

PAGES: tuple[Code, ...] = (
    Code(
        code="PI851",
        title="not a table of transitions",
        explanation=(
            "A table of transitions says under `edges` or `next` which state leads to which. A rule file "
            "has machines instead, and `prove` judges them with their guards; a scenario file tells "
            "stories. Where the states themselves stand at the top, write `format: 1` and `next:` above "
            "them and indent them."
        ),
        example_bad="waiting: [followed_up]\nfollowed_up: [rejected]",
        example_good="format: 1\nnext:\n  waiting: [followed_up]\n  followed_up: [rejected]",
    ),
    Code(
        code="PI852",
        title="the first line of a CSV file",
        explanation=(
            "The first line of a CSV table names its columns: `from` and `to`, and where there are such "
            "columns `event` and `contact`, in any order, with commas or semicolons between them. Another "
            "column would be read by nobody, so it is refused: delete it in the spreadsheet."
        ),
        example_bad="state,next",
        example_good="from,to,event,contact",
    ),
    Code(
        code="PI853",
        title="a line of a CSV file",
        explanation=(
            "Each line of a CSV table has as many cells as the first line has columns; what is not known "
            "is left empty between two commas. A text with a comma in it stands in quotes, and they end on "
            "the line on which they begin. A line from `(start)` says where a process begins, and nothing "
            "else."
        ),
        example_bad="from,to,event,contact\nwaiting,followed_up,follow_up",
        example_good="from,to,event,contact\nwaiting,followed_up,follow_up,true",
    ),
    Code(
        code="PI854",
        title="a contact and none",
        explanation=(
            "Whether an edge reaches the employer may be said once: by the edge itself, by the list "
            "`contacts`, which says of all others that they do not, or for the whole table by `contact`. "
            "Here two of them say different things, and taking the milder one would be a guess. Delete one."
        ),
        example_bad="contacts: [follow_up]\nedges: [{from: a, to: b, event: follow_up, contact: false}]",
        example_good="contacts: [follow_up]\nedges: [{from: a, to: b, event: follow_up}]",
    ),
    Code(
        code="PI855",
        title="a name that the table does not have",
        explanation=(
            "`start` and `contacts` speak of states and events that the edges name, and where there is a "
            "list of `states`, the edges name no others. A contact without an event is named by its edge, "
            "such as `waiting -> followed_up`; `any` stands for every state on either side. Mostly the "
            "name is misspelt."
        ),
        example_bad="start: savd\nedges: [{from: saved, to: applied, event: apply}]",
        example_good="start: saved\nedges: [{from: saved, to: applied, event: apply}]",
    ),
)
