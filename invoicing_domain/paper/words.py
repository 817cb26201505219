"""The words on paper, in each language that a buyer may have."""

from collections.abc import Mapping
from typing import Final

from invoicing_domain.model.party import Language
from invoicing_domain.paper.english import ENGLISH
from invoicing_domain.paper.romanian import ROMANIAN
from invoicing_domain.paper.vocabulary import Words

WORDS: Final[Mapping[Language, Words]] = {"ro": ROMANIAN, "en": ENGLISH}
