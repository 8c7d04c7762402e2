"""The Chinese sentences an explanation may consist of; see english_sentences."""

from __future__ import annotations

from recx_agent.evals.scorers.grounded.known.reading import T
from recx_agent.evals.scorers.grounded.known.values import K, V

L = rf"(?:{T}(?:{T}*和{T})?)"
N = r"(?:\d{1,3}(?:,\d{3})+|\d+|一|两)"
VALUES = rf"{V}(?:(?:、{V})*和{V})?"
ATTR = rf"{K}是{VALUES}"
OWNED = rf"{K}（{VALUES}）"
_TOLD = rf"(?:{T}|[^，。；（）“”《》]+?)"

PARTS = {
    # Parts made of parts come first.
    "OURRANK": "(?:在)?我们的模型(?:里，它<PLACED>|把它排在<OFALL>中的第(?P<rank><N>)名)",
    "PLACED": "在<OFALL>中排第(?P<rank><N>)名",
    "ELSE": "(?:[：；](?:没有它|如果不计这一项)，<ITEM><WOULD>)?",
    "LARGEST": "在它的推荐分里，分量远超其他各项的是它在全体用户中的表现（<USERS>）",
    "KNOWN": "(?:你已经(?P<own><DIDIT>)|它已经在你的历史记录里了)",
    "WOULD": "就(?:(?:进不了你的前(?P<k><N>)名|不再是你的(?P<first>第一)个推荐)"
    "（第(?P<then><N>)名，而不是第(?P<now><N>)名）|会排在第(?P<without><N>)名，而不是第(?P<rank><N>)名)",
    "ALSO": "(?:；列表下方的(?P<below><L>|<T><T><T>等(?P<all_below><N>)部电影)也是如此)?",
    "OFUSERS": "<USERS>",
    "USERS": "(?:(?P<users><N>)位用户中(?:有(?P<liked><N>)位|(?P<none>没有一位))|"
    "(?P<everybody>唯一的一位用户)|(?P<everybody>全部)(?P<users><N>)位用户)<LIKED>",
    "LIKED": "(?:(?:给<ITEM>)?打了(?P<bar><BAR>)及以上|(?P<held>的历史记录里有)<IT>|"
    "(?P<deed><DIDALL>))",
    "TOP": "你的(?:前(?P<k><N>)名|(?P<first>第一)个推荐)",
    "OFALL": "可以推荐给你的(?P<candidates><N>)部电影",
    "CAUSES": "(?:<WITH>|<IT>的<THINGS>|<OTHERS>)",
    "CAUSE": "(?:<FILM>|<THINGS>)",
    "GONECAUSE": "(?:<GONE>|<THINGS>)",
    "SCORE": "<IT>的推荐分",
    "IT": "(?:它|<ITEM>)",
    "THE": "(?:它|电影<ITEM>)",
    "BETTER": "在全体用户中的表现，?比单凭你的历史记录判断的要好",
    "WORSE": "在全体用户中的表现，?比单凭你的历史记录判断的要差",
    "ADDS": "(?:(?P<any>为它加的分比上面任何一项都多)|(?P<more>为它加的分更多)|也?为它加了分)",
    "STILL": "(?P<still>也|同样)?",
    "HOWEVER": "(?:不过，|另一方面，)?",
    "NOTONLY": "起作用的不只是你自己的历史记录：",
    "BY": r"(?P<by><T>|[\w .'&-]+?)",
    # What the history holds and does not hold.
    "HISTORY": "你历史记录里的(?P<count><N>)部电影",
    "ONLY": "你历史记录里唯一的(?P<one>一)部电影，分量还",
    "ENOUGH": "没有哪一部突出到可以算作",
    "BARE": "没有哪一部(?P<bare>特别突出)",
    "LITTLE": "(?:[，；](?P<many>很多)部都只是略有加分或减分)?",
    "UNFORETOLD": "从其他用户的情况看，由你历史记录里的一部分推测不出其余部分",
    "POPULAR": "只是按受欢迎程度排出来的",
    "NOTHING": "你的历史记录里没有可以用作依据的内容",
    "SHARE": "占全部影响的(?:(?P<under>不到)|(?P<over>超过))?(?P<share><N>)%",
    "OTHERS": "(?P<hidden>你历史记录里的(?:其他|一些)电影)",
    # Films, attributes and the user's own words.
    "ITEM": "(?P<item><T>)",
    "FILM": "(?P<cause><T>)",
    "GONE": "(?P<gone><L>)",
    "ARE": f"(?P<attrs>{ATTR}(?:，{ATTR})*)",
    "THINGS": f"(?P<attrs>{OWNED}(?:和{OWNED})*)",
    "SAME": f"(?P<attrs>{K}(?:同为|(?P<among>都包括)){V})",
    "HAS": f"(?P<attrs>{K}[也都]?(?:是|(?P<among>包括)){V})",
    "TOLD": "前面提到的(?P<again><L>)",
    "THOSE": "(?P<those><L>|这两部电影|这三部电影)",
    "THESE": "(?P<those>这两部电影|这三部电影)",
    "ALL": "(?P<all><L>)",
    "RATED": "(?P<deeds><DID>)",
    "WITH": "(?P<deeds><BRACKETED>)",
    "TEXT": "(?P<text><T>)",
    "NOW": r"(?P<now_is>现在是(?:星期.)?(?:夜间|上午|下午|晚上)?(?:，当前的\w+?是\w+)*|"
    rf"当前的\w+?是{_TOLD}(?:，当前的\w+?是{_TOLD})*)",
    "WHEN": r"(?P<when>UTC时间\d{4}年\d{1,2}月\d{1,2}日\d\d:\d\d)",
    "CHANGING": rf"(?P<changing>\w+?是{_TOLD}(?:，\w+?是{_TOLD})*)",
    "VALUES": VALUES,
    "VALUE": V,
    "KIND": K,
    "L": L,
    "T": T,
    "N": N,
}

# One pattern a line; a line that ends in a backslash goes on.
PATTERNS = {
    "because_history": """
        推荐<ITEM>，是因为你<RATED>(?:，同时也因为<TOLD>)?<ALSO>
        (?:推荐|你会看到)<ITEM>，是因为<TOLD><ALSO>
        你<RATED>，(?:再加上<TOLD>，)?这就是推荐<ITEM>的原因<ALSO>
        <TOLD>也是推荐<ITEM>的原因<ALSO>
        <ITEM>的推荐理由：(?:你<RATED>(?:；还有<TOLD>)?|仍是<TOLD>)<ALSO>
        因为你<RATED>(?:，也因为<TOLD>)?，所以向你推荐<ITEM><ALSO>
        还是因为<TOLD>，所以向你推荐<ITEM><ALSO>
        推荐<ITEM>的缘由，可以追溯到(?:<WITH>(?:，以及<TOLD>)?|<TOLD>)<ALSO>
        你会看到<ITEM>，是因为你<RATED>(?:，还有<TOLD>)?<ALSO>
        依据你自己的历史记录，为你推荐<ITEM>：你<RATED>(?:；<TOLD>也算在内)?<ALSO>
        仍依据你自己的历史记录，为你推荐<ITEM>：<TOLD><ALSO>
        由于(?:<WITH>(?:，以及<TOLD>)?|<TOLD>)，向你推荐<THE><ALSO>""",
    "because_attr": """
        (?:推荐|你会看到)<ITEM>，是因为它的<ARE>
        <ITEM>的<ARE>，这就是推荐它的原因
        <ITEM>的推荐理由：它的<ARE>
        因为<ITEM>的<ARE>，所以向你推荐
        推荐<ITEM>的缘由，可以追溯到它的<THINGS>
        <ITEM>与你合拍，因为它的<ARE>
        由于<THINGS>，向你推荐<THE>""",
    "because_others": """
        (?:推荐|你会看到)<IT>，也?是因为<OTHERS>
        <OTHERS>也?是推荐<IT>的原因
        (?:推荐<ITEM>的另一个理由|<ITEM>的推荐理由)：<OTHERS>
        因为<OTHERS>，所以也?向你推荐<IT>
        推荐<IT>的缘由，也?可以追溯到<OTHERS>
        依据(?P<hidden>你自己历史记录里的(?:其他|一些)电影)，也?为你推荐<IT>
        也?由于<OTHERS>，向你推荐<THE>""",
    "context": """
        <NOW>，这也?为<IT>加了分
        <NOW>，<SCORE>也?随之高一些
        (?:同样)?为<IT>加分的：<NOW>
        眼下的情境也?提高了<SCORE>：<NOW>
        <SCORE>也?有一部分来自当前的情境：<NOW>
        你看，<NOW>：这也?让<SCORE>高了一些
        <NOTONLY><NOW>，这为<IT>加了分
        当前的情境（<NOW>）也?提高了<SCORE>""",
    "support": """
        你还?(?:搜索过|曾搜索)<TEXT>
        (?:(?:关于(?P<all><T>)|谈到(?P<all><T>)时)，)?你还?(?:写过|写道)：<TEXT>
        (?:另有)?你(?:搜索过的内容|(?:关于(?P<all><T>))?写下的话)：<TEXT>
        (?:另外，)?你(?:搜索过<TEXT>|(?:为(?P<all><T>))?写过：<TEXT>)
        还?有你(?:的一次搜索|写(?P<all><T>)的一段话|写的一段话)：<TEXT>
        你或许记得，自己还?(?:搜索过<TEXT>|这样写过(?P<all><T>)?：<TEXT>)
        你自己的记录里还?有(?:一次搜索|(?:写(?P<all><T>)的)?一段话)：<TEXT>
        <TEXT>也?是你搜索过的内容
        你也?(?:写到过(?P<all><T>)|写下过这样的话)：<TEXT>""",
    "outside": """
        <ITEM>(?:不在<TOP>之内|不是<TOP>)：它<PLACED>
        在<OFALL>中，<ITEM>排第(?P<rank><N>)名，(?:不在<TOP>之内|不是<TOP>)
        (?:不在<TOP>之内|不是<TOP>)：<ITEM><PLACED>
        <ITEM><PLACED>，(?:不在<TOP>之内|(?:还)?不是<TOP>|落在<TOP>之外)
        你的(?:前(?P<k><N>)名里没有|(?P<first>第一)个推荐不是)<ITEM>：它<PLACED>
        <ITEM>目前<PLACED>，没有(?:进入|成为)<TOP>
        电影<ITEM>(?:在<TOP>之外|不是<TOP>)，<PLACED>""",
    "speaks_for": """
        (?:在你自己的历史记录里，)?<CAUSES>对<IT>有利
        <CAUSES>给<IT>加了分
        对<IT>有利的：<CAUSES>
        为<IT>加分的有<CAUSES>
        <CAUSES>抬高了<SCORE>
        从有利的方面看，<CAUSES>为<IT>加了分
        <SCORE>里有<CAUSES>的贡献""",
    "chosen_elsewhere": """
        <ITEM>是由<BY>选出的；下面讲的不是(?P=by)的理由，而是我们自己的模型得出的结论(?:，<OURRANK>)?
        <BY>选出了<ITEM>；下面是我们自己的模型的判断，并不是(?P=by)选它的原因(?:，<OURRANK>)?
        由<BY>选出：<ITEM>；以下是我们自己的模型的结论，不是(?P=by)的理由(?:（<OURRANK>）)?
        <BY>为什么选<ITEM>，这里无从得知；下面只说我们自己的模型得出的结论(?:（<OURRANK>）)?
        <ITEM>来自<BY>的选择；下面的内容来自我们自己的模型，并不说明(?P=by)为什么选它(?:（<OURRANK>）)?
        你看到的<ITEM>是<BY>选的；接下来是我们自己的模型的看法，不是(?P=by)的理由(?:，<OURRANK>)?
        <ITEM>出自<BY>，不是我们自己的模型选的(?:（<OURRANK>）)?；下面是我们的模型得出的结论，\
            不是(?P=by)的理由
        电影<ITEM>由<BY>选出，其理由不得而知；以下只是我们自己的模型得出的结论(?:，<OURRANK>)?""",
    "weighed_most": """
        (?P<told>其中)作用最大的是<CAUSE><ELSE>
        <CAUSE>在(?P<told>其中)分量最重<ELSE>
        (?P<told>其中)最关键的：<CAUSE><ELSE>
        最起作用的是(?P<told>其中)的<CAUSE><ELSE>
        (?P<told>两)者之中，<CAUSE>加分更多<ELSE>
        (?P<told>三)者之中，<CAUSE>加分最多<ELSE>
        (?P<told>这当中)，<CAUSE>占的分量最大<ELSE>
        (?P<told>其中)最有力的一条是<CAUSE><ELSE>
        <CAUSE>的分量超过(?P<told>其他任何一|另一)项<ELSE>""",
    "without": """
        (?:如果你的|倘若)历史记录里(?:没有|缺了)<GONE>，(?:电影)?<ITEM><WOULD>
        (?:如果|假如|倘若)不计<THINGS>，(?:电影)?<ITEM><WOULD>
        (?:少了历史记录里的<GONE>|不计<THINGS>的话)，<ITEM><WOULD>
        (?:历史记录里没有<GONE>|不计<THINGS>)时，<ITEM>的名次：第(?P<then><N>)名，而不是第(?P<now><N>)名\
            (?:（不在你的前(?P<k><N>)名之内）|（不再是你的(?P<first>第一)个推荐）)?
        (?:把<GONE>从你的历史记录里去掉|把<THINGS>去掉不计)，<ITEM><WOULD>
        若不是(?:历史记录里有<GONE>|<THINGS>)，<ITEM><WOULD>
        假如<GONE>不在你的历史记录里，<ITEM><WOULD>
        就<GONECAUSE>来说：(?:历史记录里没有它们?|如果不计这一项)，<ITEM><WOULD>""",
    "in_common": """
        (?:<THESE>与<ITEM>|<ALL>)的<SAME>
        <IT>与<THOSE>的<SAME>
        (?:与<THOSE>|<ALL>)的共同点：<SAME>
        与<THOSE>一样，<IT>的<HAS>
        在目录里，(?:<THESE>和<ITEM>|<ALL>)的<HAS>
        <IT>与<THOSE>有一个共同点：<SAME>
        <THOSE>的<HAS>，<ITEM>也是
        (?P<attrs><VALUE>这一<KIND>)，为(?:<THESE>和<ITEM>|<ALL>)所共有""",
    "against": """
        <HOWEVER><WITH><STILL>对<IT>不利
        你<RATED>，这<STILL>拉低了<ITEM>的推荐分
        <STILL>对<IT>不利的：<WITH>
        <STILL>对<IT>不利的是<WITH>
        <STILL>起反作用的是<WITH>(?:，它拉低了<ITEM>的推荐分)?
        <HOWEVER><WITH><STILL>给<IT>减了分
        <IT>也有不利的一面：你<RATED>
        <SCORE><STILL>被<WITH>拉低了""",
    "everyone": """
        <IT><BETTER>，这<ADDS>：<USERS>
        <OFUSERS>；它<BETTER>，<ADDS>
        (?:(?P<any>比上面任何一项加分都多的)|(?P<more>加分更多的)|(?:同样)?加分的)：<IT><BETTER>（<USERS>）
        单凭你的历史记录，<SCORE>会更低：它在全体用户中的表现<ADDS>（<USERS>）
        <SCORE>(?:(?P<any>来自全体用户的部分，比来自上面任何一项的都多)|(?P<more>有更多来自全体用户)|\
            也?有一部分来自全体用户)：它在他们中间的表现比单凭你的历史记录判断的要好（<USERS>）
        放到全体用户中看，<IT>的表现比单凭你的历史记录判断的要好，<ADDS>（<USERS>）
        <NOTONLY><IT>在全体用户中的表现比单凭历史记录判断的要好，<ADDS>（<USERS>）
        <SCORE>(?:(?P<any>从全体用户那里得到的加分，比上面任何一项都多)|(?P<more>从全体用户那里得到了更多加分)|\
            也?从全体用户那里得到了加分)（<USERS>）；单凭你的历史记录会更低
        <IT>在全体用户中的表现为它加了分：<USERS>""",
    "everyone_against": """
        <HOWEVER><IT><WORSE>，这<STILL>对它不利：<USERS>
        <OFUSERS>；它<WORSE>，<STILL>拉低了它的推荐分
        <STILL>对<IT>不利的：它<WORSE>（<USERS>）
        单凭你的历史记录，<SCORE>会更高：它在全体用户中的表现<STILL>拉低了这个分数（<USERS>）
        <STILL>起反作用的是全体用户这一项：<IT>在他们中间的表现比单凭你的历史记录判断的要差（<USERS>）
        <HOWEVER><IT><WORSE>，这<STILL>给它减了分（<USERS>）
        <NOTONLY><IT>在全体用户中的表现比单凭历史记录判断的要差，<STILL>拉低了它的推荐分（<USERS>）
        <SCORE><STILL>被它在全体用户中的表现拉低了（<USERS>）；单凭你的历史记录会更高
        <IT>在全体用户中的表现对它不利：<USERS>""",
    "fact": """
        (?:据目录记载，|你可以查到，|目录中说，)?<IT>的<ARE>
        (?:目录信息|<ITEM>的目录信息)：<ARE>
        目录里这样介绍<IT>：<ARE>
        <IT>在目录中的条目写着：<ARE>
        从目录看，<THE>的<ARE>""",
    "current_fact": """
        (?:你可以查到，)?截至<WHEN>，<IT>的<CHANGING>
        据截至<WHEN>的记录，<IT>的<CHANGING>
        (?:<ITEM>的)?最新信息（截至<WHEN>）：<CHANGING>
        <IT>的最新情况（截至<WHEN>）：<CHANGING>
        <IT>的条目截至<WHEN>写着：<CHANGING>
        目前所知（截至<WHEN>），<IT>的<CHANGING>
        从截至<WHEN>的信息看，<THE>的<CHANGING>""",
    "no_single_cause": """
        <ONLY>不足以(?:算作推荐<ITEM>的原因|单独对<ITEM>有利)
        <HISTORY>中，没有哪一部单独对<ITEM>足够有利<LITTLE>
        <HISTORY>中，<ENOUGH>推荐<ITEM>的原因<LITTLE>
        你的历史记录里只有(?P<one>一)部电影，分量还不足以算作推荐<ITEM>的原因
        你的历史记录里有(?P<count><N>)部电影，没有哪一部足以单独算作推荐<ITEM>的原因<LITTLE>
        推荐<ITEM>没有单一的理由：(?:<ONLY>不够|<HISTORY>中，<BARE><LITTLE>)
        没有哪一点可以算作推荐<ITEM>的原因：<ONLY>不够
        在<HISTORY>中，(?:(?P<many>很多)部只是略有加分或减分，)?<ENOUGH>推荐<ITEM>的原因
        推荐<ITEM>的缘由，追溯不到某一部电影：(?:<ONLY>不够|<HISTORY>中，<ENOUGH>原因<LITTLE>)
        你会看到<ITEM>，并没有一个明确的原因：(?:<ONLY>不够|<HISTORY>中，<BARE><LITTLE>)
        <ITEM>并不特别依据你自己的历史记录：里面唯一的(?P<one>一)部电影，分量还不足以算作原因
        <ITEM>并不依据你历史记录里的某一部电影：(?P<count><N>)部中<ENOUGH>原因(?:，合起来<SHARE>)?
        推荐电影<ITEM>，并不是由于你历史记录里的某一部电影：(?:里面唯一的(?P<one>一)部，分量还不够|\
            (?P<count><N>)部中<BARE><LITTLE>)""",
    "rests_everyone": """
        你的历史记录里没有足够突出的内容可以算作推荐<ITEM>的原因；<LARGEST>
        <OFUSERS>；它的推荐分里，分量远超其他各项的就是它在全体用户中的表现，你的历史记录里没有足够突出的原因
        你的历史记录里没有推荐<ITEM>的突出理由：<LARGEST>
        你的历史记录里没有哪一点单独对<ITEM>足够有利；<LARGEST>
        在<ITEM>的推荐分里，分量远超其他各项的是它在全体用户中的表现（<USERS>），你的历史记录里没有足够突出的原因
        推荐<ITEM>的缘由，追溯不到你历史记录里的某一点：<LARGEST>
        你会看到<ITEM>，但你的历史记录里没有突出的原因：<LARGEST>
        <ITEM>并不依据你自己历史记录里的某一点：(?:<LARGEST>|它在全体用户中的表现<SHARE>，远超其他各项（<USERS>）)
        推荐电影<ITEM>，并不是由于你历史记录里的某一点：<LARGEST>""",
    "unforetold": """
        这里不给出推荐<ITEM>的原因：<UNFORETOLD>
        <UNFORETOLD>，(?:因此不给出推荐<ITEM>的原因|推荐<ITEM>的原因也就不作说明)
        推荐<ITEM>(?:不附理由|的缘由不作追溯)：<UNFORETOLD>
        你会看到<ITEM>，但不说明原因：<UNFORETOLD>
        不用你自己的历史记录来解释<ITEM>：<UNFORETOLD>
        推荐电影<ITEM>的原因这里不作说明：<UNFORETOLD>
        你的历史记录对<ITEM>有利还是不利，这里不作说明：<UNFORETOLD>""",
    "no_history": """
        <ITEM><POPULAR>（<USERS>）；<NOTHING>
        <OFUSERS>，它只是据此排出来的；<NOTHING>
        没有历史记录可用：<ITEM><POPULAR>（<USERS>）
        <NOTHING>，<ITEM><POPULAR>：<USERS>
        推荐<ITEM>的缘由，追溯不到你的历史记录，那里没有可以用作依据的内容；它<POPULAR>（<USERS>）
        你会看到<ITEM>，只是按受欢迎程度排的（<USERS>）；<NOTHING>
        <ITEM>并不依据你自己的历史记录，那里没有可以用作依据的内容：它<POPULAR>（<USERS>）
        推荐电影<ITEM>，并不是由于你的历史记录，那里没有可以用作依据的内容；它<POPULAR>（<USERS>）""",
    "own_item": """
        <ITEM>(?:不算新的推荐|不需要再推荐|并非新的推荐)：<KNOWN>
        <ITEM>(?:你已经接触过|对你来说并不新鲜)，不算新的推荐：<KNOWN>
        <ITEM>本来就在你自己的历史记录里，不算新的推荐(?:：<KNOWN>)?
        不算新的推荐：<ITEM>，<KNOWN>
        <ITEM>对你来说并不新鲜：<KNOWN>
        电影<ITEM>不在推荐之列：<KNOWN>""",
}
