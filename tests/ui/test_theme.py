from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from vivavoce.core.evidence import VERDICTS
from vivavoce.ui.theme import DARK, LIGHT, VERDICT_NAMES, VERDICT_SIGNS, Tokens, apply_theme

READABLE = 4.5
"""WCAG 2.2, 1.4.3."""


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours."""

    def luminance(colour: str) -> float:
        parts = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in (QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF())
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_all_text_can_be_read_on_its_ground(tokens: Tokens) -> None:
    pairs = [
        *(
            (tokens.text, ground)
            for ground in (tokens.window, tokens.surface, tokens.raised, tokens.accent_soft)
        ),
        *((tokens.muted, ground) for ground in (tokens.window, tokens.surface)),
        (tokens.on_accent, tokens.accent),
        (tokens.on_record, tokens.record),
        (tokens.accent, tokens.surface),
        (tokens.accent, tokens.window),
        (tokens.text, tokens.contradicted_soft),
        *((tokens.verdict(verdict), tokens.verdict_soft(verdict)) for verdict in VERDICTS),
        # Words of the transcript keep the text's colour on the ground of a verdict.
        *((tokens.text, tokens.verdict_soft(verdict)) for verdict in VERDICTS),
    ]
    poor = [(text, ground, round(contrast(text, ground), 2)) for text, ground in pairs]
    assert not [pair for pair in poor if pair[2] < READABLE]


def test_no_verdict_is_told_by_colour_alone() -> None:
    assert len(set(VERDICT_SIGNS.values())) == len(VERDICTS)
    assert len(set(VERDICT_NAMES.values())) == len(VERDICTS)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_the_sheet_is_understood_whole(tokens: Tokens, qtbot: QtBot) -> None:
    del qtbot
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    apply_theme(application, tokens)  # Qt warns of what it cannot parse, and a warning fails the test
    assert "$" not in application.styleSheet()
    application.setStyleSheet("")
