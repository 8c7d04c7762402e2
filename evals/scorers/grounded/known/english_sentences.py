"""The English sentences an explanation may consist of, written down by a reader of many.

A film's title, or a quote, is one letter of the private use area here, and so is an attribute's
name, and a value; ``<NAME>`` stands for a part. Items are called *film* and *films* here: of
another workspace its own nouns take their place. Who changes a template changes this table too,
and sees what else its new words may say.
"""

from __future__ import annotations

from recx_agent.evals.scorers.grounded.known.reading import T
from recx_agent.evals.scorers.grounded.known.values import KS, K, V

L = rf"(?:{T}(?: and {T}|(?:, {T})+, and {T})?)"
N = r"\d{1,3}(?:,\d{3})*"
VALUES = rf"{V}(?: and {V}|(?:, {V})+, and {V})?"
ATTR = rf"(?:{K}|{KS}) {VALUES}"
OWNED = rf"(?:{K}|{KS}) \({VALUES}\)"
_TOLD = rf"(?:{T}|[\w.,%$€£¥/'’&+-]+(?: [\w.,%$€£¥/'’&+-]+)*?)"

PARTS = {
    # Parts made of parts come first.
    "OURS": "what our own model finds(?:, which ranks it (?P<rank><O>) <OFALL>)?",
    "OURRANK": "our (?:own )?model ranks it (?P<rank><O>) <OFALL>",
    "ELSE": "(?:[:;] (?:without it|if it did not count), <ITEM> <WOULD>)?",
    "IF": "(?:without <GONE> in your history|if <THEVALUE> did not count)",
    "LARGEST": r"by far the largest part of its score is how it does with everyone \(<USERS>\)",
    "KNOWN": "(?:you already (?P<own><DIDIT>)|it is in your history already)",
    "WOULD": r"would (?:not be (?:among your top (?P<k><N>)|your (?P<first>first) suggestion) "
    r"\((?P<then><O>) instead of (?P<now><O>)\)"
    "|rank (?P<without><O>) instead of (?P<rank><O>))",
    "ALSO": "(?:; the same goes for (?P<below><L>|<T>(?:, <T>)*,? and (?P<others><N>) others?)"
    " below)?",
    "OFUSERS": "(?:of (?P<users><N>) users, (?P<liked><N>)|<ALLUSERS>) <LIKED>",
    "USERS": "(?:(?P<liked><N>) of (?P<users><N>) users|<ALLUSERS>) <LIKED>",
    "ALLUSERS": "(?:(?P<none>none) of (?P<users><N>) users?|the only (?P<everybody>user)|"
    "all (?P<users><N>) (?P<everybody>users))",
    "LIKED": "(?:rated <IT> (?P<bar><BAR>) or higher|(?P<held>ha(?:s|ve)) <IT> in their history|"
    "(?P<deed><DIDALL>))",
    "CAUSES": "(?:<WITH>|<ITS>|<OTHERS>)",
    "CAUSE": "(?:<FILM>|<THEVALUE>)",
    "IT": "(?:it|<ITEM>)",
    "THE": "(?:it|the film <ITEM>)",
    "SCORE": "(?:its score|the score of <ITEM>)",
    "SHARE": "(?:(?P<under>less than )|(?P<over>more than ))?(?P<share><N>)% of all that was "
    "weighed",
    "AMONG": "(?:among <TOP>|your (?P<first>first) suggestion)",
    "TOP": "your top (?P<k><N>)",
    "OFALL": "of the (?P<candidates><N>) films that could be suggested to you",
    "BETTER": "does better with everyone than your history alone suggests",
    "WORSE": "does worse with everyone than your history alone suggests",
    "BY": r"(?P<by><T>|[\w .'&-]+?)",
    # What the history holds and does not hold.
    "COUNT": "(?P<count><N>)",
    "ONE": "the (?P<one>one) film in your history",
    "LITTLE": "does not count enough",
    "ENOUGH": "stands out enough to be called the reason",
    "BARE": "(?P<bare>stands out)",
    "LITTLEOFALL": "(?:; (?P<many>many) of them add or take away a little)?",
    "MANY": "(?:, and (?P<many>many) add or take away a little)?",
    "UNFORETOLD": "as far as other users show, nothing in your history foretells the rest of it",
    "POPULAR": "is ranked by popularity alone",
    "OTHERS": "(?P<hidden>(?:other )?films in your (?:own )?history)",
    # Comparisons and repetition.
    "MORE": "(?P<more>more |even more )?",
    "ANY": "(?P<any> than (?:by |to )?any of these)?",
    "STILL": "(?P<still>also )?",
    "NOTONLY": "not only your own history counts:",
    # Films, attributes and the user's own words.
    "ITEM": "(?P<item><T>)",
    "FILM": "(?P<cause><T>)",
    "GONE": "(?P<gone><L>)",
    "THEVALUE": f"the (?P<attrs>{ATTR})",
    "ATTRS": f"(?P<attrs>{ATTR}(?:[,;]?(?: and)? {ATTR})*)",
    "ITS": f"its (?P<attrs>{OWNED}(?:,? and {OWNED})*)",
    "AGAIN": "(?P<again><L>)",
    "THOSE": "(?P<those><L>|both|all three)",
    "ALL": "(?P<all><L>)",
    "RATED": "you (?P<deeds><DID>)",
    "WITH": "(?P<deeds><BRACKETED>)",
    "WHICH": "(?P<deeds><BEHIND>)",
    "WORDS": "(?: (?:of|on) (?P<all><T>))?: (?P<text><T>)",
    "NOW": "(?P<now_is>it is (?:\\w+day(?: \\w+)?|night|morning|afternoon|evening)|(?:it is "
    f"\\w+(?: \\w+)? and )?the \\w[\\w -]* is {_TOLD})",
    "WHEN": "(?P<when>\\d{1,2} [A-Z]\\w+ \\d{4}, \\d\\d:\\d\\d UTC)",
    "CHANGING": f"(?P<changing>\\w+ {_TOLD}(?:(?:[;,]| and) \\w+ {_TOLD})*)",
    "VALUES": VALUES,
    "K": f"(?:{K}|{KS})",
    "L": L,
    "O": "<N>(?:st|nd|rd|th)",
    "T": T,
    "N": N,
}

# One pattern a line; a line that ends in a backslash goes on.
PATTERNS = {
    "because_history": """
        <THE> is suggested because of <WITH>(?: and, again, <AGAIN>)?<ALSO>
        <THE> is suggested because of <AGAIN> again<ALSO>
        <RATED>, which is why <IT> is suggested<ALSO>
        <RATED>, and that, along with <AGAIN> again, is why <IT> is suggested<ALSO>
        <AGAIN> (?:is|are) also why <IT> is suggested<ALSO>
        why <ITEM>: (?:<AGAIN> again, and )?<RATED><ALSO>
        why <ITEM>: <AGAIN> again<ALSO>
        because (?:of <AGAIN> again, and because )?<RATED>, <ITEM> is suggested to you<ALSO>
        because of <AGAIN> again, <ITEM> is suggested to you<ALSO>
        the suggestion of <ITEM> goes back to <WHICH>(?:, and again to <AGAIN>)?<ALSO>
        the suggestion of <ITEM> goes back again to <AGAIN><ALSO>
        you are seeing <ITEM> because <RATED>(?:, and once more because of <AGAIN>)?<ALSO>
        you are seeing <ITEM> because of <AGAIN> again<ALSO>
        the suggestion of <ITEM> comes from your own history: \
            <RATED>(?:, and <AGAIN> counts? again)?<ALSO>
        the suggestion of <ITEM> comes from your own history, again from <AGAIN><ALSO>
        <ITEM> is recommended because <RATED>(?:, and because of <AGAIN> again)?<ALSO>
        <ITEM> is recommended, again because of <AGAIN><ALSO>""",
    "because_attr": """
        <THE> is suggested because of <ITS>
        it is for <ITS> that <IT> is suggested
        why <ITEM>: <ITS>
        because of <ITS>, <ITEM> is suggested to you
        the suggestion of <ITEM> goes back to <ITS>
        you are seeing <ITEM> because of <ITS>
        <ITEM> is a match for you because of <ITS>
        <ITEM> is recommended because of <ITS>""",
    "because_others": """
        <THE> is (?:also )?suggested because of <OTHERS>
        <OTHERS> are (?:also )?why <IT> is suggested
        (?:another reason for|why) <ITEM>: <OTHERS>
        because of <OTHERS>, <IT> is (?:also )?suggested to you
        the suggestion(?: of <ITEM>)? (?:also )?goes back to <OTHERS>
        you are (?:also )?seeing <IT> because of <OTHERS>
        the suggestion of <IT> (?:also )?comes from <OTHERS>
        <IT> is (?:also )?recommended because of <OTHERS>""",
    "context": """
        that <NOW> (?:and that the \\w+ is \\w+ )?(?:also )?adds? to <SCORE>
        <NOW>, which (?:also )?adds to <SCORE>
        (?:also )?adding to <SCORE>: <NOW>
        now that <NOW>, <SCORE> is (?:also )?higher
        part of <SCORE> (?:also )?goes back to the moment: <NOW>
        as you ask, <NOW>, and that (?:also )?raises <SCORE>
        <NOTONLY> <NOW>, which adds to <SCORE>
        <SCORE> is (?:also )?raised by the circumstances \\(<NOW>\\)""",
    "support": """
        you (?:also )?wrote<WORDS>
        you (?:have )?(?:also )?searched for (?P<text><T>)
        of (?P<all><T>) you (?:also )?wrote: (?P<text><T>)
        you (?:also )?(?:wrote this|put it in writing): (?P<text><T>)
        (?:also )?searched for by you: (?P<text><T>)
        (?:also )?in your own words(?:, on (?P<all><T>))?: (?P<text><T>)
        besides, you (?:wrote<WORDS>|searched for (?P<text><T>))
        there is (?:also )?(?:what you wrote<WORDS>|your search for (?P<text><T>))
        you may remember searching for (?P<text><T>)(?:, too)?
        you may remember writing this(?: of (?P<all><T>))?(?:, too)?: (?P<text><T>)
        your own searches (?:also )?include (?P<text><T>)
        (?:also )?your own words<WORDS>
        (?P<text><T>) is something you (?:also )?searched for
        (?P<all><T>) is something you (?:also )?wrote about: (?P<text><T>)""",
    "outside": """
        the film <ITEM> is (?:outside <TOP>,|not your (?P<first>first) suggestion, but) at rank \
            (?P<rank><N>) <OFALL>
        <OFALL>, <ITEM> ranks (?P<rank><O>)(?:, which is below <TOP>| and is not your \
            (?P<first>first) suggestion)
        <ITEM> (?:ranks|stands) (?P<rank><O>) <OFALL>(?:, (?:outside|below) <TOP>| and is not \
            your (?P<first>first) suggestion)
        <ITEM> is not <AMONG>: it ranks (?P<rank><O>) <OFALL>
        (?:below <TOP>|not your (?P<first>first) suggestion): <ITEM>, (?P<rank><O>) <OFALL>
        at rank (?P<rank><N>) <OFALL>, <ITEM> is not (?:in <TOP>|your (?P<first>first) suggestion)
        you would not see <ITEM> (?:as )?<AMONG>: it stands (?P<rank><O>) <OFALL>""",
    "speaks_for": """
        <IT> has <CAUSES> in its favour
        <CAUSES> counts? in favour of <IT>
        <SCORE> is raised by <CAUSES>
        (?:from your own history, )?<CAUSES> speaks? for <IT>
        speaking for <IT>: <CAUSES>
        in favour of <IT>, <CAUSES> adds? to its score
        <CAUSES> weighs? in favour of <IT>""",
    "chosen_elsewhere": """
        <ITEM> was chosen by <BY>; what follows is not the reasons of (?P=by) but <OURS>
        the recommender <BY> chose <ITEM>; what follows is what our own model finds, not why \
            (?P=by) chose it(?:, and <OURRANK>)?
        chosen by <BY>: <ITEM>; below are the findings of our own model, not the reasons of \
            (?P=by)(?: \\(our own rank: (?P<rank><O>) <OFALL>\\))?
        why <BY> chose <ITEM> is not known here: what follows is <OURS>
        the choice of <ITEM> goes back to <BY>; what follows goes back to our own model and does \
            not tell why (?P=by) chose it(?: \\(<OURRANK>\\))?
        you are seeing <ITEM> as a choice of <BY>; what you read next is what our own model \
            finds, not the reasons of (?P=by)(?:, and <OURRANK>)?
        <ITEM> comes from <BY> and not from our own model(?:, which ranks it (?P<rank><O>) \
            <OFALL>)?; what follows is what our model finds, not the reasons of (?P=by)
        the film <ITEM> was chosen by <BY>, for reasons that are not known here; what follows \
            is <OURS>""",
    "weighed_most": """
        <CAUSE> outweighed (?P<told>each of the others|the other)<ELSE>
        <CAUSE> had the most weight (?P<told>of these)<ELSE>
        (?P<told>of these), <CAUSE> counted most<ELSE>
        counted most (?P<told>of these): <CAUSE><ELSE>
        (?P<told>the one that) counted most is <CAUSE><ELSE>
        (?P<told>among these), <CAUSE> carried the most weight<ELSE>
        the strongest (?P<told>of these) is <CAUSE><ELSE>
        (?P<told>of the two), <CAUSE> added more<ELSE>
        (?P<told>of the three), <CAUSE> added the most<ELSE>""",
    "without": """
        the film <ITEM> <WOULD> if (?:<GONE> were not in your history|<THEVALUE> did not count)
        <ITEM> <WOULD> <IF>
        rank of <ITEM> <IF>: (?P<then><O>) instead of (?P<now><O>)(?:, and so not <AMONG>)?
        (?:take <GONE> out of your history|leave <THEVALUE> out of the count), and <ITEM> <WOULD>
        but for (?:<GONE> in your history|<THEVALUE>), <ITEM> <WOULD>
        had (?:<GONE> not been in your history|<THEVALUE> not counted), <ITEM> <WOULD>
        as for <GONE>: without (?:it|them) in your history, <ITEM> <WOULD>
        as for <THEVALUE>: if it did not count, <ITEM> <WOULD>
        <IF>, <ITEM> <WOULD>""",
    "in_common": """
        <THEVALUE> is common to <ALL>
        <THEVALUE> is common to <THOSE> and <ITEM>
        <IT> shares <THEVALUE> with <THOSE>
        in common with <THOSE>: <ATTRS>
        shared by <ALL>: <ATTRS>
        like <THOSE>, <IT> is listed with <ATTRS>
        <ALL> are (?P<both>both|all) listed with <ATTRS>
        <THOSE>, like <ITEM>, are listed with <ATTRS>
        <IT> has <THEVALUE> in common with <THOSE>
        <ALL> have this in common: <ATTRS>
        <THOSE> have this in common with <ITEM>: <ATTRS>
        what <ALL> share: <ATTRS>
        what <THOSE> share with <ITEM>: <ATTRS>""",
    "against": """
        <SCORE> is <STILL>lowered by <WITH>
        <RATED>, which <STILL>counts against <ITEM>
        <STILL>counting against <IT>: <WITH>
        what <STILL>counts against <IT> is <WITH>
        <STILL>pulling the other way is <WHICH>
        <STILL>counting against <ITEM> is <WHICH>
        (?:on the other hand, )?<WITH> <STILL>counts against <IT>
        something counts against <IT>, too: <RATED>""",
    "everyone": """
        <SCORE> is (?:also )?raised <MORE>by how it does with everyone \\(<USERS>\\)<ANY>; by your \
            history alone it would be lower
        <OFUSERS>; it <BETTER>, and that (?:also )?adds <MORE>to its score<ANY>
        (?:also )?adding <MORE>to the score<ANY>: <IT> <BETTER> \\(<USERS>\\)
        by your history alone, <SCORE> would be lower: how it does with everyone (?:also )?adds \
            <MORE>to it<ANY> \\(<USERS>\\)
        (?:part|(?P<more>more|even more)) of <SCORE> (?:also )?goes back to how it does with \
            everyone(?:, which is better than your history alone suggests| \\(better than your \
            history alone suggests\\)<ANY>): <USERS>
        with everyone, <IT> does better than your history alone suggests, which adds <MORE>to \
            its score<ANY> \\(<USERS>\\)
        <NOTONLY> <IT> does better with everyone than that suggests, which adds <MORE>to its \
            score<ANY> \\(<USERS>\\)
        <IT> <BETTER>, which (?:also )?adds <MORE>to its score<ANY>: <USERS>
        how <IT> does with everyone adds to its score: <USERS>""",
    "everyone_against": """
        <SCORE> is <STILL>lowered by how it does with everyone \\(<USERS>\\); by your history \
            alone it would be higher
        <OFUSERS>; it <WORSE>, and that <STILL>counts against it
        <STILL>counting against <IT>: it <WORSE> \\(<USERS>\\)
        by your history alone, <SCORE> would be higher: how it does with everyone <STILL>counts \
            against it \\(<USERS>\\)
        <STILL>(?:pulling the other way|counting against <ITEM>) is how it does with everyone, \
            which is worse than your history alone suggests: <USERS>
        (?:on the other hand, )?<IT> <WORSE>, which <STILL>counts against it \\(<USERS>\\)
        <NOTONLY> <IT> does worse with everyone than that suggests, which <STILL>takes something \
            off its score \\(<USERS>\\)
        <IT> <WORSE>, which <STILL>counts against it: <USERS>
        how <IT> does with everyone counts against it: <USERS>""",
    "fact": """
        in the catalogue, <THE> is listed with <ATTRS>
        on record for <IT>: <ATTRS>
        (?:in the catalogue|<ITEM> in the catalogue): <ATTRS>
        the catalogue lists <IT> with <ATTRS>
        (?:its entry|the entry of <ITEM>) in the catalogue gives <ATTRS>
        you will find <IT> listed with <ATTRS>
        the catalogue says of <IT>: <ATTRS>
        <IT> is listed with <ATTRS>""",
    "current_fact": """
        as of <WHEN>, these details are given for <THE>: <CHANGING>
        on record for <IT> as of <WHEN>: <CHANGING>
        (?:as of|<ITEM> as of) <WHEN>: <CHANGING>
        the latest on <IT>, as of <WHEN>: <CHANGING>
        (?:its entry|the entry of <ITEM>) as of <WHEN> gives <CHANGING>
        as of <WHEN>, you will find <IT> with <CHANGING>
        what is known of <IT> as of <WHEN>: <CHANGING>
        as of <WHEN>, <IT> is listed with <CHANGING>""",
    "no_single_cause": """
        the film <ITEM> is not suggested because of any one film in your history: \
            (?:none of the <COUNT> <BARE><MANY>|the only (?P<one>one) there <LITTLE>)
        your history holds <COUNT> films, and none <ENOUGH> for <ITEM>(?:; (?P<many>many) count a \
            little, for it or against it)?
        your history holds (?P<one>one) film, and it <LITTLE> to be called the reason for <ITEM>
        (?:no single reason for <ITEM>|you are seeing <ITEM> without a single clear reason): \
            (?:none of the <COUNT> films in your history <BARE><MANY>|<ONE> <LITTLE> to be \
            called one)
        of the <COUNT> films in your history, (?:(?P<many>many) add or take away a little, and \
            )?none <ENOUGH> for <ITEM>
        nothing can be called the reason for <ITEM>: <ONE> <LITTLE>
        the suggestion of <ITEM> does not go back to any one film: (?:none of the <COUNT> in \
            your history <ENOUGH><MANY>|the (?P<one>one) in your history <LITTLE> to be called \
            the reason)
        <ITEM> does not come from any one film in your history: none of the <COUNT> \
            <ENOUGH>(?:, and together they make up <SHARE>)?
        <ITEM> does not come from your own history in particular: the (?P<one>one) film in it \
            <LITTLE> to be called the reason
        none of the <COUNT> films in your history stands out as the reason for <ITEM><LITTLEOFALL>
        <ONE> <LITTLE> to be called the reason for <ITEM>
        none of the <COUNT> films in your history stands out as speaking for <ITEM><LITTLEOFALL>
        <ONE> <LITTLE> to speak for <ITEM> by itself""",
    "rests_everyone": """
        the film <ITEM> is not suggested because of anything in particular in your history: \
            <LARGEST>
        <OFUSERS>; how it does with everyone is by far the largest part of its score, and \
            nothing in your history stands out as a reason
        no reason in your history stands out for <ITEM>: <LARGEST>
        by far the largest part of the score of <ITEM> is how it does with everyone \
            \\(<USERS>\\), and nothing in your history stands out as a reason
        the suggestion of <ITEM> does not go back to any one thing in your history: <LARGEST>
        you are seeing <ITEM> without a reason in your history that stands out: <LARGEST>
        <ITEM> does not come from anything in particular in your own history: <LARGEST>
        <ITEM> does not come from anything in particular in your own history: how it does with \
            everyone makes up <SHARE>, by far the largest part \\(<USERS>\\)
        nothing in your history stands out as (?:the reason|speaking) for <ITEM>; <LARGEST>""",
    "unforetold": """
        no reason(?: is given)? for <ITEM>: <UNFORETOLD>
        <UNFORETOLD>, so no reason is given for <ITEM>
        nothing in your history foretells the rest of it, as far as other users show; no reason \
            is given for <ITEM>
        the suggestion of <ITEM> is not traced back to your history: <UNFORETOLD>
        you are seeing <ITEM> without being told a reason: <UNFORETOLD>
        your own history is not told as the reason for <ITEM>: <UNFORETOLD>
        nothing is named as the reason for the film <ITEM>: <UNFORETOLD>
        nothing in your history is told for or against <ITEM>: <UNFORETOLD>""",
    "no_history": """
        the film <ITEM> is not suggested because of your history, where there is nothing to go \
            on; it <POPULAR> \\(<USERS>\\)
        <OFUSERS>, and it is ranked by that alone; there is nothing in your history to base a \
            recommendation on
        nothing in your history to go on: <ITEM> <POPULAR> \\(<USERS>\\)
        with nothing in your history to base a recommendation on, <ITEM> <POPULAR>: <USERS>
        the suggestion of <ITEM> does not go back to your history, which holds nothing to go \
            on; it <POPULAR> \\(<USERS>\\)
        you are seeing <ITEM> by its popularity alone \\(<USERS>\\); there \
            is nothing in your history to go on
        <ITEM> does not come from your own history, which holds nothing to go on: it <POPULAR> \
            \\(<USERS>\\)
        <ITEM> <POPULAR> \\(<USERS>\\); there is nothing in your history to base a \
            recommendation on""",
    "own_item": """
        the film <ITEM> is not being suggested: <KNOWN>
        you know <ITEM>, and it is not a recommendation: <KNOWN>
        no recommendation: <ITEM>, which (?:you already (?P<own><VERBS>)|is in your history already)
        no recommendation is needed for <ITEM>: <KNOWN>
        there is no suggestion of <ITEM> to explain: <KNOWN>
        <ITEM> is nothing new to you(?:, and not a recommendation)?: <KNOWN>
        <ITEM> is not a recommendation: <KNOWN>
        <ITEM> is part of your own history and not a recommendation(?:: <KNOWN>)?""",
}
