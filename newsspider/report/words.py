"""What the report says, in English and Chinese."""

WORDS: dict[str, tuple[str, str]] = {
    "title": ("News archive, {month}", "新闻档案 {month}"),
    "all": ("all portals", "全部站点"),
    "articles": ("articles", "篇文章"),
    "per_day_average": ("articles a day", "日均篇数"),
    "edited": ("edits after publication", "次发布后修改"),
    "removed": ("articles gone or moved", "篇下线或移址"),
    "crawls": ("crawls", "次采集"),
    "failed": ("of them failed", "次失败"),
    "per_day": ("Articles per day", "每日文章数"),
    "gap_note": (
        "Marked: far fewer than on the same weekdays around.",
        "阴影：明显少于前后几周的同一星期日。",
    ),
    "sites": ("Portals", "站点"),
    "sources": ("Sources (来源)", "来源"),
    "sections": ("Sections", "栏目"),
    "edits": ("Edits after publication", "发布后的修改"),
    "edit_classes": ("What was changed", "修改类别"),
    "gone": ("Taken down or moved", "下线与移址"),
    "gaps": ("Days with too little", "发文偏少的日子"),
    "alarms": ("Alarms", "告警"),
    "nothing": ("Nothing this month.", "本月没有。"),
    "more": ("The latest {shown} of {total}.", "共 {total} 条，以下是最近的 {shown} 条。"),
    "when": ("when", "时间"),
    "what": ("what", "内容"),
    "article": ("article", "文章"),
    "portal": ("portal", "站点"),
    "changed": ("changed", "改动"),
    "reason": ("why", "原因"),
    "last_seen": ("last seen", "最后所见"),
    "section": ("section", "栏目"),
    "usual": ("usual", "通常"),
    "whole": ("the whole portal", "整个站点"),
    "until": ("until", "结束"),
    "footer": (
        "Made by newsspider from the archive of {made}.",
        "由 newsspider 根据 {made} 的档案生成。",
    ),
}

NAMES_ZH = {
    "title": "标题", "kicker": "引题", "subtitle": "副题", "body": "正文", "source": "来源",
    "authors": "作者", "editors": "编辑", "credits": "署名", "credit": "署名", "images": "图片",
    "section": "栏目", "dateline": "电头", "date_published": "发布时间", "date": "时间",
    "wording": "措辞", "number": "数字", "paragraph removed": "删段", "field vanished": "字段消失",
    "punctuation only": "仅标点",
}  # fmt: skip
"""Fields and classes of edits in Chinese."""


def named(name: str, language: str) -> str:
    """Return what *language* calls a field or a class of edits; one without a word as it is."""
    return NAMES_ZH.get(name, name) if language == "zh" else name


def speaker(language: str) -> dict[str, str]:
    """Return every text in *language*, `zh` or English."""
    return {key: both[language == "zh"] for key, both in WORDS.items()}
