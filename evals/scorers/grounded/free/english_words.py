"""The English words that free sentences may have, each with what it brings along.

Written for the second check alone, by another hand than the verifier's. A word asserts nothing
by itself (what it joins is held against the files), or brings an assertion that is checked, or
stands in none of these classes and is held against the writer: so a sentence can say nothing
unseen. Verbs and nouns stand in their first form; see :func:`stems`.
"""

from __future__ import annotations

from collections.abc import Iterator

_FUNCTION = """
a an the this that these those it its itself they them their theirs you your yours yourself we us
our ours ourselves i me my one ones which who whom whose what whatever whichever when whenever
where wherever how someone somebody anyone anybody and or as at by for from in into of on onto to
with within among amongst amid along alongside about around across after before between beside
besides behind during until till since though off out over past through throughout toward towards
under up upon via per plus including regarding concerning here there hereby therein then than so
is are was were be been being am has have had having do does did done doing may might can could
will shall each both all every any some other another either own enough such much
"""
_LINKS = """
again also too now already earlier before previous previously next first once still yet but
however even just quite rather fairly really very simply merely purely clearly evidently
obviously plainly apparently presumably probably perhaps maybe naturally indeed actually
certainly surely understandably admittedly frankly honestly basically essentially broadly roughly
about later finally lastly ultimately meanwhile moreover furthermore additionally likewise
accordingly anyway anyhow incidentally namely altogether together apart aside ahead back away
down further otherwise else elsewhere everything anything something whole total entirely directly
indirectly immediately straight respectively separately jointly individually partly partially
exactly precisely specifically while whereas whether regardless nonetheless nevertheless let lets
yes e.g etc i.e vs early surprise unsurprisingly coincidence accident wonder second third fourth
final last latest initial single sole entire overall additional extra available possible likely
worth almost nearly completely easily generally normally typically currently necessarily
eventually essential according alone nowhere only general exact willing ready usual typical
"""
_THINGS = """
keyword margin edge exhibit stake film movie title picture item entry feature viewing screening
history record records past catalogue catalog list lists listing details detail information info
data library profile account page screen row line box label tag badge tab shelf rating ratings
mark marks score scored scores star stars vote votes verdict points point number figure value
system scale scales date year release genre genres category categories type kind sort class user
users person name thing way case fact matter idea sense word term question answer taste tastes
preference preferences interest interests habit choice choices option selection candidate company
side hand part parts place spot position slot half bit lot rest share group set round example
instance mention note reminder hint sign start beginning end bottom middle front step turn move
time moment occasion contrast comparison degree extent distance difference direction course path
road route gap balance pattern map angle aspect element component combination ingredient
background nature context level measure purpose manner respect regard light mind subject topic
statement reply response report request offer order process action result outcome conclusion
theory test view visit call deal work job task effort attempt reach range piece bunch handful
portion fraction third quarter percentage proportion sum total model algorithm formula
calculation arithmetic prediction computer voice machine team website site service shop app
button click search version dot puzzle door neighbour match cut eye
"""
_DEEDS = """
allow chip talk grow grew think consider note notice mention know remember recall find found see
seen saw look watch watched watching view viewed pick give gave given rate rated awarded grant
granted hand handed assign assigned score scored mark marked enter entered record get got gotten
receive received have take took taken call named name label labelled labeled tag tagged file
filed class classed classify classified list listed catalogue catalogued date dated release
released say said tell told mean meant ask wonder want wanted need try tried keep kept hold held
leave left let stand stood stay stayed remain begin began start started end ended turn turned
happen happened occur use used using join include included involve involved contain concern go on
arrive arrived show up pop popped meet met reach reached thank greet check checked seem went
spend spent send sent wait walk welcome wish work compare confirm continue correspond cover
deliver describe deserve differ discover display divide enable establish exist expect express
extend face fall fell fare figure fill force form gather handle hide hear heard highlight
identify imagine imply indicate inform intend introduce invite judge judging jump learn learned
lie lay manage measure miss move obtain operate order overlook overlooked pass pay paid place
play prepare prove provide qualify react read realise realize reappear reckon recognise recognize
refer regard register repeat replace reply represent require respond return reveal rise rose run
ran serve shift slip sort spot squeeze stack step stick stuck strike succeed suppose surround
suspect swap tally tick touch track transfer translate travel treat underline understand
understood unite wander wrap write wrote guess bet admit sound rub concede speculate assume
presume conclude combine mix collect carry carried hesitate open close shut
"""
HARMLESS = " ".join((_FUNCTION, _LINKS, _THINGS, _DEEDS))
"""Words that assert nothing by themselves; what they join is held against the files."""

CLASSES = {
    # Why: every film and attribute governed by one must have added to the score, and enough.
    "causal": """because considering following since due therefore thus hence why reason cause
        caused lead led bring brought behind consequently based basis base stem draw drawn drew
        come came coming goes gone ground rest build built builds follow earn earned prompt make
        made makes match fit fitting suit suited appeal connect connection link tie tied reflect
        account responsible thought secure explain explained explanation owe owes owed depend
        hinge rely root rooted origin originate arise arose result trace derive derived trigger
        drive drove driven decide decided determine determined motivate justify justified
        rationale logic grounds thread spring sprang land landed credit attributable attribute
        put seal sealed clinch clinched tip tipped driver engine cornerstone foundation convince
        convinced persuade persuaded inspire inspired""",
    # What helped: each must have added to the score, however little.
    "adds": """point pointed adds add added count counted raise lift lifted boost boosted speak
        spoke spoken favour favor weigh weighed support supported supportive back backed help
        helped aid assist assisted contribute contributed contribution contributor lend lent
        profit profited gain gained carried propel propelled push pushed nudge nudged pull tilt
        tilted strengthen strengthened reinforce reinforced bolster bolstered improve improved
        encourage argue argued argument arguments plead vouch advance steer steered guide guided
        influence influenced factor role effect impact matter mattered bump bumped advantage
        benefit benefited evidence signal impulse weight pro""",
    # That it is suggested: of the item alone.
    "suggested": """suggested recommended chosen picked shown offered proposed selected presented
        suggest recommend propose offer appear appears appeared select choose chose present
        surface surfaced""",
    "suggestion": """suggestion recommendation pick choice suggestions recommendations proposal
        list suggesting recommending proposing choosing picking selection""",
    # How strongly: only of the one cause that weighs most.
    "strength": """most mainly chiefly largely strongest biggest main primarily especially
        heaviest outweighed outweighs outweigh mostly largest strong strongly particularly
        foremost heavily key important greatest decisive decisively principal principally major
        central predominantly primary crucial dominant clearest hardest loudest overwhelmingly
        decidedly dwarfs dwarf dwarfed eclipses significant significantly""",
    # How weakly: not of the one that weighs most by far.
    "weak": """slightly little minor small smaller slight modest lesser smallest tiny least
        marginally marginal somewhat faintly weakest weaker mildly lightweight""",
    # In part: it need not be enough.
    "partly": "partly partially bit touch fraction",
    "negation": """not no never nor neither none hardly rarely barely nothing nobody cannot
        without instead unless except lacks lacking fails few scarcely seldom""",
    # What is granted: no reason for it.
    "concessive": "despite although though albeit notwithstanding",
    "shared": """share shared sharing common same alike similar similarly like likewise belong
        fall identical""",
    "against": """against lower lowered reduce reduced drag dragged pulled hurt hinder hindered
        weaken weakened cost costs minus drawback disadvantage opposed""",
    "less": "less fewer weaker",
    "everyone": """everyone everybody users overall people public popular popularity widely
        audience audiences others viewers critics critic reviewers friends fans""",
    # What somebody thinks: the rating must be such.
    "5": """loved love loves adored adore favourite favorite favourites favorites top perfect
        highest full best maximum excellent outstanding great greatly""",
    "4": """liked enjoyed enjoy enjoys appreciated praised high highly good well positive
        positively fond fondly pleased liking enjoyment appreciate prefer preferred happy happily
        keen fondness approval approved""",
    "3": "middling mixed average moderate decent okay fine lukewarm",
    "2": """disliked hated low poor poorly bad badly negative negatively worst lowest hate
        dislike disappointed disappointing disappointment""",
    # How plain the matter is; of a film it would be praise or blame.
    "stance": """solid foreign simple plain clear obvious straightforward direct certain
        particular short brief quick honest fair evident natural logical sensible surprising
        surprised unsurprising mystery easy hard safe long heavy soft close real big large wide
        deep light new old strange odd true frank different special unusual loud louder heavier
        equal familiar""",
    "more": "more larger bigger stronger greater heavier",
    "hypothetical": "would if should rank ranks ranked ranking outside below",
    "count": """two three four five six several many dozen couple pair double twice thrice trio
        duo""",
}


def lexicon() -> dict[str, str]:
    """Word to class; the later class wins."""
    words = dict.fromkeys(HARMLESS.split(), "harmless")
    for name, own in CLASSES.items():
        words |= dict.fromkeys(own.split(), name)
    return words


NO_FORMS = frozenset(
    "directed starring starred moving telling touching interesting interested involving absorbing "
    "surprises pointless touching striking stirring charming featured acted placed".split()
)
"""What looks like a form of a word above and says something else."""

_ENDINGS = (("ies", "y"), ("ied", "y"), ("es", ""), ("s", ""), ("ed", ""), ("d", ""), ("ing", ""),
            ("ing", "e"))  # fmt: skip


def stems(word: str) -> Iterator[str]:
    """First forms that a word may come of: ``carried`` of ``carry``, ``tipping`` of ``tip``."""
    for ending, first in () if word in NO_FORMS else _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            stem = word[: -len(ending)] + first
            yield stem
            if len(stem) > 2 and ending in ("ed", "ing") and stem[-1] == stem[-2]:
                yield stem[:-1]
