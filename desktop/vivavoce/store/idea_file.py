"""The ideas that several questions share, read from the `.ideas.yaml` files of a bank."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

from vivavoce.core.idea import ConceptRef, Idea
from vivavoce.store.bank_file import (
    Fault,
    UnreadableFileError,
    composed,
    idea_files,
    line_of,
    read_data,
    read_text,
)


def load_ideas(path: Path, faults: list[Fault]) -> tuple[Idea, ...]:
    """The ideas of all files below a bank's folder; what is wrong is added to `faults` and left out.

    Whether the concepts they name are in the bank is for `check_ideas` to say.
    """
    ideas: dict[str, Idea] = {}
    for file in idea_files(path):
        try:
            text = read_text(file)
            data = read_data(file, text)
        except UnreadableFileError as error:
            faults.append(error.fault)
            continue
        items = cast("list[object]", data) if isinstance(data, list) else [data]
        for place, item in enumerate(items):
            idea = idea_from(item)
            if idea is None or idea.id in ideas:
                line = line_of(composed(file, text), (place,))
                message = "this is no idea with id, title, topic and concepts of its own"
                faults.append(Fault(file, line, "", message))
            else:
                ideas[idea.id] = idea
    return tuple(ideas.values())


def idea_from(item: object) -> Idea | None:
    """The idea that an item of a file describes, or None when it has not the form."""
    if not isinstance(item, dict):
        return None
    fields = cast("Mapping[str, object]", item)
    texts = [fields.get(key) for key in ("id", "title", "topic")]
    named = fields.get("concepts")
    if not isinstance(named, list):
        return None
    refs = [concept_ref(name) for name in cast("list[object]", named)]
    if not all(isinstance(text, str) and text.strip() for text in texts) or not all(refs):
        return None
    name, title, topic = (cast("str", text).strip() for text in texts)
    return Idea(name, title, topic, tuple(ref for ref in refs if ref is not None))


def concept_ref(name: object) -> ConceptRef | None:
    """The question's id and the concept's of a name like "core-26/long-product", or None when it is none."""
    if not isinstance(name, str):
        return None
    question, slash, concept = name.strip().partition("/")
    return (question, concept) if question and slash and concept else None
