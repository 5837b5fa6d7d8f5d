"""Why no speech was heard in a recording, as far as its loudness tells."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vivavoce.engines.voice_activity import Samples

NO_SPEECH = "No speech was heard in the recording."
_SILENT = 10 ** (-60 / 20)
# A cut-off sound stays at full scale; a peak that only touches it does not count.
_FULL_SCALE = 0.999
_CUT_OFF_SHARE = 0.2
# Peaks of 20 ms: those of a fan or a hum keep within this of each other, those of anything else do not.
_STEADY = 10 ** (9 / 20)


def no_speech_reason(peaks: Sequence[float] | Samples) -> str:
    """A sentence for the user, from the peak (0..1) of every 20 ms of the recording."""
    if len(peaks) == 0:
        return NO_SPEECH
    soft, loud = (float(value) for value in np.percentile(peaks, (10, 95)))
    if float(np.max(peaks)) == 0.0:
        return f"{NO_SPEECH} There is no sound in it at all: the microphone may be switched off."
    if loud < _SILENT:
        return f"{NO_SPEECH} It is almost silent: the microphone may be muted, or another one than you think."
    if float(np.mean(np.asarray(peaks) >= _FULL_SCALE)) >= _CUT_OFF_SHARE:
        return f"{NO_SPEECH} The sound is too loud and cut off: turn the microphone down."
    if loud <= soft * _STEADY:
        return f"{NO_SPEECH} There is only a steady noise in it."
    return f"{NO_SPEECH} There are only other sounds in it."
