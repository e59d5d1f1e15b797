"""Every place by every name.

A :class:`Gazetteer` knows the world's places by all their names: own and foreign, old and new, in every script. It looks
names up, finds them in running text and turns columns of them into ids, always saying through which name a place was found
and how sure that is. It works offline, and answers as the command ``allonym`` does, which is installed along with it.

>>> import allonym
>>> gazetteer = allonym.Gazetteer()
>>> gazetteer.lookup("Xankəndi").candidates[0].id
'gn:146970'
>>> [mention.surface for mention in gazetteer.tag("The road from Lachin to Stepanakert (Khankendi)")]
['Lachin', 'Stepanakert', 'Khankendi']
"""

from __future__ import annotations

from ._allonym import ColumnError, GazetteerError, Table, __version__
from .answers import Answer, Candidate, Claim, Match, Mention, Mentions, Normalized, Variant
from .gazetteer import Gazetteer
from .options import LookupOptions, NormalizeOptions, TagOptions

__all__ = [
    "Answer",
    "Candidate",
    "Claim",
    "ColumnError",
    "Gazetteer",
    "GazetteerError",
    "LookupOptions",
    "Match",
    "Mention",
    "Mentions",
    "NormalizeOptions",
    "Normalized",
    "Table",
    "TagOptions",
    "Variant",
    "__version__",
]
