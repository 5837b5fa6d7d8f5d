"""Outside minds, one file and one class each: weights, Whisper, MiniLM, the voices."""

import os

from vivavoce.offline import SWITCHES

# For whoever loads a model: the program has done so before, a test or a benchmark has not.
os.environ.update(SWITCHES)
