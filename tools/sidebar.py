"""The API part of nbs/sidebar.yml, read from the notebooks: `python tools/sidebar.py` writes it, tools/check.py compares."""
import re

from tree import FOLDERS, ROOT, modules, sources

PATH = ROOT / "nbs" / "sidebar.yml"
SECTIONS = {
    "stats": "Statistics", "text": "Texts", "models": "Models", "report": "Self-report", "contrasts": "Contrasts",
    "slots": "Relation slots", "mechanism": "Mechanism", "runs": "Runs",
}


def title(notebook):
    "The first heading of a notebook."
    return next(re.search(r"^# (.+)$", s, re.M)[1] for kind, s in sources(notebook) if kind == "markdown" and s.startswith("# "))


def entry(module, indent):
    name = module.notebook.relative_to(ROOT / "nbs").as_posix()
    return f'{indent}- text: "{title(module.notebook)} ({module.name})"\n{indent}  href: {name}\n'


def render():
    "The file as it should be: what is written by hand, then one section for each folder."
    by_hand = PATH.read_text(encoding="utf-8").partition("      - section: API\n")[0]
    out = by_hand + "      - section: API\n        contents:\n"
    for folder in FOLDERS:
        own = [m for m in modules() if m.folder == folder]
        if folder: out += f"          - section: {SECTIONS[folder]}\n            contents:\n"
        out += "".join(entry(m, " " * (14 if folder else 10)) for m in own)
    return out


if __name__ == "__main__": PATH.write_text(render(), encoding="utf-8")
