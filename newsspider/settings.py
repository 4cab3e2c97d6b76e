"""Every default of a crawl, each with its reason. `newsspider crawl -s NAME=VALUE` changes one."""

import os

from scrapy.settings import default_settings

from newsspider import __version__

BOT_NAME = "newsspider"
SPIDER_MODULES = ["newsspider.spiders"]

# -- newsspider's own ----------------------------------------------------------------------------
# The archive; empty: nothing is stored, items only go to Scrapy's feeds.
NEWSSPIDER_DB = os.environ.get("NEWSSPIDER_DB", "data/archive.db")
# Whom a webmaster can reach: a mail address or a page; it goes into the user agent.
NEWSSPIDER_CONTACT = os.environ.get("NEWSSPIDER_CONTACT", "")
# A page below this confidence is no article, unless a profile says so.
NEWSSPIDER_MIN_CONFIDENCE = 0.5
# Where a profile knows the address of an article, only pages without any story are refused.
NEWSSPIDER_MIN_CONFIDENCE_PROFILE = 0.2
# One transaction takes at most so many records (articles, links and fetches together) ...
NEWSSPIDER_BATCH_SIZE = 200
# ... and nothing waits longer than so many seconds for its commit.
NEWSSPIDER_FLUSH_INTERVAL_S = 2.0
# A site that leaves so many requests in a row without a usable answer is down: the run ends.
NEWSSPIDER_MAX_FAILURES_IN_A_ROW = 30
# The browser for pages with JavaScript; empty: an installed Chromium or Chrome.
NEWSSPIDER_BROWSER = os.environ.get("NEWSSPIDER_BROWSER", "")
# A page that scripts have not filled by then is read as it was sent.
NEWSSPIDER_RENDER_TIMEOUT_S = 60.0
# A multi-page article is joined from at most so many pages; a longer chain is a trap.
NEWSSPIDER_MAX_ARTICLE_PAGES = 50

# Every answer is kept as it was sent, in WARC files in `warc` beside the archive ...
NEWSSPIDER_WARC = True
# ... or in this folder; the archive names its files relative to it.
NEWSSPIDER_WARC_DIR = os.environ.get("NEWSSPIDER_WARC_DIR", "")
# A file that has so many bytes is finished, and the next one begun.
NEWSSPIDER_WARC_MAX_BYTES = 1_000_000_000
# A request with headers that stand in the file already, Referer aside, is not kept once more.
NEWSSPIDER_WARC_ALL_REQUESTS = False

# -- who we are, what we ask for -----------------------------------------------------------------
# The spider adds the contact: newsspider/0.1.0 (+https://...).
USER_AGENT = f"newsspider/{__version__}"
# robots.txt is asked under the bare name, so that a rule for "newsspider" applies.
ROBOTSTXT_USER_AGENT = "newsspider"
ROBOTSTXT_OBEY = True
# As Scrapy's, but a robots.txt of any length takes little time and memory.
ROBOTSTXT_PARSER = "newsspider.middlewares.BoundedRobotParser"
# No br and zstd: WARC tools cannot read them back.
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.7,*;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}

# -- politeness ----------------------------------------------------------------------------------
# A second between two requests to a site, more when it answers slowly or its robots.txt says so.
DOWNLOAD_DELAY = 1.0
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
# Retry-After is waited for up to so many seconds.
NEWSSPIDER_MAX_RETRY_AFTER_S = 120.0
# Crawl-delay is obeyed up to so many seconds; some sites say a day.
NEWSSPIDER_MAX_CRAWL_DELAY_S = 60.0
# One crawler is one site; more would only wait in line, and Ctrl-C waits for them.
CONCURRENT_REQUESTS = 2
CONCURRENT_REQUESTS_PER_DOMAIN = 2

# -- limits --------------------------------------------------------------------------------------
# For the whole answer; a page that drips longer is given up.
DOWNLOAD_TIMEOUT = 30
# Bytes, compressed and decompressed; the default of 1 GiB invites compression bombs.
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
REDIRECT_MAX_TIMES = 5
RETRY_TIMES = 2
# A server that let us wait once is not waited for again in this run.
RETRY_EXCEPTIONS = [
    "scrapy.exceptions.CannotResolveHostError",
    "scrapy.exceptions.DownloadConnectionRefusedError",
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.ResponseDataLossError",
]
RETRY_GIVE_UP_LOG_LEVEL = "INFO"
# The spider sets priorities, the newest first; of equals the first found comes first.
SCHEDULER_DISK_QUEUE = "scrapy.squeues.PickleFifoDiskQueue"
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"

# -- safety --------------------------------------------------------------------------------------
# Off by default in Scrapy; a profile with tls_verify = false turns it off, and the run records it.
DOWNLOAD_VERIFY_CERTIFICATES = True
# A public name that leads to a private address is refused, at every hop.
TWISTED_DNS_RESOLVER = "newsspider.spiders.resolver.GuardedResolver"
# A page must not make us read files, FTP, S3 or data: addresses; headers must come to an end.
DOWNLOAD_HANDLERS = {
    **dict.fromkeys(("file", "ftp", "s3", "data")),
    **dict.fromkeys(("http", "https"), "newsspider.spiders.download.BoundedDownloadHandler"),
}
# Both open a port that takes Python code.
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False
# No portal needs them, and the first Set-Cookie would make tldextract go to the network.
COOKIES_ENABLED = False
# A refresh after seconds is a redirect; one after minutes is a front page that reloads itself.
METAREFRESH_MAXDELAY = 3
# What a script writes is no element, and the article is there although a noscript leads away.
METAREFRESH_IGNORE_TAGS = ["script", "noscript"]

# -- components ----------------------------------------------------------------------------------
# Two spellings of one address are asked for once.
REQUEST_FINGERPRINTER_CLASS = "newsspider.middlewares.CanonicalFingerprinter"
DOWNLOADER_MIDDLEWARES = {
    # Between retries and the wire: a retry waits as long as the server asks.
    "newsspider.middlewares.RetryAfterMiddleware": 560,
    # Behind decompression and redirects: it takes pages, whole. Nothing unless a site asks for it.
    "newsspider.rendering.RenderMiddleware": 545,
    # Scrapy's would decode every page for this alone.
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "newsspider.middlewares.RareMetaRefreshMiddleware": 580,
    # Nearer the wire than redirects: it sees each hop.
    "newsspider.middlewares.SentHomeMiddleware": 610,
    # Nearest the wire: bodies are still compressed, and every hop passes here.
    "newsspider.keeping.KeepRawMiddleware": 960,
    # Before robots.txt: an address outside the site must not even cost a robots.txt.
    "newsspider.middlewares.ScopeMiddleware": 40,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    # No portal is asked with a password.
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
}
SPIDER_MIDDLEWARES = {
    # Every answer comes to the spider, which records it: a 404 is one too.
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    # urls.canonical refuses long addresses.
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    # It warns when response.meta is copied; nothing here copies it.
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}
ITEM_PIPELINES = {
    "newsspider.pipelines.ValidatePipeline": 100,
    "newsspider.pipelines.DedupePipeline": 300,
    "newsspider.pipelines.StorePipeline": 800,
}
EXTENSIONS = {
    "newsspider.extensions.ArchiveWriter": 100,
    "newsspider.extensions.CrawlDelay": 200,
}
# Scrapy's, less the two that are off: only to say so, the first imports an HTTP client and server.
EXTENSIONS_BASE = {
    path: place
    for path, place in default_settings.EXTENSIONS_BASE.items()
    if not path.endswith((".RemoteControl", ".TelnetConsole"))
}

# -- cost ----------------------------------------------------------------------------------------
# Scrapy starts that many tasks for each response, whatever it yields; its 100 double the CPU. Here
# nothing waits in a pipeline.
CONCURRENT_ITEMS = 1
# Scrapy reads the source of the callback anew for each response to see whether it returns a value.
WARN_ON_GENERATOR_RETURN_VALUE = False
# One crawl has one politeness slot: there is nothing to weigh between slots.
SCHEDULER_PRIORITY_QUEUE = "scrapy.pqueues.ScrapyPriorityQueue"
LOG_LEVEL = "INFO"
FEED_EXPORT_ENCODING = "utf-8"
