"""Log formatting as JSON lines, and a handler that keeps the latest lines."""

import json
import logging
from collections import deque

__all__ = ["JsonLines", "RecentLines"]

_OWN = frozenset(logging.LogRecord("", 0, "", 0, "", (), None).__dict__) | {"message"}


class JsonLines(logging.Formatter):
    """Formats each record as a JSON object: time, level, logger, text and extra fields.

    Example:
        >>> line = JsonLines().format(logging.makeLogRecord({"msg": "back", "name": "bridge"}))
        >>> json.loads(line)["text"]
        'back'
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without a newline."""
        fields: dict[str, object] = {
            "time": round(record.created, 3),
            "level": record.levelname.lower(),
            "logger": record.name,
            "thread": record.threadName,
            "text": record.getMessage(),
        }
        fields |= {key: value for key, value in record.__dict__.items() if key not in _OWN}
        if record.exc_info:
            fields["trace"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False, default=str)


class RecentLines(logging.Handler):
    """Keeps the latest lines of the log."""

    def __init__(self, count: int = 100) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        self._lines: deque[str] = deque(maxlen=count)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        self._lines.append(self.format(record))

    @property
    def lines(self) -> list[str]:
        """The oldest first."""
        return list(self._lines)
