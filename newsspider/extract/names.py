"""Names of persons in credits: where one ends and the next begins, and what is no person at all."""

import re

from newsspider.text import HAN, collapse

MAX_NAME = 40
"""Characters; a longer value is prose."""

# The surnames of nineteen in twenty Chinese, both scripts, then the compound ones still in use.
SURNAMES = frozenset(
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林高罗羅郑鄭梁谢謝宋唐许許邓鄧冯馮韩韓曹曾彭萧蕭肖蔡"
    "潘田董袁于余叶葉蒋蔣杜苏蘇魏程吕呂丁沈任姚卢盧傅钟鐘锺姜崔谭譚廖范範汪陆陸金石戴贾賈韦韋夏邱丘方侯邹鄒熊"
    "孟秦白江阎閻闫薛尹段雷黎史龙龍陶贺賀顾顧毛郝龚龔邵万萬钱錢严嚴赖賴覃洪武莫孔汤湯向常温溫康施文牛樊葛邢安齐"
    "齊易乔喬伍庞龐颜顏倪庄莊聂聶章鲁魯岳翟殷詹申欧歐耿关關兰蘭焦俞左柳甘祝包宁寧尚符舒阮柯纪紀梅童凌毕畢单單季"
    "裴霍涂塗成苗谷盛曲翁冉骆駱蓝藍路游辛靳欧管柴蒙鲍鮑华華喻祁蒲房滕屈饶饒解牟艾尤阳陽时時穆农農司卓古吉缪繆简"
    "簡车車项項连連芦蘆麦麥褚娄婁窦竇戚岑景党黨宫宮费費卜冷晏席卫衛米柏宗瞿桂全佟应應臧闵閔苟邬鄔边邊卞姬师師和"
    "仇栾欒隋商刁沙荣榮巫寇桑郎甄丛叢仲虞敖巩鞏明佘池查麻苑迟遲邝鄺官封谈談匡鞠惠荆荊乐樂冀郁胥南班储儲原栗燕楚"
    "鄢劳勞谌諶奚皮粟冼蔺藺楼樓盘盤满滿闻聞位厉厲伊仝区區郜海阚闞花权權强強帅帥屠豆朴盖蓋练練廉禹井祖漆巴丰豐支"
    "卿国國狄平计計索宣晋晉相初门門云雲容敬来來扈晁芮都普阙闕浦戈伏鹿薄邸雍辜羊阿乌烏母裘亓修邰赫杭洛咸"
)
# The compound ones of the Hundred Family Surnames, and others that are still borne.
COMPOUND_SURNAMES = frozenset(
    """
    欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 东方 東方 皇甫
    尉迟 尉遲 公孙 公孫 慕容 令狐 司徒 夏侯 宇文 端木
    长孙 長孫 轩辕 軒轅 百里 呼延 南宫 南宮 东郭 東郭
    西门 西門 独孤 獨孤 纳兰 納蘭 完颜 完顏 申屠 澹台
    澹臺 公冶 太史 闻人 聞人 闾丘 閭丘 司空 濮阳 濮陽
    淳于 单于 單于 赫连 赫連 钟离 鍾離 万俟 萬俟 宗政
    太叔 仲孙 仲孫 鲜于 鮮于 亓官 司寇 子车 子車 颛孙
    顓孫 巫马 巫馬 公西 漆雕 乐正 樂正 壤驷 壤駟 公良
    拓跋 夹谷 夾谷 宰父 谷梁 榖梁 段干 羊舌 微生 梁丘
    左丘 公羊 公输 公輸 拓拔 达奚 達奚 贺兰 賀蘭 爱新
    叶赫 葉赫 那拉 费莫 費莫 富察 钮祜 哥舒 耶律 侯莫
    北宮 相里 季孙 公仪 公儀
    """.split()
)
# Words that begin like a name and are none: brackets at the end of paragraphs hold them.
NO_NAMES = frozenset(
    """
    高雄 金门 金門 连江 连云 黄山 黄石 黄河 长江 江苏 江西 广东 云南 云林 雲林 安徽 安阳 宁夏
    宁波 海南 海口 海外 南京 南方 南昌 南宁 成都 温州 常州 常德 金华 包头 石家庄 乌鲁木齐
    马来西亚 白银 田野 文化 文中 文字 文章 文图 图文 华为 华盛顿 温哥华 单位 平安 时报 时间 时事
    成员 应该 全文 全国 全球 全部 国内 国际 国家 明天 强调 满意 安全 方法 方案 平台 计划 相关
    海报 金融 万元 和平 都市 原文 原创 路透 完毕 来源 来自 于是 于此 何时 任何 有限 高清 石油
    公司 关于 关注 连载 终审 简介 万人 宣传 后续 上接 下转 待续 未完 本文 以上 以下 节选 摘编
    有删节 有删改 有删减 文内 常务
    """.split()
)
NOBODY = re.compile(
    r"(?:未知|佚名|匿名|無名|无名|无|無|暂无|系统管理员|管理员|超级管理员|admin\w*|administrator|"
    r"root|user|editor|"
    r"webmaster|test|guest|anonymous|unknown|none|null|本站|本网|本報|本报|本刊|本站原创|本网原创|"
    r"原创|网络|網絡|網路|互联网|"
    r"网络整理|网络转载|网络综合|综合|综合整理|综合报道|整理|转载|互联网整理|来源网络|网友|网编|"
    r"小编|编辑|責任編輯|责任编辑|"
    r"记者|記者|通讯员|作者|佚名|其他|其它|不详|略|内详|staff|newsroom|redaktion|redacci[oó]n|"
    r"redazione|r[ée]daction)",
    re.I,
)
PLACEHOLDER_SOURCE = re.compile(
    r"(?:本站|本站原创|本网原创|本网|网站原创|原创|网络|網絡|網路|互联网|網際網路|网络整理|"
    r"网络转载|网络综合|互联网整理|"
    r"来源网络|未知|不详|佚名|转载|其他|其它|综合|综合整理|admin|无|無|暂无|整理|自编|none|null|"
    r"unknown|n/a)",
    re.I,
)
# What ends the name of an outlet or a department; single characters end names of persons, too.
OUTLET_ENDING = re.compile(
    r"(?:新闻|新聞|日报|日報|晚报|晚報|时报|時報|早报|早報|快报|商报|青年报|周报|周刊|週刊|杂志|"
    r"雜誌|月刊|客户端|客戶端|在线|在線|"
    r"频道|頻道|编辑部|編輯部|评论部|通讯社|通訊社|电视台|電視台|广播|工作室|中心|公司|集团|集團|"
    r"公众号|公号|微信|微博|头条号|"
    r"发改委|委员会|办公室|事务所|研究院|研究所|研究室|学院|大学|大學|中学|小学|协会|协會|学会|"
    r"法院|检察院|公安局|总局|"
    r"总站|分社|组委会|宣传部|党委|支部|融媒体?|全媒体|传媒|网站|论坛|平台|栏目|栏目组|编辑室|"
    r"资讯|财经|之家|APP|\.com|\.cn)$",
    re.I,
)
# Of these no given name is made: 江淮网 is no person called 江.
OUTLET_FOR_SURE = re.compile(r"[网網局厅廳办辦站馆館厂]$")
OUTLET_CHARACTER = re.compile(r"[报報网網社台臺局厅廳委部处處办辦院所站组組会會馆館厂校]$")

# 微信公众号“某某”（ID：abc）: an account of self-media, behind the platform that it is on.
ACCOUNT = re.compile(
    r"(?:本文)?(?:转?载?自|来自|來自)?(?:微信|搜狐|网易|今日|腾讯|新浪)?"
    r"(?:公众号|公眾號|公号|订阅号|头条号|百家号|搜狐号|网易号|企鹅号|大鱼号|澎湃号|微博)"
    r"\s?[:：“”\"「『《【\s·|]+(?P<name>[^“”\"」』》】（(:：]{2,30})[”\"」』》】]?\s?(?:[（(][^（()）]*[)）]?)?",
)

STAFF_CODE = re.compile(
    r"[\s_-]{0,2}(?<![A-Za-z])[A-Z]{1,4}_?\d{2,6}(?![A-Za-z\d])|[_-]\s?[A-Z]{0,3}\d{2,8}"
)
BRACKETED = re.compile(r"[（(\[【][^（()）\[\]【】]{0,40}[）)\]】]?")
# A post before a name, with the outlet it is held at: 观察者网专栏作者 王文.
TITLE_BEFORE = re.compile(
    r"^[^\s、，,;；]{0,16}?(?:记者|記者|作者|通讯员|通訊員|撰稿人|撰稿|评论员|評論員|特派员|"
    r"特派員|实习生|實習生|研究员|主笔|编辑|編輯)"
    r"(?:们)?[\s:：]{0,3}"
)
# What a person did, after the name; one character only apart from it, since names end so, too.
WORK_AFTER = re.compile(
    r"(?:[\s/]{1,3}(?:整合|整理|综合|编译|采写|撰文|文图|图文|摄影|攝影|摄|攝|图|圖|文|撰|译|实习)"
    r"|[\s/]{0,3}(?:综合报道|綜合報導|摄影报道|攝影報導|报道|報導|報道))$"
)
SEPARATORS = re.compile(r"[、，,;；/／&＆|｜丨+\n\u2028]|\s(?:and|und|et|y)\s")
DOMAIN = re.compile(r"[a-z0-9]\.[a-z]{2,4}\b")
HAN_ONLY = re.compile(f"[{HAN}]+")
EDGES = " \t\n:：.。·•-—–_*#\"'“”‘’《》<>（）()[]【】{}〔〕@"


def split_names(text: str) -> list[str]:
    """Return the persons named in *text*, in order, none twice; no outlet, no placeholder.

    Chinese names part at 、 and at spaces, `李 明` is one name, and glued ones are parted where
    only one parting gives names. Latin names keep their spaces. Staff codes and remarks in
    brackets go.

    >>> split_names("周素雅吴继华、李 明 PK155"), split_names("新华社"), split_names("Demi Xia")
    (['周素雅', '吴继华', '李明'], [], ['Demi Xia'])
    """
    text = BRACKETED.sub(" ", STAFF_CODE.sub(" ", text))
    names: list[str] = []
    for piece in SEPARATORS.split(text):
        piece = collapse(piece)[: 4 * MAX_NAME].strip(EDGES)
        piece = WORK_AFTER.sub("", TITLE_BEFORE.sub("", piece)).strip(EDGES)
        names.extend(name for name in _parted(piece) if not is_nobody(name))
    return list(dict.fromkeys(names))


def _parted(piece: str) -> list[str]:
    """Return the names in *piece*, which holds no separators but spaces."""
    names: list[str] = []
    pending = ""
    for word in piece.split():
        word = word.strip(EDGES)
        if not word:
            continue
        if HAN_ONLY.fullmatch(word):
            if len(word) == 1 or len(pending) == 1:
                # A name of two characters set as wide as one of three.
                pending += word
                if len(pending) == 1:
                    continue
                word, pending = pending, ""
            names.extend(unglued(word))
        elif names and not _has_han(word) and not _has_han(names[-1]):
            names[-1] += f" {word}"
        else:
            names.append(word)
    return names


def _has_han(text: str) -> bool:
    return any(HAN_ONLY.match(c) for c in text)


def unglued(word: str) -> list[str]:
    """Return the names that *word* is glued from, itself where that is not sure.

    >>> unglued("周素雅吴继华"), unglued("欧阳修文"), unglued("体育教科书")
    (['周素雅', '吴继华'], ['欧阳修文'], ['体育教科书'])
    """
    if not 4 <= len(word) <= 9 or word[:2] in COMPOUND_SURNAMES or is_outlet(word):
        return [word]
    ways: list[list[str]] = [[]]
    done = []
    while ways:
        way = ways.pop()
        rest = word[sum(map(len, way)) :]
        if not rest:
            done.append(way)
            continue
        ways.extend([*way, rest[:n]] for n in (2, 3) if len(rest) >= n and rest[0] in SURNAMES)
    return done[0] if len(done) == 1 else [word]


def is_han_name(text: str) -> bool:
    """Tell whether *text* is surely a Chinese name: a surname and one or two characters."""
    if not HAN_ONLY.fullmatch(text) or text in NO_NAMES or OUTLET_ENDING.search(text):
        return False
    if len(text) > 2 and OUTLET_FOR_SURE.search(text):
        return False
    if text[:2] in COMPOUND_SURNAMES:
        return 3 <= len(text) <= 4
    return 2 <= len(text) <= 3 and text[0] in SURNAMES


def is_outlet(text: str) -> bool:
    """Tell whether *text* is the name of an outlet, a department or a firm by its ending."""
    if OUTLET_ENDING.search(text):
        return True
    return bool(OUTLET_CHARACTER.search(text)) and not is_han_name(text)


def is_nobody(name: str) -> bool:
    """Tell whether *name* names no person: a placeholder, an outlet, a number, prose."""
    return (
        len(name) < 2
        or len(name) > MAX_NAME
        or not any(map(str.isalpha, name))
        or bool(NOBODY.fullmatch(name))
        or is_outlet(name)
        or (len(name) > 12 and bool(HAN_ONLY.fullmatch(name)))
        or "http" in name
        or bool(DOMAIN.search(name))
        or "@" in name
    )


def account_of(text: str) -> str:
    """Return the account that *text*, printed as a source, names beside its platform; *text* itself
    where it names none.

    >>> account_of("微信公众号“河边观察”（ID：hebian）"), account_of("渤海早报")
    ('河边观察', '渤海早报')
    """
    match = ACCOUNT.fullmatch(text)
    return match["name"].strip() if match else text


def is_placeholder_source(text: str) -> bool:
    """Tell whether *text*, printed as a source, names no outlet."""
    return not text or bool(PLACEHOLDER_SOURCE.fullmatch(text)) or not any(map(str.isalnum, text))
