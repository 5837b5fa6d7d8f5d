from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from vivavoce.core.ports import Numbers, Reading
from vivavoce.engines.compute import cpu
from vivavoce.engines.manifest import ModelShelf
from vivavoce.engines.reader import (
    DENIED,
    STATED,
    UNSAID,
    StatementReader,
    StatementTokens,
    both_readers,
    tensors,
    untrained,
)
from vivavoce.errors import KnownError
from vivavoce.paths import content
from vivavoce.store.bank import load_bank

ASKED = "What is dropout and when is it active?"
TRAINING_ONLY = "Dropout is active during training and switched off at inference."
RIGHT = "So in training it randomly drops units, and at inference you turn it off and use all of them."
WRONG = "Dropout stays on at test time too, you never switch it off, the predictions need it."
BESIDE = "Dropout was a popular trick, our team had it in every project and Hinton's group came up with it."


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> ModelShelf:
    return ModelShelf(content("models"), tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def readers(shelf: ModelShelf) -> tuple[StatementReader, StatementReader]:
    return both_readers(shelf.folder("reader"), shelf.folder("minilm-l6"), "reader", cpu("a test"))


@pytest.fixture(scope="module")
def reader(readers: tuple[StatementReader, StatementReader]) -> StatementReader:
    return readers[0]


@pytest.fixture(scope="module")
def passage_reader(readers: tuple[StatementReader, StatementReader]) -> StatementReader:
    return readers[1]


def read(reader: StatementReader, *texts: str) -> Numbers:
    return reader.read([Reading(TRAINING_ONLY, text, ASKED) for text in texts])


def test_it_tells_right_from_wrong_from_on_topic(reader: StatementReader) -> None:
    found = read(reader, RIGHT, WRONG, BESIDE)
    assert list(found.argmax(axis=1)) == [STATED, DENIED, UNSAID]


def test_the_passage_reader_tells_the_right_from_the_wrong_in_the_same_words(
    passage_reader: StatementReader,
) -> None:
    labels = content("data") / "labels"
    apart = json.loads((labels / "split.json").read_text(encoding="utf-8"))["test"]
    bank = load_bank(content("data") / "bank")
    pairs = [json.loads(line) for line in (labels / "pairs.jsonl").read_text(encoding="utf-8").splitlines()]
    readings = [
        Reading(question.concept(pair["concept"]).statement, pair[side], question.ask)
        for pair in [pair for pair in pairs if pair["question"] in apart][::4]
        for question in [bank.get(pair["question"])]
        for side in ("right", "wrong")
    ]
    odds = passage_reader.read(readings)
    stated = odds[:, STATED] - odds[:, DENIED]
    # The reader of whole answers finds either the more stated as often as the other.
    assert np.mean(stated[::2] > stated[1::2]) > 0.7


def test_statements_about_one_text_are_told_apart(reader: StatementReader) -> None:
    others = ("Dropout adds noise to the labels.", "A pooling layer shrinks the feature maps.")
    pairs = [Reading(statement, RIGHT, ASKED) for statement in (others[0], TRAINING_ONLY, others[1])]
    found = reader.read(pairs)
    assert list(found.argmax(axis=1)) == [UNSAID, STATED, UNSAID]
    # The same whatever stands between them: what belongs to one text is brought together.
    apart = reader.read([pairs[0], Reading(TRAINING_ONLY, WRONG, ASKED), *pairs[1:]])
    assert np.allclose(apart[[0, 2, 3]], found, atol=0.1)
    assert apart[1].argmax() == DENIED


def test_many_and_long_statements_leave_the_text_its_room(reader: StatementReader) -> None:
    others = [f"A network with {number} hidden layers learns by gradient descent." for number in range(30)]
    statements = [TRAINING_ONLY, *others, TRAINING_ONLY]
    plain = "Dropout is active during training and it is switched off at inference."
    found = reader.read([Reading(statement, plain, ASKED) for statement in statements])
    assert found[0].argmax() == found[-1].argmax() == STATED
    long = "A very long statement goes on and on about the weights of a network. " * 20
    found = reader.read([Reading(f"{number}. {long}", RIGHT * 40, ASKED) for number in range(12)])
    assert found.shape == (12, 3)
    assert np.isfinite(found).all()


def test_another_text_beside_it_changes_nothing(reader: StatementReader) -> None:
    alone = read(reader, RIGHT)[0]
    among = read(reader, WRONG, RIGHT, BESIDE * 3)[1]
    assert np.allclose(alone, among, atol=0.1)  # int8 has eight bits


def test_it_reads_what_the_trained_network_reads(shelf: ModelShelf, reader: StatementReader) -> None:
    network = untrained(shelf.folder("minilm-l6")).eval()
    network.load_state_dict(load_file(str(shelf.folder("reader") / "reader.safetensors")), strict=False)
    tokens = StatementTokens(shelf.folder("minilm-l6"))
    rows = [tokens.row([TRAINING_ONLY, "It adds noise."], ASKED, text) for text in (RIGHT, WRONG, BESIDE)]
    with torch.inference_mode():
        trained = network(*tensors(rows)).numpy()[:, 0]
    pairs = [
        Reading(statement, text, ASKED)
        for text in (RIGHT, WRONG, BESIDE)
        for statement in (TRAINING_ONLY, "It adds noise.")
    ]
    # int8 moves log-odds by hundredths, by tenths where a processor has no sums of its own for it.
    assert np.allclose(reader.read(pairs)[::2], trained, atol=0.6)


def test_nothing_to_read_is_nothing_found(reader: StatementReader) -> None:
    assert reader.read([]).shape == (0, 3)


def test_a_text_far_too_long_is_read_as_far_as_it_fits(reader: StatementReader) -> None:
    long = f"{RIGHT} {'And the team went on to talk about their holidays. ' * 60}"
    assert np.allclose(read(reader, long)[0], read(reader, f"{long} {WRONG}")[0], atol=0.1)


def test_weights_that_are_none_are_refused(shelf: ModelShelf, tmp_path: Path) -> None:
    weights = tmp_path / "reader.safetensors"
    weights.write_bytes(b"not weights")
    with pytest.raises(KnownError, match=r"reader\.safetensors"):
        StatementReader(weights, shelf.folder("minilm-l6"), "reader", cpu("a test"))
    with pytest.raises(KnownError, match="cannot be loaded"):
        StatementReader(tmp_path / "none", shelf.folder("minilm-l6"), "reader", cpu("a test"))
