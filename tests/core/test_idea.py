"""Several questions ask for the same thing: it is one idea, whoever asks."""

from __future__ import annotations

from vivavoce.core.idea import Idea, ideas_of, merged_ideas
from vivavoce.core.question import Concept, Question

SKY = Question(
    "sky",
    "Why is the sky blue?",
    "Scattering.",
    (Concept("scatter", "Air scatters light."), Concept("sun", "The sun shines.")),
    topics=("light", "air"),
)
SUNSET = Question("sunset", "Why is it red?", "Scattering.", (Concept("far", "Far light is scattered."),))
SCATTERING = Idea("scattering", "Light is scattered", "light", (("sky", "scatter"), ("sunset", "far")))


def test_concepts_of_two_questions_are_one_idea_and_know_of_each_other():
    index = ideas_of([SKY, SUNSET], [SCATTERING])
    assert index.of_concept["sky", "scatter"] is index.of_concept["sunset", "far"] is SCATTERING
    assert index.elsewhere(("sky", "scatter")) == (("sunset", "far"),)
    assert index.elsewhere(("sunset", "far")) == (("sky", "scatter"),)


def test_a_concept_in_no_idea_stands_for_itself():
    index = ideas_of([SKY, SUNSET], [SCATTERING])
    alone = index.of_concept["sky", "sun"]
    assert alone == Idea("sky/sun", "The sun shines.", "light", (("sky", "sun"),))
    assert index.elsewhere(("sky", "sun")) == ()
    assert index.ideas == (SCATTERING, alone), "each once, in the order they are asked for"


def test_a_concept_that_nobody_knows_has_no_ties():
    assert ideas_of([SKY], [SCATTERING]).elsewhere(("sky", "gone")) == ()


def test_an_idea_of_which_the_bank_asks_nothing_is_not_counted_but_still_known():
    index = ideas_of([SUNSET], [Idea("old", "Old", "air", (("a", "b"), ("c", "d")))])
    assert [idea.id for idea in index.ideas] == ["sunset/far"]
    assert index.of_concept["a", "b"].id == "old"


def test_own_concepts_join_a_shipped_idea_by_its_id():
    own = Idea("scattering", "Scattered light", "light", (("mine", "blue"),))
    (merged,) = merged_ideas([SCATTERING], [own])
    assert merged.title == "Scattered light", "the user has the last word"
    assert merged.concepts == (("sky", "scatter"), ("sunset", "far"), ("mine", "blue"))


def test_a_shipped_concept_moves_to_the_own_idea_that_names_it():
    own = Idea("red", "Red light passes", "light", (("sunset", "far"), ("mine", "red")))
    scattering, red = merged_ideas([SCATTERING], [own])
    assert scattering.concepts == (("sky", "scatter"),)
    assert red == own
