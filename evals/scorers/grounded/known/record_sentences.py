"""The words of evidence by itself, which whoever ranks statements shows as they are.

The parts are those of the sentences of each language.
"""

from __future__ import annotations

ENGLISH = {
    "record_history": "(?P<deeds><DATED>)",
    "record_attribute": "(?P<attrs><K>: <VALUES>)(?: \\(as of <WHEN>\\))?",
    "record_everyone": "<USERS>",
    "record_whole": "(?:<COUNT> films|(?P<one>1) film) in your history",
    "record_others": "(?P<hidden>other) films in your history",
    "record_recommender": "chosen by <BY>(?:; our own model ranks it (?P<rank><O>) <OFALL>)?",
    "record_words": "you (?:(?P<search>searched for) |wrote(?: of (?P<all><T>))?: )(?P<text><T>)"
    "(?: \\(on (?P<day>[\\d-]+)\\))?",
    "record_context": "now: <NOW>",
}

CHINESE = {
    "record_history": "(?P<deeds><DATED>)",
    "record_attribute": "(?P<attrs><KIND>：<VALUES>)(?:（截至<WHEN>）)?",
    "record_everyone": "<USERS>",
    "record_whole": "你历史记录里的(?P<count><N>)部电影",
    "record_others": "你历史记录里的(?P<hidden>其他)电影",
    "record_recommender": "由<BY>选出(?:；我们自己的模型把它排在<OFALL>中的第(?P<rank><N>)名)?",
    "record_words": "你(?:于(?P<day>[\\d年月日]+))?(?:(?P<search>搜索过)|这样写过(?P<all><T>)|写过)"
    "：(?P<text><T>)",
    "record_context": "<NOW>",
}
