import re

from massgen_stream.stream_chunk.grammar import GRAMMAR


def test_every_rule_is_one_sentence_under_a_plain_name() -> None:
    for rule, statement in GRAMMAR.items():
        assert re.fullmatch(r"[a-z_]+", rule), rule
        assert re.fullmatch(r"[A-Z`][^\n]+\.", statement), statement


def test_statements_differ() -> None:
    assert len(set(GRAMMAR.values())) == len(GRAMMAR)
