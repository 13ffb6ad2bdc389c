"""PI9xx: migrations, which carry processes over from earlier rules."""

from __future__ import annotations

from postinterview.loading.codes.code import Code

PAGES: tuple[Code, ...] = (
    Code(
        code="PI901",
        title="an old name that is still there",
        explanation=(
            "A migration leads from names that the rules had to names that they have. The old name here "
            "still stands for something in these rules, so nobody could tell which is meant. Delete the "
            "line, or give the thing that has the name now another one."
        ),
        example_bad="migrations: {to_two: {from: '1', events: {message: note}}}\nevents: {message: , note: }",
        example_good="migrations: {to_two: {from: '1', events: {message: note}}}\nevents: {note: }",
    ),
    Code(
        code="PI902",
        title="a new name that is an old one as well",
        explanation=(
            "All lines of a migration are read at once, each from the old rules straight to these. So a "
            "name can't lead to another that leads on. Write the name that it has now."
        ),
        example_bad="events: {message: note, note: word}",
        example_good="events: {message: word, note: word}",
    ),
    Code(
        code="PI903",
        title="two old names for one new one",
        explanation=(
            "Two fields of one event, or two machines, can't become one: it would be left open which of "
            "the two values counts. Events and states may be put together so."
        ),
        example_bad="machines: {plan: plans, profile: plans}",
        example_good="machines: {plan: plans}",
    ),
    Code(
        code="PI904",
        title="a version that two migrations come from",
        explanation=(
            "A saved process says which version of the rules it was saved under, and one migration carries "
            "it over. With two, it would be left open which. Put them together, or take the version out of "
            "one of them."
        ),
        example_bad='one: {from: "1", refold: true}\ntwo: {from: ["1", "2"], refold: true}',
        example_good='one: {from: "1", refold: true}\ntwo: {from: "2", refold: true}',
    ),
    Code(
        code="PI905",
        title="a migration from the version that the file is",
        explanation=(
            "The migration comes from the version that the file itself says it is, under `version`. Rules "
            "that changed have a new version. Where the version was left as it was, name the hash of the "
            "earlier file: `postinterview migrate --check` shows it."
        ),
        example_bad='version: "2"\nmigrations: {to_two: {from: "2", refold: true}}',
        example_good='version: "2"\nmigrations: {to_two: {from: "1", refold: true}}',
    ),
    Code(
        code="PI906",
        title="a migration that says nothing",
        explanation=(
            "It neither renames anything nor lets past acts be judged anew, so it carries nothing over. "
            "Rules that changed without touching a process need no migration. Write what became of the old "
            "names, or delete it."
        ),
        example_bad='migrations: {to_two: {from: "1"}}',
        example_good='migrations: {to_two: {from: "1", events: {message: note}}}',
    ),
    Code(
        code="PI907",
        title="a past judged anew without a reason",
        explanation=(
            "With `refold: true` acts that were allowed when they were done may become breaches, and "
            "machines may stand elsewhere. Whoever meets that in a history wants to know the reason. Say it "
            "in a sentence, under `why`."
        ),
        example_bad='migrations: {stricter: {from: "1", refold: true}}',
        example_good='migrations: {stricter: {from: "1", refold: true, why: One attempt is enough.}}',
    ),
)
