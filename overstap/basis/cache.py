"""The cache: Redis or Valkey, and a page still works when it is away.

Only what may be lost is cached (rate limits, reference lists). A broken connection counts as "not there" and is logged.
"""

from collections.abc import Callable
from typing import Any

import redis.exceptions
import structlog
from django.core.cache.backends.redis import RedisCache

logger = structlog.get_logger(__name__)


class Cache(RedisCache):
    """RedisCache whose calls answer as an empty cache would while the server is away."""

    def _veilig(self, leeg: Any, doe: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            return doe(*args, **kwargs)
        except redis.exceptions.RedisError as fout:
            logger.warning("cache_weg", soort=type(fout).__name__)
            return leeg

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._veilig(default, super().get, key, default, version)

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> Any:
        return self._veilig(None, super().set, key, value, *args, **kwargs)

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> Any:
        return self._veilig(True, super().add, key, value, *args, **kwargs)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> Any:
        return self._veilig(delta, super().incr, key, delta, version)

    def touch(self, key: Any, *args: Any, **kwargs: Any) -> Any:
        return self._veilig(False, super().touch, key, *args, **kwargs)

    def delete(self, key: Any, version: int | None = None) -> Any:
        return self._veilig(False, super().delete, key, version)

    def has_key(self, key: Any, version: int | None = None) -> Any:
        return self._veilig(False, super().has_key, key, version)

    def get_many(self, keys: Any, version: int | None = None) -> Any:
        return self._veilig({}, super().get_many, keys, version)

    def set_many(self, data: Any, *args: Any, **kwargs: Any) -> Any:
        return self._veilig([], super().set_many, data, *args, **kwargs)

    def delete_many(self, keys: Any, version: int | None = None) -> Any:
        return self._veilig(None, super().delete_many, keys, version)
