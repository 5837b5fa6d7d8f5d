"""Train the judge's reader and write models/judge/reader.safetensors.

Four stages. First that the order of words matters: sentences beside themselves with two things swapped, until
that is seen, then who does what in other words. Then what "stated" and "denied" mean: public entailment
pairs, the bank's wordings one by one, answers put together from them, and a first pass over labelled answers.
Then answers as people speak them: data/labels, whole, as follow-ups of a sentence or two, in segments that
are put together anew each time, each time with the answer that is wrong where that one is right, and concepts
said rightly and wrongly in the same words; four times. What is written is the mean of the weights after the
last three. Questions of the test and validation splits are in none. Two hours and a half on two CPU cores. A
further stage on answers marked by teachers (SciEntsBank, Beetle) was tried: it
made the reader lenient and lost .02 of AUC on spoken answers.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import torch
from judge_data import (
    LABELS,
    ROOT,
    FollowUp,
    Frame,
    LabelledAnswer,
    MinimalPair,
    bank_answers,
    follow_ups,
    frames,
    grading_folder,
    minimal_pairs,
    other_pairs,
    own_fact_answers,
    sentence_model,
    sentence_model_folder,
    split,
)
from judge_lessons import (
    Lesson,
    composed_lessons,
    entailment_lessons,
    follow_up_lessons,
    frame_lessons,
    labelled_lesson,
    order_lessons,
    pair_lessons,
    role_lessons,
    segment_lessons,
    wording_lessons,
)
from safetensors.torch import load_file, save_file
from segmented_answers import SegmentedAnswer, answers_of_follow_ups, segmented_answers
from torch import nn

from vivavoce.core.ports import Vectors
from vivavoce.core.question import Question
from vivavoce.engines.compute import multiplies_short
from vivavoce.engines.manifest import sha256_of
from vivavoce.engines.reader import WORD_VECTORS, StatementTokens, tensors, untrained
from vivavoce.store.bank import load_bank

TARGET = ROOT / "models" / "judge" / "reader.safetensors"
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
    """One round of training: its lessons and the highest learning rate."""

    name: str
    lessons: Sequence[Lesson]
    rate: float


@dataclass(frozen=True, slots=True)
class Material:
    """What may be learnt from; of `described` questions the wordings in the bank may be read as well."""

    described: Sequence[Question]
    answers: Sequence[LabelledAnswer]
    segmented: Sequence[SegmentedAnswer]
    follow_ups: Sequence[FollowUp]
    frames: Sequence[Frame]
    pairs: Sequence[MinimalPair]


def order_stage(material: Material, rng: random.Random) -> Stage:
    """Sentences beside themselves with two things swapped."""
    return Stage("order", order_lessons(material.frames, rng), 3e-4)


def roles_stage(material: Material, rng: random.Random) -> Stage:
    """Who does what, in other words than the statement's."""
    return Stage("roles", role_lessons(material.frames, rng), 2e-4)


def first_stage(material: Material, rng: random.Random) -> Stage:
    """Entailment, single wordings, composed answers, and labelled answers once."""
    most = {
        "mnli_dev": 12000,
        "snli_dev": 1500,
        "snli_18k": 1500,
        "cad_nli": 4000,
        "conj": 3000,
        "negation_nli": 2500,
        "breaking_nli": 1500,
        "med": 1500,
    }
    lessons = entailment_lessons(grading_folder() / "entailment.jsonl.gz", most, rng)
    lessons += wording_lessons(material.described, rng)
    lessons += composed_lessons(material.described, 1800, rng)
    lessons += [labelled_lesson(answer, rng) for answer in material.answers]
    return Stage("first", lessons, 1e-4)


def second_stage(material: Material, rng: random.Random) -> Stage:
    """Labelled answers once, segmented ones put together anew, with their opposite; half of the follow-ups.

    And who does what: concepts said rightly and wrongly in the same words, and frames, some of them alone.
    Without these the order of words was half forgotten after one pass.
    """
    lessons = [labelled_lesson(answer, rng) for answer in material.answers]
    for answer in material.segmented:
        lessons += segment_lessons(answer, rng)
    replies = rng.sample(list(material.follow_ups), len(material.follow_ups) // 2)
    lessons += follow_up_lessons(replies, rng)
    for _ in range(2):
        lessons += pair_lessons(material.pairs, rng)
    lessons += frame_lessons(material.frames, rng)
    lessons += rng.sample(role_lessons(material.frames, rng), 3000)
    lessons += _kept(material, rng)
    return Stage("second", lessons, 8e-5)


def _kept(material: Material, rng: random.Random) -> list[Lesson]:
    """A sample of the first stage, so that it is not forgotten."""
    most = {"mnli_dev": 1500, "cad_nli": 700, "conj": 500, "negation_nli": 500, "med": 300}
    lessons = entailment_lessons(grading_folder() / "entailment.jsonl.gz", most, rng)
    lessons += composed_lessons(material.described, 300, rng)
    return lessons + rng.sample(list(wording_lessons(material.described, rng)), 1500)


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
        for file in (folder / "reader.safetensors", folder / "field.safetensors")
    )
    (ROOT / "models" / "reader.toml").write_text(text, encoding="utf-8")


_STAGES = {"order": order_stage, "first": first_stage, "second": second_stage, "roles": roles_stage}
# Seven passes: from all-MiniLM-L6-v2 there is nothing to be seen in the first three.
_USUAL = [*7 * ["order"], *6 * ["roles"], "first", *4 * ["second"]]


def material_of() -> Material:
    """All that may be learnt from: nothing of the test questions and nothing of the validation questions.

    One training is compared with another by the latter: a reader that has seen their wordings is surer of
    them than of a question it meets for the first time.
    """
    bank = load_bank(ROOT / "data" / "bank")
    kept_apart = split("test") | split("validation")
    replies = [
        reply for reply in follow_ups(LABELS, bank, told=False) if reply.answer.question.id not in kept_apart
    ]
    return Material(
        [q for q in bank.questions if q.id not in kept_apart and q.id.split("-")[0] != "sql"],
        [
            answer
            for answer in [*bank_answers(bank, told=False), *own_fact_answers(bank)]
            if answer.question.id not in kept_apart
        ],
        [
            *(answer for answer in segmented_answers(bank) if answer.question not in kept_apart),
            *answers_of_follow_ups(replies),
        ],
        replies,
        # One in nine is left out, to see what is learnt of the others.
        [frame for number, frame in enumerate(frames()) if number % 9],
        [p for p in [*minimal_pairs(bank), *other_pairs(bank)] if p.question.id not in kept_apart],
    )


def main() -> None:
    """Train the stages that are asked for and write the file."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--to", type=Path, default=TARGET)
    arguments.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    arguments.add_argument("--stages", nargs="+", choices=list(_STAGES), default=_USUAL)
    arguments.add_argument("--seed", type=int, default=SEED)
    arguments.add_argument("--from", dest="start", type=Path, help="weights to go on from")
    given = arguments.parse_args()
    folder = sentence_model_folder()
    material = material_of()
    network = untrained(folder).to(given.device)
    if given.start:
        missing, unknown = network.load_state_dict(load_file(given.start), strict=False)
        if unknown or missing != [WORD_VECTORS]:
            arguments.error(f"{given.start} holds no weights of this reader")
    # Frozen: they are not stored again, and words that no label mentions keep their meaning.
    network.body.embeddings.word_embeddings.weight.requires_grad_(False)
    tokens = StatementTokens(folder)
    torch.set_num_threads(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2)
    field = torch.tensor(field_of(material.described)).half()
    ends: list[Weights] = []
    for place, name in enumerate(given.stages):
        # Each stage begins with a seed of its own, so that one can be repeated without those before it;
        # gone through again, it puts other answers together.
        seed = given.seed + list(_STAGES).index(name) + 100 * given.stages[:place].count(name)
        torch.manual_seed(seed)
        rng = random.Random(seed)
        stage = _STAGES[name](material, rng)
        train(network, tokens, stage, rng)
        if name == given.stages[-1]:
            # After each pass, and all of it: a training that is cut short leaves a reader that loads.
            ends = [*ends, weights_of(network)][-_AVERAGED:]
            save(mean_of(ends), given.to)
            save_file({"statements": field}, given.to.with_name("field.safetensors"))
            if given.to == TARGET:
                write_manifest(TARGET.parent)
    print(f"{given.to}: {given.to.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
