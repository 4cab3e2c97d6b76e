"""Reading the archive again: stored articles from their archived pages, with the current code.

row of articles ─> answers (which records it was read from) ─> reader (the same road as a crawl)
                                              └─> work (in parallel, for all)   └─> why (for one)
"""

from newsspider.reread.reader import Again, Profiles, Rereader

__all__ = ["Again", "Profiles", "Rereader"]
