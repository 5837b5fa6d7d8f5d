"""The GPU is used when it has really worked, and otherwise the CPU with the reason why not."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import ctranslate2
import psutil
import pytest

from vivavoce.engines import compute
from vivavoce.engines.compute import Compute, compute_for, cpu

NOWHERE = Path("no such model")


@pytest.fixture
def a_gpu_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process is told of a GPU; the child that tries it finds out for itself."""
    monkeypatch.setattr(ctranslate2, "get_cuda_device_count", lambda: 1)


def probe_with(monkeypatch: pytest.MonkeyPatch, code: str) -> Compute:
    """What is found when the child runs this code; it is called as the program's own role is."""

    def command(role: str) -> list[str]:
        assert role == "gpu-probe"
        return [sys.executable, "-c", code]

    monkeypatch.setattr(compute, "role_command", command)
    return compute_for(NOWHERE)


@pytest.mark.parametrize(("cores", "threads"), [({0}, 1), ({0, 1}, 2), ({0, 1, 2, 5}, 3)])
def test_the_window_keeps_a_core_of_more_than_two(
    cores: set[int], threads: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: cores, raising=False)
    assert cpu("why") == Compute("cpu", "int8", threads, "why")


def test_where_cores_cannot_be_told_one_is_used(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert cpu("why").threads == 1


def test_without_a_gpu_it_is_the_cpu(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ctranslate2, "get_cuda_device_count", lambda: 0)
    found = compute_for(NOWHERE)
    assert (found.device, found.type) == ("cpu", "int8")
    assert found.reason == "no CUDA device was found"


def test_a_driver_that_cannot_even_be_asked_is_told(monkeypatch: pytest.MonkeyPatch):
    def broken() -> int:
        raise RuntimeError("CUDA driver version is insufficient")

    monkeypatch.setattr(ctranslate2, "get_cuda_device_count", broken)
    found = compute_for(NOWHERE)
    assert found.device == "cpu"
    assert "driver version is insufficient" in found.reason


@pytest.mark.usefixtures("a_gpu_is_claimed")
def test_a_gpu_that_is_only_claimed_fails_its_test_and_the_reason_is_kept():
    found = compute_for(NOWHERE)
    # The real probe: without a GPU it says so, with one it finds no model in that folder.
    assert found.device == "cpu"
    assert found.reason.startswith("the GPU failed its test: ")
    assert len(found.reason) > len("the GPU failed its test: ")


@pytest.mark.usefixtures("a_gpu_is_claimed")
def test_a_probe_that_takes_its_process_down_takes_nothing_else_down(monkeypatch: pytest.MonkeyPatch):
    found = probe_with(monkeypatch, "import os; os.abort()")
    assert found.device == "cpu"
    assert "the GPU failed its test" in found.reason
    assert "exit" in found.reason


@pytest.mark.usefixtures("a_gpu_is_claimed")
def test_a_probe_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch):
    before = psutil.Process().children()
    monkeypatch.setattr(compute, "_PROBE_SECONDS", 0.2)
    found = probe_with(monkeypatch, "import sys; sys.stdin.read(); import time; time.sleep(600)")
    assert found.device == "cpu"
    assert "did not answer" in found.reason
    assert psutil.Process().children() == before


@pytest.mark.usefixtures("a_gpu_is_claimed")
def test_a_gpu_that_has_worked_is_used_in_the_form_it_worked_in(monkeypatch: pytest.MonkeyPatch):
    found = probe_with(monkeypatch, "print('a library says hello')\nprint('\"int8_float16\"')")
    assert found == Compute("cuda", "int8_float16", 1, "the GPU passed its test")


@pytest.mark.usefixtures("a_gpu_is_claimed")
def test_the_probe_is_given_the_model(monkeypatch: pytest.MonkeyPatch):
    found = probe_with(monkeypatch, "import json, sys; print(json.dumps(sys.argv[1]))")
    assert found.type == str(NOWHERE)
