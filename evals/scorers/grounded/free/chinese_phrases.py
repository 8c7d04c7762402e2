"""Chinese phrases that can be read in one way only."""

from __future__ import annotations

import re

from recx_agent.evals.scorers.grounded.free.phrases import Grammar, compiled

_MACROS = {
    "LIST": r"{T}(?:[、和与及]?(?:以及)?{T})*",
    "VALUES": r"{A}(?:[、和与]{A})*",
    "YOU": r"[你您](?:也|还|曾|当时|都|同样|很|非常|特别|一向)*",
    "GAVE": r"(?:(?:打|评|给)(?:了|过|出|出了)?(?:的是|的)?)",
    "SEVERAL": r"(?:(?:两部)?(?:都|各|均)给?)",
    "LIKE": r"(?:最?喜欢|喜爱|最爱|爱看|欣赏|钟爱)(?:过|的是)?",
    "MAIN": r"(?:最主要|最重要|最大|首要|主要|头号)的?",
    "REASON": r"(?:理由|原因|依据|因素|功臣)",
    "BECAUSE": r"(?:因为|由于|得益于|归功于|多亏|源于)(?:了)?",
    "DEED": r"(?:{T}|{R}|{Q}|{S}|⟨D\d+⟩|[，、（）和与及]|[你您]|给|对|打了|评了|打出|都|各|分别|的"
    r"|评分|喜欢|喜爱|高分|在|以及|也)+",
    "T": r"⟨[TI]\d+⟩",
    "H": r"⟨T\d+⟩",
    "I": r"⟨I\d+⟩",
    "R": r"⟨R\d+⟩(?![以及或左之差制])",
    "Q": r"⟨Q\d+⟩",
    "S": r"⟨S\d+⟩",
    "A": r"⟨[AN]\d+⟩",
    "C": r"⟨C\d+⟩",
    "G": r"⟨G\d+⟩",
}

_RATED = (
    ("rating", r"(?:给|为|对)(?:了)?(?P<who>{T})(?:的评分[是为]|的)?{GAVE}?(?P<what>{R})"),
    ("rating", r"(?:给|为|对)(?P<who>{LIST}){SEVERAL}?{GAVE}(?P<what>{R})"),
    ("rating_of_one", r"给(?:了)?它们?(?:都)?{GAVE}?(?P<what>{R})"),
    ("rating", r"(?P<who>{H})（(?:⟨N\d+⟩[，,]?)?(?:你打了|你给了)?(?P<what>{R})"),
    ("rating", r"(?P<who>{T}){YOU}{GAVE}(?:它)?(?P<what>{R})(?!的)"),
    ("rating", r"(?:{GAVE}|[得拿][了到]?)(?P<what>{R})的(?P<who>{T})"),
    ("rating", r"(?P<who>{LIST})[你您](?:都|通通|全都?|统统|各)打了(?P<what>{R})(?!的)"),
    ("rating", r"(?P<who>{H})(?:得|拿)(?:了|到|到了)?(?:你的)?(?P<what>{R})"),
    ("rating", r"(?P<who>{H})(?P<what>{R})(?!的)"),
    ("scale", r"(?P<what>{S})"),
    ("ratings", r"(?:给|为|对)(?P<who>{LIST})(?:分别)?{GAVE}(?P<what>{Q})"),
    ("date", r"(?<![到至从自])(?P<what>⟨D\d+⟩)(?![以之前后至到起和、])"),
    ("date", r"在(?P<what>⟨N\d+⟩)年给"),
    ("count", r"[你您]给(?P<what>⟨N\d+⟩部(?:这样的)?(?:电影|影片|片子){GAVE}{R})"),
)
_THOUGHT = (
    ("liked", r"{YOU}{LIKE}(?P<who>{LIST})(?![多胜甚])"),
    ("liked", r"{YOU}{LIKE}的(?P<who>{T})"),
    ("disliked", r"{YOU}(?:讨厌|不喜欢|反感)(?:的)?(?P<who>{LIST})"),
    ("disliked", r"[你您]对(?P<who>{LIST})(?:感到|很)?(?:失望|反感)"),
    ("top", r"给(?:了)?(?P<who>{T})(?:打了?|打出了?)?(?:满分|最高分)"),
    ("top", r"(?:打了?|给了?)(?:满分|最高分)的(?P<who>{T})"),
)
_IS = (
    (
        "attribute",
        r"(?P<who>{T})(?:也|本身|同样)?(?:是一?部?|属于|的类型[是为]|的年份[是为]|于|是在)"
        r"(?P<what>{VALUES})(?!年?[代初前后])",
    ),
    (
        "attribute_of_one",
        r"(?:它|本片|该片)(?:也)?(?:是一?部?|属于|于)(?P<what>{VALUES})(?!年?[代初前后])",
    ),
    ("attribute", r"(?P<who>{T})（(?P<what>{VALUES})年?）"),
    ("attribute", r"(?P<who>{T})是一?部?(?P<what>{C})(?=$|，)"),
    ("attribute", r"是(?P<what>{A})，(?P<who>{T})(?:（{R}）)?也是(?=$|，)"),
    ("attribute", r"(?P<who>{T}[和与跟]{T})一样，?(?:也|都)?是(?P<what>{VALUES})"),
    ("gap", r"(?P<who>(?<![看给]){T}比(?:[你您]{GAVE}{R}的)?{T}(?P<what>⟨Y\d+⟩|{G}))"),
    ("gap", r"(?P<who>{T}(?P<what>{G}){T})"),
    ("attribute", r"(?P<what>{A})(?:年的)?(?P<who>{T})"),
    ("attribute", r"(?P<who>{LIST})(?:都|均|同)(?:是|属于|为)(?P<what>{VALUES})"),
    ("attribute", r"(?P<who>{T}[与和]{T})的类型同为(?P<what>{VALUES})"),
    ("rank", r"(?:{I}|它)(?:排在|排名|位列|位居|排)(?P<what>⟨K\d+⟩)(?=$|，)"),
    ("users", r"(?P<what>⟨U\d+⟩.*⟨B\d+⟩)"),
    ("most_users", r"(?:大多数|多数)用户.*(?P<what>⟨B\d+⟩)"),
    ("half_the_users", r"(?:一半|半数)的?用户.*(?P<what>⟨B\d+⟩)"),
)
_WHY = (
    ("cause", r"支持{I}的(?:还有|就是|是|有)(?:[你您]给)?(?P<who>{H})"),
    ("cause", r"(?P<who>{H})，?也?给{I}添了(?:一点|一些|几分|点)?(?:助力|动力)"),
    ("cause", r"把{I}(?:带给你|[带推送]到你面前)的，?(?:就|正|首先)?是(?P<who>{LIST})"),
    ("cause_attribute", r"让{I}(?:胜出|上榜|入选)的是它?的?(?P<what>⟨A\d+⟩)"),
    ("suggested", r"(?:推荐|推荐了|建议看)(?P<who>{T})(?![之那这同])"),
    ("cause", r"(?:推荐{I}|看到{I})，?(?:主要)?是?{BECAUSE}(?P<who>{DEED})$"),
    ("cause", r"^{BECAUSE}(?P<who>{DEED})，所以(?:向你)?推荐{I}"),
    ("cause", r"^(?P<who>[你您]{DEED})，(?:因此|所以|于是|这就是)(?:向你)?推荐{I}"),
    ("cause", r"(?P<who>{LIST})(?:都|也)?(?:支持|帮了|指向|带来了?){I}(?!的?倒忙)"),
    ("cause", r"(?P<who>{LIST})(?:都|也)?推了{I}一把"),
    (
        "cause",
        r"(?P<who>{LIST})(?:都)?是(?:推荐)?{I}(?:出现|上榜|入选)?的(?:理由|原因)(?:之一)?(?=$|，)",
    ),
    (
        "cause_attribute",
        r"(?P<what>⟨A\d+⟩)(?:类型)?是{I}(?:上榜|入选|出现)?的(?:理由|原因)(?=$|，)",
    ),
    ("cause_attribute", r"推荐(?:{I}|它)，?是?因为它?的?(?:类型|年份)是?(?P<what>{A})"),
    ("main", r"主要(?:是)?{BECAUSE}(?:[你您]给|[你您]对)?(?P<who>{H})(?![、和与])"),
    ("main", r"{MAIN}{REASON}(?:就)?是(?:[你您]给|[你您]对)?(?P<who>{H})(?![、和与])"),
    ("main", r"(?P<who>{H})(?:才|就)?是(?:推荐{I}的|{I}的)?{MAIN}{REASON}(?!之一)"),
    ("main", r"最(?:支持|有利于){I}的(?:就)?是(?P<who>{H})"),
    (
        "more",
        r"(?P<who>{H}(?:对{I})?的?(?:作用|影响|贡献|分量|帮助)比{H})的?(?:更|要|还)?(?:大|多|重)",
    ),
    ("more", r"(?P<who>{H}比{H})(?:更重要|(?:分量|作用|贡献|帮助)更[大重多])"),
    ("most", r"{I}的(?:分数|得分|推荐分)(?:大部分|大半|多半)来自(?P<who>{H})(?![、和与])"),
    ("attribute_against", r"(?P<what>⟨A\d+⟩)(?:这个类型)?对{I}(?:略有|有点)?不利"),
    ("against", r"对(?:{I}|它)不利的(?:就)?是(?P<who>{H})"),
    ("against", r"(?P<who>{H})(?:对{I}|对它|对此|对这个推荐)(?:略有|有点|稍稍)?不利"),
)

CHINESE = Grammar(
    phrases=compiled((*_RATED, *_THOUGHT, *_IS, *_WHY), _MACROS),
    veiled=re.compile(
        r"[不没未无莫勿若倘？]|非|别|并非|如果|(?<!主)要是|假如|即使|哪怕|可能|也许|或许|[会能]|想象|以为|除非"
        r"|差点|几乎|据说|听说|应该|难道|吗|换成|换作"
    ),
    plain=re.compile(
        r"不仅仅?|不只|不但|不光|不错|不少|不过|不利|不喜欢|无疑|难怪|不意外|不奇怪|不出所料|非常|特别"
        r"|分别|类别|机会|能够|才能"
    ),
    others=re.compile("朋友|大家|人人|所有人|用户|别人|观众|影迷|影评人|网友|大众|有人"),
    torn=re.compile(
        "不利|拖|扣|减分|拉低|降低|尽管|虽然|虽|但|却|只是|反而|即便|相反|而不是|仅|除|其次|之后|第二|另一|部分|一起"
    ),
    ends=re.compile(r"(?<=？)|[。；！]|——"),
)
