"""What every paper is made from: the determination, the order, the words, and the day of making."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kido.decide.determine import Determination
from kido.papers.document import Foot
from kido.papers.order import Order
from kido.register.model import Register
from kido.terms.vocabulary import Terms


@dataclass(frozen=True, slots=True)
class Case:
    """One transaction, ready for its papers.

    made    the day they are made; `determination.on` is the day of the law
    beside  the folder in which photos are looked for: that of the transaction file
    """

    determination: Determination
    order: Order
    register: Register
    terms: Terms
    made: date
    beside: Path = Path()

    @property
    def foot(self) -> Foot:
        return Foot(self.determination.version, self.determination.on, self.made)
