"""The log as lines of JSON, for programs that read logs."""

import json
import logging
from collections import deque

__all__ = ["JsonLines", "RecentLines"]

_OWN = frozenset(logging.LogRecord("", 0, "", 0, "", (), None).__dict__) | {"message"}


class JsonLines(logging.Formatter):
    """Makes one JSON object of each record: time, level, logger, text, what else it carries.

    Example:
        >>> line = JsonLines().format(logging.makeLogRecord({"msg": "back", "name": "bridge"}))
        >>> json.loads(line)["text"]
        'back'
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        told: dict[str, object] = {
            "time": round(record.created, 3),
            "level": record.levelname.lower(),
            "logger": record.name,
            "thread": record.threadName,
            "text": record.getMessage(),
        }
        told |= {key: value for key, value in record.__dict__.items() if key not in _OWN}
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False, default=str)


class RecentLines(logging.Handler):
    """Remembers the last lines of the log."""

    def __init__(self, count: int = 100) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        self._lines: deque[str] = deque(maxlen=count)

    def emit(self, record: logging.LogRecord) -> None:
        """Remember one."""
        self._lines.append(self.format(record))

    @property
    def lines(self) -> list[str]:
        """The oldest first."""
        return list(self._lines)
