"""README.md from nbs/index.ipynb, without Quarto: `python tools/readme.py` writes it, tools/check.py compares."""
import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


_LINK = re.compile(r"\]\((?!https?:|#|mailto:|/)")  # a link of the notebook starts in nbs/


def _outputs(cell):
    for o in cell.get("outputs", []):
        data = o.get("data", {})
        if "text/markdown" in data: yield "".join(data["text/markdown"]).strip()
        else:
            text = "".join(o.get("text", data.get("text/plain", ""))).rstrip()
            if text: yield f"```\n{text}\n```"


def render(path=ROOT / "nbs" / "index.ipynb"):
    "The notebook as Markdown: text, visible code, and what the code printed."
    parts = ["<!-- Made from nbs/index.ipynb by tools/readme.py; change the notebook, not this file. -->"]
    for c in json.loads(Path(path).read_text(encoding="utf-8"))["cells"]:
        src = "".join(c["source"]).strip()
        if c["cell_type"] == "markdown": parts.append(_LINK.sub("](nbs/", src))
        elif c["cell_type"] == "code" and src and not re.search(r"^#\|\s*hide", src, re.M):
            code = re.sub(r"^#\|.*\n?", "", src, flags=re.M).strip()
            parts += [f"```python\n{code}\n```", *_outputs(c)]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__": (ROOT / "README.md").write_text(render(), encoding="utf-8")
