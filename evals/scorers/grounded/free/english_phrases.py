"""English phrases that can be read in one way only."""

from __future__ import annotations

import re

from recx_agent.evals.scorers.grounded.free.phrases import Grammar, compiled

_MACROS = {
    "LIST": r"{T}(?:(?:,? (?:and|as well as|&)|,) {T})*",
    "VALUES": r"{A}(?: film)?(?:(?:,? and|,)(?: an?)? {A})*",
    "YOU": r"\b(?:you|the user)(?:'ve| have| had| also| both| each| once| all| really| clearly)*",
    "GAVE": r"(?:gave|give|given|rated|rate|awarded|handed|scored|marked)",
    "LIKE": r"(?:liked|like|enjoyed|enjoy|loved|love|adored|adore|appreciated)",
    "FILM": r"(?: (?:the|film|movie|picture))*",
    "REASON": r"(?:reason|cause|argument|driver|factor)",
    "MAIN": r"(?:main|biggest|strongest|chief|primary|principal|most important|top|foremost)",
    "MAINLY": r"(?:mainly|chiefly|mostly|primarily|largely|above all)",
    "BECAUSE": r"(?:because of|thanks to|owing to|due to|on account of|on the strength of)",
    "SHOWN": r"(?:suggested|recommended|picked|chosen|selected|offered|shown|proposed|here"
    r"|on your list|in your list)(?: (?:to|for) you)?(?: here)?",
    "DEED": r"(?: ?(?:{T}|{R}|{Q}|⟨D\d+⟩|,|(?:and|both|which|that|you|you've|have|your|rated|gave"
    r"|given|liked|enjoyed|loved|a|for|to|the|of|on|film|films|rating|ratings|with|also|in|each"
    r"|highly)\b))+",
    "END": r"(?=$|, | so\b)",
    "THIS": r"(?:{I}|it\b|this(?: one| film| movie| pick| suggestion| recommendation)?\b)",
    "T": r"⟨[TI]\d+⟩",
    "H": r"⟨T\d+⟩",
    "I": r"⟨I\d+⟩",
    "R": r"⟨R\d+⟩(?! (?:users?|people|viewers|ratings?|films?|of)\b)",
    "Q": r"⟨Q\d+⟩",
    "A": r"⟨[AN]\d+⟩",
    "C": r"⟨C\d+⟩",
    "G": r"⟨G\d+⟩",
}

_RATED = (
    ("rating", r"(?P<who>{H})(?:'s)? (?:an? )?(?P<what>{R})(?! (?:for|to)\b)"),
    (
        "rating",
        r"(?P<who>{H}) \((?:⟨N\d+⟩, )?(?:your |you gave it |rated )?(?P<what>{R})(?! for\b)",
    ),
    ("rating", r"(?P<what>{R}) (?:for|to) (?P<who>{T})"),
    (
        "rating",
        r"\b(?:for|to) (?P<who>{T}),? {YOU}(?: {GAVE})?(?: an?)? (?P<what>{R})(?! (?:for|to)\b)",
    ),
    ("rating", r"(?P<what>{R}) (?:that )?{YOU} {GAVE}(?: to)?{FILM} (?P<who>{T})"),
    ("rating", r"(?P<who>{LIST}),? (?:both|all) at (?P<what>{R})"),
    ("rating", r"(?P<what>{R}) (?:for|to) both (?P<who>{LIST})"),
    ("rating", r"{YOU} {GAVE} (?:both )?(?P<who>{LIST})(?: an?)? (?P<what>{R})(?! (?:for|to)\b)"),
    (
        "rating",
        r"(?P<who>{T}),? (?:(?:a|one) (?:film |movie )?)?(?:which |that )?{YOU} {GAVE}"
        r"(?: a| an| it| at| with)* (?P<what>{R})(?! (?:for|to)\b)",
    ),
    (
        "rating",
        r"(?P<who>{LIST}),? (?:(?:both|all|each) of which you|(?:which |that )?you (?:both|each))"
        r" {GAVE}(?: an?)? (?P<what>{R})",
    ),
    (
        "rating",
        r"(?P<who>{H}),? (?:got|gets|has|received|scored|was given|was rated|is rated|rated"
        r"|with your|with a|at)(?: an?| your)? (?P<what>{R})(?! (?:for|to)\b)",
    ),
    ("rating", r"(?P<who>{H}),? (?:an?|your) (?P<what>{R})(?: from you)?(?=[,.)]|$)"),
    ("rating_of_one", r"{YOU} {GAVE} (?:it|them|each)(?: both| each)?(?: an?)? (?P<what>{R})"),
    ("scale", r"\byour?\b.*?(?P<what>⟨R\d+⟩)(?=$|[,)]| (?:for|to|from|or|and|on)\b)"),
    ("ratings", r"(?P<who>{LIST}),? (?:which )?{YOU} {GAVE} (?P<what>{Q})"),
    ("ratings", r"{YOU} {GAVE} (?P<who>{LIST}) (?P<what>{Q})"),
    ("ratings", r"(?P<what>{Q}) (?:for|to) (?P<who>{LIST})"),
    (
        "date",
        r"(?<!since )(?<!until )(?<!before )(?<!after )(?<!by )(?<!to )(?<!and )(?P<what>⟨D\d+⟩)",
    ),
    ("date", r"{R} in (?P<what>⟨N\d+⟩)"),
    ("count", r"{YOU} {GAVE} (?P<what>⟨N\d+⟩ (?:films|movies)(?: like it)?(?: an?)? {R})"),
)
_THOUGHT = (
    ("liked", r"{YOU} {LIKE}{FILM} (?P<who>{LIST})(?! (?:less|more|better|best|least|only)\b)"),
    ("liked", r"(?P<who>{T}),? which {YOU} {LIKE}"),
    ("disliked", r"{YOU} (?:disliked|dislike|hated|hate){FILM} (?P<who>{LIST})"),
    ("disliked", r"{YOU} were (?:let down|disappointed) by (?P<who>{LIST})"),
    (
        "top",
        r"(?:(?:full|top) marks|(?:top|maximum|perfect|highest) (?:mark|score|rating))"
        r" (?:for|to){FILM} (?P<who>{T})",
    ),
    (
        "top",
        r"{YOU} {GAVE}{FILM} (?P<who>{T}) (?:(?:full|top) marks"
        r"|(?:the|a) (?:top|maximum|perfect|highest) (?:mark|score|rating))",
    ),
)
_IS = (
    (
        "attribute",
        r"(?P<who>{T}),? (?:(?:is|was)(?: also| itself)?(?: an?| the)?(?: film| movie)?"
        r"(?: listed| filed| shelved| classed| tagged| labelled)?(?: (?:of|from|under|as|with|in))?"
        r"|falls under|belongs to|(?:came|comes) out in|comes from|dates from|(?:was )?released in"
        r"|was made in|from|of)(?: the| an?)?(?: genres?| release year| year)? (?P<what>{VALUES})",
    ),
    (
        "attribute_of_one",
        r"\brelease(?:d in| year)(?: of| is| was)? (?:the year )?(?P<what>⟨[ND]\d+⟩)",
    ),
    (
        "attribute_of_one",
        r"\bit (?:(?:is|was)(?: also)?(?: an?)?(?: listed under| filed under| from| of)?"
        r"|(?:came|comes) out in|dates from|was released in)(?: the)? (?P<what>{VALUES})",
    ),
    ("attribute", r"(?P<who>{T}) \((?P<what>{VALUES})\)"),
    (
        "attribute",
        r"(?P<who>{T}) (?:is|was)(?: also)? an? (?P<what>{C})(?=$|,| (?:film|movie|picture)\b)",
    ),
    ("attribute", r"(?P<what>{C}) (?:film|movie|picture) (?P<who>{T})"),
    ("attribute", r"\bis an? (?P<what>{A})(?: film)?,? and so is (?P<who>{T})"),
    ("attribute", r"(?P<what>{A}) (?:film|movie|picture) (?P<who>{T})"),
    (
        "attribute",
        r"(?:(?:both|all) (?P<who>{LIST}) (?:are|were)|(?P<whom>{LIST}) (?:are|were) (?:both|all))"
        r"(?: listed| filed)?(?: as| under)? (?P<what>{VALUES})",
    ),
    ("attribute", r"(?P<who>{T}) shares? (?:the )?(?:genres? )?(?P<what>{VALUES}) with {T}"),
    ("attribute", r"\bshares? (?:the )?(?:genres? )?(?P<what>{VALUES}) with (?P<who>{LIST})"),
    ("attribute", r"^with (?P<who>{LIST}),? (?:it|{I}) shares? (?P<what>{VALUES})"),
    (
        "gap",
        r"(?P<who>{T}(?:,? which)? (?:came out|was released|was made|appeared|arrived|is|was)"
        r" (?P<what>⟨Y\d+⟩|{G}) {T})",
    ),
    ("gap", r"(?P<who>{T}(?:,? which)? (?P<what>{G}) {T})"),
    ("rank", r"(?:{I}|\bit) (?:ranks?|ranked|sits|stands) (?P<what>⟨K\d+⟩)(?=$|[,)])"),
    ("users", r"(?P<what>⟨U\d+⟩.*⟨B\d+⟩)"),
    ("most_users", r"\bmost of (?:the |our |all ){0,2}users\b.*(?P<what>⟨B\d+⟩)"),
    ("half_the_users", r"\bhalf (?:of )?(?:the |our |all )?users\b.*(?P<what>⟨B\d+⟩)"),
)
_WHY = (
    ("listed", r"(?P<who>{T}(?:,? and|,) {LIST})"),
    (
        "cause",
        r"\b(?:help|support|lift|boost|push) for {I} (?:comes|came) from (?P<who>{LIST})",
    ),
    ("cause_attribute", r"(?P<what>⟨A\d+⟩) is what (?:drew|brought|put|got|led to) {I}"),
    ("suggested", r"(?P<who>{T}) (?:is|was) (?:being )?(?:suggested|recommended)\b"),
    (
        "suggested",
        r"\b(?:we (?:suggest|recommend)|(?:for|of|in) (?:suggesting|recommending)) (?P<who>{T})",
    ),
    ("cause", r"{SHOWN}(?: {MAINLY})? (?:{BECAUSE}|because|since)(?P<who>{DEED}){END}"),
    ("cause", r"^(?:{BECAUSE}|because|since)(?P<who>{DEED}), {I} (?:is|was) {SHOWN}"),
    (
        "cause",
        r"^(?P<who>you{DEED}),? (?:(?:and )?(?:so|hence|therefore|which is why)) "
        r"(?:{I} (?:is|was) {SHOWN}|you see {I})",
    ),
    (
        "cause",
        r"(?P<who>{LIST}) (?:(?:both|all) )?(?:points?|pointed|speaks?|spoke|argues?|argued|counts?"
        r"|counted|leads?|led) (?:to|towards?|for|in favour of) {THIS}",
    ),
    (
        "cause",
        r"(?P<who>{LIST}) (?:(?:both|all) )?(?:supports?|supported|backs?|backed|helps?|helped"
        r"|lifts?|lifted|boosts?|boosted|brings?|brought) {THIS}"
        r"(?! (?:down|back|less|little|nothing|out|off)\b)",
    ),
    (
        "cause",
        r"(?P<who>{LIST}) (?:is|are) (?:the|a|one of the) reasons? "
        r"(?:(?:for|behind) (?:suggesting |recommending )?{THIS}(?=$|[,)])"
        r"|why {THIS} (?:(?:is|was) {SHOWN}|turned up|came up|appears))",
    ),
    (
        "cause_attribute",
        r"{SHOWN} because (?:of )?(?:its|it is an?)(?: genre| year)? (?P<what>{A})",
    ),
    (
        "main",
        r"{MAINLY} {BECAUSE}(?: (?:your|the|film|movie|rating|of|{R}|for))* (?P<who>{H})"
        r"(?!,? (?:and|⟨))",
    ),
    ("main", r"(?P<who>{H}) (?:is|was) (?:the|its) {MAIN} {REASON}"),
    (
        "main",
        r"the {MAIN} {REASON}(?: (?:for|behind|why) {THIS})? (?:is|was)(?: your {R} for)?"
        r" (?P<who>{H})(?!,? (?:and|⟨))",
    ),
    ("main", r"(?P<who>{H}) (?:weighed|counted|weighs|counts) (?:the )?most\b"),
    (
        "more",
        r"(?P<who>{H} (?:did|weighed|weighs|counted|counts|mattered|matters|added|contributed) more"
        r" (?:(?:for|to) {THIS} )?than {H})(?!,? (?:and|or)\b)",
    ),
    (
        "more",
        r"(?P<who>{H} (?:has|had) more(?: of a)? (?:say|weight|pull|influence|to do)"
        r"(?: (?:in|on|with) {THIS})? than {H})(?!,? (?:and|or)\b)",
    ),
    ("more", r"(?P<who>{H} (?:outweighs|outweighed|dwarfs|dwarfed) {H})(?!,? (?:and|or)\b)"),
    ("most", r"(?P<who>{H})(?: alone)? (?:accounts?|accounted) for most of\b"),
    ("against", r"against {THIS} (?:is|was) (?P<who>{H})"),
    (
        "attribute_against",
        r"(?P<what>⟨A\d+⟩) (?:is held|counts?|counted|works?|speaks?|spoke|weighs?) against {THIS}",
    ),
    (
        "against",
        r"(?P<who>{H}),? (?:which {YOU} {GAVE} {R},? )?(?:counts?|counted|weighs?|weighed|speaks?"
        r"|spoke|works?|worked) (?:slightly |somewhat |a little |a bit )?against {THIS}",
    ),
)

ENGLISH = Grammar(
    phrases=compiled((*_RATED, *_THOUGHT, *_IS, *_WHY), _MACROS),
    veiled=re.compile(
        r"\b(?:not|no|never|nor|neither|none|nothing|nobody|without|hardly|barely|scarcely|cannot"
        r"|unless|if|would|could|might|may|should|must|will|instead|rather|except|suppose"
        r"|supposing|imagine|think|thought|guess|wish|hope|expect|pretend|say|says|said"
        r"|almost|nearly|far from|short of)\b|n't\b|'d\b|'ll\b|\?|^(?:had|were)\b"
    ),
    plain=re.compile(
        r"\bno (?:wonder|surprises?|coincidence|accident|doubt|mystery|secret)\b"
        r"|\bnot (?:only|just|merely|surprisingly|least)\b"
    ),
    others=re.compile(
        r"\b(?:friends?|everyone|everybody|users|people|viewers|critics?|reviewers|others|someone"
        r"|somebody|public|audiences?|fans?)\b"
    ),
    torn=re.compile(
        r"\b(?:against|despite|although|though|even|spite|notwithstanding|but|yet|while|whereas"
        r"|only|less|lower\w*|drag\w*|pull\w*|costs?|among|apart|besides|after|next|second"
        r"|together|alongside|part|partly)\b"
    ),
    ends=re.compile(r"(?<=[?!])|[;.](?=\s|$)|—|\s–\s"),
)
