"""nbs/images, taken out of the notebooks' stored outputs: `python tools/pictures.py` writes it, tools/check.py compares.

A cell with `#| label: NAME` draws the figure; a page shows it as `images/NAME.png`. The file remembers the output that it was made from."""
import base64
import hashlib
import io
import json
import re

from tree import ROOT, notebooks

IMAGES = ROOT / "nbs" / "images"
SCREENSHOTS = {"atlas_neuron"}  # pages in a browser; no notebook stores them
SIZE, WIDTH = 60_000, 1000  # no file is larger (bytes) or wider (pixels)


def figures():
    "name → PNG, for every labelled cell that stores a figure."
    found = {}
    for p in notebooks():
        for c in json.loads(p.read_text(encoding="utf-8"))["cells"]:
            label = re.search(r"^#\|\s*label:\s*(\S+)", "".join(c["source"]), re.M)
            stored = [o["data"]["image/png"] for o in c.get("outputs", []) if "image/png" in o.get("data", {})]
            if label and stored:
                assert label[1] not in found, f"two figures are called {label[1]}"
                found[label[1]] = base64.b64decode(stored[-1])
    return found


def shown():
    "Names of the pictures that pages show, those of pages in a browser left out."
    text = "\n".join(p.read_text(encoding="utf-8") for p in notebooks())
    return set(re.findall(r"\]\((?:\.\./)*images/([\w-]+)\.png\)", text)) - SCREENSHOTS


def files(): return {p.stem: p for p in IMAGES.glob("*.png") if p.stem not in SCREENSHOTS}


def source(png): return hashlib.sha256(png).hexdigest()


def small(png):
    "The same picture in fewer colours, and narrower if need be, with a note of where it comes from."
    from PIL import Image, PngImagePlugin
    note = PngImagePlugin.PngInfo()
    note.add_text("Source", source(png))
    image = Image.open(io.BytesIO(png)).convert("RGB")
    if image.width > WIDTH: image = image.resize((WIDTH, round(image.height * WIDTH / image.width)), Image.Resampling.LANCZOS)
    for colours in (128, 64, 32, 16):
        out = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True, pnginfo=note)
        if out.tell() <= SIZE: break
    return out.getvalue()


def stale():
    "One sentence for each picture that is not the figure of its notebook."
    from PIL import Image
    now, there = figures(), files()
    for name in sorted(shown() - now.keys()): yield f"no cell with #| label: {name} stores a figure"
    for name in sorted(there.keys() ^ (shown() & now.keys())): yield f"images/{name}.png is {'not shown' if name in there else 'missing'}"
    for name in sorted(there.keys() & now.keys()):
        if Image.open(there[name]).text.get("Source") != source(now[name]): yield f"images/{name}.png is not what its notebook shows"
        if there[name].stat().st_size > SIZE: yield f"images/{name}.png has more than {SIZE // 1000} kB"


if __name__ == "__main__":
    now = figures()
    made = {name: small(now[name]) for name in sorted(shown() & now.keys())}
    IMAGES.mkdir(exist_ok=True)
    for old in files().values(): old.unlink()
    for name, png in made.items(): (IMAGES / f"{name}.png").write_bytes(png)
