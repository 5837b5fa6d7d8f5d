"""Makes the self-test's recording: the text of data/selftest/answer.yaml in the natural voice, as FLAC."""

from __future__ import annotations

import tempfile
from pathlib import Path

import av
import yaml

from vivavoce.core.spoken import spoken_form
from vivavoce.core.ticket import Ticket
from vivavoce.engines.voice import NaturalVoice
from vivavoce.paths import content
from vivavoce.store.bank import load_bank

RATE = 16_000


def main() -> None:
    """Write data/selftest/answer.flac."""
    folder = content("data") / "selftest"
    answer = yaml.safe_load((folder / "answer.yaml").read_text(encoding="utf-8"))
    question = load_bank(content("data") / "bank").get(answer["question"])
    with tempfile.TemporaryDirectory() as scratch:
        wav = Path(scratch) / "answer.wav"
        NaturalVoice().speak(spoken_form(answer["text"], question.terms), wav, 1.0, Ticket())
        with av.open(str(wav)) as source, av.open(str(folder / "answer.flac"), "w") as target:
            stream = target.add_stream("flac", rate=RATE, layout="mono")
            resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
            for frame in [*source.decode(audio=0), None]:
                for piece in resampler.resample(frame):
                    target.mux(stream.encode(piece))
            target.mux(stream.encode(None))


if __name__ == "__main__":
    main()
