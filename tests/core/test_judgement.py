from __future__ import annotations

from dataclasses import replace

import pytest
from judge_fakes import CALIBRATION, BagOfWords, StemReader

from vivavoce.core.answer import Answer, AnswerWord, answer_from_text
from vivavoce.core.calibration import Line, Weighing
from vivavoce.core.evidence import Evidence
from vivavoce.core.judgement import MOST_WORDS_READ, NEAREST_READ, Judge
from vivavoce.core.ports import Reading
from vivavoce.core.question import Concept, Question, Term

SHRINKS = Concept(
    "shrinks",
    "Pooling shrinks the maps.",
    accepted=("pooling shrinks a map",),
    misconceptions=("pooling grows the maps",),
)
SLIDES = Concept("slides", "A filter slides and detects edges.")
QUESTION = Question("q", "What do layers do?", "", (SHRINKS, SLIDES))


@pytest.fixture
def embedder() -> BagOfWords:
    return BagOfWords()


@pytest.fixture
def reader() -> StemReader:
    return StemReader()


@pytest.fixture
def judge(embedder: BagOfWords, reader: StemReader) -> Judge:
    return Judge(embedder, reader, CALIBRATION)


def judged(judge: Judge, text: str, question: Question = QUESTION) -> dict[str, Evidence]:
    found = judge.evidence(answer_from_text(text), question)
    assert [item.concept_id for item in found] == [concept.id for concept in question.concepts]
    return {item.concept_id: item for item in found}


def test_what_was_said_is_covered_and_quoted_and_the_rest_is_missed(judge: Judge) -> None:
    found = judged(judge, "I like cooking pasta. Then pooling shrinks each map. Salt helps.")
    assert found["shrinks"].verdict == "covered"
    assert found["shrinks"].quote == "Then pooling shrinks each map."
    assert found["slides"].verdict == "missed"
    assert found["slides"].quote is None


def test_the_opposite_is_contradicted_and_names_the_misconception(judge: Judge) -> None:
    found = judged(judge, "The pooling grows the maps, I think.")["shrinks"]
    assert found.verdict == "contradicted"
    assert found.misconception == "pooling grows the maps"
    assert found.quote == "The pooling grows the maps, I think."
    assert found.contradicted > found.covered


def test_the_opposite_is_contradicted_without_known_misconceptions_too(judge: Judge) -> None:
    bare = Question("q", QUESTION.ask, "", (Concept("shrinks", SHRINKS.statement),))
    found = judged(judge, "The pooling grows the maps, I think.", bare)["shrinks"]
    assert found.verdict == "contradicted"
    assert found.misconception is None
    assert found.quote == "The pooling grows the maps, I think."


def test_a_known_misconception_in_its_own_words_is_wrong_whatever_the_reader_finds(
    embedder: BagOfWords,
) -> None:
    class Believer(StemReader):
        def _odds(self, _pair: Reading) -> tuple[float, float, float]:
            return (9.0, 0.0, -9.0)

    concept = Concept("salt", "Pasta needs salt.", misconceptions=("cook the pasta without a weight",))
    question = Question("q", QUESTION.ask, "", (concept,))
    judge = Judge(embedder, Believer(), CALIBRATION)
    assert judged(judge, "Cook pasta without any weight.", question)["salt"].verdict == "contradicted"
    assert judged(judge, "Pasta needs its salt.", question)["salt"].verdict == "covered"


def test_far_from_its_field_words_decide_on_bare_statements(embedder: BagOfWords) -> None:
    bare = Question("q", QUESTION.ask, "", (Concept("shrinks", SHRINKS.statement),))
    wrong = "The pooling grows the maps, I think."
    cooking = Judge(embedder, StemReader(), CALIBRATION, embedder.embed(["cook pasta with salt"]))
    far = judged(cooking, wrong, bare)["shrinks"]
    assert far.contradicted == 0.0
    assert 0.1 < far.covered < 0.9, "two of its words are met"
    assert judged(cooking, "Nothing of the kind.", bare)["shrinks"].covered < far.covered
    assert judged(cooking, wrong)["shrinks"].verdict == "contradicted", "its misconception is known"
    pooling = Judge(embedder, StemReader(), CALIBRATION, embedder.embed(["pooling shrinks maps"]))
    assert judged(pooling, wrong, bare)["shrinks"].verdict == "contradicted"


def test_other_talk_covers_nothing_and_names_nothing_as_closest(judge: Judge) -> None:
    found = judged(judge, "First cook the pasta with a lot of salt in boiling water.")
    assert {item.verdict for item in found.values()} == {"missed"}
    assert {item.closest for item in found.values()} == {None}


def test_a_near_miss_names_what_came_closest(judge: Judge) -> None:
    found = judged(judge, "You cook pasta in layers and learn. Somewhere a filter with salt comes in.")[
        "slides"
    ]
    assert found.verdict == "missed"
    assert found.closest == "Somewhere a filter with salt comes in."


def test_silence_is_missed_with_no_probability(judge: Judge, embedder: BagOfWords) -> None:
    found = judge.evidence(Answer(()), QUESTION)
    assert [(item.verdict, item.covered, item.contradicted) for item in found] == [("missed", 0.0, 0.0)] * 2
    assert embedder.texts == []


def test_the_quote_carries_the_seconds_of_its_words(judge: Judge) -> None:
    words = "Cook pasta. Pooling shrinks maps.".split()
    answer = Answer(tuple(AnswerWord(word, float(at), at + 0.5) for at, word in enumerate(words)))
    found = judge.evidence(answer, QUESTION)[0]
    assert (found.quote, found.start, found.end) == ("Pooling shrinks maps.", 2.0, 4.5)


def test_a_quote_out_of_running_speech_drops_the_talk_around_it_and_keeps_its_not(judge: Judge) -> None:
    talk = "well you and they and we and it " * 4
    assert (
        judged(judge, f"{talk} pooling shrinks the map {talk}")["shrinks"].quote == "pooling shrinks the map"
    )
    found = judged(judge, f"{talk} it isn't pooling shrinks the map {talk}")["shrinks"]
    assert found.quote == "isn't pooling shrinks the map"


def test_of_a_wrong_and_a_right_sentence_the_right_one_is_quoted_for_what_was_said(judge: Judge) -> None:
    found = judged(judge, "Pooling grows the maps. Sorry. Pooling shrinks the maps.")["shrinks"]
    assert found.verdict == "covered"
    assert found.quote == "Pooling shrinks the maps."


def test_each_concept_is_read_in_the_whole_answer_and_in_the_nearest_passages_alone(
    judge: Judge, reader: StemReader
) -> None:
    said = "Pooling shrinks the maps. First cook the pasta. Add salt."
    judged(judge, said)
    read = {(pair.statement, pair.text) for pair in reader.pairs}
    assert len(read) == len(reader.pairs), "nothing is read twice"
    for concept in QUESTION.concepts:
        texts = {text for statement, text in read if statement == concept.statement}
        assert said in texts
        assert len(texts) == 1 + NEAREST_READ
    assert (SHRINKS.statement, "Pooling shrinks the maps.") in read


def test_an_answer_of_one_passage_is_read_once_by_each_reader(
    embedder: BagOfWords, reader: StemReader
) -> None:
    of_passages = StemReader()
    judged(Judge(embedder, reader, CALIBRATION, passage_reader=of_passages), "Salt helps the pasta.")
    for each in (reader, of_passages):
        assert [pair.text for pair in each.pairs] == ["Salt helps the pasta."] * len(QUESTION.concepts)


def test_of_a_long_answer_what_is_nearest_is_read(judge: Judge, reader: StemReader) -> None:
    talk = "And then I cook some more pasta with salt. " * 40
    found = judged(judge, f"{talk}Pooling shrinks the maps. {talk}")["shrinks"]
    assert found.quote == "Pooling shrinks the maps."
    assert "Pooling shrinks the maps." in reader.pairs[0].text
    assert len(reader.pairs[0].text.split()) == MOST_WORDS_READ


def test_a_misheard_term_counts_and_the_quote_shows_what_was_heard(judge: Judge) -> None:
    question = Question(
        "q", "What do layers do?", "", (SLIDES,), terms=(Term("filter", heard_as=("fill tar",)),)
    )
    found = judged(judge, "The fill tar slides and detects edges.", question)["slides"]
    assert found.verdict == "covered"
    assert found.quote == "The fill tar slides and detects edges."
    assert judged(judge, "The fill tar slides and detects edges.")["slides"].covered < found.covered


def test_a_question_is_embedded_once_until_its_concepts_change(judge: Judge, embedder: BagOfWords) -> None:
    judged(judge, "Pooling shrinks maps.")
    judged(judge, "Pasta needs salt.")
    assert embedder.texts.count(SHRINKS.statement) == 1
    changed = Question("q", QUESTION.ask, "", (Concept("shrinks", "Salt helps the pasta."),))
    assert judged(judge, "Salt always helps pasta.", changed)["shrinks"].verdict == "covered"


def test_more_talk_around_it_changes_nothing(judge: Judge) -> None:
    short = judged(judge, "Pooling shrinks maps.")["shrinks"]
    long = judged(judge, "Pooling shrinks maps. " + "And cooking pasta is nice too. " * 20)["shrinks"]
    assert long.covered == pytest.approx(short.covered)


def test_a_right_wording_is_said_unless_it_comes_in_another_order_and_is_found_denied(
    embedder: BagOfWords,
) -> None:
    class Shy(StemReader):
        def _odds(self, _pair: Reading) -> tuple[float, float, float]:
            return (-9.0, 0.0, -9.5)

    class Denier(StemReader):
        def _odds(self, _pair: Reading) -> tuple[float, float, float]:
            return (-9.0, 0.0, 9.0)

    said = "Pooling shrinks a map."
    assert judged(Judge(embedder, Shy(), CALIBRATION), said)["shrinks"].verdict == "covered"
    assert judged(Judge(embedder, Denier(), CALIBRATION), said)["shrinks"].verdict == "covered", "verbatim"
    swapped = judged(Judge(embedder, Denier(), CALIBRATION), "A map shrinks pooling.")["shrinks"]
    assert swapped.verdict == "contradicted"
    taken_back = judged(Judge(embedder, Denier(), CALIBRATION), "It is not that pooling shrinks a map.")
    assert taken_back["shrinks"].verdict == "contradicted"
    assert judged(Judge(embedder, Shy(), CALIBRATION), "Pasta boils.")["shrinks"].verdict == "missed"


def test_statements_that_ask_for_detail_are_held_to_it(embedder: BagOfWords, reader: StemReader) -> None:
    by_detail = replace(
        CALIBRATION, bare=Weighing(Line((*[0.0] * 5, -2.0), 0.0), Line((*[0.0] * 5, 0.0), 0.0))
    )
    judge = Judge(embedder, reader, by_detail)

    def covered(statement: str) -> float:
        question = Question("d", "What does it do?", "", (Concept("c", statement),))
        return judged(judge, "Salt helps the pasta.", question)["c"].covered

    gist, between, detail = (covered("Pooling shrinks" + " the map" * n) for n in (1, 5, 7))
    assert covered("Pooling shrinks." + " Map" * 60) == detail
    assert gist > between > detail


def test_hesitation_changes_nothing_but_the_quote(judge: Judge) -> None:
    fluent = judged(judge, "I like pasta. Then pooling shrinks maps. Salt helps.")["shrinks"]
    halting = judged(
        judge, "I, um, I like pasta. Then pool- pooling, you know, uh, shrinks shrinks maps. Salt helps."
    )
    assert replace(halting["shrinks"], quote=fluent.quote) == fluent
    assert halting["shrinks"].quote == "Then pool- pooling, you know, uh, shrinks shrinks maps."
    assert judged(judge, "Um, uh.")["shrinks"].covered == 0.0


def test_passages_are_read_by_the_reader_that_was_taught_to(embedder: BagOfWords, reader: StemReader) -> None:
    of_passages = StemReader()
    said = (
        "I like cooking pasta. Then pooling shrinks each map. A filter slides and detects edges. Salt helps."
    )
    judge = Judge(embedder, reader, CALIBRATION, passage_reader=of_passages)

    assert judged(judge, said)["shrinks"].verdict == "covered"

    assert {pair.text for pair in reader.pairs} == {said}
    assert len({pair.text for pair in of_passages.pairs}) >= NEAREST_READ
    assert all(len(pair.text) < len(said) for pair in of_passages.pairs)


def test_a_right_wording_swapped_in_its_own_words_is_not_simply_said(
    embedder: BagOfWords, reader: StemReader
) -> None:
    class Denier(StemReader):
        def _odds(self, _pair: Reading) -> tuple[float, float, float]:
            return (-9.0, 0.0, 9.0)

    # A calibration that goes by what stands in the nearest passages, stated and denied.
    stated, denied = (0.0, 0.0, 0.0, 1.0, 0.0), (0.0, 0.0, 0.0, 0.0, 1.0)
    by_passages = replace(
        CALIBRATION,
        told=Weighing(Line((*stated, *[0.0] * 3), 0.0), Line((*denied, *[0.0] * 3), 0.0)),
        again=Weighing(Line((*stated, *[0.0] * 7), 0.0), Line((*denied, *[0.0] * 7), 0.0)),
    )
    said = "A map shrinks pooling."
    assert judged(Judge(embedder, reader, by_passages), said)["shrinks"].verdict == "covered"
    swapped = judged(Judge(embedder, reader, by_passages, passage_reader=Denier()), said)["shrinks"]
    assert swapped.verdict == "contradicted"
