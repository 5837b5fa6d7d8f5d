"""A model is used when every byte of it is the one that was published, and never otherwise."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from vivavoce.engines.engines import Engines
from vivavoce.engines.manifest import ModelShelf, read_manifest, sha256_of
from vivavoce.errors import KnownError
from vivavoce.paths import Home, content

SHIPPED = sorted(path.stem for path in content("models").glob("*.toml"))
# Code inside a package of weights is never run: finding a file must not import it.
LOUD = "raise AssertionError('a package of weights was imported')\n"


class Shop:
    """A model in two made-up packages: `plain` as it is, `cut` in two parts to be joined."""

    def __init__(self, folder: Path) -> None:
        self.cache = folder / "cache"
        self.site = folder / "site"
        self.manifests = folder / "manifests"
        self.manifests.mkdir()
        self.shelf = ModelShelf(self.manifests, self.cache)
        self.files = {
            "vv_weights_one/data/model.bin.1": b"first half, ",
            "vv_weights_two/data/model.bin.2": b"second half",
            "vv_weights_one/data/config.json": b"{}",
        }
        for name, data in self.files.items():
            path = self.site / name
            path.parent.mkdir(parents=True, exist_ok=True)
            (self.site / name.split("/")[0] / "__init__.py").write_text(LOUD)
            path.write_bytes(data)
        config = ("config.json", ["vv_weights_one/data/config.json"])
        self.list("cut", [("model.bin", list(self.files)[:2]), config])
        self.list("plain", [config])

    def list(self, model: str, files: list[tuple[str, list[str]]]) -> None:
        words = {
            "id": model,
            "use": "tests",
            "title": f"Model {model}",
            "licence": "MIT",
            "source": "made up",
        }
        lines = [f'{key} = "{value}"' for key, value in words.items()]
        for name, parts in files:
            data = b"".join(self.files[part] for part in parts)
            digest = hashlib.sha256(data).hexdigest()
            lines += ["[[files]]", f'name = "{name}"', f"from = {parts if len(parts) > 1 else parts[0]!r}"]
            lines += [f"size = {len(data)}", f'sha256 = "{digest}"']
        (self.manifests / f"{model}.toml").write_text("\n".join(lines))

    def folders(self) -> list[str]:
        return sorted(path.name for path in self.cache.iterdir() if path.is_dir())


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    made = Shop(tmp_path)
    monkeypatch.syspath_prepend(str(made.site))
    return made


def fault(shelf: ModelShelf, model: str) -> KnownError:
    with pytest.raises(KnownError) as told:
        shelf.folder(model)
    return told.value


@pytest.mark.parametrize("model", SHIPPED)
def test_every_shipped_model_is_installed_byte_for_byte(model: str, model_home: Home):
    shelf = ModelShelf(content("models"), model_home.models)
    manifest = shelf.manifest(model)
    assert manifest.id == model
    assert manifest.licence
    assert manifest.source
    folder = shelf.folder(model, again=True)
    for file in manifest.files:
        assert (folder / file.name).stat().st_size == file.size
        assert sha256_of(folder / file.name) == file.sha256


def test_every_model_the_engines_name_is_shipped():
    assert {"whisper-base", "whisper-tiny-en", "minilm-l6", "hibari-heart", "silero-vad"} <= set(SHIPPED)
    manifests = ModelShelf(content("models"), Path("unused")).manifests()
    assert [manifest.id for manifest in manifests] == SHIPPED


def test_a_model_in_one_package_is_used_where_it_lies(shop: Shop):
    assert shop.shelf.folder("plain") == shop.site / "vv_weights_one" / "data"
    assert shop.folders() == [], "nothing is copied"
    assert "vv_weights_one" not in sys.modules


def test_a_model_in_parts_is_put_together_once(shop: Shop):
    folder = shop.shelf.folder("cut")
    assert (folder / "model.bin").read_bytes() == b"first half, second half"
    assert shop.folders() == ["cut"]
    made = (folder / "model.bin").stat()
    for shelf in (shop.shelf, ModelShelf(shop.manifests, shop.cache)):
        assert shelf.folder("cut") == folder
        assert shelf.folder("cut", again=True) == folder
    after = (folder / "model.bin").stat()
    assert (after.st_ino, after.st_mtime_ns) == (made.st_ino, made.st_mtime_ns)


def test_a_joined_model_needs_its_packages_no_more(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    folder = shop.shelf.folder("cut")
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry != str(shop.site)])
    importlib.invalidate_caches()
    assert shop.shelf.folder("cut", again=True) == folder


def test_several_processes_that_put_it_together_at_once_end_with_one(shop: Shop):
    shelves = [ModelShelf(shop.manifests, shop.cache) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        folders = list(pool.map(lambda shelf: shelf.folder("cut"), shelves))
    assert set(folders) == {shop.cache / "cut"}
    assert shop.folders() == ["cut"]
    assert [path.name for path in shop.cache.iterdir() if not path.is_dir()] == ["verified.json"]


def test_what_a_killed_program_left_half_made_is_never_used(shop: Shop):
    half = shop.cache / "cut.abcdef.part"
    half.mkdir(parents=True)
    (half / "model.bin").write_bytes(b"first half, ")
    folder = shop.shelf.folder("cut")
    assert folder == shop.cache / "cut"
    assert (folder / "model.bin").read_bytes() == b"first half, second half"


@pytest.mark.parametrize("harm", ["cut short", "changed", "gone"])
def test_a_damaged_joined_model_is_made_again(harm: str, shop: Shop):
    model = shop.shelf.folder("cut") / "model.bin"
    if harm == "gone":
        model.unlink()
    else:
        model.write_bytes(b"first half" if harm == "cut short" else b"first half, SECOND half")
        # As if the clock had been coarse: a new time, whatever the disk's own steps are.
        os.utime(model, ns=(1, 1))
    assert shop.shelf.folder("cut") == model.parent
    assert model.read_bytes() == b"first half, second half"


def test_harm_behind_an_unchanged_size_and_time_is_found_when_every_byte_is_asked_for(shop: Shop):
    model = shop.shelf.folder("cut") / "model.bin"
    times = model.stat()
    model.write_bytes(b"first half, SECOND half")
    os.utime(model, ns=(times.st_atime_ns, times.st_mtime_ns))
    shop.shelf.folder("cut", again=True)
    assert model.read_bytes() == b"first half, second half"


def test_a_file_of_our_own_lies_beside_the_lists_and_is_verified_like_any_other(shop: Shop):
    shop.files["./ours/weights.bin"] = b"trained by us"
    path = shop.manifests / "ours" / "weights.bin"
    shop.list("own", [("weights.bin", ["./ours/weights.bin"])])
    with pytest.raises(KnownError, match="Install Viva Voce again"):
        shop.shelf.folder("own")
    path.parent.mkdir()
    path.write_bytes(b"trained by them")
    with pytest.raises(KnownError, match="not the one we trust"):
        shop.shelf.folder("own")
    path.write_bytes(b"trained by us")
    assert shop.shelf.folder("own") == path.parent


def test_a_package_that_is_missing_is_named_with_what_to_install(shop: Shop, tmp_path: Path):
    (shop.site / "vv_weights_two").rename(tmp_path / "elsewhere")
    told = fault(shop.shelf, "cut")
    assert "package vv_weights_two is missing" in told.what
    assert "Model cut" in told.what
    assert told.next_step.endswith("pip install vv-weights-two")
    assert shop.folders() == []


def test_the_voices_package_is_told_by_the_name_pip_knows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "hibari" else find(name))
    told = fault(ModelShelf(content("models"), tmp_path), "hibari-heart")
    assert told.next_step.endswith("pip install hibari-tts")


@pytest.mark.parametrize("model", ["cut", "plain"])
def test_a_file_that_is_missing_is_named(model: str, shop: Shop):
    path = shop.site / "vv_weights_one" / "data" / "config.json"
    path.unlink()
    told = fault(shop.shelf, model)
    assert str(path) in told.what
    assert "vv-weights-one" in told.next_step
    assert not (shop.cache / "cut").exists()


@pytest.mark.parametrize(
    ("data", "wrong"), [(b"[]", "SHA-256 is not the published one"), (b"{ }", "3 bytes instead of 2")]
)
def test_a_file_in_a_package_that_is_not_the_published_one_is_not_loaded(data: bytes, wrong: str, shop: Shop):
    path = shop.site / "vv_weights_one" / "data" / "config.json"
    path.write_bytes(data)
    told = fault(shop.shelf, "plain")
    assert str(path) in told.what
    assert wrong in told.what
    assert "It was not loaded" in told.next_step


def test_a_part_that_is_not_the_published_one_leaves_nothing_behind(shop: Shop):
    (shop.site / "vv_weights_two" / "data" / "model.bin.2").write_bytes(b"SECOND half")
    told = fault(shop.shelf, "cut")
    assert "model.bin" in told.what
    assert "vv-weights-one vv-weights-two" in told.next_step
    assert shop.folders() == []


def test_a_file_that_was_right_once_is_looked_at_again_when_it_has_changed(shop: Shop):
    shop.shelf.folder("plain")
    path = shop.site / "vv_weights_one" / "data" / "config.json"
    path.write_bytes(b"[]")
    os.utime(path, ns=(1, 1))
    assert str(path) in fault(shop.shelf, "plain").what


def test_a_broken_list_of_verified_files_is_no_reason_to_trust(shop: Shop):
    shop.shelf.folder("plain")
    for broken in ("", "[]", '{"'):
        (shop.cache / "verified.json").write_text(broken)
        assert shop.shelf.folder("plain").is_dir()
    (shop.site / "vv_weights_one" / "data" / "config.json").write_bytes(b"[]")
    (shop.cache / "verified.json").write_text("{}")
    fault(shop.shelf, "plain")


def test_a_cache_that_cannot_be_written_hinders_only_what_has_to_be_joined(shop: Shop):
    shop.cache.write_text("a file where the folder should be")
    assert shop.shelf.folder("plain").is_dir()
    told = fault(shop.shelf, "cut")
    assert str(shop.cache) in told.what
    assert told.next_step


@pytest.mark.parametrize(
    "text", ["id = ", 'id = "a"', 'id = "a"\nfiles = 3', 'id = "a"\n[[files]]\nname = "x"', "\xff"]
)
def test_a_model_list_that_cannot_be_read_is_named(text: str, tmp_path: Path):
    path = tmp_path / "broken.toml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(KnownError, match=r"broken\.toml"):
        read_manifest(path)


def test_a_model_without_a_list_is_named(tmp_path: Path):
    assert "nothing.toml" in fault(ModelShelf(tmp_path, tmp_path), "nothing").what


@pytest.mark.parametrize("ask", ["ears", "compute"])
def test_a_speech_model_of_the_users_own_that_is_incomplete_is_named(ask: str, tmp_path: Path):
    (tmp_path / "model.bin").write_bytes(b"x")
    engines: Any = Engines(Home(tmp_path, tmp_path / "cache"), str(tmp_path))
    with pytest.raises(KnownError, match=r"config\.json is missing") as told:
        getattr(engines, ask)()
    assert str(tmp_path) in told.value.what


def test_a_speech_model_that_is_no_model_is_a_fault_with_a_next_step(tmp_path: Path):
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (tmp_path / name).write_bytes(b"{}")
    with pytest.raises(KnownError, match="cannot be loaded") as told:
        Engines(Home(tmp_path, tmp_path / "cache"), str(tmp_path)).ears()
    assert str(tmp_path) in told.value.what
    assert told.value.next_step
