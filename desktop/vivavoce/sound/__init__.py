"""Microphone and speaker through Qt Multimedia, low level."""
