"""Train the judge's reader and write models/judge/reader.safetensors.

Two stages. First what "stated" and "denied" mean: public entailment pairs, the bank's wordings one by one,
and answers put together from them. Then answers as people speak them: data/labels, with a little of the first
stage kept in. Questions of the test split are in neither. About 90 minutes on two CPU cores.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from judge_data import (
    ROOT,
    LabelledAnswer,
    bank_answers,
    grading_folder,
    own_fact_answers,
    sentence_model,
    sentence_model_folder,
    split,
)
from judge_pairs import (
    DENIED,
    PARTLY,
    STATED,
    UNSAID,
    Pair,
    as_heard,
    composed_pairs,
    entailment_pairs,
    wording_pairs,
)
from safetensors.torch import save_file
from torch import nn

from vivavoce.core.ports import Vectors
from vivavoce.core.question import Question
from vivavoce.engines.manifest import sha256_of
from vivavoce.engines.reader import WORD_VECTORS, PairTokens, tensors, untrained
from vivavoce.store.bank import load_bank

TARGET = ROOT / "models" / "judge" / "reader.safetensors"
SEED = 1
TOKENS_A_BATCH = 3000
MOST_A_BATCH = 48
# Targets are pulled this far towards even odds: labels are right 97 times in 100, and log-odds stay finite.
SMOOTHING = 0.06
_WARM_UP = 0.06
_CHUNK = 2048


_MANIFEST = """\
id = "reader"
use = "judging: stated, unsaid or denied"
title = "Viva Voce statement reader, trained from all-MiniLM-L6-v2"
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


@dataclass(frozen=True, slots=True)
class Stage:
    """One round of training: pairs, passes over them, and the highest learning rate."""

    name: str
    pairs: Sequence[Pair]
    passes: int
    rate: float


def first_stage(questions: Sequence[Question], rng: random.Random) -> Stage:
    """Entailment, single wordings and composed answers."""
    most = {
        "mnli_dev": 13000,
        "snli_dev": 4000,
        "snli_18k": 4000,
        "cad_nli": 6000,
        "conj": 6000,
        "negation_nli": 3000,
        "breaking_nli": 2500,
        "help_and": 1000,
        "med": 2500,
    }
    pairs = entailment_pairs(grading_folder() / "entailment.jsonl.gz", most, rng)
    pairs += wording_pairs(questions, rng)
    pairs += composed_pairs(questions, 4500, 3, rng)
    return Stage("first", pairs, 1, 8e-5)


def second_stage(
    questions: Sequence[Question], answers: Sequence[LabelledAnswer], rng: random.Random
) -> Stage:
    """Labelled answers, with some of everything else so that it is not forgotten."""
    pairs = [pair for answer in answers for pair in labelled_pairs(answer, rng)]
    pairs += composed_pairs(questions, 900, 3, rng)
    wordings = list(wording_pairs(questions, rng))
    rng.shuffle(wordings)
    pairs += wordings[:2000]
    most = {
        "mnli_dev": 1000,
        "cad_nli": 500,
        "conj": 500,
        "negation_nli": 500,
        "breaking_nli": 200,
        "med": 300,
    }
    pairs += entailment_pairs(grading_folder() / "entailment.jsonl.gz", most, rng)
    return Stage("second", pairs, 2, 8e-5)


def labelled_pairs(answer: LabelledAnswer, rng: random.Random) -> list[Pair]:
    """One pair for each concept; half of the texts roughened, the question left out now and then."""
    pairs: list[Pair] = []
    for concept in answer.question.concepts:
        target = UNSAID
        if concept.id in answer.covered:
            target = STATED
        elif concept.id in answer.contradicted:
            target = DENIED
        elif concept.id in answer.partly:
            target = PARTLY
        text = as_heard(answer.text, rng) if rng.random() < 0.5 else answer.text
        asked = "" if rng.random() < 0.15 else answer.question.ask
        pairs.append(Pair(text, concept.statement, target, asked))
    return pairs


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


def train(network: Any, tokens: PairTokens, stage: Stage, rng: random.Random) -> None:  # noqa: ANN401
    """One stage; AdamW, linear warm-up and decay, bfloat16 where the processor has it."""
    rows = tokens.rows(stage.pairs)
    targets = torch.tensor([pair.target for pair in stage.pairs]) * (1 - SMOOTHING) + SMOOTHING / 3
    weights = [weight for weight in network.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=stage.rate, weight_decay=0.01)
    plan = [batch for _ in range(stage.passes) for batch in batches([len(ids) for ids, _ in rows], rng)]
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min(1.0, (step + 1) / (_WARM_UP * len(plan))) * max(0.02, 1 - step / len(plan)),
    )
    began, losses = time.monotonic(), list[float]()
    network.train()
    device = next(network.parameters()).device
    for step, batch in enumerate(plan, 1):
        inputs = (part.to(device) for part in tensors([rows[i] for i in batch]))
        with torch.autocast(device.type, torch.bfloat16):
            found = network(*inputs)
        loss = nn.functional.cross_entropy(found.float(), targets[batch].to(device))
        loss.backward()
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
        losses.append(loss.item())
        if step % 100 == 0 or step == len(plan):
            seconds = time.monotonic() - began
            print(f"{stage.name} {step}/{len(plan)}, loss {np.mean(losses[-100:]):.3f}, {seconds:.0f} s")


def field_of(questions: Sequence[Question]) -> Vectors:
    """Vectors of the concept statements of these questions: the field the reader knows."""
    return sentence_model().embed([c.statement for question in questions for c in question.concepts])


def save(network: Any, path: Path) -> None:  # noqa: ANN401
    """Write the weights as float16, without the word vectors, which were not trained."""
    weights = {
        name: value.detach().cpu().half().contiguous()
        for name, value in network.state_dict().items()
        if name != WORD_VECTORS
    }
    half = path.with_suffix(".part")
    save_file(weights, half)
    half.chmod(0o644)
    os.replace(half, path)  # noqa: PTH105 - the same call as everywhere else
    if path == TARGET:
        text = _MANIFEST + "".join(
            _FILE.format(name=file.name, size=file.stat().st_size, sha256=sha256_of(file))
            for file in (path, path.with_name("field.safetensors"))
        )
        (ROOT / "models" / "reader.toml").write_text(text, encoding="utf-8")


def main() -> None:
    """Train both stages and write the file."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--to", type=Path, default=TARGET)
    arguments.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    given = arguments.parse_args()
    torch.manual_seed(SEED)
    rng = random.Random(SEED)
    bank = load_bank(ROOT / "data" / "bank")
    kept_apart = split("test")
    not_answered = kept_apart | split("validation")
    questions = [q for q in bank.questions if q.id not in kept_apart and q.id.split("-")[0] != "sql"]
    answers = [
        answer
        for answer in [*bank_answers(bank, told=False), *own_fact_answers(bank)]
        if answer.question.id not in not_answered
    ]
    folder = sentence_model_folder()
    network = untrained(folder).to(given.device)
    # Frozen: they are not stored again, and words that no label mentions keep their meaning.
    network.body.embeddings.word_embeddings.weight.requires_grad_(False)
    tokens = PairTokens(folder)
    train(network, tokens, first_stage(questions, rng), rng)
    train(
        network, tokens, second_stage([q for q in questions if q.id not in not_answered], answers, rng), rng
    )
    save_file(
        {"statements": torch.tensor(field_of(questions)).half()}, given.to.with_name("field.safetensors")
    )
    save(network, given.to)
    print(f"{given.to}: {given.to.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
