"""Train one of the judge's two readers and write it to models/judge.

The reader of whole answers learns first what "stated" and "denied" mean: public entailment pairs, the bank's
wordings one by one, answers put together from them, and a first pass over labelled answers. Then answers as
people speak them: data/labels, whole, as follow-ups of a sentence or two, and in segments that are put
together anew each time, each time with the answer that is wrong where that one is right; four times.

The reader of passages goes on from there. It learns that the order of words matters: sentences beside
themselves with two things swapped, until that is seen, then who does what in other words, then pairs of
spoken sentences in the same words. By then it has forgotten what it knew of answers, and learns again what is
said in a sentence or two.

What is written is the mean of the weights after the last passes. Questions of the test and validation splits
are in none. Each takes an hour and a half to two on two CPU cores. A further stage on answers marked by
teachers (SciEntsBank, Beetle) was tried: it made the reader lenient and lost .02 of AUC on spoken answers.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import torch
from judge_data import ROOT, sentence_model, sentence_model_folder
from judge_stages import (
    Material,
    Stage,
    first_stage,
    material_of,
    order_stage,
    pairs_stage,
    passages_stage,
    roles_stage,
    second_stage,
)
from safetensors.torch import load_file, save_file
from torch import nn

from vivavoce.core.ports import Vectors
from vivavoce.core.question import Question
from vivavoce.engines.compute import multiplies_short
from vivavoce.engines.manifest import sha256_of
from vivavoce.engines.reader import WORD_VECTORS, StatementTokens, tensors, untrained

FOLDER = ROOT / "models" / "judge"
SEED = 1
TOKENS_A_BATCH = 3500
MOST_A_BATCH = 64
# Targets are pulled this far towards even odds: labels are right 97 times in 100, and log-odds stay finite.
SMOOTHING = 0.06
_WARM_UP = 0.06
_CHUNK = 1024
# The weights after so many of the last passes are averaged.
_AVERAGED = 3

Weights: TypeAlias = dict[str, torch.Tensor]

_MANIFEST = """\
id = "reader"
use = "judging: stated, unsaid or denied"
title = "Viva Voce statement readers, trained from all-MiniLM-L6-v2"
licence = "Apache-2.0"
source = "this program (make train-judge; models/judge/README.md)"
"""
_FILE = """\

[[files]]
name = "{name}"
from = "./judge/{name}"
size = {size}
sha256 = "{sha256}"
"""


def batches(lengths: Sequence[int], rng: random.Random) -> list[list[int]]:
    """Positions in batches of like length and at most TOKENS_A_BATCH, in random order."""
    order = list(range(len(lengths)))
    rng.shuffle(order)
    found: list[list[int]] = []
    for start in range(0, len(order), _CHUNK):
        batch: list[int] = []
        for position in sorted(order[start : start + _CHUNK], key=lambda i: lengths[i]):
            full = lengths[position] * (len(batch) + 1) > TOKENS_A_BATCH or len(batch) >= MOST_A_BATCH
            if batch and full:
                found.append(batch)
                batch = []
            batch.append(position)
        found.append(batch)
    rng.shuffle(found)
    return found


def train(network: Any, tokens: StatementTokens, stage: Stage, rng: random.Random) -> None:  # noqa: ANN401
    """One pass over a stage; AdamW, linear warm-up and decay, bfloat16 where the processor has it."""
    rows = [tokens.row(lesson.statements, lesson.asked, lesson.text) for lesson in stage.lessons]
    weights = [weight for weight in network.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=stage.rate, weight_decay=0.01)
    plan = batches([len(row) for row in rows], rng)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min(1.0, (step + 1) / (_WARM_UP * len(plan))) * max(0.02, 1 - step / len(plan)),
    )
    began, losses = time.monotonic(), list[float]()
    network.train()
    device = next(network.parameters()).device
    short = device.type != "cpu" or multiplies_short()
    print(f"{stage.name}: {len(rows)} lessons, {sum(len(row) for row in rows)} tokens", flush=True)
    for step, batch in enumerate(plan, 1):
        inputs = (part.to(device) for part in tensors([rows[i] for i in batch]))
        with torch.autocast(device.type, torch.bfloat16, enabled=short):
            found = network(*inputs)
        said = torch.cat([found[n, : len(rows[i].spans)] for n, i in enumerate(batch)]).float()
        targets = torch.tensor([target for i in batch for target in stage.lessons[i].targets])
        targets = (targets * (1 - SMOOTHING) + SMOOTHING / 3).to(device)
        loss = nn.functional.cross_entropy(said, targets)
        loss.backward()
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
        losses.append(loss.item())
        if step % 50 == 0 or step == len(plan):
            seconds = time.monotonic() - began
            print(
                f"{stage.name} {step}/{len(plan)}, loss {np.mean(losses[-50:]):.3f}, {seconds:.0f} s",
                flush=True,
            )


def field_of(questions: Sequence[Question]) -> Vectors:
    """Vectors of the concept statements of these questions: the field the reader knows."""
    return sentence_model().embed([c.statement for question in questions for c in question.concepts])


def weights_of(network: Any) -> Weights:  # noqa: ANN401
    """A copy of the weights without the word vectors, which are not trained."""
    return {
        name: value.detach().cpu().clone()
        for name, value in network.state_dict().items()
        if name != WORD_VECTORS
    }


def mean_of(ends: Sequence[Weights]) -> Weights:
    """The mean of the weights after several passes: as good as the best of them (arXiv:2203.05482)."""
    return {name: torch.stack([end[name].float() for end in ends]).mean(0) for name in ends[0]}


def save(weights: Weights, path: Path) -> None:
    """Write the weights as float16."""
    half = path.with_suffix(".part")
    save_file({name: value.half().contiguous() for name, value in weights.items()}, half)
    half.chmod(0o644)
    os.replace(half, path)  # noqa: PTH105 - the same call as everywhere else


def write_manifest(folder: Path) -> None:
    """Write models/reader.toml with sizes and hashes of the files in `folder`."""
    text = _MANIFEST + "".join(
        _FILE.format(name=file.name, size=file.stat().st_size, sha256=sha256_of(file))
        for file in (folder / f"{name}.safetensors" for name in ("reader", "passage-reader", "field"))
    )
    (ROOT / "models" / "reader.toml").write_text(text, encoding="utf-8")


_STAGES: dict[str, Callable[[Material, random.Random], Stage]] = {
    "order": order_stage,
    "first": first_stage,
    "second": second_stage,
    "roles": roles_stage,
    "pairs": pairs_stage,
    "passages": passages_stage,
}
_USUAL = {
    "reader": ["first", *4 * ["second"]],
    "passage-reader": [*3 * ["order"], *4 * ["roles"], *3 * ["pairs"], *4 * ["passages"]],
}


def main() -> None:
    """Train the stages that are asked for and write the file."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("reader", choices=list(_USUAL))
    arguments.add_argument("--to", type=Path, help="file to write; else in models/judge")
    arguments.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    arguments.add_argument("--stages", nargs="+", choices=list(_STAGES), help="else the usual ones")
    arguments.add_argument("--seed", type=int, default=SEED)
    arguments.add_argument("--from", dest="start", type=Path, help="weights to go on from")
    given = arguments.parse_args()
    to = given.to or FOLDER / f"{given.reader}.safetensors"
    stages = given.stages or _USUAL[given.reader]
    start = given.start
    if start is None and given.reader == "passage-reader":
        start = FOLDER / "reader.safetensors"
    folder = sentence_model_folder()
    material = material_of()
    network = untrained(folder).to(given.device)
    if start:
        missing, unknown = network.load_state_dict(load_file(start), strict=False)
        if unknown or missing != [WORD_VECTORS]:
            arguments.error(f"{start} holds no weights of this reader")
    # Frozen: they are not stored again, and words that no label mentions keep their meaning.
    network.body.embeddings.word_embeddings.weight.requires_grad_(False)
    tokens = StatementTokens(folder)
    torch.set_num_threads(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2)
    if given.reader == "reader":
        save_file(
            {"statements": torch.tensor(field_of(material.described)).half()},
            to.with_name("field.safetensors"),
        )
    ends: list[Weights] = []
    for place, name in enumerate(stages):
        # Each stage begins with a seed of its own, so that one can be repeated without those before it;
        # gone through again, it puts other answers together.
        seed = given.seed + list(_STAGES).index(name) + 100 * stages[:place].count(name)
        torch.manual_seed(seed)
        rng = random.Random(seed)
        train(network, tokens, _STAGES[name](material, rng), rng)
        if name == stages[-1]:
            # After each pass, and all of it: a training that is cut short leaves a reader that loads.
            ends = [*ends, weights_of(network)][-_AVERAGED:]
            save(mean_of(ends), to)
            if to.parent == FOLDER:
                write_manifest(FOLDER)
    print(f"{to}: {to.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
