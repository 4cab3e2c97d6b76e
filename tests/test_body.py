"""Which text is the article's: one small page for each trap, as bytes."""

import pytest

from newsspider import extract

A = "入冬以后，河道管理处每天派两组人沿堤巡查，重点看涵闸和险工段，一旦发现渗水立即上报。"
B = "去年此时，这一段曾出现三处管涌，两百多名群众连夜装填沙袋，忙到天亮才把口子堵住。"
C = "今年汛前，县里把十一座老涵闸全部换新，又在堤脚补栽了两万株护岸柳，费用由省里承担。"
TEXT = f"{A}\n{B}\n{C}"
HEAD = "<title>冬日巡堤_国内_晨报</title><h1>冬日巡堤</h1>"


def page(inner: str, head: str = HEAD) -> bytes:
    return f"<html><body>{head}{inner}</body></html>".encode()


PARAGRAPHS = f"<p>　　{A}</p><p>　　{B}</p><p>　　{C}</p>"
CASES = {
    "paragraphs": PARAGRAPHS,
    "br-lines": f"<div>　　{A}<br><br>　　{B}<br>&nbsp;&nbsp;{C}</div>",
    "divs": f"<div><div>{A}</div><div>{B}</div><div>{C}</div></div>",
    "sections-and-spans": "".join(f"<section><span>{t}</span></section>" for t in (A, B, C)),
    "layout-table": f"<table><tr><td>导航</td><td>{A}<br>{B}<br>{C}</td></tr></table>",
    "title-repeated": f"<div><p><strong>冬日巡堤</strong></p>{PARAGRAPHS}</div>",
    "comment-in-text": f"<p>{A[:9]}<!-- ad -->{A[9:]}</p><p>{B}</p><p>{C}</p>",
    "script-and-style": f"<p>{A}</p><style>p {{margin: 0}}</style>"
    f"<script>var a = '{B}'</script><p>{B}</p><p>{C}</p>",
    "share-bar": PARAGRAPHS + "<div class=share>分享到：微信 微博 QQ空间</div>",
    "editor-inside": f"<div>{PARAGRAPHS}<p>责任编辑：王小明</p></div>",
    "notice": f"<div>{PARAGRAPHS}<p>免责声明：本文不代表本网观点，转载请注明出处。</p></div>",
    "qr-promotion": f"<div>{PARAGRAPHS}<p>扫描二维码关注我们的公众号，更多精彩等你来看。</p></div>",
    "related-inside": f"<div>{PARAGRAPHS}<h3>相关新闻</h3><ul>"
    "<li><a href='/a/1001.html'>春修水利的账本里有一条河</a></li>"
    "<li><a href='/a/1002.html'>沿河五村合办一支巡堤队伍</a></li></ul></div>",
    "related-with-teasers": PARAGRAPHS
    + "<div><h2>猜你喜欢</h2>"
    + "".join(
        f"<div class=item><a href='/a/200{n}.html'>护岸柳为什么要斜着栽第{n}篇</a><p>{B}</p></div>"
        for n in range(3)
    )
    + "</div>",
    "comments": PARAGRAPHS
    + "<div id=comments>"
    + "".join(
        f"<div class=comment><b>网友{n}</b><time>2024-01-0{n} 08:00</time><p>{B}</p></div>"
        for n in range(1, 4)
    )
    + "</div>",
    "hidden-copy": f"{PARAGRAPHS}<div style='display:none'>"
    "<p>{B}隐藏的重复内容不应该出现。</p></div>",
    "advertisement": f"<div><p>{A}</p><div class=ad-slot>双十一家电低至五折，点击抢购，"
    f"先到先得，数量有限。</div><p>{B}</p><p>{C}</p></div>",
    "caption-class": f"<div><p>{A}</p><p><img src=/1.jpg><br><span class=pic>巡堤队员在查看水位。"
    f"</span></p><p>{B}</p><p>{C}</p></div>",
    "caption-credit": f"<div><p>{A}</p><center><img src=/1.jpg><br>图为巡堤现场。李明 摄</center>"
    f"<p>{B}</p><p>{C}</p></div>",
    "utility-classes": "".join(
        f"<p class='bottom mb-4 lg:hidden text-right'>{t}</p>" for t in (A, B, C)
    ),
    "claim-refuted": f"<div class='comments sidebar'>{PARAGRAPHS}</div>",
    "wordpress-box": "<article class='post tag-share category-ads has-sidebar'>"
    f"{PARAGRAPHS}</article>",
    "read-more-line": f"<div><p>{A}</p><p>相关阅读：<a href='/a/9.html'>去年的那个夜晚</a></p>"
    f"<p>{B}</p><p>{C}</p></div>",
    "footer": PARAGRAPHS
    + f"<div class=footer><p>{'晨报社版权所有，未经授权不得转载。' * 3}</p></div>",
}


@pytest.mark.parametrize("inner", CASES.values(), ids=CASES.keys())
def test_body_is_the_text_and_nothing_else(inner: str) -> None:
    assert extract(page(inner), "http://n.example.cn/a/20240103_5.html").body == TEXT


@pytest.mark.parametrize(
    ("tail", "kept"),
    [
        pytest.param("<p>（于新 张继东）</p>", "（于新 张继东）", id="bracketed-byline"),
        pytest.param("<p>特此公告。</p>", "特此公告。", id="short-last-sentence"),
        pytest.param("<p>三、下一步打算</p>", "三、下一步打算", id="heading-before-a-page-break"),
        pytest.param(
            "<blockquote>河安，则民安，这是县志里的话。</blockquote>", None, id="quotation"
        ),
    ],
)
def test_short_ends_stay(tail: str, kept: str | None) -> None:
    kept = kept or "河安，则民安，这是县志里的话。"
    assert extract(page(f"<div>{PARAGRAPHS}{tail}</div>")).body == f"{TEXT}\n{kept}"


LONG = [f"{C[:-1]}，这是第{n}处，另见各处说明。" for n in range(6)]
AROUND = {
    "consent": "<div class='cookie-consent modal'>"
    + "".join(f"<p>{t}</p>" for t in LONG)
    + "</div>",
    "sidebar": "<aside class=sidebar>" + "".join(f"<p>{t}</p>" for t in LONG) + "</aside>",
    "comments": "<div id=comments>"
    + "".join(f"<div class=comment><b>网友{n}</b><p>{t}</p></div>" for n, t in enumerate(LONG))
    + "</div>",
    "newsletter": "<div class=newsletter>" + "".join(f"<p>{t}</p>" for t in LONG) + "</div>",
}


@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND.keys())
def test_one_paragraph_among_longer_boxes_is_the_text(around: str) -> None:
    article = f"<main><article>{HEAD[HEAD.index('<h1>') :]}<p>{A}</p></article></main>"
    assert extract(page(article + around, HEAD[: HEAD.index("<h1>")])).body == A


def test_a_sentence_with_a_signature_behind_it_is_text() -> None:
    text = "The work covers 2329 hectares and employs about 934 people in the forum.(Anna Brown)"
    assert extract(page(f"<div class=content><div>{text}</div></div>")).body == text


def test_one_paragraph_above_a_long_imprint_is_the_text() -> None:
    imprint = (
        "<aside><h2>近期文章</h2><ul><li>静态侧栏</li></ul></aside><footer>"
        "<p>关于我们 | 联系我们 | 版权声明 | 网站地图</p>"
        "<p>某ICP备20990331号-1 某公网安备99000002000001号 互联网新闻信息服务许可证9912025001</p>"
        "<p>凡本网注明“来源：晨报”的作品，未经授权不得转载，违者依法追究责任。</p>"
        "<p>违法和不良信息举报电话：0999-1234567，每天早上八点到晚上八点有人接听。</p></footer>"
    )
    assert extract(page(f"<main><article><p>{A}</p></article></main>{imprint}")).body == A


def test_a_line_of_page_numbers_is_not_text() -> None:
    turns = "<b>1</b> <a href=5_2.html>2</a> <a href=5_3.html>3</a> <a href=5_2.html>下一页</a>"
    assert extract(page(f"<div>{PARAGRAPHS}<p>{turns}</p></div>")).body == TEXT
    assert extract(page(f"<div><p>{A}</p><p>{turns}</p><p>{B}</p></div>")).body == f"{A}\n{B}"


def test_a_numbered_heading_before_the_first_paragraph_stays() -> None:
    inner = f"<div><p>首页</p><p><b>三、下一步打算</b></p>{PARAGRAPHS}</div>"
    assert extract(page(inner)).body == f"三、下一步打算\n{TEXT}"


def test_subheadings_lists_and_tables_are_text() -> None:
    inner = (
        f"<div><p>{A}</p><h3>一、夜里</h3><p>{B}</p><ul><li>沙袋四千只</li><li>木桩六百根</li></ul>"
        f"<table><tr><th>年份</th><th>险情</th></tr><tr><td>2022</td><td>3处</td></tr>"
        f"</table><p>{C}</p></div>"
    )
    assert extract(page(inner)).body.split("\n") == [
        A,
        "一、夜里",
        B,
        "沙袋四千只",
        "木桩六百根",
        "年份\t险情",
        "2022\t3处",
        C,
    ]


def test_the_standfirst_below_the_headline_is_text() -> None:
    lead = "How three villages on one river learned to share the watch, and what it has cost them."
    text = (
        "The first patrol leaves at six, when the lamps on the dyke are still lit and the "
        "water is dark."
    )
    inner = f"<h1>Watching the dyke</h1><div class='standfirst'>{lead}</div><div>By Ann Lee</div>"
    inner += (
        f"<div class='article-body'><p>{text}</p><p>{text} Again.</p><p>{text} And again.</p></div>"
    )
    body = extract(page(inner, head="")).body.split("\n")
    assert body[0] == lead
    assert len(body) == 4


def test_body_html_keeps_structure_and_nothing_dangerous() -> None:
    inner = (
        f"<div><p onclick='x()'>{A}<a href='/b.html'>链接</a><a href='javascript:x()'>坏</a></p>"
        f"<h2>小标题</h2><p><strong>{B}</strong></p><ul><li>条目一</li><li>条目二</li></ul>"
        f"<img src='/i/1.jpg' onerror='x()' alt='堤岸'><p>{C}</p></div>"
    )
    markup = extract(page(inner), "http://n.example.cn/a/1.html").body_html
    assert markup is not None
    assert '<a href="http://n.example.cn/b.html">链接</a>' in markup
    assert "<h2>小标题</h2>" in markup
    assert "<ul>\n<li>条目一</li>\n<li>条目二</li>\n</ul>" in markup
    assert '<figure><img src="http://n.example.cn/i/1.jpg" alt="堤岸"></figure>' in markup
    assert f"<strong>{B}</strong>" in markup
    assert not any(word in markup for word in ("onclick", "onerror", "javascript"))


@pytest.mark.parametrize(
    "inner",
    [
        pytest.param(
            "<ul>"
            + "".join(
                f"<li><a href='/a/{n}.html'>沿河各村今年第{n}次联合巡查</a><span>"
                f"2024-01-02</span></li>"
                for n in range(1000, 1034)
            )
            + "</ul>",
            id="list-of-34",
        ),
        pytest.param(
            "<div>"
            + "".join(
                f"<div><h3><a href='/a/{n}.html'>沿河各村今年第{n}次联合巡查</a></h3><p>"
                f"{B}</p></div>"
                for n in range(1000, 1104)
            )
            + "</div>",
            id="list-of-104-with-teasers",
        ),
        pytest.param("<h1>提示信息</h1><p>抱歉，您访问的页面不存在或已被删除！</p>", id="soft-404"),
        pytest.param("<h1>404 Not Found</h1><hr><center>nginx</center>", id="error-page"),
        pytest.param("<p>系统繁忙，请稍后再试。</p>", id="busy"),
    ],
)
def test_other_pages_are_no_articles(inner: str) -> None:
    html = page(inner, head="<title>晨报</title>")
    assert extract(html, "http://n.example.cn/list/").confidence < 0.5
