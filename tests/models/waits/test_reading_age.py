"""Reading age: the formulas by hand, what is left out, and which sentence and words are named."""

import math

import pytest

from models.waits.reading_age import TOO_HARD, reading_age, syllables

pytestmark = pytest.mark.unit

PLAIN = "The cat sat on the mat. The dog ran to the door."
HARD = (
    "Administrative considerations necessitate prioritisation of ophthalmological consultations according to "
    "individually determined clinical urgency."
)


def test_short_words_read_at_the_age_that_smog_gives_at_least() -> None:
    # no word of three syllables: SMOG 3 + sqrt(0) = 3; Flesch-Kincaid is below it; 3 + 5
    assert reading_age(PLAIN).age == 8
    assert reading_age(PLAIN).long_words == ()


def test_a_long_word_in_four_sentences() -> None:
    text = "I go home. You go home. We go home. They go to the hospital."
    # one word of three syllables in four sentences: 3 + sqrt(30 x 1 / 4) = 5.74, and 5
    assert reading_age(text).age == pytest.approx(5 + 3 + math.sqrt(7.5), abs=0.01)


def test_long_sentences_of_short_words_are_hard_too() -> None:
    text = " ".join(["the cat sat on the mat and"] * 8) + " slept."
    # 57 words of one syllable in one sentence: 0.39 x 57 + 11.8 - 15.59 = 18.44, and 5
    assert reading_age(text).age == pytest.approx(23.44, abs=0.01)


def test_headings_and_the_boards_own_places_are_left_out_and_lists_are_not() -> None:
    said = f"Administrative prioritisation considerations\n\n{PLAIN}\n[{HARD}]\n"
    assert reading_age(said).age == reading_age(PLAIN).age
    assert reading_age(f"{said}\n- {HARD}").age > TOO_HARD


def test_what_to_shorten_is_named() -> None:
    found = reading_age(f"{PLAIN} {HARD}")
    assert found.too_hard
    assert found.hardest[0].text == HARD
    assert "ophthalmological" in found.long_words
    assert HARD in found.said()
    assert "Aim for 11" in found.said()
    assert reading_age(PLAIN).said() == "Reads at about age 8."


def test_a_text_without_a_sentence_is_not_judged() -> None:
    for text in ("", "A heading", "[left blank]", "\n\n"):
        assert reading_age(text).hardest == ()
        assert not reading_age(text).too_hard
        assert "no whole sentence" in reading_age(text).said()


def test_no_word_is_without_a_syllable() -> None:
    assert [syllables(word) for word in ("the", "17", "orthopaedics", "gynaecology")] == [1, 1, 4, 5]
