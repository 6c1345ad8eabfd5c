"""What people read, in their language: gettext catalogues, one per language, and English where there is none.

A text stands in English where it is needed, and its translation in ``locale/<language>/LC_MESSAGES/mozg.po``. `words`
gives the `Words` of a locale; there is no language of the process, for one process serves readers of several. A text
that is written down before its reader is known is marked with `later`, and an error's text with its values is a
`Sentence`. ``make messages`` brings the catalogues in step with the sources.
"""

from mozg.language.words import Sentence, Words, later, preferred, words

__all__ = ["Sentence", "Words", "later", "preferred", "words"]
