"""What a text says, as five numbers: what a reader goes by who looks at words alone."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

FEATURES = ("praise", "strength", "reasons", "doubt", "crowd")
"""How much liking is told of, how strongly, how many things are named, how much is held back
(negative), and how many others are said to like it."""

_PRAISE = {
    "en": r"lov\w+|lik(?:e|ed|es|ing)|enjoy\w*|favou?rites?|great|excellent|wonderful|perfect\w*|"
    r"masterpiece|brilliant|amazing|superb|delight\w*|highly|good|best|top marks",
    "zh": "喜欢|喜爱|热爱|最爱|出色|精彩|完美|杰作|优秀|好评|很好|极佳|最佳",
}
_BLAME = {
    "en": r"dislik\w+|hat(?:e|ed|es)|bad|poor\w*|boring|weak\w*|disappoint\w*|low ratings?|worst",
    "zh": "不喜欢|讨厌|糟糕|无聊|失望|低分|差评|最差",
}
_STRONG = {
    "en": r"most|strong\w*|clear\w*|definitely|certain\w*|surely|must|very|really|absolutely|"
    r"exactly|always|largest|best|ever",
    "zh": "最|非常|一定|肯定|绝对|必|尤其|特别|十分|主要",
}
_DOUBT = {
    "en": r"however|although|though|but|against|unless|only|little|few|less|may|might|perhaps|"
    r"not|no|none|cannot|\w+n't|unsure|hard to say|lower\w*|outside|below|pull\w*",
    "zh": "然而|不过|但|虽然|尽管|仅|只有|很少|不足|可能|也许|未必|不|没有一|难以|减分|拉低|之外",
}
_RATED = re.compile(
    r"(\d+(?:\.\d+)?)\s*(?:out of|/|of)\s*(\d+)\b(?!\s*(?:users|people|films|items))"
)
_RATED_ZH = re.compile(r"(?<!满分)(?<!满分 )(?<!\d)(\d+(?:\.\d+)?)\s*分(?!及以上)")
_FULL_ZH = re.compile(r"满分\s*(\d+)")
_CROWD = re.compile(
    r"(\d[\d,]*) of (?:the )?(\d[\d,]*) (?:users|people|others)"
    r"|(?P<all>\d+)\s*(?:位|名|个)用户中[^\d]{0,6}(?P<some>\d+)"
)
_QUOTED = re.compile(r"“[^”]+”|《[^》]+》|\"[^\"]+\"|\*[^*]+\*")


def features(text: str, language: str) -> NDArray[np.float64]:
    """The five numbers of :data:`FEATURES`, each from -1 to 1.

    Praise is the mean of what is told of liking: 1 for a word of praise, -1 for one of blame,
    a rating by how far it is from the middle of its scale. The others are counts, told as
    ``n / (1 + n)``: a third reason adds less than a second. What stands in quotation marks is
    a name, and its words mean nothing.
    """
    tongue = "zh" if language == "zh" else "en"
    named = len(set(_QUOTED.findall(text)))
    plain = _QUOTED.sub(" ", text).lower()
    blame = _count(_BLAME[tongue], plain, tongue)
    praise = _count(_PRAISE[tongue], plain, tongue)
    if tongue == "zh":  # 不喜欢 holds 喜欢
        praise -= plain.count("不喜欢")
    liking = [1.0] * praise + [-1.0] * blame + _ratings(plain, tongue)
    shouted = plain.count("!") + plain.count("！")
    strong = _count(_STRONG[tongue], plain, tongue) + shouted
    doubt = _count(_DOUBT[tongue], plain, tongue)
    return np.array(
        [
            float(np.mean(liking)) if liking else 0.0,
            strong / (1 + strong),
            named / (1 + named),
            -doubt / (1 + doubt),
            max((_share(match) for match in _CROWD.finditer(plain)), default=0.0),
        ]
    )


def _count(words: str, text: str, tongue: str) -> int:
    pattern = words if tongue == "zh" else rf"(?<!\w)(?:{words})(?!\w)"
    return len(re.findall(pattern, text))


def _ratings(text: str, tongue: str) -> list[float]:
    """Each rating that is told, from -1 for the worst to 1 for the best."""
    if tongue == "zh":
        full = _FULL_ZH.search(text)
        told = [(float(m[1]), float(full[1])) for m in _RATED_ZH.finditer(text) if full]
    else:
        told = [(float(m[1]), float(m[2])) for m in _RATED.finditer(text)]
    return [
        max(-1.0, min(1.0, (value - (1 + top) / 2) / ((top - 1) / 2)))
        for value, top in told
        if top > 1
    ]


def _share(match: re.Match[str]) -> float:
    some = float((match["some"] or match[1]).replace(",", ""))
    whole = float((match["all"] or match[2]).replace(",", ""))
    return min(1.0, some / whole) if whole else 0.0
