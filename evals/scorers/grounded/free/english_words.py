"""The English words that free sentences may have, each with what it brings along.

Written for the second check alone, by another hand than the verifier's: a word that stands in
none of these classes is reported, so a sentence can say nothing unseen.
"""

from __future__ import annotations

HARMLESS = """
a an the this that these those it its they them their you your yours yourself we our us own
and or as at by for from in into of on to with among along about alongside together then when
where which who what whose whom also too again besides here there now
is are was were be been being has have had do does did having may might can could will
each both all one ones other others another either
film films movie movies title titles picture pictures watch watching see seeing seen look find
history record records past list listed lists catalogue catalog entry details information
rating ratings mark marks score scored scores gave given give giving rated rate star stars
genre genres year years release released releases category categories dated type types kind
already earlier before previous previously next first
 user users person name named called
think consider note noted mention mentioned know knows worth just
back up out over through such much
side hand part parts place how under slightly everything else candidate got
little but yet however
"""
"""Words that assert nothing by themselves; what they join is held against the files."""

CLASSES = {
    # Why: every film and attribute governed by one must have added to the score.
    "causal": """because considering following light since thanks due so therefore thus hence
        why reason reasons cause causes
        caused led lead leads leading brings bring brought points point pointed pointing behind
        based basis stems stem draws draw drawn comes come came coming goes go grounds grounded
        rests rest builds built follows follow earned earn earns prompted prompts made makes
        adds add added adding counts count counted counting raises raise raised lifts lift lifted
        speaks speak favours favour favors favor weighs weigh weighed supports supported match
        matches matched fit fits fitting suit suits suited appeal appeals connects connected
        connection linked link links reflects reflect account responsible puts put thought
        helped help helps ties tied tie secures secured explain explains explained""",
    # That it is suggested: of the item alone.
    "suggested": """suggested recommended chosen picked shown offered proposed selected presented
        suggest recommend suggests recommends propose offer offers appears appear""",
    "suggestion": """suggestion recommendation pick choice suggestions recommendations proposal
        list suggesting recommending proposing choosing picking""",
    # How strongly: only of the one cause that weighs most.
    "strength": """most mainly chiefly largely strongest biggest main primarily especially heaviest
        outweighed outweighs mostly largest strong strongly above particularly foremost
        heavily key important greatest decisive""",
    "negation": """not no never nor neither none hardly rarely barely nothing nobody cannot without
        instead unless except lacks lacking despite although though fails few""",
    "shared": """share shares shared sharing common same alike similar similarly like likewise
        belongs belong""",
    "against": "against lowers lowered lower reduces reduced drags dragged pulls pulled",
    "everyone": "everyone everybody users overall people popular popularity widely",
    # What somebody thinks: the rating must be such.
    "5": """loved love loves adored favourite favorite favourites favorites top perfect highest full
        best maximum excellent outstanding great""",
    "4": """liked enjoyed enjoy enjoys appreciated praised high highly good well positive
        positively fond fondly pleased liking""",
    "3": "middling mixed average moderate decent okay fine",
    "2": "disliked hated low poor poorly bad badly negative negatively worst lowest hate dislike",
    "hypothetical": "would if were should rank ranks ranked ranking outside below",
    "count": "two three four five six several many dozen couple pair double twice thrice once",
}

GENRE_PLURALS = {"comedies": "Comedy", "fantasies": "Fantasy", "mysteries": "Mystery"}
"""Plurals that are more than an s."""


def lexicon() -> dict[str, str]:
    """Word to class; the later class wins."""
    words = dict.fromkeys(HARMLESS.split(), "harmless")
    for name, own in CLASSES.items():
        words |= dict.fromkeys(own.split(), name)
    return words
