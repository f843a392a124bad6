"""What a GPU must show: scan, sweep, LoRA step and SAE step at the size of a 7-billion model, and all `cuda` cells.

    python tools/device_check.py           on a GPU, within eight minutes
    python tools/device_check.py --tiny    the same with small sizes, to its end on any machine

Every finished check is a row of `device_check.csv` (`--out FILE`). A check that has a row for this device and these sizes is not made again, so a second call goes on where the first was stopped.
"""
import argparse
import contextlib
import gc
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import torch

ROOT = Path(__file__).resolve().parent.parent
SIZES = dict(
    full=dict(hidden_size=4096, intermediate_size=11008, num_hidden_layers=32, num_attention_heads=32, num_key_value_heads=32, vocab_size=32_000, max_position_embeddings=2048),
    tiny=dict(hidden_size=64, intermediate_size=172, num_hidden_layers=4, num_attention_heads=4, num_key_value_heads=4, vocab_size=500, max_position_embeddings=256))
TEXTS = dict(full=256, tiny=24)
LONGEST = dict(full=256, tiny=40)
FEATURES = dict(full=32_768, tiny=256)


def clocked(device, f):
    "What a function returns, its seconds, and the most memory that it held on the device in GiB."
    cuda = device.type == "cuda"
    if cuda:
        torch.cuda.synchronize()
        torch.cuda.reset_peak_memory_stats()
    t = time.perf_counter()
    out = f()
    if cuda:
        torch.cuda.synchronize()
    peak = torch.cuda.max_memory_allocated()/2**30 if cuda else float("nan")
    return out, time.perf_counter() - t, peak


def random_model(device, size, dtype):
    "A Llama-shaped model with random weights, made on the device in its own dtype."
    from transformers import LlamaConfig, LlamaForCausalLM
    from neuron_self_report.models.lm import LM
    from neuron_self_report.models.tiny import tiny_tokenizer
    torch.manual_seed(0)
    config = LlamaConfig(**SIZES[size], bos_token_id=0, eos_token_id=0, pad_token_id=None)
    was = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        with device:
            hf = LlamaForCausalLM(config)
    finally:
        torch.set_default_dtype(was)
    return LM(hf, tiny_tokenizer(), f"random {size}", bos=False)


def random_texts(size, seed=0):
    g = np.random.default_rng(seed)
    top = min(256, SIZES[size]["vocab_size"])       # tokens that the byte tokeniser knows
    return [g.integers(0, top, n).tolist() for n in g.integers(8, LONGEST[size] + 1, TEXTS[size])]


def linear_report(lm, layer, index):
    "A report by a random linear head after the last block."
    from neuron_self_report.models.units import Unit
    from neuron_self_report.report.feature_heads import RegressionHead
    from neuron_self_report.report.predictor import ActivationPredictor
    g = np.random.default_rng(1)
    head = RegressionHead.new(g.normal(size=100), lm.d_model)
    return ActivationPredictor(lm, Unit(layer, index), head)


def check_scan(lm, size):
    "Scan of all neurons against the bare forward pass of the same batches: ratio of the medians of three turns."
    from neuron_self_report.models.activations import sweep
    from neuron_self_report.report.scanner import scan
    ids = random_texts(size)
    tokens = 8192 if size == "full" else 512
    bare = lambda: sweep(lm, ids, {}, final=lambda h, b: None, max_tokens=tokens)
    ours = lambda: scan(lm, ids, max_tokens=tokens)
    seconds = {bare: [], ours: []}
    peaks = []
    bare(), ours()
    for _ in range(3):
        for f in seconds:
            _, s, peak = clocked(lm.device, f)
            seconds[f].append(s)
            peaks.append(peak)
    ratio = np.median(seconds[ours])/np.median(seconds[bare])
    yield dict(what="scan / bare forward pass", value=ratio, aim="at most 1.15", seconds=float(np.median(seconds[ours])), peak_gib=max(peaks))
    yield dict(what="tokens a second", value=sum(map(len, ids))/np.median(seconds[ours]), aim="")


def check_sweep(lm, size):
    "Reports of a sweep against whole passes with a hook, by the size of the changes; and their times."
    from neuron_self_report.mechanism.interventions import Scale
    from neuron_self_report.mechanism.sweep import patch_sweep
    from neuron_self_report.models.lm import hooked
    from neuron_self_report.models.precision import full_precision
    from neuron_self_report.report.predictor import report_place
    p = linear_report(lm, lm.n_layers//2, 5)
    ids = random_texts(size, 1)[:12]
    factors = [0., .5, 1., 1.5, 2.]
    place = report_place(lm, ids, lm.positions(ids))
    swept, s, peak = clocked(lm.device, lambda: patch_sweep(p, place, [Scale(f) for f in factors]))
    def whole():
        out = np.empty((len(ids), len(factors)))
        with full_precision(lm), torch.inference_mode():      # as the sweep does
            for i, t in enumerate(ids):
                for j, f in enumerate(factors):
                    out[i, j] = one(t, f)
        return out
    def one(t, f):
        seen = {}
        def write(x):
            x = x.clone()
            x[:, -1, p.unit.index] *= f
            return x
        hooks = {(p.unit.layer, "mlp_post"): write, (lm.n_layers - 1, "resid_post"): lambda x: seen.update(x=x[:, -1].float().cpu().numpy())}
        with hooked(lm, hooks):
            lm.forward(torch.tensor([t], device=lm.device))
        return p.head.predict(seen["x"])[0]
    reports, plain_s, _ = clocked(lm.device, whole)
    spread = np.std(swept.report)
    yield dict(what="sweep: largest deviation from whole passes / spread of the reports", value=float(np.abs(reports - swept.report).max()/spread), aim="rounding of float32, below 1e-3", seconds=s, peak_gib=peak)
    yield dict(what="whole passes / sweep, time", value=plain_s/s, aim="above 1", seconds=plain_s)


def check_lora(lm, size):
    "Seconds and memory of LoRA training steps on the layers after the middle, with the neuron set in half of the texts."
    from neuron_self_report.config import TrainConfig
    from neuron_self_report.report.predictor import report_place
    from neuron_self_report.report.task import Samples, Task
    from neuron_self_report.report.trainer import PredictorTrainer
    from neuron_self_report.models.activations import capture
    p = linear_report(lm, lm.n_layers//2, 5)
    ids = random_texts(size, 2)
    place = report_place(lm, ids, lm.positions(ids))
    y = capture(lm, ids, [p.unit], place.at)[p.unit].astype(float)
    every = Samples(place, y, np.arange(len(y)), np.ones(len(y)))
    some = every.take(np.arange(8))
    how = TrainConfig(strategy="lora", epochs=1, batch_size=16 if size == "full" else 8, patched=.5, checkpointing=True)
    trainer = PredictorTrainer(Task(p, every, some, some, ids[:8]), how)
    _, s, peak = clocked(lm.device, trainer.fit)
    last = trainer.history[-1]
    gradient = sum(v for k, v in last.items() if k.startswith("grad"))
    yield dict(what="seconds of a LoRA step, validation included", value=s/trainer.step, aim="", seconds=s, peak_gib=peak)
    yield dict(what="length of the adapters' gradients", value=gradient, aim="finite and above 0")


def check_sae(lm, size):
    "One step of an SAE on the device; its losses against the same step on the CPU."
    from neuron_self_report.slots.sae import RelationSAE
    from neuron_self_report.slots.sae_training import SAETrainer, SAETraining
    x = torch.randn(2048 if size == "full" else 128, lm.d_model, generator=torch.Generator().manual_seed(0))
    how = SAETraining(steps=8, batch=len(x)//2, eval_every=8)
    losses, seconds = {}, {}
    for device in {lm.device, torch.device("cpu")}:
        sae = RelationSAE(lm.d_model, FEATURES[size], k=32).to(device)
        trainer = SAETrainer(sae, x.to(device), x[:64].to(device), how)
        first = trainer.one_step()
        _, s, peak = clocked(device, trainer.one_step)
        losses[device.type] = sum(first.values())
        seconds[device.type] = s, peak
    here = lm.device.type
    yield dict(what="SAE: loss of the first step, deviation from the CPU", value=abs(losses[here]/losses["cpu"] - 1), aim="at most 1e-4")
    yield dict(what="seconds of an SAE step", value=seconds[here][0], aim="", seconds=seconds[here][0], peak_gib=seconds[here][1])


def check_cells(lm, size):
    "The `cuda` cells of all notebooks; without a GPU, how many notebooks have some."
    marked = sorted(p for p in (ROOT / "nbs").rglob("*.ipynb") if any(c["cell_type"] == "code" and "".join(c["source"]).startswith("#| cuda") for c in json.loads(p.read_text())["cells"]))
    if lm.device.type != "cuda":
        yield dict(what="notebooks with cuda cells (not run: no GPU)", value=len(marked), aim="")
        return
    failed = 0
    for p in marked:
        run = subprocess.run([Path(sys.executable).parent / "nbdev_test", "--path", p, "--n_workers", "0", "--flags", "cuda"], cwd=ROOT, capture_output=True, text=True, timeout=300)
        failed += run.returncode != 0
        if run.returncode:
            print(run.stdout[-2000:], run.stderr[-2000:])
    yield dict(what=f"failed of {len(marked)} notebooks with cuda cells", value=failed, aim="0")


CHECKS = dict(scan=check_scan, sweep=check_sweep, lora=check_lora, sae=check_sae, cells=check_cells)


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--tiny", action="store_true", help="small sizes")
    ask.add_argument("--device", help="cuda, mps or cpu; default: the best that is here")
    ask.add_argument("--out", default="device_check.csv", help="file of the results; finished checks in it are left out")
    how = ask.parse_args()
    from neuron_self_report.core import pick_device
    device = torch.device(pick_device(how.device))
    size = "tiny" if how.tiny else "full"
    if size == "full" and device.type != "cuda":
        ask.error("the full sizes need a GPU; --tiny runs on any machine")
    name = torch.cuda.get_device_name() if device.type == "cuda" else device.type
    out = Path(how.out)
    out.parent.mkdir(parents=True, exist_ok=True)
    done = pd.read_csv(out) if out.exists() else pd.DataFrame(columns=["device", "size", "check"])
    here = done[(done.device == name) & (done["size"] == size)]
    left = [c for c in CHECKS if c not in set(here.check)]
    if not left:
        print("every check has been made")
        return
    lm = random_model(device, size, torch.bfloat16)
    print(f"{name}, {sum(q.numel() for q in lm.hf.parameters())/1e9:.2g} billion parameters, {lm.hf.dtype}")
    for check in left:
        t = time.perf_counter()
        rows = [dict(device=name, size=size, check=check, **r) for r in CHECKS[check](lm, size)]
        done = pd.concat([done, pd.DataFrame(rows)], ignore_index=True)
        new = out.with_suffix(".new")
        done.to_csv(new, index=False)
        os.replace(new, out)
        for r in rows:
            print(f"{check:6} {r['what']}: {r['value']:.3g}" + (f" (aim: {r['aim']})" if r["aim"] else ""))
        print(f"{check:6} {time.perf_counter() - t:.0f} s", flush=True)
        gc.collect()
        with contextlib.suppress(Exception):
            torch.cuda.empty_cache()


if __name__ == "__main__":
    main()
