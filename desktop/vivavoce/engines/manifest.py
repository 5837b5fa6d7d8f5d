"""Model manifests: which bytes a model must have, where they lie, and whether they are right."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from vivavoce.errors import KnownError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model: its parts in order, its size in bytes and its SHA-256 when joined."""

    name: str
    parts: tuple[str, ...]
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelManifest:
    """What one model is made of and under which licence it comes."""

    id: str
    use: str
    title: str
    licence: str
    source: str
    files: tuple[ModelFile, ...]

    @property
    def joined(self) -> bool:
        """Whether some file comes in parts, so that the model has to be put together once."""
        return any(len(file.parts) > 1 for file in self.files)


def read_manifest(path: Path) -> ModelManifest:
    """Read one manifest; KnownError names the file when it is missing or cannot be read."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        files = tuple(
            ModelFile(
                name=str(entry["name"]),
                parts=tuple(entry["from"]) if isinstance(entry["from"], list) else (str(entry["from"]),),
                size=int(entry["size"]),
                sha256=str(entry["sha256"]),
            )
            for entry in data["files"]
        )
        words = {key: str(data[key]) for key in ("id", "use", "title", "licence", "source")}
        return ModelManifest(files=files, **words)
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise KnownError(
            f"The model list {path} cannot be read ({error}).",
            "Install Viva Voce again: your answers are kept.",
        ) from error


class ModelShelf:
    """Finds models in installed packages, verifies them, and joins those that come in parts.

    `manifests` is the folder of manifest files, `cache` a folder of the user's for joined
    models and for the list of files already verified.
    """

    def __init__(self, manifests: Path, cache: Path) -> None:
        self._manifests = manifests
        self._cache = cache

    def manifests(self) -> list[ModelManifest]:
        """All models the program knows, by id."""
        return [read_manifest(path) for path in sorted(self._manifests.glob("*.toml"))]

    def manifest(self, model_id: str) -> ModelManifest:
        """The manifest of one model."""
        return read_manifest(self._manifests / f"{model_id}.toml")

    def folder(self, model_id: str, *, again: bool = False) -> Path:
        """The folder of a verified model, put together first when it comes in parts.

        With `again`, every byte is hashed even if it was found right before. Raises KnownError
        naming the file that is missing or wrong.
        """
        manifest = self.manifest(model_id)
        if manifest.joined:
            return self._joined_folder(manifest, again)
        first = manifest.files[0]
        folder = self._source(manifest, first.parts[0])
        for _ in Path(first.name).parts:
            folder = folder.parent
        for file in manifest.files:
            self._verify(manifest, file, folder / file.name, again)
        return folder

    def _joined_folder(self, manifest: ModelManifest, again: bool) -> Path:
        folder = self._cache / manifest.id
        if folder.is_dir():
            try:
                for file in manifest.files:
                    self._verify(manifest, file, folder / file.name, again)
            except KnownError:
                shutil.rmtree(folder)  # ours to make again: the parts are still in their packages
            else:
                return folder
        self._join(manifest, folder)
        return folder

    def _join(self, manifest: ModelManifest, folder: Path) -> None:
        """Put the model together under another name and rename it only when every hash is right."""
        half: Path | None = None
        try:
            self._cache.mkdir(parents=True, exist_ok=True)
            half = Path(tempfile.mkdtemp(prefix=f"{manifest.id}.", suffix=".part", dir=self._cache))
            for file in manifest.files:
                target = half / file.name
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("wb") as out:
                    for part in file.parts:
                        with self._source(manifest, part).open("rb") as source:
                            shutil.copyfileobj(source, out, _BLOCK)
                    out.flush()
                    os.fsync(out.fileno())
                _require(manifest, file, target)
            try:
                half.rename(folder)
            except OSError:
                # Another process finished first; its copy went through the same checks.
                if not folder.is_dir():
                    raise
            for file in manifest.files:
                self._remember(file, folder / file.name)
        except OSError as error:
            raise KnownError(
                f"The model {manifest.id} could not be put together in {self._cache}: {error.strerror}.",
                "Make room on the disk or allow writing there, then start again.",
            ) from error
        finally:
            if half is not None:
                shutil.rmtree(half, ignore_errors=True)

    def _source(self, manifest: ModelManifest, part: str) -> Path:
        """Where a file lies: "./" is beside the manifests (ours), anything else in a package."""
        if not part.startswith("./"):
            return _package_file(manifest, part)
        path = self._manifests / part
        if not path.is_file():
            raise _missing(manifest, path)
        return path

    def _verify(self, manifest: ModelManifest, file: ModelFile, path: Path, again: bool) -> None:
        if not path.is_file():
            raise _missing(manifest, path)
        if not again and self._known().get(str(path)) == _stamp(file, path):
            return
        _require(manifest, file, path)
        self._remember(file, path)

    def _known(self) -> dict[str, Any]:
        try:
            known: Any = json.loads((self._cache / "verified.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return cast("dict[str, Any]", known) if isinstance(known, dict) else {}

    def _remember(self, file: ModelFile, path: Path) -> None:
        known = self._known()
        known[str(path)] = _stamp(file, path)
        # What cannot be written down is hashed again the next time; that is no harm.
        with contextlib.suppress(OSError):
            self._cache.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix="verified.", dir=self._cache)
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as out:
                    json.dump(known, out, indent=1)
                Path(name).replace(self._cache / "verified.json")
            finally:
                Path(name).unlink(missing_ok=True)


def _stamp(file: ModelFile, path: Path) -> list[object]:
    """What must not have changed since the file was hashed."""
    status = path.stat()
    return [status.st_size, status.st_mtime_ns, file.sha256]


def _package_file(manifest: ModelManifest, part: str) -> Path:
    """The path of a file inside an installed package, found without importing its code."""
    package, _, inner = part.partition("/")
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen) / part
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise KnownError(
            f"The model {manifest.title} is not installed: package {package} is missing.",
            f"Run make run again, or: pip install {_distribution(package)}",
        )
    path = Path(next(iter(spec.submodule_search_locations))) / inner
    if not path.is_file():
        raise _missing(manifest, path)
    return path


def _missing(manifest: ModelManifest, path: Path) -> KnownError:
    return KnownError(
        f"The model file {path} is missing ({manifest.title}).",
        _install_again(manifest),
    )


def _install_again(manifest: ModelManifest) -> str:
    packages = {part.partition("/")[0] for file in manifest.files for part in file.parts}
    if "." in packages:
        return "Install Viva Voce again: your answers are kept."
    return f"Install it again: pip install --force-reinstall {' '.join(sorted(map(_distribution, packages)))}"


def _require(manifest: ModelManifest, file: ModelFile, path: Path) -> None:
    """Raise KnownError unless `path` has the size and the SHA-256 the manifest names."""
    size = path.stat().st_size
    wrong = None
    if size != file.size:
        wrong = f"it has {size:,} bytes instead of {file.size:,}"
    elif sha256_of(path) != file.sha256:
        wrong = "its SHA-256 is not the published one"
    if wrong is not None:
        raise KnownError(
            f"The model file {path} is not the one we trust: {wrong}.",
            f"It was not loaded. {_install_again(manifest)}",
        )


def _distribution(package: str) -> str:
    """What pip calls an import package; a wrong name would fetch some other project."""
    return "hibari-tts" if package == "hibari" else package.replace("_", "-")


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file as hex."""
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while block := source.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
