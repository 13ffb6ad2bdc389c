"""Stage three, migrations: look up every new name, and refuse old names that still exist."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from attrs import define, evolve

from postinterview.core.rules.definitions import Migration
from postinterview.loading import defined_names as n
from postinterview.loading.defined_names import Lookup, Names, Space
from postinterview.loading.link_events import origin_of
from postinterview.loading.nodes import Node, Scalar
from postinterview.loading.records import Record, Section

_RENAMES = ("events", "fields", "machines", "states")


def link_migrations(file: Record, names: Names) -> dict[str, Migration]:
    """Return the migrations of a rule file by their ids."""
    linker = MigrationLinker(names)
    _check_sources(file, names)
    found: dict[str, Migration] = {}
    for name, key, record in file.get("migrations") or ():
        if record is None:
            continue
        _check_content(name, key, record, names)
        of = record.get
        found[name] = Migration(
            id=name,
            sources=tuple(of("from") or ()),
            events=MappingProxyType(linker.renames(of("events"), n.EVENT, "event")),
            fields=MappingProxyType(linker.within(of("fields"), n.EVENT, "field")),
            machines=MappingProxyType(linker.renames(of("machines"), n.MACHINE, "machine", merges=False)),
            states=MappingProxyType(linker.within(of("states"), n.MACHINE, "state")),
            refold=bool(of("refold")),
            why=of("why") or "",
            origin=origin_of(key),
        )
    return found


def _check_sources(file: Record, names: Names) -> None:
    """Report a version that two migrations come from, or that the file has itself."""
    own = file.get("version")
    seen: dict[str, Node] = {}
    for _, _, record in file.get("migrations") or ():
        for source in (record.get("from") or ()) if record is not None else ():
            node = record.node_of("from")
            if source == own:
                names.report.add(
                    "PI905",
                    node,
                    f"the migration comes from version `{own}`, the version of this file",
                    "as `version` says",
                    "give the file another version, or name the hash of the earlier file",
                    others=((file.node_of("version"), "said here"),),
                )
            if seen.setdefault(source, node) is not node:
                names.report.add(
                    "PI904",
                    node,
                    f"two migrations come from version `{source}`",
                    "the second",
                    "put them together, or take the version out of one of them",
                    others=((seen[source], "the first"),),
                )


def _check_content(name: str, key: Scalar, record: Record, names: Names) -> None:
    given = [part for part in (*_RENAMES, "refold") if part in record.values]
    if not given or (given == ["refold"] and record.get("refold") is False):
        names.report.add(
            "PI906",
            key,
            f"the migration `{name}` changes nothing",
            "it carries nothing over",
            "write what became of the old names, such as `events: {message: note}`, or delete it",
        )
    if record.get("refold") and "why" not in record.values:
        names.report.add(
            "PI907",
            record.key_of("refold"),
            f"the migration `{name}` judges past acts again and gives no reason",
            "no `why` in this migration",
            "add `why:` with the reason in a sentence",
        )


@define(eq=False)
class MigrationLinker:
    """Looks up new names. To be the new name of something is no use of a definition."""

    names: Names

    def within(self, section: Section | None, outer: Lookup, noun: str) -> dict[tuple[str, str], str]:
        """Return new names of fields by event and old name, or of states by machine and old name."""
        found: dict[tuple[str, str], str] = {}
        for _, key, inner in section or ():
            name = self.names.name(evolve(outer, is_use=False), key)
            if name is None or inner is None:
                continue
            lookup = n.field_of(name) if noun == "field" else n.state_of(name)
            renamed = self.renames(inner, lookup, (noun, name), merges=noun == "state")
            found |= {(name, old): new for old, new in renamed.items()}
        return found

    def renames(
        self, section: Section | None, lookup: Lookup, space: Space, *, merges: bool = True
    ) -> dict[str, str]:
        """Return the new names by old ones. ``merges``: several may become one."""
        found: dict[str, str] = {}
        seen: dict[str, Scalar] = {}
        known: Mapping[str, Node | None] = self.names.spaces.get(space, {})
        noun, add = lookup.noun, self.names.report.add
        for old, key, node in section or ():
            if old in known:
                defined = known[old]
                add(
                    "PI901",
                    key,
                    f"the {noun} `{old}` is renamed, but it still exists",
                    "given here as an old name",
                    "delete this line, or rename what has this name now",
                    others=() if defined is None else ((defined, "still defined here"),),
                )
            if node is None or section is None:
                continue
            if node.text not in known and node.text in section.keys:
                onward = section.values[node.text]
                meant = onward.text if isinstance(onward, Scalar) else ""
                add(
                    "PI902",
                    node,
                    f"the {noun} `{node.text}` is an old name, too",
                    "renamed again",
                    f"write `{meant}`, its name in these rules",
                    instead=meant or None,
                    others=((section.keys[node.text], "renamed here"),),
                )
                continue
            new = self.names.name(evolve(lookup, is_use=False), node)
            if new is None:
                continue
            found[old] = new
            if seen.setdefault(new, key) is not key and not merges:
                add(
                    "PI903",
                    key,
                    f"two {noun}s become `{new}`",
                    "the second",
                    "nothing decides which of the two counts: give one of them another new name",
                    others=((seen[new], "the first"),),
                )
        return found
