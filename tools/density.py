"""How dense is the code, how tall are its cells, what is documented: measured on every exported module.

`python tools/density.py` prints a line for each module (or for those whose names begin with the arguments) and the whole;
tools/check.py compares the whole with tools/density.json, which may only get better."""
import ast
import io
import json
import re
import statistics
import sys
import tokenize

from tree import ROOT, modules, sources

LINES, COLUMNS, CELL, PARAMETERS = 450, 120, 50, 7  # what no module, line, cell and function may exceed


def comment_lines(code):
    "Numbers of the lines that end in a comment."
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    return {t.start[0] for t in tokens if t.type == tokenize.COMMENT}


def functions(tree): return [n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]


def parameters(function):
    "The arguments of a function, those of the caller left out."
    a = function.args
    named = [*a.posonlyargs, *a.args, *a.kwonlyargs, *filter(None, [a.vararg, a.kwarg])]
    return [p for p in named if p.arg not in ("self", "cls")]


def body_lines(function):
    "The statements of a function after its docstring, their syntax nodes and their lines."
    body = function.body[1:] if ast.get_docstring(function, clean=False) else function.body
    return sum(1 for b in body for _ in ast.walk(b)), sum(b.end_lineno - b.lineno + 1 for b in body)


def public_functions(tree, names):
    "Functions that a user calls: those in `__all__`, methods of classes in `__all__`, and patched methods of such classes."
    for n in tree.body:
        if isinstance(n, ast.ClassDef) and n.name in names: yield from (f for f in n.body if isinstance(f, ast.FunctionDef) and not f.name.startswith("_"))
        if not isinstance(n, ast.FunctionDef): continue
        patched = any("patch" in ast.unparse(d) for d in n.decorator_list)
        if n.name in names or (patched and not n.name.startswith("_")): yield n


def is_all(node): return isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"


def all_names(tree): return {name for n in tree.body if is_all(n) for name in ast.literal_eval(n.value)}


def exported_cells(notebook):
    "Lines of each exported cell that is more than imports."
    out = []
    for kind, source in sources(notebook):
        if kind != "code" or not re.search(r"^#\|\s*exporti?\b", source, re.M): continue
        code = "\n".join(line for line in source.splitlines() if not line.startswith("#|")).strip("\n")
        body = ast.parse(code).body
        if body and not all(isinstance(n, (ast.Import, ast.ImportFrom)) for n in body): out.append(len(code.splitlines()))
    return out


def measure(module):
    code = module.path.read_text(encoding="utf-8")
    tree, commented = ast.parse(code), comment_lines(code)
    names, all_functions = all_names(tree), functions(tree)
    density = [nodes / lines for nodes, lines in map(body_lines, all_functions) if lines]
    asked = [p for f in public_functions(tree, names) for p in parameters(f)]
    skip = {i for n in tree.body if is_all(n) for i in range(n.lineno, n.end_lineno + 1)}  # nbdev writes these lines
    lines = [line for i, line in enumerate(code.splitlines(), 1) if i not in skip]
    return dict(
        name=module.name, lines=len(lines), long_lines=sum(len(x) > COLUMNS for x in lines),
        over_100=sum(len(x) > 100 for x in lines), cells=exported_cells(module.notebook), nodes=density,
        public=len(names), parameters=len(asked),
        undocumented=[f"{p.arg} (line {p.lineno})" for p in asked if not {p.lineno, p.end_lineno} & commented],
        many=[f"{f.name} ({len(parameters(f))})" for f in all_functions if len(parameters(f)) > PARAMETERS])


def whole(rows):
    "The figures that may only get better: smaller is better in each."
    cells, nodes = [c for r in rows for c in r["cells"]], [n for r in rows for n in r["nodes"]]
    total = lambda key: sum(r[key] if isinstance(r[key], int) else len(r[key]) for r in rows)
    return dict(
        longest_module=max(r["lines"] for r in rows), modules_over_450=sum(r["lines"] > LINES for r in rows),
        lines_over_120=total("long_lines"), lines_over_100=total("over_100"),
        tallest_cell=max(cells), cells_over_50=sum(c > CELL for c in cells), mean_cell=round(statistics.mean(cells), 1),
        nodes_per_line=round(statistics.median(nodes), 1), public_names=total("public"),
        undocumented=total("undocumented"), many_parameters=total("many"))


def figures():
    "The whole, without the modules that tools/density.json names as exceptions."
    exceptions = json.loads((ROOT / "tools" / "density.json").read_text())["exceptions"]
    return whole([measure(m) for m in modules() if m.name not in exceptions])


def main(wanted):
    rows = [measure(m) for m in modules() if not wanted or any(m.name.startswith(w) for w in wanted)]
    for r in rows:
        cells = r["cells"] or [0]
        print(f"{r['name']:28} {r['lines']:4} lines, {r['long_lines']:3} > {COLUMNS}, {r['over_100']:3} > 100; "
              f"cells mean {statistics.mean(cells):4.1f} max {max(cells):3}; {statistics.median(r['nodes'] or [0]):4.1f} nodes a line; "
              f"{r['public']:3} public, {len(r['undocumented'])} of {r['parameters']} parameters undocumented")
        if wanted: print(f"    undocumented: {', '.join(r['undocumented'])}\n    many parameters: {', '.join(r['many'])}")
    print(whole(rows))


if __name__ == "__main__": main(sys.argv[1:])
