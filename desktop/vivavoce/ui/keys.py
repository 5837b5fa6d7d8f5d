"""Every key of the window: what it is called, what it does, what it is by default."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Key:
    """One command that can be reached by key."""

    name: str
    default: str
    about: str


KEYS = (
    Key("record", "Space", "Record; stop and judge; in a review: play or pause"),
    Key("pause", "P", "Pause the recording, or go on"),
    Key("hear", "R", "Hear the question, or stop the voice"),
    Key("redo", "Ctrl+R", "Start the answer again"),
    Key("stop", "Esc", "Stop the voice; then discard the recording (can be undone); then go back"),
    Key("next", "Return", "Open the question; next question"),
    Key("hint", "H", "Give a hint"),
    Key("model", "M", "Show or hide the model answer"),
    Key("answer", "V", "Hear my answer"),
    Key("dispute", "I", "I did say this: select the words for a missed concept"),
    Key("back_5", "Left", "Back 5 seconds"),
    Key("on_5", "Right", "On 5 seconds"),
    Key("search", "Ctrl+F", "Search questions"),
    Key("save", "Ctrl+S", "Save the question that is edited"),
    Key("preferences", "Ctrl+,", "Preferences"),
    Key("focus_view", "F11", "Full screen"),
    Key("keys", "?", "This list"),
)
