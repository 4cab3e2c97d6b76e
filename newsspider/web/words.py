"""The words of the reading room in English and Chinese."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

Words = Callable[..., str]

MESSAGES: dict[str, tuple[str, str]] = {
    # frame
    "room": ("Reading room", "阅览室"),
    "skip": ("Skip to the content", "跳到正文"),
    "main_menu": ("Main menu", "主菜单"),
    "front": ("Front page", "首页"),
    "search": ("Search", "搜索"),
    "tables": ("Tables and SQL", "数据表与 SQL"),
    "language": ("Language", "语言"),
    "theme": ("Colours", "配色"),
    "theme_auto": ("As the system", "跟随系统"),
    "theme_light": ("Light", "浅色"),
    "theme_dark": ("Dark", "深色"),
    "as_json": ("This page as JSON", "本页的 JSON"),
    "keys": ("Keys", "快捷键"),
    "key_search": ("search", "搜索"),
    "key_next": ("next entry", "下一条"),
    "key_previous": ("previous entry", "上一条"),
    "key_open": ("open it", "打开"),
    "key_help": ("this help", "本帮助"),
    "close": ("Close", "关闭"),
    # numbers and times
    "n_articles": ("{n:,} articles", "{n:,} 篇"),
    "n_article": ("{n:,} article", "{n:,} 篇"),
    "today": ("today", "今天"),
    "days_ago": ("{n:,} d ago", "{n:,} 天前"),
    "no_date": ("no date", "无日期"),
    # front page
    "portals": ("Portals", "站点"),
    "portal": ("Portal", "站点"),
    "articles": ("Articles", "文章"),
    "newest": ("Newest", "最新"),
    "newest_articles": ("Newest articles", "最新文章"),
    "calendar": ("Articles per day", "每日篇数"),
    "calendar_of": (
        "Calendar of articles per day from {first} to {last}, {n:,} in all",
        "{first} 至 {last} 每日篇数日历，共 {n:,} 篇",
    ),
    "line_of": (
        "Line of articles per day from {first} to {last}; at most {most:,} on a day",
        "{first} 至 {last} 每日篇数曲线，单日最多 {most:,} 篇",
    ),
    "mean": ("The thicker line is the mean over a week.", "粗线为七日平均。"),
    "by_month": ("By month, as a table", "按月列表"),
    "month": ("Month", "月份"),
    "last_year": ("latest", "最近一年"),
    "empty_archive": (
        "The archive is empty. newsspider crawl fills it.",
        "档案为空。请先运行 newsspider crawl。",
    ),
    "totals": (
        "{articles:,} articles · changes by publishers: {edits:,} · gone or moved: {absent:,}",
        "{articles:,} 篇文章 · {edits:,} 次发布后修改 · {absent:,} 篇已下线或移动",
    ),
    "alarms": ("Alarms", "警报"),
    "alarm_since": ("since {since}", "自 {since}"),
    "alarm_pages": ("Pages that show it", "相关网页"),
    "alarm_articles_unrecognised": ("Articles are not recognised", "新网页认不出文章"),
    "alarm_body_shrank": ("Texts have become short", "正文变短"),
    "alarm_encoding_trouble": ("Garbled characters", "出现乱码"),
    "alarm_field_vanished": ("A field is missing", "字段消失"),
    "alarm_list_found_nothing": ("A list names nothing", "列表为空"),
    "alarm_newest_too_old": ("Nothing new for long", "久无新文章"),
    "alarm_section_empty": ("A section has nothing new", "栏目变空"),
    "alarm_selector_missed": ("A selector no longer matches", "选择器失效"),
    "alarm_too_many_errors": ("Many requests fail", "报错太多"),
    "to_facets": ("Narrow down ↓", "筛选 ↓"),
    # search
    "search_for": ("Words to find", "检索词"),
    "hint": (
        'Words, "phrases", OR, -without, title: source: author: since: until:',
        "检索词、“短语”、OR、-排除、title: source: author: since: until:",
    ),
    "since": ("From", "起"),
    "until": ("Up to", "止"),
    "all_portals": ("All portals", "全部站点"),
    "order": ("Order", "排序"),
    "order_newest": ("Newest first", "按时间"),
    "order_best": ("Best first", "按相关度"),
    "status": ("Status", "状态"),
    "status_any": ("Any status", "全部状态"),
    "status_live": ("Live", "在线"),
    "status_gone": ("Gone", "已下线"),
    "status_moved": ("Moved", "已移动"),
    "hit": ("{n:,} hit", "{n:,} 条结果"),
    "hits": ("{n:,} hits", "{n:,} 条结果"),
    "more_hits": ("More than {n:,} hits", "超过 {n:,} 条结果"),
    "counted": (
        "Counts and pages are of the newest {n:,}.",
        "计数与翻页限于最新的 {n:,} 条。",
    ),
    "ranked_within": (
        "The best were looked for among the newest {n:,}.",
        "相关度排序限于最新的 {n:,} 条。",
    ),
    "nothing": ("Nothing was found.", "没有找到。"),
    "nothing_hint": (
        "Fewer words, no dates, or another spelling may help.",
        "可减少检索词、去掉日期，或换一种写法。",
    ),
    "bad_search": ("This search cannot be read", "无法理解这条检索式"),
    "narrow": ("Narrow down", "筛选"),
    "facet_site": ("Portal", "站点"),
    "facet_source": ("Source", "来源"),
    "facet_author": ("Author", "作者"),
    "facet_section": ("Section", "栏目"),
    "facet_month": ("Month", "月份"),
    "remove": ("Remove", "取消"),
    "pages": ("Pages of results", "结果翻页"),
    "previous_page": ("Previous page", "上一页"),
    "next_page": ("Next page", "下一页"),
    "page_of": ("Page {page:,} of {pages:,}", "第 {page:,} / {pages:,} 页"),
    "how_title": ("How to search", "检索方法"),
    "how_han": (
        "Han characters that stand together are one word; simplified and traditional are the same.",
        "连写的汉字作为一个词检索；简体与繁体等同。",
    ),
    "how_and": ("holds both words", "同时包含两词"),
    "how_or": ("holds one of them", "包含其一"),
    "how_not": ("without the second", "不含后者"),
    "how_field": ("by source, author, title", "按来源、作者、标题"),
    "how_dates": ("published in this span", "限定发布时间"),
    # article
    "no_title": ("(no title)", "（无标题）"),
    "published": ("Published", "发布"),
    "modified": ("Changed by the portal", "站点标注更新"),
    "source": ("Source", "来源"),
    "authors": ("Authors", "作者"),
    "editors": ("Editors", "编辑"),
    "section": ("Section", "栏目"),
    "keywords": ("Keywords", "关键词"),
    "original": ("Original page", "原网页"),
    "image": ("Image", "图片"),
    "images": ("Images", "图片"),
    "image_note": (
        "Pictures are links: nothing is loaded from elsewhere.",
        "图片仅为链接：本页不从外部加载任何内容。",
    ),
    "credits": ("Credits", "署名"),
    "role": ("Role", "角色"),
    "name": ("Name", "姓名"),
    "as_printed": ("As printed", "原文"),
    "provenance": ("Where each value comes from", "各字段的出处"),
    "field": ("Field", "字段"),
    "given_by": ("Given by", "出处"),
    "related": ("Related lists", "相关列表"),
    "no_heading": ("(without a heading)", "（无标题列表）"),
    "in_archive": ("in the archive", "已存档"),
    "recommended_by": ("Recommended by", "被下列文章推荐"),
    "copies": ("Copies of this story", "同文转载"),
    "this_article": ("this article", "本文"),
    "first_copy": ("earliest", "最早"),
    "taken_from": ("taken from", "转自"),
    "basis_outlet": ("its source is that portal", "来源即该站点"),
    "basis_source": ("both name the same source", "来源相同"),
    "basis_earliest": ("the earliest copy", "最早的副本"),
    "likeness_exact": ("word for word", "全文一致"),
    "likeness_near": ("nearly the same", "基本一致"),
    "likeness_touched": ("touched up", "略有改动"),
    "title_changed": ("other title", "改了标题"),
    "sentences_dropped": ("sentences dropped: {n:,}", "删去 {n:,} 句"),
    "sentences_added": ("sentences added: {n:,}", "增加 {n:,} 句"),
    "sentences_changed": ("sentences changed: {n:,}", "改动 {n:,} 句"),
    "n_copies": ("{n:,} copies", "{n:,} 篇同文"),
    "n_revisions": ("changes: {n:,}", "修改 {n:,} 次"),
    "revisions": ("Revisions", "修订记录"),
    "one_reading": ("No change has been seen.", "未发现修改。"),
    "reading": ("Reading", "读取"),
    "seen_at": ("Seen", "时间"),
    "kind": ("Kind", "类型"),
    "kind_first": ("first reading", "首次读取"),
    "kind_edit": ("edit", "发布后修改"),
    "kind_extraction": ("read anew", "重新提取"),
    "changed_fields": ("Changed", "改动"),
    "compare": ("Compare", "对比"),
    "compare_title": ("Two readings compared", "两次读取的对比"),
    "before": ("Before", "之前"),
    "after": ("After", "之后"),
    "body": ("Text", "正文"),
    "unchanged_paragraphs": ("unchanged paragraphs: {n:,}", "{n:,} 段未变"),
    "no_difference": ("These readings do not differ.", "两次读取没有差别。"),
    "absence_gone": (
        "Gone from its address between {seen} and {missing} ({reason}).",
        "于 {seen} 至 {missing} 之间下线（{reason}）。",
    ),
    "absence_moved": (
        "Moved between {seen} and {missing} ({reason}).",
        "于 {seen} 至 {missing} 之间移动（{reason}）。",
    ),
    "absence_ended": ("It was there again on {ended}.", "{ended} 恢复。"),
    "moved_to": ("It leads to", "现指向"),
    "cite": ("Cite", "引用"),
    "permalink": ("Permalink", "固定链接"),
    "evidence": ("Evidence", "存证"),
    "first_seen": ("First seen", "首次存档"),
    "last_seen": ("Last seen", "最近确认"),
    "fetched_at": ("This reading", "本次读取"),
    "digest": ("SHA-256 of the text", "正文 SHA-256"),
    "confidence": ("Confidence", "置信度"),
    "extractor": ("Extractor", "提取器"),
    "addresses": ("Addresses", "地址"),
    "older": ("Older", "较早"),
    "newer": ("Newer", "较新"),
    "neighbours": ("Neighbours on this portal", "本站相邻文章"),
    "raw_page": ("Raw page", "原始网页"),
    "raw_note": (
        "As it was fetched, without scripts, pictures and styles from elsewhere.",
        "按抓取时原样显示，不含脚本及外部图片、样式。",
    ),
    # portal
    "sections": ("Sections", "栏目"),
    "sources": ("Sources", "来源"),
    "sources_note": ("of the newest {n:,} articles", "最新 {n:,} 篇"),
    "runs": ("Crawls", "抓取记录"),
    "started": ("Started", "开始"),
    "finished": ("Finished", "结束"),
    "unfinished": ("goes on, or was killed", "进行中或被中断"),
    "exit": ("Exit", "退出码"),
    "outcome": ("Outcome", "结果"),
    "coverage": ("Fields that articles have, by month", "各字段覆盖率（按月）"),
    "coverage_note": (
        "Percent of the newest {n:,} articles of each month; marked where it is below half of the "
        "best month. A field that vanishes tells of a new template.",
        "每月最新 {n:,} 篇中的百分比，低于最好月份一半者标出。某字段消失，通常说明模板已改。",
    ),
    "all_articles": ("All articles", "全部文章"),
    # outlet
    "outlet": ("Outlet", "媒体"),
    "outlet_note": (
        "Articles that name it as their source.",
        "以其为来源的文章。",
    ),
    "its_sites": ("Its own portal", "自有站点"),
    "carriers": ("Portals that carry it", "刊载站点"),
    "graph": ("Who reprints whom", "转载关系"),
    "graph_note": (
        "Left: where it stood first. Right: who took it from there. Of the newest {n:,} articles.",
        "左为首发，右为转载。依据最新 {n:,} 篇。",
    ),
    "graph_of": ("Graph of {n:,} reprints between portals", "站点之间 {n:,} 次转载的关系图"),
    "from_site": ("From", "首发"),
    "to_site": ("Reprinted by", "转载"),
    "no_reprints": ("No reprint of it has been seen.", "未发现转载。"),
    # errors
    "not_found": ("Not found", "未找到"),
    "bad_request": ("This cannot be asked", "无法处理的请求"),
    "failed": ("Something went wrong", "出错了"),
}
"""What is said, in English and in Chinese; braces take values."""

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_WEEKDAYS = ("Mon Tue Wed Thu Fri Sat Sun".split(), "一二三四五六日")


def spoken(language: str) -> Words:
    """Return the function that says a message of MESSAGES in *language*."""
    return partial(_said, 1 if language == "zh" else 0)


def _said(column: int, key: str, **values: Any) -> str:
    text = MESSAGES[key][column]
    return text.format(**values) if values else text


def month_name(language: str, day: date) -> str:
    """Return the month of *day*, short; of January the year.

    >>> month_name("en", date(2024, 1, 1)), month_name("zh", date(2024, 3, 1))
    ('2024', '3月')
    """
    if day.month == 1:
        return str(day.year)
    return f"{day.month}月" if language == "zh" else _MONTHS[day.month - 1]


def weekday_name(language: str, day: date) -> str:
    """Return the weekday of *day*, short."""
    return _WEEKDAYS[language == "zh"][day.weekday()]
