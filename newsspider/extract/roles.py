"""The labels of credits, in the spellings of many portals, and the role that each one means."""

import re

# Role: its labels. Longer labels are tried first, so 图片来源 is not read as 来源.
LABELS: dict[str, str] = {
    "source": "来源 來源 来源于 信息来源 文章来源 消息来源 新闻来源 内容来源 稿件来源 本文来源"
    " 稿源 文源 出处 出處"
    " 转自 转载自 轉載自 原载 首发 新聞來源 文章來源 Source Quelle Fuente Fonte Источник 出典"
    " 提供元 本文来自微信公众号 本文来自公众号 来自微信公众号 来自公众号 来源公众号 来源微信公众号"
    " 转自微信公众号 转自公众号 转载自微信公众号 转载自公众号 本文转自微信公众号 原载微信公众号"
    " 本文来自 本文转自 文章转自 本文转载自",
    "author": "作者 本文作者 文章作者 原作者 撰文 撰稿 撰稿人 执笔 執筆 文 文字 文案 主笔 主筆"
    " 专栏作者 特约作者"
    " 文/图 图/文 文图 图文 文/摄 文并摄 撰 文/视频 评论员 特约评论员 本报评论员 取材・文 文・写真"
    " 著者 Author Autor Autorin Auteur Autore"
    " Автор Text Words",
    "reporter": "记者 記者 采写 採訪 采访 采写记者 见习记者 首席记者 特约记者 实习记者 本报记者"
    " 本网记者 本刊记者 全媒体记者"
    " 融媒体记者 文字记者 特派记者 特派员 特派員 实习生 實習生 采编 采访记者 报道 Reporter"
    " Reporting",
    "correspondent": "通讯员 通訊員 特约通讯员 职工通讯员 本报通讯员 供稿人 Correspondent",
    "contributor": "供稿 投稿 供稿单位 组稿 整理 口述",
    "translator": "编译 編譯 翻译 翻譯 译者 譯者 译 訳 翻訳 Translator Übersetzung Traducción"
    " Traduction",
    "editor": "编辑 編輯 责编 責編 责任编辑 責任編輯 值班编辑 主编 主編 网络编辑 网页编辑 本文编辑"
    " 文字编辑 执行编辑 执行主编"
    " 值班主编 责任主编 见习编辑 实习编辑 新媒体编辑 微信编辑 本期编辑 本文责编 编校 编审 编发"
    " 編集 編集者 Editor Editing Redaktion Editado",
    "proofreader": "校对 校對 责任校对 责校 校審 校閲 Proofreader",
    "reviewer": "审核 審核 审校 初审 复审 复核 终审 审稿 审读 审签 签发 核稿 值班总编 总编辑 审定"
    " 编委 值班编委 值班主任 Reviewer",
    "producer": "监制 監製 总监制 总策划 策划 策劃 统筹 統籌 出品 出品人 制片 制片人 制作 總策劃"
    " Producer",
    "photographer": "摄影 攝影 摄影记者 攝影記者 图片记者 摄 攝 图 圖 图片 图片来源 圖片來源 图源"
    " 图片提供 题图 供图 拍摄 配图 首图 写真 撮影"
    " Photo Photos Photograph Photographer Photography Foto Fotos Bild Crédito Picture Pictures"
    " Image Фото Bildquelle Bildquellen Bildnachweis Bildrechte Fotoquelle Titelbild Symbolbild"
    " Beitragsbild",
    "designer": "美编 美編 设计 設計 制图 製圖 绘图 海报 插画 排版 版式 视觉 图表 动画 イラスト"
    " Illustration Grafik",
    "videographer": "视频 視頻 摄像 攝像 剪辑 后期 视频剪辑 视频记者 编导 导演 Video",
    "narrator": "播音 主播 朗读 配音 主持 主持人",
}
ROLES: dict[str, str] = {label: role for role, labels in LABELS.items() for label in labels.split()}
"""Label as printed, without its spaces: the role that Credit.role carries."""

WRITERS = ("author", "reporter", "correspondent")
"""Roles whose persons wrote the article, as Article.authors has it."""

# Labels that end the value before them and are no credits.
OTHER_LABELS = (
    "发布时间 发布日期 发稿时间 发表时间 发布于 发表于 更新时间 最后更新 更新于 时间 日期 發布時間"
    " 發佈時間 更新時間 時間 日期 阅读量 阅读次数 阅读数 阅读"
    " 浏览量 浏览次数 浏览 点击量 点击数 点击率 点击 人气 访问量 访问次数 评论数 评论 字号 字体"
    " 字號 分享到 分享 打印 收藏 关闭 所属分类 分类 栏目 频道"
    " 关键词 关键字 标签 關鍵字 標籤 原标题 原文链接 原文 原題 摘要 导读 导语 版权 索引号 文号"
    " 责任单位 发布单位 发布机构 发文机关 主题分类 资料来源 数据来源 視頻來源"
    " 视频来源 数据 资料 热线 电话 邮箱 地址 联系电话 联系人 微信号 微信 举报 报料 扫一扫 上传"
    " 上传者 录入 录入者 发布者 发布人 发布 我要评论 查看 热度"
).split()

SEPARATOR = r"[:：|｜丨/／＝=︱∣]"
MODIFIER = (
    r"(?:本报|本報|本网|本網|本刊|本台|本社|见习|見習|实习|實習|首席|特约|特約|资深|高级|驻京|"
    r"特派|职工|全媒体|融媒体|"
    r"文字|图片|摄影|视频|新闻|财经|体育|调查|值班|责任|執行|执行|法治|法制|政法)"
)
MODIFIER_CHARACTERS = "本见見实實首特资高驻职全融文图摄视新财体调值责执執法政"
"""What modifiers begin with."""
DIGIT_OR_CLOCK = re.compile(r"(?:19|20)\d\d\s?[-./年]\s?\d{1,2}|\d{1,2}:\d\d|\d{1,2}月\d{1,2}日")


def _spaced(label: str) -> str:
    """Return the pattern of *label*, whose characters may stand apart: 编 辑."""
    if label.isascii():
        # No part of a word: Bildquelle is no Quelle.
        return rf"(?<![A-Za-zÀ-ɏ]){re.escape(label)}"
    if len(label) < 2 or "/" in label:
        return re.escape(label).replace("/", r"\s?[/／、]?\s?")
    # A category compiles ten times as fast as a class of the three spaces that occur.
    return r"\s{0,4}".join(map(re.escape, label))


def alternatives(labels: list[str] | tuple[str, ...]) -> str:
    """Return the pattern of any of *labels*, the longest first."""
    return "|".join(_spaced(label) for label in sorted(set(labels), key=len, reverse=True))
