"""One recording through a published streaming scheme, fed in real time; for while_speaking.py.

Runs in an environment of its own (pip install whisperlivekit faster-whisper), which the program
never sees: LocalAgreement over faster-whisper, the scheme of whisper_streaming. Prints one line of JSON.

    python stream_of_others.py RECORDING MODEL_FOLDER
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
import wave


async def heard(recording: str, model: str) -> dict[str, object]:
    """Feed the recording as fast as it was spoken; seconds from its end to all words, and the words."""
    import whisperlivekit
    from whisperlivekit.test_harness import TestHarness

    with wave.open(recording, "rb") as wav:
        seconds = wav.getnframes() / wav.getframerate()
    async with TestHarness(
        model_path=model,
        lan="en",
        backend_policy="localagreement",
        backend="faster-whisper",
        pcm_input=True,
        log_level="ERROR",
    ) as harness:
        spent = time.process_time()
        player = harness.load_audio(recording)
        await player.play(seconds, speed=1.0)
        ended = time.monotonic()
        state = await harness.finish(timeout=60.0)
        wait = time.monotonic() - ended
        version = getattr(whisperlivekit, "__version__", "")
        return {
            "name": f"whisperlivekit {version}, LocalAgreement".replace(" ,", ","),
            "wait": wait,
            "cpu": time.process_time() - spent,
            "text": state.committed_text or state.text,
        }


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    print(json.dumps(asyncio.run(heard(sys.argv[1], sys.argv[2]))))
