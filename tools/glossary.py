"""The glossary as data of the package, from its page: `python tools/glossary.py` writes it, tools/check.py compares."""
import json
import re

from tree import PKG, ROOT, sources

PAGE = ROOT / "nbs" / "explanations" / "glossary.ipynb"
DATA = ROOT / PKG / "data" / "glossary.json"
_HEADING = re.compile(r"^(?:<a id=\S+></a>)?\*\*", re.M)
_ENTRY = re.compile(r"^(?:<a id=\S+></a>)?\*\*(.+?)\*\*(?: \(.+?\))? · (.+)$", re.M)


def render(path=PAGE):
    "Heading of an entry → its definition in Markdown, as JSON."
    text = "\n".join(s for kind, s in sources(path) if kind == "markdown")
    found = dict(_ENTRY.findall(text))
    assert len(found) == len(_HEADING.findall(text)), "an entry of the glossary has another form than the others"
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__": DATA.write_text(render(), encoding="utf-8")
