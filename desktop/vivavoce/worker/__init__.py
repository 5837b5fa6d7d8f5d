"""The second process, which owns the engines and answers over JSON lines."""
