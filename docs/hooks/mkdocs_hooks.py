"""MkDocs hooks: fill in the generated parts of pages, and bring linked files into the site.

Pages link as they do in the repository, so that the links work there, too. A link from a page to a file
outside ``docs/`` would be dead in the site. For each such file the site gets a page: a Markdown file as it
is, any other file as a listing of its text.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from reference import GENERATED

ROOT = Path(__file__).parents[2]
LINK = re.compile(
    r"^(?P<indent> *)```.*?^(?P=indent)```"  # what stands in code is no link
    r"|`[^`\n]*`"
    r"|(?<=\]\()(?!\w+:|#)(?P<path>[^)\s#]+)(?P<anchor>#[^)\s]*)?",
    re.MULTILINE | re.DOTALL,
)
NOT_YET = re.compile(r"^> This page is filled in when the site is built:.*\n\n", re.MULTILINE)
MARKER = re.compile(r"^<!-- generated: ([\w-]+) -->$", re.MULTILINE)
LISTINGS = {".csv": "csv", ".json": "json", ".jsonl": "json", ".py": "python", ".ts": "ts", ".yaml": "yaml"}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add a page for each file outside ``docs/`` that a page of the site links to."""
    waiting = [f"docs/{file.src_uri}" for file in files.documentation_pages()] + [
        "README.md",
        "CONTRIBUTING.md",
    ]
    known = set(waiting) | {f"docs/{file.src_uri}" for file in files}
    while waiting:
        name = waiting.pop()
        text = _text(name)
        if not name.startswith("docs/"):
            files.append(File.generated(config, _address(name), content=_page_text(name, text)))
        if not name.endswith(".md"):
            continue
        for link in LINK.finditer(text):
            target = _target(name, link["path"]) if link["path"] else name
            if target not in known:
                known.add(target)
                waiting.append(target)
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001
    """Fill in the generated parts of a page, and let its links lead to the pages of the site."""
    markdown = NOT_YET.sub("", markdown)
    markdown = MARKER.sub(lambda marker: GENERATED[marker[1]](), markdown)
    address = page.file.src_uri
    name = _name(address)
    return (
        LINK.sub(lambda link: _relative(name, address, link), markdown) if name.endswith(".md") else markdown
    )


def _relative(name: str, address: str, link: re.Match[str]) -> str:
    if not link["path"]:
        return link[0]
    target = _address(_target(name, link["path"]))
    return posixpath.relpath(target, posixpath.dirname(address)) + (link["anchor"] or "")


def _target(name: str, link: str) -> str:
    """The file that a link leads to, from the root of the repository; for a folder, its README."""
    target = posixpath.normpath(posixpath.join(posixpath.dirname(name), link))
    if (ROOT / target).is_dir():
        return f"{target}/README.md"
    if not (ROOT / target).is_file():
        raise PluginError(f"{name}: the link `{link}` leads to no file")
    return target


def _text(name: str) -> str:
    """The text of a file; for the README of a folder that has none, a list of what is in the folder."""
    path = ROOT / name
    if path.name != "README.md" or path.is_file():
        return path.read_text(encoding="utf-8")
    files = sorted(each.name for each in path.parent.iterdir() if each.suffix in LISTINGS)
    return f"# `{path.parent.name}`\n\n" + "".join(f"- [`{each}`]({each})\n" for each in files)


def _address(name: str) -> str:
    """Return the place of a file of the repository in the site, as the path of a source page."""
    if name == "README.md":
        return "index.md"
    if name.startswith("docs/"):
        return name.removeprefix("docs/")
    return f"files/{name}" if name.endswith(".md") else f"files/{name}.md"


def _name(address: str) -> str:
    """The file of the repository that a source page shows."""
    if address == "index.md":
        return "README.md"
    if not address.startswith("files/"):
        return f"docs/{address}"
    name = address.removeprefix("files/")
    listed = name.removesuffix(".md")
    return listed if (ROOT / listed).is_file() else name


def _page_text(name: str, text: str) -> str:
    if name.endswith(".md"):
        return text
    language = LISTINGS.get(Path(name).suffix, "text")
    return f"---\nsearch: {{exclude: true}}\n---\n\n# `{name}`\n\n`````{language}\n{text}`````\n"
