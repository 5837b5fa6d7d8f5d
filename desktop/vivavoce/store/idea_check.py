"""Every fault of a bank's ideas, with file, line and field, as `check_bank` tells those of its questions."""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import cast

from jsonschema import Draft202012Validator

from vivavoce import paths
from vivavoce.core.idea import ConceptRef
from vivavoce.store.bank import load_bank
from vivavoce.store.bank_check import Page, Place, check_form
from vivavoce.store.bank_file import Fault, UnreadableFileError, composed, idea_files, read_data, read_text
from vivavoce.store.idea_file import concept_ref

_First = dict[str, tuple[Page, Place]]


def check_ideas(path: Path, known: Collection[str] = ()) -> list[Fault]:
    """All faults in the files of ideas below a bank's folder, by file and line; an empty list if sound.

    Every concept must be in the folder's questions or in a question that is `known` (a user's ideas may
    name shipped questions). Raises KnownError when there is nothing at `path`.
    """
    files = idea_files(path)
    if not files:
        return []
    check = _IdeaCheck(path, known)
    faults: list[Fault] = []
    for file in files:
        try:
            text = read_text(file)
            page = Page(file, read_data(file, text), composed(file, text))
        except UnreadableFileError as error:
            faults.append(error.fault)
            continue
        check.read(page)
        faults += page.faults
    # A fault may be found twice, as an empty text is (by its length and by its pattern).
    return sorted(dict.fromkeys(faults), key=lambda fault: (fault.file, fault.line))


class _IdeaCheck:
    """What is known of the bank, and what the files before have taken."""

    def __init__(self, path: Path, known: Collection[str]) -> None:
        schema = json.loads((paths.content("data") / "ideas.schema.json").read_text(encoding="utf-8"))
        self._validator = Draft202012Validator(schema)
        bank = load_bank(path)
        self._concepts = {f"{one.id}/{concept.id}" for one in bank.questions for concept in one.concepts}
        self._topics = {topic for question in bank.questions for topic in question.topics}
        self._known = known
        self._ids: _First = {}
        self._taken: _First = {}

    def read(self, page: Page) -> None:
        """Add the faults of one file to its page."""
        check_form(page, self._validator, "ideas")
        for place, idea in page.questions():
            self._check_id(page, place, idea)
            self._check_topic(page, place, idea)
            self._check_concepts(page, place, idea)

    def _check_id(self, page: Page, place: int, idea: Mapping[str, object]) -> None:
        name, at = idea.get("id"), (place, "id")
        if isinstance(name, str) and self._ids.setdefault(name, (page, at)) != (page, at):
            page.fault(at, f"{name!r} is already the id of an idea in {_where(self._ids[name])}")

    def _check_topic(self, page: Page, place: int, idea: Mapping[str, object]) -> None:
        topic = idea.get("topic")
        if isinstance(topic, str) and topic and topic not in self._topics and not self._known:
            meant = _meant(topic, self._topics)
            page.fault((place, "topic"), f"no question has the topic {topic!r}{meant}")

    def _check_concepts(self, page: Page, place: int, idea: Mapping[str, object]) -> None:
        names = idea.get("concepts")
        questions: dict[str, str] = {}
        for index, name in enumerate(cast("list[object]", names) if isinstance(names, list) else ()):
            at = (place, "concepts", index)
            ref = concept_ref(name)
            if ref is None:
                page.fault(at, "must name a concept by its question's id and its own, as core-01/subset")
                continue
            text = "/".join(ref)
            self._check_there(page, at, ref)
            if self._taken.setdefault(text, (page, at)) != (page, at):
                page.fault(at, f"{text!r} already stands in an idea in {_where(self._taken[text])}")
            elif questions.setdefault(ref[0], text) != text:
                page.fault(at, f"{text!r} and {questions[ref[0]]!r} are of one question; link different ones")

    def _check_there(self, page: Page, at: Place, ref: ConceptRef) -> None:
        text = "/".join(ref)
        if text not in self._concepts and ref[0] not in self._known:
            page.fault(at, f"there is no concept {text!r} in the bank{_meant(text, self._concepts)}")


def _where(first: tuple[Page, Place]) -> str:
    page, place = first
    return f"{page.file.name}:{page.line(place)}"


def _meant(name: str, among: Collection[str]) -> str:
    near = difflib.get_close_matches(name, among, n=1)
    return f"; did you mean {near[0]}?" if near else ""
