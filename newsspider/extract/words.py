"""The vocabulary of news pages: what headings, labels and notices say, in the languages that
portals use.
"""

import re

from newsspider.extract.phrases import Phrases

LIST_HEADING = Phrases(
    r"相关|相關|延伸|推荐|推薦|更多|阅读|閱讀|热门|熱門|热点|熱點|排行|榜|最新|猜你|爱看|愛看|"
    r"为您|為您|为你|大家都|精彩|要闻|要聞|"
    r"头条|頭條|点击|點擊|焦点|焦點|往期|回顾|专题|專題|栏目|新闻|新聞|文章|看点|图集|热榜|热评|"
    r"关注|"
    r"\brelated\b|\brecommended\b|\bmore (?:from|on|in|stories|news|articles|about|like|to|top|"
    r"coverage)\b|\bmost (?:read|popular|viewed|recent|shared)\b|"
    r"\btrending\b|\blatest\b|\balso\b|\byou (?:may|might)\b|\bread (?:next|more|also)\b|"
    r"\bpopular\b|\bdon['’]t miss\b|"
    r"\btop stories\b|\bup next\b|\bkeep reading\b|\bfurther reading\b|\bin this (?:story|"
    r"article)\b|\beditor['’]?s['’]? picks?\b|"
    r"\bmehr (?:zum|zu|aus|von|lesen)\b|\bweitere\b|\bauch interessant\b|\blesen sie\b|"
    r"\bmeistgelesen\b|\bempfehl|\bthemen\b|"
    r"\blire aussi\b|\bà lire\b|\bsur le même\b|\bles plus lus\b|\bte puede interesar\b|"
    r"\brelacionad|\blee también\b|\blo más\b|"
    r"\bleia (?:mais|também)\b|\bmais lidas\b|\bleggi anche\b|\bpotrebbe\b|\blees ook\b|"
    r"\blæs også\b|\bläs (?:också|mer|även)\b|\bles også\b|"
    r"читайте также|по теме|похожие|関連|おすすめ|ランキング|新着|관련|추천",
    needs="related|recommended|more |most |trending|latest|also|you m|read |popular|miss|stories|"
    "up next|keep |further |in this |pick|mehr |weitere|interessant|lesen sie|gelesen|empfehl|"
    "themen|lire|sur le |les plus|te puede|relacionad|lee |lo m|leia|lidas|leggi|potrebbe|lees |"
    "læs |läs |les |相关|相關|延伸|推荐|推薦|更多|阅读|閱讀|热|熱|排行|榜|最新|猜你|爱看|愛看|为|"
    "您|大家都|精彩|要闻|要聞|头条|頭條|点|點|焦|往期|回顾|专题|專題|栏目|新闻|新聞|文章|图集|关注|"
    "также|по теме|похожие|関連|おすすめ|ランキング|新着|관련|추천",
)
"""Headings of lists of links."""

NO_ARTICLES = Phrases(
    r"^(?:广告|廣告|赞助|推广|友情链接|合作伙伴|相关搜索|相關搜尋|热门搜索|热搜词|热门标签|标签|"
    r"最新评论|网友评论|评论|视频推荐|advertisement|sponsored|tags|comments|partners)|书|小说|"
    r"广告|专区入口",
)
"""Headings of lists of something else than articles."""

READ_ON = Phrases(
    r"相关|相關|延伸|推荐|推薦|阅读|閱讀|猜你|爱看|愛看|为您|为你|往期|related|recommended|"
    r"read (?:next|more|also)|also|more from|"
    r"mehr zum|weitere|lire aussi|relacionad|te puede|leia|leggi|関連",
)
"""Headings under which a single link is a list."""

POPULAR = Phrases(
    r"热|熱|榜|排行|点击|點擊|popular|most|trending|meistgelesen|plus lus|mais lidas|lo más|"
    r"ランキング",
)
LATEST = Phrases(r"最新|近期|滚动|滾動|即时|即時|latest|recent|neueste|dernières|últimas|新着")
RECOMMENDED = Phrases(
    r"推荐|推薦|爱看|愛看|为您|為您|为你|猜你|精彩|精选|recommend|you may|you might|picks|empfehl|"
    r"te puede|おすすめ|추천",
)
RELATED = Phrases(r"相关|相關|延伸|related|zum thema|même sujet|relacionad|по теме|関連|관련")

NEIGHBOUR = Phrases(
    r"^[\s<>«»←→‹›\[【(（]*(?:上一?[篇条條则則]|下一?[篇条條则則]|前一篇|后一篇|後一篇|"
    r"previous(?: article| post| story)?|next(?: article| post| story)?)\s*(?:[:：]|$|"
    r"[)）\]】»→›])",
)
"""Links to the articles before and behind this one: neither pages nor related."""

MORE = Phrases(
    r"^[\s\[【(（<《]*(?:更多|查看更多|查看全文|阅读全文|閱讀全文|阅读更多|全文|详细|详情|"
    r"详细内容|more|read more|full story|weiterlesen|mehr|lire la suite|"
    r"leer más)[\s\]】)）>》»›→….]*$",
)
"""A link that repeats its item's address behind the teaser."""

SENTENCE = re.compile(r"[。！？；…]|[.!?](?:[\"'”’)\]]*(?:\s|$)|\()|[，,] ?\S")
"""Punctuation that prose has and labels do not."""

SENTENCE_END = re.compile(r"[。！？!?.…”\"'’」』）)：:;；»]\s*$")

EDITOR_LINE = Phrases(
    r"^[\s（(【\[]*(?:责任编辑|責任編輯|责编|責編|编辑|編輯|编审|审核|審核|校对|校對|监制|"
    r"監製|终审|值班(?:编辑|主任))"
    r"\s*[:：|｜/／]",
)
"""Openings of lines that name editors: credits, not text."""

NOTICE = Phrases(
    r"^\W*(?:advert(?:isement)?s?|werbung|anzeige|publicité|publicidad|reklam[ae]?|annonse|広告|"
    r"article content|caption|close|loading|"
    r"share(?: this(?: article| story| page)?)?|print|email|comments?|subscribe(?: now)?|"
    r"sign (?:up|in)|log ?in|register|follow us|"
    r"story continues below(?: advertisement)?|continue reading(?: below)?|explore further|"
    r"don['’]?t miss|related(?: (?:news|articles?|stories|posts?|content))?|"
    r"more|read more|see more|view (?:all|gallery|more)(?: \(\d+\))?|show (?:more|less)|"
    r"back to top|top|placeholder image.{0,4}|"
    r"\d+ of \d+|(?:\d+|un|one) min(?:ute)?s? read|\d+ shares?|\d+ comments?|image \d+ of \d+|"
    r"分享到?|打印(?:本页)?|关闭(?:窗口)?|收藏|字体|字号|扫一扫|点赞|举报|纠错|返回(?:顶部|首页|"
    r"列表)|上一页|下一页|正文|"
    r"责任编辑|广告|相关(?:新闻|阅读|报道|链接)|延伸阅读|更多(?:精彩)?(?:内容|新闻)?)\W*$",
)
"""Whole lines that belong to the page, not to the article."""

PAGER = re.compile(
    r"(?:[\d\s\[\]【】()（）«»‹›<>|·.…]|[上下前后後首尾末][一1]?[页頁]|[第共]\s?\d+\s?[页頁]|余下全文|餘下全文|"
    r"剩余全文|(?:next|prev(?:ious)?)(?: page)?|page|of)+",
    re.I,
)
"""A whole line of page numbers and the words that turn pages."""

NOTICE_START = Phrases(
    r"^\W*(?:read (?:more|also|next)|see (?:more|also)|related(?: (?:post|article|story|stories|"
    r"content|reading|news))?|also read|more from|"
    r"watch(?: (?:now|also|more))?|listen(?: (?:now|here))?|lesen sie (?:auch|mehr)|mehr (?:dazu|"
    r"zum thema)|lire aussi|à lire aussi|lee también|leia (?:também|mais)|"
    r"leggi anche|lees ook|les også|läs (?:också|mer|även)|相关阅读|相关新闻|延伸阅读|推荐阅读|"
    r"更多(?:内容|精彩)?|阅读更多)\s*[:：»>–|\-]",
)
"""Openings of lines that lead to other articles."""

IMPRINT = Phrases(
    r"版[权權]所有|凡本[网網报報站刊]|未经.{0,12}(?:授权|许可)|未經.{0,12}(?:授權|許可)|"
    r"ICP\s?[备備证證]|[公网網]安[备備]|[许許]可[证證]|举报电话|copyright|©|all rights reserved|"
    r"alle rechte vorbehalten|tous droits réservés|todos los derechos|tutti i diritti",
    needs="所有|凡本|未经|未經|icp|安备|安備|可证|可證|举报|copyright|©|rights|rechte|droits|"
    "derechos|diritti",
)
"""What the lines at the foot of a page say: whose it is, who has registered it."""

SERVICE = Phrases(
    r"this (?:website|site|page) uses cookies|we(?:['’]ll|"
    r" will)? (?:and our partners )?use (?:of )?cookies|\bcookies? (?:policy|settings|preferences|"
    r"consent)\b|\bcookies (?:are absolutely essential|that (?:may not be|help us))|"
    r"utilis(?:e|ons) des cookies|(?:utiliza|usa) cookies|utilizza (?:i )?cookie|"
    r"verwende[tn] cookies|"
    r"(?:sign up|subscribe|register)(?: now| here| today)? (?:for|to)(?: our| the| your| get|"
    r" receive| read| unlock| continue)?\b|create an account or sign in|"
    r"\bnewsletters?\b.{0,60}(?:inbox|sign up|subscribe|anmelden)|already (?:a|"
    r"have an?) (?:subscriber|account|member)|reserved for subscribers|"
    r"réservée? (?:à nos|aux) abonnés|déjà abonnée?\b|(?:exclusivo|solo) para suscriptores|"
    r"(?:riservato|solo) agli abbonati|"
    r"有料会員(?:の方|限定|になると|登録)|有料記事(?:です|が読み|をお読み)|"
    r"ニュースレターの(?:登録|配信)|メールアドレス(?:に|は|宛).{0,24}(?:送|登録)|"
    r"ログイン(?:して|すると)|무단 ?전재|재배포 ?금지|"
    r"(?:your|this) (?:web )?browser (?:does not|doesn['’]t|is not)|(?:enable|requires|"
    r"activate) javascript|javascript (?:is|must be|aktivieren)|"
    r"eingebettete inhalte anzuzeigen|klick für den datenschutz|datenschutz(?:erklärung|hinweis)|"
    r"all rights reserved|alle rechte vorbehalten|tous droits réservés|"
    r"follow (?:us|me|him|her|\w+ \w+) on (?:twitter|facebook|instagram|x\b)|like us on facebook|"
    r"download (?:our|the) (?:free )?app|"
    r"we may (?:earn|receive) (?:a |an )?(?:\w+ )?commission|commission,? at no |"
    r"扫(?:描|一扫).{0,12}(?:二维码|关注)|关注.{0,12}(?:公众号|微信号|微博)|长按.{0,8}识别|"
    r"(?:未经|如需).{0,10}(?:授权|许可).{0,10}转载|版权(?:归|所有|声明)|"
    r"(?:免责|特别)(?:声明|提示)|(?:不|并不)代表.{0,12}(?:观点|立场)|如(?:有|涉及)侵权|"
    r"欢迎(?:下载|关注)|点击(?:下载|进入|查看|这里)|打开.{0,6}(?:APP|客户端)|转载请(?:注明|"
    r"标明)|原文(?:链接|地址|网址)\s*[:：]|permalink\s*:|文明(?:上网|发言)",
    needs="cookie|abonné|suscriptor|abbonati|有料|ニュースレター|メールアドレス|ログイン|전재|재배포|"
    "sign up|subscribe|register|create an account|newsletter|already |reserved for|"
    "browser|javascript|eingebettete|datenschutz|rights reserved|rechte vorbehalten|"
    "droits réservés|follow |like us|download |commission|permalink|扫|关注|长按|转载|版权|声明|"
    "提示|代表|侵权|欢迎|点击|打开|原文|文明",
)
"""Sentences of the site about itself, not of the article."""

PHOTO_CREDIT = Phrases(
    r"\((?:image|photo|picture|pic|file photo|foto|bild|credit|source)s?\s*[:/]|\b(?:image|photo|"
    r"picture|foto|bild|credit|fotó|nuotr)s?(?: credit| by| courtesy| source)?\s*[:/]\s*\S|"
    r"©|\((?:AP|AFP|Reuters|Getty|EPA|dpa|NASA)[^)]{0,40}\)\s*$|\b(?:getty images|ap photo|"
    r"afp via getty|shutterstock|picture[- ]alliance|imago|istock|unsplash)\b|"
    r"(?:摄|攝|供图|图源|图片来源|资料图片?|图为.{0,40}|新华社发)[)）。]?\s*$|^\W*(?:图|图片|图为|"
    r"资料图|配图)\s*[:：|\d]",
    needs="(|image|photo|picture|foto|bild|credit|fotó|nuotr|©|getty|shutterstock|imago|istock|"
    "unsplash|摄|攝|图|新华社发",
)
"""What captions say about who took the picture."""
