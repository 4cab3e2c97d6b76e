"""Which pages are taken for articles: one of each kind, made as its kind is on the web."""

import pytest

from newsspider import extract

SENTENCES = (
    "The council approved the second dyke on Monday after a debate that lasted until midnight.",
    "Engineers had warned in March that the old wall would not stand another spring like the last.",
    '"We have put this off for twenty years," said Ann Lee, who farms the low fields by the mill.',
    "Work is to begin in June, and the road along the river will be closed until the autumn.",
)
PARAGRAPHS = "".join(f"<p>{one} {two}</p>" for one in SENTENCES for two in SENTENCES[:2])
MENU = "<nav>" + "".join(f"<a href=/s{n}/>Section {n}</a>" for n in range(6)) + "</nav>"


def page(title: str, inner: str, head: str = "") -> bytes:
    return (
        f"<html><head><title>{title}</title>{head}</head><body>{MENU}<main><h1>{title}</h1>{inner}"
        "</main></body></html>"
    ).encode()


NEWS = page(
    "Council approves the second dyke after long debate",
    "<p class=byline>By Tom Reed</p><time datetime=2024-03-18T21:10:00Z>18 March 2024</time>"
    + PARAGRAPHS,
    "<meta property=og:type content=article>",
)
FORUM = page(
    "Which pump for a flooded cellar?",
    "".join(
        f"<div class=post><a href=/members/user{n}.{n}/>user{n}</a><span>Joined: Mar 2019</span>"
        f"<time>{n + 1} May 2021</time><div>I would not buy that pump again, mine gave up.</div>"
        f"<a href=#post-{n}>#{n + 1}</a><a href=/reply/{n}>Reply</a>"
        f"<a href=/quote/{n}>Quote</a></div>"
        for n in range(9)
    ),
)
MANUAL = page(
    "pump.conf reference",
    "<p>Note</p><p>You set the level at which the pump starts in the file below.</p>"
    + "".join(
        f"<h2>level_{n} <a href=#level-{n}>¶</a></h2><pre>level_{n} = {n}</pre>"
        "<p>Sets what you need.</p>"
        for n in range(8)
    )
    + "<p>Previous</p><p>Next</p>",
    "<meta name=generator content='Docusaurus v2'>",
)
SERVICE = page(
    "Cellar drying",
    "<p>We dry your cellar in a week, and you pay when it is dry. Our team is near you.</p>"
    "<a href=tel:0800555>Call 0800 555</a><a href=/quote>Get a quote</a><a href=/book>Book now</a>"
    + "".join(
        f"<h3>Why us {n}?</h3><p>Your home is safe with our team.</p><a href=/m{n}>Learn more</a>"
        for n in range(5)
    ),
)
SHOP = page(
    "Cellar pump 400",
    "<p>$129.00</p><button>Add to cart</button><p>In stock, free shipping.</p>"
    "<p>This pump empties your cellar in an hour.</p>"
    + "".join(f"<div><a href=/p/{n}>Pump {n}00</a><p>${n}9.00</p></div>" for n in range(8)),
    "<meta property=og:type content=product><meta property=product:price:amount content=129>",
)


@pytest.mark.parametrize(
    ("html", "address", "article"),
    [
        pytest.param(NEWS, "/news/2024/03/council-approves-second-dyke", True, id="news"),
        pytest.param(FORUM, "/threads/which-pump.1234/", False, id="forum"),
        pytest.param(MANUAL, "/docs/reference/pump-conf", False, id="manual"),
        pytest.param(SERVICE, "/services/cellar-drying", False, id="service"),
        pytest.param(SHOP, "/products/cellar-pump-400", False, id="shop"),
    ],
)
def test_articles_are_told_from_other_pages(html: bytes, address: str, article: bool) -> None:
    assert (extract(html, f"https://www.example.org{address}").confidence >= 0.5) is article
