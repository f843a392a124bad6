"""The API part of nbs/sidebar.yml, read from the notebooks: `python tools/sidebar.py` writes it, tools/check.py compares.

Eight groups. In each, the pages that a user needs come first, the main class before all; the others are folded into "Details"."""
import re
from typing import NamedTuple

from tree import ROOT, modules, sources

PATH = ROOT / "nbs" / "sidebar.yml"


class Group(NamedTuple):
    title: str
    folders: tuple  # whose modules belong here; "" is the root, see WITH_RUNS
    first: tuple    # the pages that a user needs, in the order of the sidebar; every other page is a detail


GROUPS = (
    Group("Runs and commands", ("runs",), ("runs.pipeline", "runs.folder", "runs.page", "runs.neuron_atlas", "cli", "config", "config_commands")),
    Group("Models", ("models",), ("models.lm", "models.units", "models.certificate", "models.activations", "models.given", "models.smollm2", "models.tiny")),
    Group("Texts", ("text",), ("text.loading", "text.corpora", "text.splits", "text.conditions")),
    Group("Self-report", ("report",), (
        "report.scanner", "report.dataset", "report.heads", "report.predictor", "report.trainer", "report.following",
        "report.baselines", "report.tokens", "report.head_files")),
    Group("Mechanism", ("mechanism",), (
        "mechanism.sources", "mechanism.label", "mechanism.patching", "mechanism.weights", "mechanism.projections", "mechanism.sweep",
        "mechanism.interventions", "mechanism.erasure", "mechanism.ceiling")),
    Group("Contrasts", ("contrasts",), ("contrasts.contrast", "contrasts.capture", "contrasts.localiser", "contrasts.rsa", "contrasts.similarity")),
    Group("Relation slots", ("slots",), (
        "slots.sae", "slots.sae_training", "slots.slot_training", "slots.binding", "slots.questions", "slots.swap", "slots.coactivation")),
    Group("Statistics, figures, files", ("stats", ""), (
        "stats.intervals", "stats.mass_univariate", "stats.permutation", "stats.ridge", "stats.rdm", "plotting", "store", "core")),
)
WITH_RUNS = {"cli", "config", "config_commands", "stages", "arguments"}  # modules of the root that belong to the first group


def group_of(module): return next(g for g in GROUPS if ("runs" if module.name in WITH_RUNS else module.folder) in g.folders)


def title(notebook):
    "The first heading of a notebook."
    return next(re.search(r"^# (.+)$", s, re.M)[1] for kind, s in sources(notebook) if kind == "markdown" and s.startswith("# "))


def entry(module, indent):
    name = module.notebook.relative_to(ROOT / "nbs").as_posix()
    return f'{indent}- text: "{title(module.notebook)} ({module.name})"\n{indent}  href: {name}\n'


def section(name, contents, indent): return f"{indent}- section: {name}\n{indent}  contents:\n{contents}"


def render_group(group, mods):
    place = {name: i for i, name in enumerate(group.first)}
    main = sorted((m for m in mods if m.name in place), key=lambda m: place[m.name])
    details = [m for m in mods if m.name not in place]
    missing = place.keys() - {m.name for m in main}
    assert not missing, f"tools/sidebar.py lists modules that do not exist: {', '.join(sorted(missing))}"
    out = "".join(entry(m, " " * 14) for m in main)
    if details: out += section("Details", "".join(entry(m, " " * 18) for m in details), " " * 14)
    return section(f'"{group.title}"', out, " " * 10)


def render():
    "The file as it should be: what is written by hand, then the groups."
    by_hand, mods = PATH.read_text(encoding="utf-8").partition("      - section: API\n")[0], modules()
    groups = [render_group(g, [m for m in mods if group_of(m) is g]) for g in GROUPS]
    return by_hand + section("API", "".join(groups), " " * 6)


if __name__ == "__main__": PATH.write_text(render(), encoding="utf-8")
