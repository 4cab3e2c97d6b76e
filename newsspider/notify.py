"""Tells people of alarms: a program, an address that takes JSON, or mail.

What is configured may hold passwords and secret addresses: no message of this module repeats it.
"""

import json
import os
import shlex
import smtplib
import subprocess
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from email.message import EmailMessage
from typing import Any, ClassVar
from urllib.parse import urlsplit

from newsspider.errors import NewsspiderError
from newsspider.text import printable

TIMEOUT_S = 30.0
PORTS = {"starttls": 587, "tls": 465, "none": 25}
News = Sequence[Mapping[str, Any]]
"""Alarms: site, name, subject, message, urls, and event: `raised` or `ended`."""


class NotTold(NewsspiderError):
    """A message could not be delivered; the next run tries again."""


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail server and who gets what from whom."""

    host: str
    port: int = 0
    security: str = "starttls"
    """`starttls`, `tls` or `none`."""
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str
    to: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Channels:
    """Where messages go; any number of them."""

    command: tuple[str, ...] = ()
    webhook: str = field(default="", repr=False)
    mail: Mail | None = None

    NAMES: ClassVar = ("command", "webhook", "mail")

    @property
    def names(self) -> list[str]:
        """The channels that are configured."""
        return [name for name in self.NAMES if getattr(self, name)]

    def tell(self, name: str, news: News) -> None:
        """Send *news* by the channel *name*.

        Raises:
            NotTold: it did not arrive.
        """
        send = {"command": self._run, "webhook": self._post, "mail": self._mail}
        send[name](news)

    def _run(self, news: News) -> None:
        """Start the program with the text on its standard input."""
        text = f"{subject_of(news)}\n\n{text_of(news)}"
        try:
            done = subprocess.run(  # noqa: S603
                self.command,
                input=text,
                text=True,
                encoding="utf-8",
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=TIMEOUT_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NotTold(f"notify.command: {type(error).__name__}") from error
        if done.returncode:
            raise NotTold(f"notify.command: it ended with status {done.returncode}")

    def _post(self, news: News) -> None:
        document = {"subject": subject_of(news), "text": text_of(news), "alarms": list(news)}
        data = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
        host = urlsplit(self.webhook).hostname
        request = urllib.request.Request(  # noqa: S310
            self.webhook,
            data=data,
            headers={"Content-Type": "application/json", "User-Agent": "newsspider"},
        )
        try:
            with _OPENER.open(request, timeout=TIMEOUT_S):
                pass
        except urllib.error.HTTPError as error:
            error.close()
            raise NotTold(f"notify.webhook: {host} answered {error.code}") from None
        except (OSError, ValueError) as error:
            # The reason of an error may repeat the address.
            raise NotTold(f"notify.webhook: {host}: {type(error).__name__}") from None

    def _mail(self, news: News) -> None:
        mail = self.mail
        assert mail is not None  # noqa: S101
        message = EmailMessage()
        message["Subject"] = subject_of(news)
        message["From"] = mail.sender
        message["To"] = ", ".join(mail.to)
        message.set_content(text_of(news))
        maker = smtplib.SMTP_SSL if mail.security == "tls" else smtplib.SMTP
        try:
            with maker(mail.host, mail.port or PORTS[mail.security], timeout=TIMEOUT_S) as server:
                if mail.security == "starttls":
                    server.starttls()
                if mail.user:
                    server.login(mail.user, mail.password)
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise NotTold(f"notify.mail: {mail.host}: {type(error).__name__}") from None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would turn the message into a GET without it."""

    def redirect_request(self, *_: Any) -> None:
        """Follow none."""


_OPENER = urllib.request.build_opener(_NoRedirect)


def subject_of(news: News) -> str:
    """Return one line that says what happened.

    >>> subject_of([{"site": "bohai", "event": "raised"}, {"site": "bohai", "event": "ended"}])
    'newsspider: 1 new alarm, 1 over: bohai'
    """
    raised = sum(item["event"] == "raised" for item in news)
    parts = [f"{raised} new alarm{'s' if raised > 1 else ''}"] if raised else []
    if ended := len(news) - raised:
        parts.append(f"{ended} over")
    sites = list(dict.fromkeys(str(item["site"]) for item in news))
    more = f" and {len(sites) - 3} more" if len(sites) > 3 else ""
    return printable(f"newsspider: {', '.join(parts)}: {', '.join(sites[:3])}{more}")


def text_of(news: News) -> str:
    """Return *news* as text, an alarm and its pages a paragraph."""
    paragraphs = []
    for item in news:
        head = f"{item['site']}: {item['name'].replace('_', ' ')}"
        if item["event"] == "ended":
            head += f" {item['subject']}".rstrip() + ": over"
            paragraphs.append(printable(head))
            continue
        lines = [printable(f"{head}: {item['message']}")]
        lines += (f"  {printable(url)}" for url in item["urls"])
        paragraphs.append("\n".join(lines))
    return "\n\n".join(paragraphs) + "\n"


def read_channels(table: Any) -> Channels:
    """Return the channels that the table `notify` of newsspider.toml names.

    Raises:
        ValueError: it has an unknown key or a value that cannot be used.
    """
    _known(table, Channels.NAMES)
    values: dict[str, Any] = {}
    if "command" in table:
        command = table["command"]
        words = shlex.split(command) if isinstance(command, str) else command
        if not _is_texts(words):
            raise ValueError("command: a program and its arguments are wanted")
        values["command"] = tuple(words)
    if "webhook" in table:
        address = table["webhook"]
        parts = urlsplit(address) if isinstance(address, str) else None
        if not parts or parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("webhook: an http or https address is wanted")
        values["webhook"] = address
    if "mail" in table:
        values["mail"] = _read_mail(table["mail"])
    return Channels(**values)


def _read_mail(table: Any) -> Mail:
    names = {f.name: "from" if f.name == "sender" else f.name for f in fields(Mail)}
    _known(table, tuple(names.values()), "mail.")
    for key in ("host", "from", "to"):
        if not table.get(key):
            raise ValueError(f"mail.{key}: missing")
    values = {name: table[key] for name, key in names.items() if key in table}
    port = values.get("port", 0)
    if isinstance(port, bool) or not isinstance(port, int) or not 0 <= port < 65536:
        raise ValueError("mail.port: a number below 65536 is wanted")
    values["to"] = (values["to"],) if isinstance(values["to"], str) else tuple(values["to"])
    texts = [v for name, v in values.items() if name not in ("port", "to")]
    if not _is_texts([*texts, *values["to"]]) or any("\n" in v for v in (*texts, *values["to"])):
        raise ValueError("mail: texts of one line are wanted")
    if values.get("security", "none") not in ("starttls", "tls", "none"):
        raise ValueError("mail.security: starttls, tls or none is wanted")
    values["password"] = os.environ.get("NEWSSPIDER_MAIL_PASSWORD") or values.get("password", "")
    return Mail(**values)


def _known(table: Any, names: tuple[str, ...], prefix: str = "") -> None:
    if not isinstance(table, dict):
        raise ValueError(f"{prefix.rstrip('.')} a table is wanted".strip())
    for key in table:
        if key not in names:
            raise ValueError(f"{prefix}{key}: unknown key; known are {', '.join(names)}")


def _is_texts(values: Any) -> bool:
    return (
        isinstance(values, list | tuple)
        and bool(values)
        and all(isinstance(v, str) and v for v in values)
    )
