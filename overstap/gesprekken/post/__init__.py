"""Mail: what is told to whom, written in the transaction of the act and sent afterwards. A mail names no person, only what waits."""

from overstap.gesprekken.post.actions import Post, stuur

__all__ = ["Post", "stuur"]
