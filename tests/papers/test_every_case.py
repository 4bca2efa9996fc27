"""Every paper of Japan's side, of No. 61 and for the customer, made from golden cases of all acts: none fails, none says too much."""

import re

import pytest

from kido.papers import jp_classification, jp_screening, no61, no61_notice, reply
from kido.register.cases import read_cases
from kido.register.store import register
from kido.terms.ground import ground
from tests.papers.paper_text import BANNED, BANNED_CJK, case_of, every_language

CASES = read_cases(ground("cases"), register().instruments)


@pytest.mark.parametrize("part", range(4))
def test_every_paper_can_be_made(part):
    for golden in CASES[part * 13 :: 53]:
        case = case_of(golden.facts, golden.on)
        made = (jp_classification.build(case), jp_screening.build(case), no61.build(case), no61_notice.build(case), reply.build(case))
        for paper in filter(None, made):
            words = every_language(paper)
            assert not any(word in words for word in BANNED_CJK), (golden.name, paper.id)
            assert not [word for word in BANNED if re.search(rf"\b{word}\b", words, re.I)], (golden.name, paper.id)
