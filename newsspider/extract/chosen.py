"""What the selectors of a portal's profile pick from a page, before the generic rules have their
say.
"""

from lxml import etree

from newsspider.extract.blocks import squeeze
from newsspider.profiles import Profile


def strip(root: etree._Element, profile: Profile) -> None:
    """Take what the profile strips off the tree; the text behind each element stays."""
    for xpath in profile.strip_xpaths:
        for element in _elements(xpath, root):
            parent = element.getparent()
            if parent is None:
                continue
            if element.tail:
                before = element.getprevious()
                if before is not None:
                    before.tail = (before.tail or "") + element.tail
                else:
                    parent.text = (parent.text or "") + element.tail
            parent.remove(element)


def elements(
    root: etree._Element | None, profile: Profile | None, name: str
) -> list[etree._Element]:
    """Return the elements that the first matching selector of field *name* picks."""
    for xpath in profile.xpaths(name) if profile else ():
        if found := _elements(xpath, root):
            return found
    return []


def orders(
    root: etree._Element | None, profile: Profile | None, name: str, *, inside: bool = False
) -> set[int]:
    """Return the places, in the order of all elements, of those that the first matching selector
    of field *name* picks, *inside* with all that they hold.
    """
    wanted = elements(root, profile, name)
    if not wanted or root is None:
        return set()
    place = {element: order for order, element in enumerate(root.iter("*"))}
    held = [one for element in wanted for one in element.iter("*")] if inside else wanted
    return {place[element] for element in held if element in place}


def texts(root: etree._Element | None, profile: Profile | None, name: str) -> list[str]:
    """Return the texts that the first matching selector of field *name* picks: of elements or
    attributes.
    """
    for xpath in profile.xpaths(name) if profile else ():
        found = []
        for one in _matches(xpath, root):
            if isinstance(one, str):
                text = squeeze(one)
            elif isinstance(one, etree._Element):
                text = squeeze(" ".join(map(str, one.itertext())) or one.get("content") or "")
            else:
                text = ""
            if text:
                found.append(text)
        if found:
            return found
    return []


def has(profile: Profile | None, name: str) -> bool:
    """Tell whether the profile has a selector for field *name*."""
    return bool(profile and profile.xpaths(name))


def _elements(xpath: etree.XPath, root: etree._Element | None) -> list[etree._Element]:
    return [one for one in _matches(xpath, root) if isinstance(one, etree._Element)]


def _matches(xpath: etree.XPath, root: etree._Element | None) -> list[object]:
    """Return what *xpath* finds; a selector that fails on a page matches nothing there."""
    if root is None:
        return []
    try:
        found = xpath(root)
    except etree.XPathError:
        return []
    return list(found) if isinstance(found, list) else [found] if isinstance(found, str) else []
