"""English sentences by Punkt (Kiss and Strunk 2006, doi:10.1162/coli.2006.32.4.485), as `nltk.sent_tokenize` cuts.

From some release after 3.9.1 on, NLTK takes curly quotes and guillemets for closing punctuation, which moves some
ends of sentences. The published scores were computed with the rule before, so that rule is kept here whatever NLTK is
installed.

Whether a sentence ends at a full stop depends on the few words around it alone: what was decided once is remembered.
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from boilerbench.errors import UsageError


@cache
def sentences() -> Callable[[str], list[str]]:
    """The function that cuts a text into its sentences. `UsageError` where NLTK or its parameters are missing."""
    try:
        from nltk.tokenize.punkt import PunktTokenizer
    except ImportError:
        raise UsageError("metric 'rouge-lsum' needs nltk; install it: pip install 'boilerbench[metrics]'") from None
    try:
        tokenizer = PunktTokenizer("english")
    except (LookupError, OSError, ValueError):
        raise UsageError(
            "metric 'rouge-lsum' needs NLTK's English sentence parameters; "
            "run: python -m nltk.downloader punkt_tab (or set NLTK_DATA to a folder with tokenizers/punkt_tab)"
        ) from None
    tokenizer._lang_vars = _straight_quotes()  # noqa: SLF001  the constructor takes none
    tokenizer.text_contains_sentbreak = lru_cache(200_000)(tokenizer.text_contains_sentbreak)
    tokenize: Callable[[str], list[str]] = tokenizer.tokenize
    return tokenize


def _straight_quotes() -> Any:
    """What NLTK 3.9.1 takes for closing punctuation: straight quotes and brackets."""
    from nltk.tokenize.punkt import PunktLanguageVars

    class StraightQuotes(PunktLanguageVars):  # type: ignore[misc]  # NLTK has no types
        re_boundary_realignment = re.compile(r"""["')\]}]+?(?:\s+|(?=--)|$)""", re.MULTILINE)
        _re_non_word_chars = r"""(?:[?!)";}\]*:@'({\[])"""

    found = StraightQuotes()
    found._re_period_context = re.compile(found.period_context_re().pattern, re.VERBOSE)  # noqa: SLF001  # its cache
    found._re_word_tokenizer = re.compile(found._word_tokenizer_re().pattern, re.VERBOSE)  # noqa: SLF001  # likewise
    return found
