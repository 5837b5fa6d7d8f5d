"""The engines one process has loaded: each is made at its first use and kept."""

from __future__ import annotations

import threading
from importlib import metadata
from pathlib import Path

from vivavoce.core.calibration import calibration_from_json
from vivavoce.core.judgement import Judge
from vivavoce.core.ports import Voice
from vivavoce.core.remembered import RememberedEmbedder, RememberedReader
from vivavoce.core.ticket import Ticket
from vivavoce.engines.compute import Compute, compute_for
from vivavoce.engines.embedder import MiniLM
from vivavoce.engines.manifest import ModelShelf
from vivavoce.engines.reader import both_readers, read_field
from vivavoce.engines.speech_models import check_own_folder, pace_of, try_own_folder
from vivavoce.engines.voice import NaturalVoice, SystemVoice
from vivavoce.engines.whisper import Whisper
from vivavoce.errors import KnownError
from vivavoce.paths import Home, content

SPEECH_MODELS = {"base": "whisper-base", "tiny": "whisper-tiny-en"}


class Engines:
    """Whisper, MiniLM with the judge, and the voices; safe to ask from several threads.

    `speech_model` is "base", "tiny" or the path of a folder of the user's own with a Whisper
    model for CTranslate2.
    """

    def __init__(self, home: Home, speech_model: str) -> None:
        self.shelf = ModelShelf(content("models"), home.models)
        self._speech_model = speech_model
        self._hearing = threading.Lock()
        self._judging = threading.Lock()
        self._speaking = threading.Lock()
        self._ears: Whisper | None = None
        self._judge: Judge | None = None
        self._voices: dict[str, Voice] = {}
        self._compute: Compute | None = None

    def compute(self) -> Compute:
        """The device the models run on, probed once."""
        if self._compute is None:
            self._compute = compute_for(self._speech_folder(self._speech_model))
        return self._compute

    def ears(self) -> Whisper:
        """The speech model; KnownError names a model file that is missing or wrong."""
        with self._hearing:
            if self._ears is None:
                self._ears = self._made_ears(self._speech_model)
            return self._ears

    def other_ears(self, choice: str) -> Whisper:
        """Another speech model for one answer: loaded now, and gone when it is let go."""
        return self.ears() if choice in ("", self._speech_model) else self._made_ears(choice)

    def use_speech_model(self, choice: str, ticket: Ticket) -> str:
        """Hear with another model from now on; its name. On a KnownError the one before stays.

        A folder of the user's own is first tried in a child process.
        """
        if choice not in SPEECH_MODELS:
            try_own_folder(Path(choice).expanduser(), self.compute(), ticket)
        ears = self._made_ears(choice)
        with self._hearing:
            self._speech_model, self._ears = choice, ears
        return ears.name

    def base_pace(self, ticket: Ticket) -> float:
        """Seconds that the model base works on a second of speech, measured now."""
        ears = self.ears() if self._speech_model == "base" else self._made_ears("base")
        return pace_of(ears, ticket)

    def judge(self) -> Judge:
        """The judge: the sentence model it looks through, the reader we trained, the shipped calibration."""
        with self._judging:
            if self._judge is None:
                sentences = self.shelf.folder("minilm-l6")
                embedder = MiniLM(sentences, "minilm-l6", self.compute())
                readers = self.shelf.folder("reader")
                reader, passage_reader = both_readers(readers, sentences, "reader-4", self.compute())
                field = read_field(readers / "field.safetensors")
                path = content("models") / "judge" / "calibration.json"
                try:
                    calibration = calibration_from_json(path.read_text(encoding="utf-8"))
                except OSError as error:
                    raise KnownError(
                        f"The judge's calibration {path} cannot be read ({error.strerror}).",
                        "Install Viva Voce again: your answers are kept.",
                    ) from error
                self._judge = Judge(
                    RememberedEmbedder(embedder),
                    RememberedReader(reader),
                    calibration,
                    field,
                    RememberedReader(passage_reader),
                )
            return self._judge

    def voice(self, choice: str) -> Voice:
        """The voice with that id: "natural", "system", or "system:" and the system's own id."""
        with self._speaking:
            if choice not in self._voices:
                self._voices[choice] = self._made_voice(choice)
            return self._voices[choice]

    def versions(self, *, spoken: bool) -> dict[str, str]:
        """What judged, for the record: models and libraries with versions."""
        judge = self.judge()
        models = {
            "sentences": judge.embedder_name,
            "judge": judge.version,
            "sentence-transformers": metadata.version("sentence-transformers"),
        }
        if spoken:
            models["speech"] = self.ears().name
            models["faster-whisper"] = metadata.version("faster-whisper")
        return models

    def _made_voice(self, choice: str) -> Voice:
        if choice == "natural":
            self.shelf.folder("hibari-heart")
            return NaturalVoice()
        kind, _, voice_id = choice.partition(":")
        if kind == "system":
            return SystemVoice(voice_id)
        raise KnownError(f"There is no voice {choice!r}.", "Choose natural or system.")

    def _made_ears(self, choice: str) -> Whisper:
        folder = self._speech_folder(choice)
        self.shelf.folder("silero-vad")  # faster-whisper loads it from the place verified here
        return Whisper(folder, SPEECH_MODELS.get(choice, folder.name), self.compute())

    def _speech_folder(self, choice: str) -> Path:
        model_id = SPEECH_MODELS.get(choice)
        if model_id is not None:
            return self.shelf.folder(model_id)
        folder = Path(choice).expanduser()
        check_own_folder(folder)
        return folder
