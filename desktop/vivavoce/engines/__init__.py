"""Outside minds, one file and one class each: weights, Whisper, MiniLM, the voices."""
