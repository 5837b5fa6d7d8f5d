"""The preferences: looks, voice, devices, speech model, and where everything is kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QFormLayout, QHBoxLayout, QWidget

from vivavoce import __version__
from vivavoce.paths import Home
from vivavoce.settings import Settings
from vivavoce.ui.theme import GAP
from vivavoce.ui.widgets.parts import Page, button, card, label, line_label

Choice = tuple[str, str]
"""What is shown, and the id that is kept."""
_THEMES: tuple[Choice, ...] = (("As the desktop", "system"), ("Light", "light"), ("Dark", "dark"))
_MODELS: tuple[Choice, ...] = (
    ("Base: hears technical words better", "base"),
    ("Tiny: for slow machines, English only", "tiny"),
)
_SPEEDS = (0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.5)
_LABEL_WIDTH = 120
_LICENCES = (
    "Viva Voce is free software under Apache-2.0. It stands on: Qt for Python (LGPL-3.0), faster- "
    "whisper and CTranslate2 (MIT) with OpenAI's Whisper weights (MIT), Silero VAD (MIT), sentence- "
    "transformers (Apache-2.0) with all-MiniLM-L6-v2 (Apache-2.0), PyTorch (BSD-3-Clause), hibari with "
    "its voice (Apache-2.0), pyttsx3 (MPL-2.0) with the system's voices, PyAV (BSD-3-Clause) with "
    "FFmpeg (LGPL-2.1), onnxruntime (MIT). The full list is in CREDITS.md."
)


class PreferencesPage(Page):
    """Every change is kept at once."""

    changed = Signal(object)
    """The new Settings."""
    try_voice = Signal(str, float)
    measure = Signal()
    """Measure how fast the model base hears here."""

    def __init__(self, home: Home) -> None:
        super().__init__("Preferences")
        self._settings = Settings()
        self.theme = _box("Appearance", _THEMES)
        self.voice = _box("Voice", (("Natural voice", "natural"), ("System voice", "system")))
        self.speed = QComboBox()
        self.speed.setAccessibleName("Speed of the voice")
        for speed in _SPEEDS:
            self.speed.addItem(f"{speed:.1f} ×", speed)
        self.read_aloud = QCheckBox("Read each question aloud when it opens")
        self.show_words = QCheckBox("Show words while I speak")
        self.microphone = _box("Microphone", ())
        self.speaker = _box("Speaker", ())
        self.model = _box("Speech model", _MODELS)
        self.measured = label("", "small")
        self._lay_out(home)
        for box in (self.theme, self.voice, self.speed, self.microphone, self.speaker, self.model):
            box.currentIndexChanged.connect(lambda _: self._take())
        self.read_aloud.toggled.connect(lambda _: self._take())
        self.show_words.toggled.connect(lambda _: self._take())

    def _lay_out(self, home: Home) -> None:
        self.body.addWidget(label("Preferences", "title"))
        voice = QWidget()
        line = QHBoxLayout(voice)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.voice, 1)
        line.addWidget(self.speed)
        line.addWidget(button("▶  Try", self._try))
        hearing = QWidget()
        line = QHBoxLayout(hearing)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.model, 1)
        line.addWidget(button("Own folder …", self._choose_folder, tip="A Whisper model for CTranslate2"))
        line.addWidget(button("Measure", self.measure.emit, tip="How fast this machine hears"))
        self._section("Appearance", (("Colours", self.theme),))
        self._section("Voice", (("Reads with", voice), ("", self.read_aloud)))
        self._section("Sound", (("Microphone", self.microphone), ("Speaker", self.speaker)))
        self._section(
            "Hearing",
            (
                ("Speech model", hearing),
                ("", self.measured),
                ("", self.show_words),
            ),
        )
        frame, inner = card()
        inner.addWidget(label("Your data", "heading"))
        inner.addWidget(label(f"Answers, recordings and settings lie in {home.data}", selectable=True))
        inner.addWidget(label("Nothing leaves this machine: the program refuses every network connection."))
        folder = QUrl.fromLocalFile(str(home.data))
        line = QHBoxLayout()
        line.addWidget(button("Open the folder", lambda: QDesktopServices.openUrl(folder)))
        line.addStretch(1)
        inner.addLayout(line)
        self.body.addWidget(frame)
        frame, inner = card()
        inner.addWidget(label(f"Viva Voce {__version__}", "heading"))
        inner.addWidget(label(_LICENCES, "small", selectable=True))
        self.body.addWidget(frame)
        self.body.addStretch(1)

    def _section(self, title: str, rows: Sequence[tuple[str, QWidget]]) -> None:
        frame, inner = card()
        inner.addWidget(label(title, "heading"))
        form = QFormLayout()
        form.setHorizontalSpacing(3 * GAP)
        form.setVerticalSpacing(GAP)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for name, widget in rows:
            named = line_label(name)
            named.setFixedWidth(_LABEL_WIDTH)
            form.addRow(named, widget)
        inner.addLayout(form)
        self.body.addWidget(frame)

    def show_settings(self, settings: Settings) -> None:
        """Show the choices that are in force."""
        self._settings = settings
        for box, value in (
            (self.theme, settings.theme),
            (self.voice, settings.voice),
            (self.microphone, settings.microphone),
            (self.speaker, settings.speaker),
            (self.model, settings.speech_model),
        ):
            _choose(box, value)
        with QSignalBlocker(self.speed), QSignalBlocker(self.read_aloud):
            if self.speed.findData(settings.voice_speed) < 0:  # set by hand in the file
                self.speed.addItem(f"{settings.voice_speed} ×", settings.voice_speed)
            self.speed.setCurrentIndex(self.speed.findData(settings.voice_speed))
            self.read_aloud.setChecked(settings.read_aloud)
        with QSignalBlocker(self.show_words):
            self.show_words.setChecked(settings.show_words)

    def show_hearing(self, text: str) -> None:
        """Say how the speech model stands."""
        self.measured.setText(text or "Another model is tried first, then used from the next answer on.")

    def show_voices(self, voices: Sequence[Choice]) -> None:
        """Offer the voices of this machine."""
        default: Choice = ("System voice", "system")
        _fill(self.voice, (*voices[:1], default, *voices[1:]), self._settings.voice)

    def show_devices(self, microphones: Sequence[Choice], speakers: Sequence[Choice]) -> None:
        """Offer the devices that are plugged in."""
        default: Choice = ("System default", "")
        _fill(self.microphone, (default, *microphones), self._settings.microphone)
        _fill(self.speaker, (default, *speakers), self._settings.speaker)

    def _take(self) -> None:
        settings = dataclasses.replace(
            self._settings,
            theme=self.theme.currentData(),
            voice=self.voice.currentData() or "natural",
            voice_speed=float(self.speed.currentData()),
            read_aloud=self.read_aloud.isChecked(),
            show_words=self.show_words.isChecked(),
            microphone=self.microphone.currentData() or "",
            speaker=self.speaker.currentData() or "",
            speech_model=self.model.currentData() or "base",
        )
        if settings != self._settings:
            self._settings = settings
            self.changed.emit(settings)

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "A folder with a Whisper model for CTranslate2")
        if folder:
            self.use_folder(folder)

    def use_folder(self, folder: str) -> None:
        """Take a model's folder as the speech model; it is tried before it is used."""
        _choose(self.model, folder)
        self._take()

    def _try(self) -> None:
        self.try_voice.emit(self._settings.voice, self._settings.voice_speed)


def _box(name: str, choices: Sequence[Choice]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    for shown, value in choices:
        box.addItem(shown, value)
    return box


def _fill(box: QComboBox, choices: Sequence[Choice], chosen: str) -> None:
    with QSignalBlocker(box):
        box.clear()
        for shown, value in choices:
            box.addItem(shown, value)
    _choose(box, chosen)


def _choose(box: QComboBox, value: str) -> None:
    """Select a value; one that is not offered (an unplugged device) is kept and said."""
    with QSignalBlocker(box):
        place = box.findData(value)
        if place < 0 and value:
            known = Path(value).is_dir()
            box.addItem(f"Own model: {value}" if known else f"{value} (not found now)", value)
            place = box.count() - 1
        box.setCurrentIndex(max(0, place))
