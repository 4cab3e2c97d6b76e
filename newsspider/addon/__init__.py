"""newsspider for another Scrapy project: one setting, and its articles go into an archive.

    ADDONS = {"newsspider.addon.NewsspiderAddon": 500}

https://docs.scrapy.org/en/latest/topics/addons.html
"""

from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from newsspider import settings as defaults

__all__ = ["NewsspiderAddon"]

PRIORITY = "addon"
"""Below that of the project's own settings, which win."""
GUARDS = ("TWISTED_DNS_RESOLVER", "REQUEST_FINGERPRINTER_CLASS", "DOWNLOAD_MAXSIZE")
"""Settings of newsspider that a foreign project gets, unless it has its own."""
COMPONENTS = {
    "DOWNLOADER_MIDDLEWARES": {
        "newsspider.addon.guard.GuardMiddleware": 40,
        "newsspider.middlewares.RetryAfterMiddleware": 560,
        "newsspider.keeping.KeepRawMiddleware": 960,
    },
    "SPIDER_MIDDLEWARES": {"newsspider.addon.archive.FetchMiddleware": 20},
    "ITEM_PIPELINES": {"newsspider.addon.archive.ArticlePipeline": 800},
    "EXTENSIONS": {"newsspider.extensions.ArchiveWriter": 100},
}


class NewsspiderAddon:
    """Gives a project the archive, the raw archive, the duplicate filters and the guards."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Add what the project has not set itself."""
        own = [name for name in dir(defaults) if name.startswith("NEWSSPIDER_")]
        for name in (*own, *GUARDS):
            settings.set(name, getattr(defaults, name), PRIORITY)
        handlers = dict(settings.getdict("DOWNLOAD_HANDLERS"))
        for scheme, handler in defaults.DOWNLOAD_HANDLERS.items():
            if handler and not settings.getbool("TWISTED_REACTOR_ENABLED"):
                # Of the other handlers of HTTP none can be told to bound the headers.
                continue
            handlers.setdefault(scheme, handler)
        settings.set(
            "DOWNLOAD_HANDLERS",
            handlers,
            max(settings.getpriority("DOWNLOAD_HANDLERS") or 0, 15),
        )
        for name, components in COMPONENTS.items():
            for path, place in components.items():
                settings.setdefault_in_component_priority_dict(name, load_object(path), place)
