"""The helper process behind SystemVoice: one JSON request on standard input, one answer out."""

from __future__ import annotations

import json
import os
import sys
from typing import Any, cast

# espeak's default of 200 words a minute is hurried; heard back, 165 loses 37.8 % of the words
# instead of 45.2 %.
_WORDS_PER_MINUTE = 165


def main() -> int:
    """Answer one request and end; the caller reads the last line of standard output."""
    request: dict[str, Any] = json.loads(sys.stdin.read())
    # The voice libraries print to standard output from C: the answer goes to a copy of it.
    answer_to = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    try:
        answer = _listed() if request["do"] == "list" else _spoken(request)
    except (RuntimeError, OSError, ImportError, KeyError, ValueError) as error:
        # pyttsx3 says a missing engine with RuntimeError, OSError or KeyError, by driver.
        answer = {"error": str(error) or type(error).__name__}
    answer_to.write(json.dumps(answer) + "\n")
    answer_to.flush()
    os._exit(0)  # espeak's threads have hung a normal exit


def _engine() -> Any:  # noqa: ANN401  pyttsx3 is untyped
    import pyttsx3

    engine = cast("Any", pyttsx3).init()
    if sys.platform.startswith("linux"):
        _bound_reading()
    return engine


def _bound_reading() -> None:
    """Tell espeak how long a text is.

    pyttsx3 2.99 says ten times as much; espeak copies all of it, and with a long text runs into memory
    that is not there (nateshmbhat/pyttsx3#448).
    """
    from pyttsx3.drivers import _espeak

    espeak = cast("Any", _espeak)
    synth = espeak.cSynth

    def bounded(text: bytes, _: int, *rest: object) -> object:
        return synth(text, len(text) + 1, *rest)

    espeak.cSynth = bounded


def _listed() -> dict[str, Any]:
    voices = [
        {"id": str(voice.id), "name": str(voice.name), "language": _language(voice)}
        for voice in cast("list[Any]", _engine().getProperty("voices"))
    ]
    english = [voice for voice in voices if voice["language"].startswith("en")]
    return {"voices": english or voices}


def _language(voice: Any) -> str:  # noqa: ANN401
    """The first language tag; espeak gives bytes with a priority byte in front."""
    tags = list(getattr(voice, "languages", None) or [""])
    tag = tags[0]
    text = tag.decode("utf-8", "ignore") if isinstance(tag, bytes) else str(tag)
    return text.strip("\x00\x01\x02\x03\x04\x05\x06\x07").lower()


def _spoken(request: dict[str, Any]) -> dict[str, Any]:
    engine = _engine()
    ids = [str(voice.id) for voice in cast("list[Any]", engine.getProperty("voices"))]
    wanted = str(request["voice"])
    if not wanted:
        wanted = next((name for name in ids if name.lower().endswith("en-us")), "")
    if wanted:
        if wanted not in ids:
            return {"error": f"there is no voice {wanted}"}
        engine.setProperty("voice", wanted)
    engine.setProperty("rate", round(_WORDS_PER_MINUTE * float(request["speed"])))
    engine.save_to_file(str(request["text"]), str(request["to"]))
    if sys.platform.startswith("linux"):
        # runAndWait() ends espeak's loop before the file is whole. The driver leaves its own loop
        # when the file is written; endLoop() from inside a "finished" callback deadlocks.
        engine.startLoop()
        engine.endLoop()
    else:
        engine.runAndWait()
    return {"done": True}
