"""vivavoce doctor: what works here, and what to do about what does not."""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from vivavoce import __version__
from vivavoce.commands.form import printed
from vivavoce.commands.setting import Setting, setting_of
from vivavoce.engines.engines import SPEECH_MODELS
from vivavoce.engines.speech_models import advised_model, check_own_folder
from vivavoce.engines.voice import system_voices
from vivavoce.errors import KnownError

Found = dict[str, Any]


def run(arguments: argparse.Namespace) -> int:
    """Print one line for each part; every model byte is hashed again."""
    setting = setting_of(arguments)
    report: Found = {
        "version": __version__,
        "models": _models(setting),
        "device": _told(lambda: _device(setting)),
        "hearing": _told(lambda: _hearing(setting)),
        "voices": _voices(setting),
        "microphones": _told(_microphones),
        "folders": _folders(setting),
        "bank": _told(lambda: _bank(setting)),
        "offline": {"ok": True, "detail": "every network connection is refused, libraries' reports are off"},
    }
    report["ok"] = all(part["ok"] for part in _parts(report))
    print(printed(report) if arguments.json else "\n".join(_lines(report)))
    return 0


def _told(ask: Callable[[], Found]) -> Found:
    """What was found, or the fault with what to do about it."""
    try:
        return {"ok": True, **ask()}
    except KnownError as error:
        return {"ok": False, "detail": error.what, "do": error.next_step}


def _models(setting: Setting) -> list[Found]:
    shelf = setting.engines.shelf
    return [
        {
            "id": manifest.id,
            "use": manifest.use,
            "licence": manifest.licence,
            **_told(lambda model=manifest.id: {"detail": f"verified in {shelf.folder(model, again=True)}"}),
        }
        for manifest in shelf.manifests()
    ]


def _device(setting: Setting) -> Found:
    compute = setting.engines.compute()
    return {"detail": f"{compute.device}, {compute.type}, {compute.threads} threads: {compute.reason}"}


def _hearing(setting: Setting) -> Found:
    chosen = setting.settings
    found: Found = {"model": chosen.speech_model}
    found |= {"base_pace": chosen.base_pace, "measured_on": chosen.measured_on}
    if chosen.speech_model not in SPEECH_MODELS:
        check_own_folder(Path(chosen.speech_model).expanduser())
    if not chosen.measured_on:
        return {"detail": f"{chosen.speech_model}; not measured yet, the window does it once", **found}
    advice = advised_model(chosen.base_pace)
    detail = (
        f"{chosen.speech_model}; base needs {chosen.base_pace:.2f} s for a second of speech "
        f"(measured {chosen.measured_on}: {advice} fits this machine)"
    )
    return {"detail": detail, **found}


def _voices(setting: Setting) -> list[Found]:
    def natural() -> Found:
        setting.engines.voice("natural")
        return {"detail": "Heart, American English"}

    def system() -> Found:
        voices = system_voices()
        return {"detail": f"{len(voices)} system voices", "ids": [voice.id for voice in voices]}

    return [{"id": "natural", **_told(natural)}, {"id": "system", **_told(system)}]


def _microphones() -> Found:
    from vivavoce.sound.probe import microphone_names

    names = microphone_names()
    if not names:
        raise KnownError(
            "No microphone was found.", "Plug one in, or allow access to it; typed answers work without."
        )
    return {"detail": ", ".join(names), "names": names}


def _folders(setting: Setting) -> Found:
    folders = setting.folders
    faults = [str(path) for path in (folders.data, folders.cache) if not _writable(path)]
    found = {"data": str(folders.data), "cache": str(folders.cache)}
    if faults:
        return {"ok": False, "detail": f"not writable: {', '.join(faults)}", "do": "Use --home DIR.", **found}
    free = shutil.disk_usage(_existing(folders.data)).free // 1_000_000
    return {"ok": True, "detail": f"{folders.data} ({free:,} MB free)", **found}


def _bank(setting: Setting) -> Found:
    bank = setting.bank
    if bank.faults:
        first = bank.faults[0]
        raise KnownError(f"{len(bank.faults)} faults in question files; the first: {first}", "Mend it there.")
    return {"detail": f"{len(bank.questions)} questions"}


def _existing(path: Path) -> Path:
    """The nearest folder that exists, so that asking makes none."""
    while not path.exists():
        path = path.parent
    return path


def _writable(path: Path) -> bool:
    return os.access(_existing(path), os.W_OK)


def _parts(report: Found) -> list[Found]:
    singles = [report[name] for name in ("device", "hearing", "microphones", "folders", "bank", "offline")]
    return [*report["models"], *report["voices"], *singles]


def _lines(report: Found) -> list[str]:
    lines = [f"Viva Voce {report['version']}"]

    def line(name: str, part: Found) -> None:
        lines.append(f"{'ok   ' if part['ok'] else 'FAULT'} {name:<22} {part.get('detail', '')}")
        if not part["ok"] and part.get("do"):
            lines.append(f"      {'':<22} {part['do']}")

    for model in report["models"]:
        line(f"model {model['id']}", model)
    line("device", report["device"])
    line("hearing", report["hearing"])
    for voice in report["voices"]:
        line(f"voice {voice['id']}", voice)
    line("microphones", report["microphones"])
    line("folders", report["folders"])
    line("questions", report["bank"])
    line("offline", report["offline"])
    return lines
