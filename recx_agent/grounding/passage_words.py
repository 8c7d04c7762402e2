"""Function words of a text about passages, and what they do; all others are content."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Words:
    """The closed classes of one language.

    Attributes
    ----------
    function : set of str
        Words that assert nothing.
    denial, causal : set of str
        Words that deny; that give a reason.
    user, item : set of str
        Words that make the user, the item the subject.
    this_item : set of str
        Words that name the item itself: a clause about the user may not have them.
    liking : set of str
        Stems of verbs of liking that are told for one another.
    lists, binding, contrast : set of str
        Words and marks that list; prepositions; words that turn to something else.
    suits : str
        Pattern of saying that the item may suit the user.
    new_subject : str
        Pattern before which a new clause begins.
    title_quotes : tuple of str
    ends : str
        Marks that end a sentence.
    reach : int
        Words of a list that may be passed over.
    generic : set of str
        Stems of what every passage says: to have them in common is no reason.
    orders : str
        Pattern of a sentence that gives orders to a reader: it carries nothing.
    media : set of str
        Stems of what any such item is.
    past : set of str
        What somebody did or felt once: told only where the passage has the very word, for a
        guess at what is liked is no deed.
    guess : set of str
        Words and stems that make what follows a guess, which it has to stay when it is told.
    guessed : (str, str)
        Pattern of a bare liking of the user's, and what makes a guess of it.
    """

    function: frozenset[str]
    denial: frozenset[str]
    causal: frozenset[str]
    user: frozenset[str]
    item: frozenset[str]
    liking: frozenset[str]
    lists: frozenset[str]
    binding: frozenset[str]
    contrast: frozenset[str]
    suits: str
    new_subject: str
    title_quotes: tuple[str, ...]
    ends: str
    reach: int
    generic: frozenset[str]
    orders: str
    guess: frozenset[str]
    guessed: tuple[str, str]
    media: frozenset[str] = frozenset()
    past: frozenset[str] = frozenset()
    this_item: frozenset[str] = frozenset()

    @cached_property
    def all(self) -> frozenset[str]:
        """Every word of a closed class."""
        return self.function | self.denial | self.causal | self.liking


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EN_BINDING = _set("of with in on by for about from to into through between against under after")
_EN_USER = _set("you your yours yourself")
_EN_ITEM = _set("it its this that these \ue000")
_EN_CONTRAST = _set("but while whereas although though yet")
_EN_THING = r"(?:it|this(?: (?:book|title|item|one))?|the (?:book|title|item)|\ue000)"

ENGLISH = Words(
    function=_EN_BINDING
    | _EN_USER
    | _EN_ITEM
    | _EN_CONTRAST
    | _set(
        """a an the and or as at is are was were be been being has have had do does also too
        both which who whose where when such than then there here they them their those likely
        will would can may might could s features feature offers offer includes include including
        book books title titles item items tend tends"""
    ),
    denial=_set("not no never without neither nor hardly rarely cannot none"),
    causal=_set(
        """because since due thanks therefore thus hence so why reason reasons cause causes
        consequently accordingly"""
    ),
    user=_EN_USER,
    item=_EN_ITEM,
    liking=_set("enjoy like appreci"),
    lists=_set("and or , ; both"),
    binding=_EN_BINDING,
    contrast=_EN_CONTRAST,
    suits=rf"(?:\b(?:so|therefore|which is why|that is why|and so),? )?\b{_EN_THING} "
    r"(?:may|might|could)(?: well| also)? (?:suit you|appeal to you|be (?:something )?for you|"
    r"interest you|(?:suit|fit|match)(?= your))",
    new_subject=r",?;? +(?=(?:and |but |while |whereas |so |which is why |that is why |therefore )"
    rf"(?:you\b|your\b|{_EN_THING}\b|\ue000))|; +|, +(?=you\b|your\b)",
    title_quotes=("“{}”", '"{}"', "'{}'"),
    ends=".!?",
    reach=24,
    generic=_set(
        """book stori novel fiction read reader user fan enjoy like love appreci prefer interest
        series author charact theme element plot genr purchas review base find fall type kind mani
        various differ rich rate strong compel uniqu engag combin prefer includ seem item set explor
        touch look make take give bring keep offer featur provid"""
    ),
    media=_set("book stori novel fiction seri tale read movi film"),
    this_item=_set("it this \ue000"),
    past=_set(
        """enjoyed liked appreciated loved preferred disliked hated wanted tended seemed admired
        adored praised rated reviewed bought purchased chose watched did"""
    ),
    orders=r"\b(?:ignore|disregard|forget|override)\b.*\b(?:all|any|above|previous|earlier|rules?)\b"
    r"|\b(?:instructions?|system prompt|you must|as an ai|click|buy now|visit)\b|https?://"
    r"|\b(?:say|write|answer|reply|respond|output|print|repeat)\b[^.]{0,20}[:“\"']",
    guess=_set(
        """likely may might could probabl perhap possibl potenti seem appear infer assum presum
        suggest tend"""
    ),
    guessed=(r"\b(you)( also)? (enjoy|like|appreciate)s?\b", r"\1 may\2 \3"),
)

_ZH_BINDING = _set("的 在 关于 以 用 从 由 里 中")
_ZH_USER = _set("你 您 你的 您的 自己")
_ZH_ITEM = _set("它 它的 这 这本 这部 本书 这本书 该书 此书 \ue000")
_ZH_CONTRAST = _set("但 但是 而 不过 然而")

CHINESE = Words(
    function=_ZH_BINDING
    | _ZH_USER
    | _ZH_ITEM
    | _ZH_CONTRAST
    | _set(
        """是 有 和 与 及 以及 也 还 都 了 着 地 得 会 可能 也许 或许 大概 似乎 好像 应该 推测
        估计 可以 能 就 并 并且 而且 或 一本 一部
        书 这些 那些 两者 都有 具有 包含 讲"""
    ),
    denial=_set("不 没 没有 未 无 非 并非 不是 从不 不会 绝不"),
    causal=_set("因为 由于 所以 因此 因而 于是 原因 理由 既然"),
    user=_ZH_USER,
    item=_ZH_ITEM,
    liking=_set("喜欢 爱看"),
    lists=_set("和 与 及 以及 、 ， 或"),
    binding=_ZH_BINDING,
    contrast=_ZH_CONTRAST,
    suits="(?:，?(?:所以|因此|因而))?(?:它|这本书|本书|这|\ue000)也?(?:可能|也许|或许)会?适合你",
    new_subject="[，；](?=(?:但|而|所以|因此|因而)?(?:你|您|它|这本|这部|本书|\ue000))|；",
    title_quotes=("《{}》", "“{}”"),
    ends="。！？",
    reach=30,
    this_item=_set("它 这本 这部 本书 这本书 该书 此书 \ue000"),
    generic=_set("喜欢 爱看 读 者 用 户 位 本 说 作 品"),
    orders="(?:忽略|无视|忘记|不要管).*(?:指令|规则|以上|之前|前面)|指令|提示词|系统提示|https?://"
    "|请(?:说|写|输出|回复|回答|重复|点击|购买)|立即购买",
    guess=_set("可能 也许 或许 大概 似乎 好像 应该 推测 估计"),
    guessed=("(你|您)(也)?(喜欢|爱看|欣赏)", r"\1可能\2\3"),
)

LONGEST = 4
"""Characters of the longest Chinese word of a closed class."""
