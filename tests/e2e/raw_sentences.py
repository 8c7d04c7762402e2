"""The sentences an explanation may consist of, written down by a reader of many of them.

A film's title is one letter of the private use area here; ``<NAME>`` stands for a part. Who
changes a template changes this table too, and sees what else its new words may say.
"""

from __future__ import annotations

FIRST = 0xE000
T = "[\ue000-\uefff]"
L = rf"(?:{T}(?: and {T}|(?:, {T})+, and {T})?)"
N = r"\d{1,3}(?:,\d{3})*"
VALUE = rf"(?:[A-Z][\w'-]*|\d{{4}}|{N} others?)"
ATTR = rf"the (?:genre|release year)s? {VALUE}(?: and {VALUE}|(?:, {VALUE})+, and {VALUE})?"
GROUP = {
    "RATED": rf"{L} {N} out of {N}",
    "WITH": rf"{L} \((?:both |all three )?rated {N} out of {N}\)",
    "WHICH": rf"{L}, (?:both of |all three of )?which you rated {N} out of {N}",
}

PARTS = {
    # Parts made of parts come first.
    "ELSE": "(?:[:;] (?:without it|if it did not count), <ITEM> <WOULD>)?",
    "IF": "(?:without <FILM> in your history|if <VALUE> did not count)",
    "LARGEST": r"by far the largest part of its score is how it does with everyone \(<USERS>\)",
    "KNOWN": "you already rated it <OWN>",
    "OWN": r"(?P<own><N> out of <N>|twice \(<N> out of <N> and <N> out of <N>\))",
    "WOULD": r"would (?:not be among your top (?P<k><N>) \((?P<then><O>) instead of (?P<now><O>)\)"
    "|rank (?P<without><O>) instead of (?P<rank><O>))",
    "ALSO": "(?:; the same goes for (?P<below><L>|<T>(?:, <T>)*,? and (?P<others><N>) others?)"
    " below)?",
    "OFUSERS": "(?:of (?P<users><N>) users, (?P<liked><N>)|(?P<none>none) of (?P<of><N>) users)"
    " rated <IT> (?P<bar><N>) or higher",
    "USERS": "(?P<liked><N>|none) of (?P<users><N>) users rated it (?P<bar><N>) or higher",
    "CAUSE": "(?:<FILM>|<VALUE>)",
    "IT": "(?:it|<ITEM>)",
    "THE": "(?:it|the film <ITEM>)",
    "SCORE": "(?:its score|the score of <ITEM>)",
    "SHARE": "(?P<share><N>)% of all that was weighed",
    "TOP": "your top (?P<k><N>)",
    "OFALL": "the (?P<candidates><N>) films that could be suggested to you",
    # What the history holds and does not hold.
    "COUNT": "(?P<count><N>)",
    "ONE": "the (?P<one>one) film in your history",
    "LITTLE": "does not count enough",
    "ENOUGH": "stands out enough to be called the reason",
    "BARE": "(?P<bare>stands out)",
    "MANY": ", and (?P<many>many) add or take away a little",
    "POPULAR": "is ranked by popularity alone",
    # Comparisons and repetition.
    "MORE": "(?P<more>more |even more )?",
    "ANY": "(?P<any> than (?:by |to )?any of these)?",
    "STILL": "(?P<still>also )?",
    "NOTONLY": "not only your own history counts:",
    # Films and attributes.
    "ITEM": "(?P<item><T>)",
    "FILM": "(?P<cause><T>)",
    "VALUE": f"(?P<attrs>{ATTR})",
    "ATTRS": f"(?P<attrs>{ATTR}(?:[,;]?(?: and)? {ATTR})*)",
    "AGAIN": "(?P<again><L>)",
    "THOSE": "(?P<those><L>|both|all three)",
    "ALL": "(?P<all><L>)",
    "RATED": f"you rated (?P<deeds>{GROUP['RATED']}(?:,?(?: and)? {GROUP['RATED']})*)",
    "WITH": f"(?P<deeds>{GROUP['WITH']}(?:,?(?: and)? {GROUP['WITH']})*)",
    "WHICH": f"(?P<deeds>{GROUP['WHICH']}(?:,?(?: and)? {GROUP['WHICH']})*)",
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
        <THE> is suggested because of <ATTRS>
        <IT> has <ATTRS>, which is why it is suggested
        why <ITEM>: it has <ATTRS>
        because it has <ATTRS>, <ITEM> is suggested to you
        the suggestion of <ITEM> goes back to <ATTRS>
        you are seeing <ITEM> because it has <ATTRS>
        <ITEM> is a match for you because of <ATTRS>
        <ITEM> is recommended because it has <ATTRS>""",
    "outside": """
        the film <ITEM> is outside <TOP>, at rank (?P<rank><N>) of <OFALL>
        of <OFALL>, <ITEM> ranks (?P<rank><O>), which is below <TOP>
        <ITEM> ranks (?P<rank><O>) of <OFALL>, outside <TOP>
        <ITEM> is not among <TOP>: it ranks (?P<rank><O>) of <OFALL>
        below <TOP>: <ITEM>, (?P<rank><O>) of <OFALL>
        <ITEM> stands (?P<rank><O>) among <OFALL>, below <TOP>
        at rank (?P<rank><N>) of <OFALL>, <ITEM> is not in <TOP>
        you would not see <ITEM> among <TOP>: it stands (?P<rank><O>) of <OFALL>""",
    "speaks_for": """
        <IT> has (?:<WITH>|<ATTRS>) in its favour
        (?:<WITH>|<ATTRS>) counts? in favour of <IT>
        its score is raised by (?:<WITH>|<ATTRS>)
        (?:<WITH>|<ATTRS>) speaks? for <IT>
        speaking for <IT>: (?:<WITH>|<ATTRS>)
        from your own history, <WITH> speaks? for <IT>
        in favour of <IT>, (?:<WITH>|<ATTRS>) adds? to its score
        (?:<WITH>|<ATTRS>) weighs? in favour of <IT>""",
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
        the film <ITEM> <WOULD> if (?:<FILM> were not in your history|<VALUE> did not count)
        <ITEM> <WOULD> <IF>
        rank of <ITEM> <IF>: (?P<then><O>) instead of (?P<now><O>)(?:, outside your top (?P<k><N>))?
        (?:take <FILM> out of your history|leave <VALUE> out of the count), and <ITEM> <WOULD>
        but for (?:<FILM> in your history|<VALUE>), <ITEM> <WOULD>
        had (?:<FILM> not been in your history|<VALUE> not counted), <ITEM> <WOULD>
        as for <FILM>: without it in your history, <ITEM> <WOULD>
        as for <VALUE>: if it did not count, <ITEM> <WOULD>
        <IF>, <ITEM> <WOULD>""",
    "in_common": """
        <VALUE> is common to <ALL>
        <VALUE> is common to <THOSE> and <ITEM>
        <IT> shares <VALUE> with <THOSE>
        in common with <THOSE>: <VALUE>
        shared by <ALL>: <VALUE>
        like <THOSE>, <IT> has <VALUE>
        <ALL> are (?P<both>both|all) listed with <VALUE>
        <THOSE>, like <ITEM>, (?:are listed with|has|have) <VALUE>
        <IT> has <VALUE> in common with <THOSE>
        <ALL> (?P<both>both|all) have <VALUE>
        <THOSE> have <VALUE>, like <ITEM>""",
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
        <SCORE> is (?:also )?raised <MORE>by how it does with everyone \\(<USERS>\\)<ANY>
        <OFUSERS>, and how it does with everyone (?:also )?adds <MORE>to its score<ANY>
        (?:also )?adding <MORE>to the score<ANY>: how <IT> does with everyone \\(<USERS>\\)
        added to this is how <IT> does with everyone: <USERS>
        part of <SCORE> is also how it does with everyone: <USERS>
        how <IT> does with everyone is (?:an? |(?P<more>an even larger |a larger ))part of \
            its score<ANY>: <USERS>
        (?:part|(?P<more>more|even more)) of <SCORE> (?:also )?goes back to how it does with \
            everyone<ANY>: <USERS>
        apart from your history, how <IT> does with everyone adds <MORE>to its score<ANY> \
            \\(<USERS>\\)
        <NOTONLY> how <IT> does with everyone adds <MORE>to its score<ANY> \\(<USERS>\\)
        how <IT> does with everyone (?:also )?adds <MORE>to its score<ANY>: <USERS>""",
    "everyone_against": """
        <SCORE> is <STILL>lowered by how it does with everyone \\(<USERS>\\)
        <OFUSERS>, and how it does with everyone <STILL>counts against it
        <STILL>counting against <IT>: how it does with everyone \\(<USERS>\\)
        what <STILL>counts against <IT> is how it does with everyone: <USERS>
        <STILL>(?:pulling the other way|counting against <ITEM>) is how it does with everyone: \
            <USERS>
        (?:on the other hand, )?how <IT> does with everyone <STILL>counts against it \\(<USERS>\\)
        <NOTONLY> how <IT> does with everyone <STILL>takes something off its score \\(<USERS>\\)
        how <IT> does with everyone <STILL>counts against it: <USERS>""",
    "fact": """
        in the catalogue, <THE> has <ATTRS>
        <IT> has <ATTRS>
        in the catalogue: (?:<ITEM> with )?<ATTRS>
        the catalogue lists <IT> with <ATTRS>
        (?:its entry|the entry of <ITEM>) in the catalogue gives <ATTRS>
        you will find <IT> listed with <ATTRS>
        according to the catalogue, <IT> has <ATTRS>
        <IT> is listed with <ATTRS>""",
    "no_single_cause": """
        the film <ITEM> is not suggested because of any one film in your history: \
            (?:none of the <COUNT> <BARE><MANY>|the only (?P<one>one) there <LITTLE>)
        your history holds <COUNT> films, and none <ENOUGH> for <ITEM>; \
            (?P<many>many) count a little, for it or against it
        your history holds (?P<one>one) film, and it <LITTLE> to be called the reason for <ITEM>
        (?:no single reason for <ITEM>|you are seeing <ITEM> without a single clear reason): \
            (?:none of the <COUNT> films in your history <BARE><MANY>|<ONE> <LITTLE> to be \
            called one)
        of the <COUNT> films in your history, (?P<many>many) add or take away a little, and none \
            <ENOUGH> for <ITEM>
        nothing can be called the reason for <ITEM>: <ONE> <LITTLE>
        the suggestion of <ITEM> does not go back to any one film: (?:none of the <COUNT> in \
            your history <ENOUGH><MANY>|the (?P<one>one) in your history <LITTLE> to be called \
            the reason)
        <ITEM> comes from your history (?P<whole>as a whole): none of the <COUNT> films in it \
            <ENOUGH>(?:, and together they make up <SHARE>)?
        <ITEM> does not come from any one film in your history: none of the <COUNT> \
            <ENOUGH>(?:, and together they make up <SHARE>)?
        <ITEM> does not come from your own history in particular: the (?P<one>one) film in it \
            <LITTLE> to be called the reason
        none of the <COUNT> films in your history stands out as the reason for <ITEM>; \
            (?P<many>many) of them add or take away a little
        <ONE> <LITTLE> to be called the reason for <ITEM>""",
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
        nothing in your history stands out as the reason for <ITEM>; <LARGEST>""",
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
        no recommendation: <ITEM>, which you already rated <OWN>
        no recommendation is needed for <ITEM>: <KNOWN>
        there is no suggestion of <ITEM> to explain: <KNOWN>
        <ITEM> is nothing new to you, and not a recommendation: <KNOWN>
        <ITEM> is (?:part of your own history and )?not a recommendation: <KNOWN>""",
}
