"""The style of a page around its pictures."""

from __future__ import annotations

from postinterview.drawing.style import FONT

PAGE = f"""\
* {{ box-sizing: border-box }}
html {{ background: var(--paper) }}
body {{ margin: 0 auto; max-width: 102rem; padding: 1.2rem; color: var(--ink); font: 15px/1.5 {FONT} }}
h1 {{ font-size: 1.7rem; line-height: 1.2; margin: .4rem 0 }}
h1, h2 {{ overflow-wrap: anywhere }}
h2 {{ font-size: 1.25rem;
  margin: 2.2rem 0 .4rem; border-bottom: 1px solid var(--edge); padding-bottom: .2rem }}
h3 {{ font-size: 1rem; margin: 0 0 .3rem }}
h4 {{ font-size: .85rem; margin: .8rem 0 .2rem }}
p {{ margin: .3rem 0; max-width: 62rem }}
a {{ color: var(--employer) }}
a:focus-visible, .picture:focus-visible, summary:focus-visible {{
  outline: 3px solid var(--state-edge); outline-offset: 2px }}
code {{ font: .85em ui-monospace, 'DejaVu Sans Mono', monospace; color: var(--dim) }}
ul {{ margin: .3rem 0; padding-left: 1.3rem }}
dt {{ font-weight: bold; margin-top: .6rem }}
dd {{ margin: 0 0 0 1.2rem }}
nav ul, .legend {{ list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .3rem 1.1rem }}
.legend {{ font-size: .82rem }}
.dim, .place {{ color: var(--dim); font-weight: normal }}
.place {{ font-size: .72rem; white-space: nowrap }}
.due {{ color: var(--due) }}
.sign.chase {{ color: var(--chase) }}
.sign.attempt {{ color: var(--attempt) }}
.sign.courtesy {{ color: var(--courtesy) }}
.sign.reply {{ color: var(--reply) }}
.sign.none {{ color: var(--none) }}
.sign.employer, .sign.world {{ color: var(--employer) }}
.picture {{ overflow-x: auto; border: 1px solid var(--edge); border-radius: 8px; margin: .6rem 0 }}
/* A shadow at each side where more of the picture is hidden: what covers it scrolls with the picture. */
.picture {{ background:
  linear-gradient(90deg, var(--paper) 40%, transparent) left / 3rem 100% no-repeat local,
  linear-gradient(270deg, var(--paper) 40%, transparent) right / 3rem 100% no-repeat local,
  linear-gradient(90deg, var(--edge), transparent) left / 1.2rem 100% no-repeat,
  linear-gradient(270deg, var(--edge), transparent) right / 1.2rem 100% no-repeat }}
.picture svg {{ display: block; height: auto }}
.edge {{ display: inline-block; width: 1.6em; height: 1em; vertical-align: -.15em; border-radius: 3px }}
.edge.over {{ border: 3px double var(--state-edge) }}
.edge.dashed {{ border: 1.5px dashed var(--state-edge) }}
.edge.breach {{ border: 1.5px dotted var(--breach) }}
article {{ border: 1px solid var(--edge); border-radius: 8px;
  padding: .7rem .9rem; margin: .7rem 0; background: var(--card) }}
article:target {{ border: 2px solid var(--state-edge) }}
pre {{ overflow-x: auto; font: .85em ui-monospace, 'DejaVu Sans Mono', monospace; line-height: 1.35 }}
summary {{ cursor: pointer; font-weight: bold }}
details {{ margin: .6rem 0 }}
@media print {{
  body {{ max-width: none; font-size: 10pt }}
  nav {{ display: none }}
  article, dt, .picture {{ break-inside: avoid }}
  .picture {{ border: 0; overflow: visible }}
  .picture svg {{ max-width: 100% }}
}}
"""
