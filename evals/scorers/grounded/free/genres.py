"""What genres are called besides the names that a catalogue has for them."""

from __future__ import annotations

from collections.abc import Iterable

_NAMES = {
    "Action": "动作片 动作",
    "Adventure": "冒险片 冒险",
    "Animation": "animated|动画片 动画",
    "Children's": "children’s|儿童片 儿童",
    "Comedy": "comedies|喜剧片 喜剧",
    "Crime": "犯罪片 犯罪剧情片 犯罪",
    "Documentary": "documentaries|纪录片",
    "Drama": "dramatic|剧情片 剧情",
    "Fantasy": "fantasies|奇幻片 奇幻",
    "Film-Noir": "noir|黑色电影",
    "Horror": "恐怖片",
    "Musical": "歌舞片 音乐片",
    "Mystery": "mysteries|悬疑片 悬疑",
    "Romance": "romantic romances|爱情片",
    "Sci-Fi": "science-fiction sci-fi|科幻片 科幻",
    "Thriller": "惊悚片 惊悚",
    "War": "战争片",
    "Western": "西部片",
}
"""English names, a bar, Chinese names; a hyphen stands for a space."""


def other_names(genres: Iterable[str]) -> dict[str, str]:
    """Lower-case name to the genre, of those that the catalogue has."""
    found = {}
    for genre in genres:
        for name in _NAMES.get(genre, "").replace("|", " ").split():
            found[name] = genre
            found[name.replace("-", " ")] = genre
    return found
