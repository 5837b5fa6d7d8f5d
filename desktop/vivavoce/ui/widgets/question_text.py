"""Everything of a question as one text, well set, for reading."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from PySide6.QtGui import QFontDatabase

from vivavoce.core.question import Concept, Question, Term
from vivavoce.store.bank import Bank
from vivavoce.ui.theme import Tokens
from vivavoce.ui.widgets.attempt_view import blocks

_DASHES = ("- ", "* ")
LINK = "question:"
"""What the address of a link to another question begins with."""
_ORIGINS = {
    "shipped": "Shipped with Viva Voce.",
    "own": "Your own question.",
    "changed": "Changed by you; it takes the place of the shipped one.",
}


def question_html(question: Question, bank: Bank, tokens: Tokens) -> str:
    """The question as HTML in the subset that Qt reads."""
    parts = [
        _muted(_line(question), tokens),
        f"<p style='font-size:22px; font-weight:600; line-height:125%; margin:4px 0 4px 0'>"
        f"{_text(question.ask)}</p>",
    ]
    if question.ask_spoken:
        parts.append(_muted(f"Read aloud as: {_text(question.ask_spoken)}", tokens))
    parts += [_heading("Model answer"), *(_block(block, tokens) for block in blocks(question.reference))]
    if question.explanation:
        parts.append(_heading("Why"))
        parts += [_block(block, tokens) for block in blocks(question.explanation)]
    parts.append(_heading("Concepts"))
    parts += [_concept(number, one, tokens) for number, one in enumerate(question.concepts, start=1)]
    if question.follow_ups:
        parts += [_heading("An interviewer may go on with"), _list(question.follow_ups)]
    if question.terms:
        parts += [_heading("Terms"), _terms(question.terms, tokens)]
    if question.related:
        parts += [_heading("Related questions"), _related(question.related, bank)]
    parts += [_heading("Where it comes from"), _muted(_origin(question, bank), tokens)]
    return "".join(parts)


def _line(question: Question) -> str:
    topics = [topic.replace("-", " ") for topic in question.topics]
    parts = [question.level, *topics, f"about {question.target_seconds} seconds"]
    return "  ·  ".join(_text(part) for part in parts if part)


def _concept(number: int, concept: Concept, tokens: Tokens) -> str:
    weight = f"weight {concept.weight:g}"
    meta = f"{number}  ·  essential  ·  {weight}" if concept.essential else f"{number}  ·  {weight}"
    inner = [
        _muted(meta, tokens),
        f"<p style='font-weight:600; line-height:135%; margin:0 0 4px 0'>{_text(concept.statement)}</p>",
        _signed("Accepted wordings", "✓", concept.accepted, tokens.covered, tokens),
        _signed("Said wrongly", "✕", concept.misconceptions, tokens.contradicted, tokens),
    ]
    if concept.probe:
        inner.append(_muted("Asked when it was missed", tokens, above=6) + _paragraph(concept.probe))
    if concept.hints:
        inner.append(_muted("Hints", tokens, above=6) + _list(concept.hints))
    bar = tokens.accent if concept.essential else tokens.line
    return (
        f"<table width='100%' cellspacing='0' cellpadding='0' style='margin-bottom:14px'><tr>"
        f"<td width='3' bgcolor='{bar}'></td><td style='padding-left:14px'>{''.join(inner)}</td></tr></table>"
    )


def _signed(name: str, sign: str, texts: Sequence[str], colour: str, tokens: Tokens) -> str:
    if not texts:
        return ""
    rows = "".join(
        f"<tr><td style='color:{colour}; padding:2px 8px 2px 0'>{sign}</td>"
        f"<td style='padding:2px 0 2px 0'>{_text(text)}</td></tr>"
        for text in texts
    )
    return _muted(name, tokens, above=6) + f"<table cellspacing='0' cellpadding='0'>{rows}</table>"


def _terms(terms: Sequence[Term], tokens: Tokens) -> str:
    head = "".join(
        f"<td style='color:{tokens.muted}; font-size:12px; padding:2px 24px 2px 0'>{name}</td>"
        for name in ("Written", "Spoken", "Often heard as")
    )
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td style='padding:2px 24px 2px 0'>{_text(cell)}</td>"
            for cell in (term.text, term.spoken, ", ".join(term.heard_as))
        )
        + "</tr>"
        for term in terms
    )
    return f"<table cellspacing='0' cellpadding='0'><tr>{head}</tr>{rows}</table>"


def _related(ids: Sequence[str], bank: Bank) -> str:
    lines: list[str] = []
    for name in ids:
        if name not in bank:
            lines.append(f"<li>{_text(name)} (not in the bank)</li>")
            continue
        title = bank.get(name).title or bank.get(name).ask
        lines.append(f"<li><a href='{LINK}{_text(name)}'>{_text(title)}</a></li>")
    return f"<ul style='margin:0 0 0 -22px'>{''.join(lines)}</ul>"


def _origin(question: Question, bank: Bank) -> str:
    origin = bank.origin(question.id)
    if origin is None:
        return f"Id {_text(question.id)}."
    return f"{_ORIGINS[origin.kind]} Id {_text(question.id)}, in {_text(str(origin.file))}"


def _block(block: str, tokens: Tokens) -> str:
    lines = block.split("\n")
    if all(line.lstrip().startswith(_DASHES) for line in lines):
        return _list([line.lstrip()[2:] for line in lines])
    if not lines[0].strip().startswith("```"):
        return _paragraph(block)
    code = "\n".join(line for line in lines[1:] if not line.strip().startswith("```"))
    return (
        f"<table width='100%' cellspacing='0' cellpadding='12' bgcolor='{tokens.raised}'"
        f" style='margin:2px 0 12px 0; border:1px solid {tokens.line}'><tr><td>"
        f"<pre style='font-family:\"{_fixed_font()}\"; font-size:13px; margin:0'>{_text(code)}</pre>"
        "</td></tr></table>"
    )


def _fixed_font() -> str:
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()


def _heading(text: str) -> str:
    return f"<p style='font-size:16px; font-weight:650; margin:20px 0 6px 0'>{text}</p>"


def _paragraph(text: str) -> str:
    return f"<p style='line-height:140%; margin:0 0 10px 0'>{_marked(text)}</p>"


def _marked(text: str) -> str:
    """The text with what stands in `backticks` in a fixed font; a single line break is a space."""
    code = f"<code style='font-family:\"{_fixed_font()}\"'>\\1</code>"
    return re.sub(r"`([^`]+)`", code, _text(" ".join(text.split())))


def _list(texts: Sequence[str]) -> str:
    items = "".join(f"<li style='line-height:140%'>{_marked(text)}</li>" for text in texts)
    return f"<ul style='margin:0 0 6px -22px'>{items}</ul>"


def _muted(text: str, tokens: Tokens, above: int = 0) -> str:
    """A small line; the text is HTML already."""
    return f"<p style='color:{tokens.muted}; font-size:13px; margin:{above}px 0 2px 0'>{text}</p>"


def _text(text: str) -> str:
    return html.escape(text)
