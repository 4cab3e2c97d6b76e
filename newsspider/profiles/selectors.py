"""Selectors as people write them, CSS or XPath, compiled."""

from functools import cache

from cssselect import SelectorError
from lxml import etree
from parsel.csstranslator import HTMLTranslator


@cache
def compile_selector(text: str) -> etree.XPath:
    """Return *text* as compiled XPath.

    It is read as XPath when it starts with / ( or ./, else as CSS, which has parsel's
    `::text` and `::attr(name)` too.

    Raises:
        ValueError: it is neither.
    """
    expression = text.strip()
    if not expression:
        raise ValueError("empty selector")
    try:
        if not expression.startswith(("/", "(", "./")):
            expression = HTMLTranslator().css_to_xpath(expression)
        return etree.XPath(expression)
    except (SelectorError, etree.XPathError) as error:
        raise ValueError(f"bad selector {text!r}: {error}") from error
