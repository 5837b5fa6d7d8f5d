"""The recorder: sound as it comes in, the clock, the microphone's name, and the buttons."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout

from vivavoce.core.transcript import Heard
from vivavoce.ui.session import Phase
from vivavoce.ui.theme import GAP, Tokens
from vivavoce.ui.widgets.level_meter import LevelMeter
from vivavoce.ui.widgets.parts import announce, button, label, line_label, restyle
from vivavoce.ui.widgets.running_words import RunningWords
from vivavoce.ui.widgets.waveform import Waveform

_STATUS = {
    Phase.IDLE: "Ready when you are",
    Phase.STARTING: "Getting the microphone ready …",
    Phase.RECORDING: "Recording: speak now",
    Phase.PAUSED: "Paused",
    Phase.FINISHING: "Keeping the last words …",
    Phase.JUDGING: "Listening to your answer …",
    Phase.JUDGED: "Judged",
}
_STAGES = {
    "listening": "Listening to your answer …",
    "transcribing": "Writing down …",
    "judging": "Judging …",
}


class RecorderCard(QFrame):
    """Shows what the session and the recorder tell it; its buttons only ask."""

    record = Signal()
    pause = Signal()
    redo = Signal()
    cancel = Signal()

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.waveform = Waveform(tokens)
        self.level = LevelMeter(tokens)
        self.words = RunningWords(tokens)
        self.words.hide()
        self._shows_words = False
        self.clock = line_label("0:00", "clock")
        self.clock.setAccessibleName("Length of the recording")
        self.status = label(_STATUS[Phase.IDLE], "heading")
        self.device = label("", "small")
        self.warning = label("", "warning")
        self.warning.hide()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of judging")
        self.bar.hide()
        self.record_button = button("●  Record", self.record.emit, "record", "Space")
        self.pause_button = button("Pause", self.pause.emit, tip="P")
        self.redo_button = button(
            "Start again", self.redo.emit, tip="Ctrl+R: this recording can be brought back"
        )
        self.cancel_button = button("Discard", self.cancel.emit, "quiet", "Esc: can be brought back")
        self._lay_out()
        self._judging = False
        self.show_phase(Phase.IDLE)

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(3 * GAP, 2 * GAP, 3 * GAP, 2 * GAP)
        outer.setSpacing(GAP + GAP // 2)
        head = QHBoxLayout()
        head.setSpacing(2 * GAP)
        head.addWidget(self.clock)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.status)
        words.addWidget(self.device)
        head.addLayout(words, 1)
        head.addWidget(self.level)
        outer.addLayout(head)
        outer.addWidget(self.waveform)
        outer.addWidget(self.words)
        outer.addWidget(self.bar)
        outer.addWidget(self.warning)
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP)
        for widget in (self.record_button, self.pause_button, self.redo_button, self.cancel_button):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        outer.addLayout(buttons)

    def set_tokens(self, tokens: Tokens) -> None:
        """Wear other colours."""
        self.waveform.set_tokens(tokens)
        self.level.set_tokens(tokens)
        self.words.set_tokens(tokens)

    def show_words(self, shown: bool) -> None:
        """Whether one's words are shown while one speaks."""
        self._shows_words = shown

    def show_heard(self, heard: Heard) -> None:
        """Show the words so far."""
        self.words.show_heard(heard)

    def show_phase(self, phase: Phase) -> None:
        """Offer what can be done in this phase, and say where things stand."""
        running = phase in (Phase.STARTING, Phase.RECORDING, Phase.PAUSED)
        self._judging = phase is Phase.JUDGING
        self.status.setText(_STATUS[phase])
        again = phase is Phase.JUDGED
        self.record_button.setText(
            "■  Stop and judge" if running else "●  Answer again" if again else "●  Record"
        )
        restyle(self.record_button, "primary" if running else "" if again else "record")
        self.record_button.setEnabled(phase not in (Phase.FINISHING, Phase.JUDGING))
        self.pause_button.setText("Go on" if phase is Phase.PAUSED else "Pause")
        self.pause_button.setVisible(running)
        self.pause_button.setEnabled(phase in (Phase.RECORDING, Phase.PAUSED))
        self.redo_button.setVisible(running)
        self.cancel_button.setVisible(running or self._judging)
        self.cancel_button.setText("Judge later" if self._judging else "Discard")
        self.level.setVisible(running)
        self.waveform.setVisible(not again)
        self.bar.setVisible(self._judging)
        self.bar.setRange(0, 0)  # runs to and fro until the first words are there
        self.words.setVisible(self._shows_words and (running or phase is Phase.FINISHING))
        if phase is Phase.STARTING:
            self.words.clear()
        if not running:
            self.show_warning("")
        if phase in (Phase.IDLE, Phase.STARTING):
            self.show_seconds(0.0)
            self.waveform.show_peaks([], live=False)

    def show_progress(self, stage: str, fraction: float) -> None:
        """Show how far the judging is; writing down takes nearly all of the time."""
        if self._judging:
            self.status.setText(_STAGES.get(stage, stage))
            if fraction > 0:
                self.bar.setRange(0, 1000)
            self.bar.setValue(round(1000 * (fraction if stage == "judging" else 0.95 * fraction)))

    def show_seconds(self, seconds: float) -> None:
        """Set the clock."""
        self.clock.setText(f"{int(seconds) // 60}:{int(seconds) % 60:02d}")

    def show_device(self, name: str) -> None:
        """Name the microphone."""
        self.device.setText(name)

    def show_warning(self, text: str) -> None:
        """Say what is wrong with the sound while it is recorded; "" when nothing is."""
        if text and text != self.warning.text():
            announce(self.warning, text)
        self.warning.setText(text)
        self.warning.setAccessibleName(text)
        self.warning.setVisible(bool(text))
