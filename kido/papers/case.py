"""What every paper is made from: the determination, the order, the words, and the day of making."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kido.decide.determine import Determination
from kido.papers.document import Foot
from kido.papers.order import Order
from kido.register.model import Register
from kido.terms.vocabulary import Terms


@dataclass(frozen=True, slots=True)
class Case:
    """One transaction, ready for its papers. `made` is the day they are made, `determination.on` the day of the law."""

    determination: Determination
    order: Order
    register: Register
    terms: Terms
    made: date

    @property
    def foot(self) -> Foot:
        return Foot(self.determination.version, self.determination.on, self.made)
