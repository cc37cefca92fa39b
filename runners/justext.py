# /// script
# requires-python = ">=3.10"
# dependencies = ["justext==3.0.2"]
# ///
"""jusText: keeps paragraphs by length, link density and stopwords.

Its stoplist is that of the language in the page's own `<html lang>`; English where the page names none, or one that
jusText has no stoplist for. Paragraphs that are not boilerplate, headings among them, come one per line.
"""

import re
from functools import cache

import justext

DISTRIBUTION = "justext"
INPUT = "text"
FORMAT = "text"
TUNABLE = {
    "length_low": [20, 40],
    "length_high": [100, 140],
    "stopwords_low": [0.1, 0.2],
    "stopwords_high": [0.2, 0.4],
    "max_link_density": [0.4, 0.6],
    "max_heading_distance": [100, 400],
    "no_headings": [True],
}

DECLARED = re.compile(r"""<html\b[^>]*?\slang\s*=\s*["']?\s*([a-z]{2,3})(?![a-z])""", re.IGNORECASE)
STOPLISTS = dict(
    re.findall(
        r"(\w+)=(\w+)",
        """af=Afrikaans an=Aragonese ar=Arabic az=Azerbaijani be=Belarusian bg=Bulgarian bn=Bengali br=Breton bs=Bosnian
        ca=Catalan cs=Czech cy=Welsh da=Danish de=German el=Greek eo=Esperanto es=Spanish et=Estonian eu=Basque
        fa=Persian fi=Finnish fil=Tagalog fr=French fy=West_Frisian ga=Irish gl=Galician gu=Gujarati he=Hebrew hi=Hindi
        hr=Croatian ht=Haitian hu=Hungarian hy=Armenian id=Indonesian ig=Igbo is=Icelandic it=Italian jv=Javanese
        ka=Georgian kk=Kazakh kn=Kannada ko=Korean ku=Kurdish ky=Kyrgyz la=Latin lb=Luxembourgish lt=Lithuanian
        lv=Latvian mk=Macedonian ml=Malayalam mr=Marathi ms=Malay mt=Maltese nb=Norwegian_Bokmal ne=Nepali nl=Dutch
        nn=Norwegian_Nynorsk no=Norwegian_Bokmal oc=Occitan pl=Polish pt=Portuguese ro=Romanian ru=Russian
        sh=Serbo_Croatian sk=Slovak sl=Slovenian sq=Albanian sr=Serbian su=Sundanese sv=Swedish sw=Swahili ta=Tamil
        te=Telugu tk=Turkmen tl=Tagalog tr=Turkish uk=Ukrainian ur=Urdu uz=Uzbek vi=Vietnamese yo=Yoruba""",
    )
)


@cache
def stoplist(language):
    return justext.get_stoplist(STOPLISTS.get(language, "English"))


def extract(html, url=None, **options):  # noqa: ARG001  # every runner takes the page's address
    declared = DECLARED.search(html)
    paragraphs = justext.justext(html, stoplist(declared[1].lower() if declared else "en"), **options)
    return "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)
