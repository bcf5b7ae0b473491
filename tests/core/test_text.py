"""Cleaning of text."""

from wholesale.core.text import clean_block, clean_line, like_pattern


def test_a_line_loses_control_characters_and_outer_space():
    assert clean_line("  a\x00b\tc \n d\u200b ") == "ab c d"


def test_a_block_keeps_its_lines():
    assert clean_block("a \r\n\r\n b\x07\n") == "a\n\nb"


def test_nothing_is_an_empty_text():
    assert clean_line(None) == clean_block(None) == ""


def test_letters_with_accents_have_one_form():
    assert clean_line("e\u0301") == "é"


def test_wildcards_that_were_typed_are_only_letters():
    assert like_pattern("50%_\\") == r"%50\%\_\\%"
