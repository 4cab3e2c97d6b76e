"""How a plan becomes settings: delay, user agent, certificates."""

from urllib.parse import urlsplit

from scrapy.settings import BaseSettings

from newsspider.plan import CrawlPlan
from newsspider.spiders.resolver import LOCAL_HOSTS


def apply_plan(plan: CrawlPlan, settings: BaseSettings) -> None:
    """Set what *plan* and its profile ask for in *settings*.

    A delay given for this run wins over the profile's, which wins over the default; 0 lifts delay,
    AutoThrottle and Crawl-delay together.
    """
    profile = plan.profile
    delay_s = plan.delay_s
    if delay_s is not None:
        settings.set("DOWNLOAD_DELAY", delay_s, priority="spider")
        settings.set("AUTOTHROTTLE_START_DELAY", delay_s, priority="spider")
    if delay_s == 0:
        settings.set("AUTOTHROTTLE_ENABLED", False, priority="spider")
        settings.set("CONCURRENT_REQUESTS", 16, priority="spider")
        settings.set("CONCURRENT_REQUESTS_PER_DOMAIN", 16, priority="spider")
    contact = plan.options.contact or settings.get("NEWSSPIDER_CONTACT", "")
    agent = profile.user_agent if profile else None
    if not agent:
        agent = settings.get("USER_AGENT", "newsspider") + (f" (+{contact})" if contact else "")
    settings.set("USER_AGENT", agent, priority="spider")
    LOCAL_HOSTS.update(urlsplit(seed).hostname or "" for seed in plan.seeds)
    if profile and not profile.tls_verify:
        settings.set("DOWNLOAD_VERIFY_CERTIFICATES", False, priority="spider")
