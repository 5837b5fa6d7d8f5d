"""Colours, type and spacing, light and dark.

Chrome comes from these few tokens; the colours of verdicts are data colours and mean the same
everywhere. Text on its background keeps a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3);
tests/ui/test_theme.py computes it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from vivavoce.core.evidence import Verdict
from vivavoce.settings import Theme

_ICONS = Path(__file__).with_name("icons")
GAP = 8
"""The unit all spacing is a multiple of, px."""
PAGE_MARGIN = 4 * GAP
TEXT_WIDTH = 860
"""Widest a column of text grows, px: about 90 characters."""

VERDICT_NAMES: dict[Verdict, str] = {
    "covered": "Covered",
    "partial": "Not clear",
    "missed": "Missed",
    "contradicted": "Said wrongly",
}
VERDICT_SIGNS: dict[Verdict, str] = {"covered": "✓", "partial": "◐", "missed": "○", "contradicted": "✕"}
"""Colour never stands alone."""


@dataclass(frozen=True)
class Tokens:
    """The colours of one scheme, as #rrggbb."""

    window: str
    surface: str
    raised: str
    line: str
    text: str
    muted: str
    accent: str
    on_accent: str
    accent_soft: str
    record: str
    on_record: str
    covered: str
    partial: str
    missed: str
    contradicted: str
    covered_soft: str
    partial_soft: str
    missed_soft: str
    contradicted_soft: str

    def verdict(self, verdict: Verdict) -> str:
        """The strong colour of a verdict, for text and signs."""
        return str(getattr(self, verdict))

    def verdict_soft(self, verdict: Verdict) -> str:
        """The soft colour of a verdict, for grounds."""
        return str(getattr(self, f"{verdict}_soft"))


LIGHT = Tokens(
    window="#f5f4f0",
    surface="#ffffff",
    raised="#faf9f6",
    line="#dedad2",
    text="#1d1c1a",
    muted="#66625a",
    accent="#274f95",
    on_accent="#ffffff",
    accent_soft="#e4ebf7",
    record="#b3261e",
    on_record="#ffffff",
    covered="#14694a",
    partial="#8a5a00",
    missed="#66625a",
    contradicted="#a8321f",
    covered_soft="#d8efe4",
    partial_soft="#f8e9c8",
    missed_soft="#ebe8e1",
    contradicted_soft="#f8dcd5",
)
DARK = Tokens(
    window="#151618",
    surface="#1e2023",
    raised="#25282c",
    line="#363a40",
    text="#eceae5",
    muted="#a6a29a",
    accent="#8fb3ee",
    on_accent="#10182a",
    accent_soft="#25324a",
    record="#ef7d70",
    on_record="#2a0a07",
    covered="#6fd0a6",
    partial="#e6bd62",
    missed="#a6a29a",
    contradicted="#f0958a",
    covered_soft="#1d3b30",
    partial_soft="#40341a",
    missed_soft="#2f3237",
    contradicted_soft="#472520",
)


def tokens_of(application: QApplication, theme: Theme) -> Tokens:
    """The tokens for a choice; "system" follows the desktop's own scheme."""
    if theme == "system":
        dark = application.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return DARK if dark else LIGHT
    return DARK if theme == "dark" else LIGHT


def apply_theme(application: QApplication, tokens: Tokens) -> None:
    """Dress the whole application in `tokens`."""
    application.setStyle("Fusion")  # the same on every desktop; the style sheet does the rest
    application.setFont(_font())
    application.setPalette(_palette(tokens))
    application.setStyleSheet(_sheet(tokens))


def _font() -> QFont:
    families = set(QFontDatabase.families())
    for name in ("Inter", "Inter Display", "Segoe UI", "SF Pro Text", "Noto Sans", "Cantarell"):
        if name in families:
            font = QFont(name)
            break
    else:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    font.setPixelSize(14)
    return font


def _palette(tokens: Tokens) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: tokens.window,
        QPalette.ColorRole.WindowText: tokens.text,
        QPalette.ColorRole.Base: tokens.surface,
        QPalette.ColorRole.AlternateBase: tokens.raised,
        QPalette.ColorRole.Text: tokens.text,
        QPalette.ColorRole.Button: tokens.surface,
        QPalette.ColorRole.ButtonText: tokens.text,
        QPalette.ColorRole.ToolTipBase: tokens.raised,
        QPalette.ColorRole.ToolTipText: tokens.text,
        QPalette.ColorRole.PlaceholderText: tokens.muted,
        QPalette.ColorRole.Highlight: tokens.accent,
        QPalette.ColorRole.HighlightedText: tokens.on_accent,
        QPalette.ColorRole.Link: tokens.accent,
        QPalette.ColorRole.Mid: tokens.line,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.muted))
    return palette


def _sheet(tokens: Tokens) -> str:
    sheet = Path(__file__).with_name("theme.qss").read_text(encoding="utf-8")
    scheme = "light" if tokens is LIGHT else "dark"
    return Template(sheet).substitute(asdict(tokens), icons=_ICONS.as_posix(), scheme=scheme)
