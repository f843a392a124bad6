"""The notebooks, the modules they export and who imports whom: read from the files, used by tools/check.py and the page on the architecture."""
import ast
import json
import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PKG = "neuron_self_report"
FOLDERS = ("", "stats", "text", "models", "report", "contrasts", "slots", "mechanism", "runs")  # from the ground up
TOP = 90  # modules of the root with this number and above stand on everything else


class Module(NamedTuple):
    name: str       # dotted, without the package: "mechanism.patching"
    notebook: Path  # that exports it
    path: Path      # of the exported file
    purpose: str    # the sentence below the title

    @property
    def folder(self): return self.name.rpartition(".")[0]


class Import(NamedTuple):
    by: str    # the module that imports, dotted
    of: str    # the module that is imported
    name: str  # what is imported from it; "" for the module itself


def sources(notebook): return [(c["cell_type"], "".join(c["source"])) for c in json.loads(Path(notebook).read_text(encoding="utf-8"))["cells"]]


def notebooks(root=ROOT):
    "Every notebook, those in folders that begin with _ or . left out."
    return [p for p in sorted((Path(root) / "nbs").rglob("*.ipynb")) if not any(s[0] in "_." for s in p.relative_to(root).parts)]


def _place(notebook, root):
    "Folders from the ground up, files by name; what stands on everything comes last."
    folder = notebook.parent.relative_to(Path(root) / "nbs").as_posix().replace(".", "", 1)
    number = re.match(r"\d+", notebook.name)
    top = not folder and number and int(number[0]) >= TOP
    assert folder in FOLDERS, f"{notebook.relative_to(root)} exports a module, but its folder has no place in tools/tree.py (FOLDERS)"
    return len(FOLDERS) if top else FOLDERS.index(folder), notebook.name


def modules(root=ROOT):
    "The exported modules, each after everything that it may import."
    found = {}
    for p in notebooks(root):
        cells = sources(p)
        name = re.search(r"^#\|\s*default_exp\s+([\w.]+)", "\n".join(s for kind, s in cells if kind == "code"), re.M)
        if not name: continue
        purpose = re.search(r"^> (.+)$", "\n".join(s for kind, s in cells if kind == "markdown"), re.M)
        found[_place(p, root)] = Module(name[1], p, Path(root) / PKG / (name[1].replace(".", "/") + ".py"), purpose[1] if purpose else "")
    return [found[k] for k in sorted(found)]


def _absolute(node, module):
    "The dotted name, without the package, that a `from … import` names; None outside the package."
    if not node.level: return node.module[len(PKG) + 1:] if node.module == PKG or (node.module or "").startswith(PKG + ".") else None
    parts = module.split(".")[:-node.level]
    return ".".join(parts + ([node.module] if node.module else []))


def imports(mods):
    "What modules import from each other, also inside functions."
    names, found = {m.name for m in mods}, []
    for m in mods:
        for node in ast.walk(ast.parse(m.path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (source := _absolute(node, m.name)) is not None:
                for a in node.names:
                    whole = ".".join(x for x in (source, a.name) if x)
                    if source in names: found.append(Import(m.name, source, a.name))
                    elif whole in names: found.append(Import(m.name, whole, ""))
            elif isinstance(node, ast.Import):
                found += [Import(m.name, a.name[len(PKG) + 1:], "") for a in node.names if a.name[len(PKG) + 1:] in names and a.name.startswith(PKG + ".")]
    return found


def upward(mods):
    "Imports of a module that stands above, or of the module itself."
    place = {m.name: i for i, m in enumerate(mods)}
    return [i for i in imports(mods) if place[i.of] >= place[i.by]]
