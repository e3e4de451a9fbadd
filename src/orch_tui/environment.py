"""What of an environment an agent program is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

# fmt: off
_HARMLESS = (
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "LC_*", "TZ", "TMPDIR", "TERM",
    "COLORTERM", "XDG_*",
    "SSL_CERT_*", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS",
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy",
    "SSH_AUTH_SOCK", "GIT_AUTHOR_*", "GIT_COMMITTER_*",
)
# fmt: on


def allowed_env(source: Mapping[str, str], passed: Sequence[str] = ()) -> dict[str, str]:
    """The environment an agent program gets: what programs need to work at all, and what `passed` names.

    Everything else stays out, so that no cloud credential or token reaches an agent by accident. `passed` holds names
    or patterns ("ANTHROPIC_*", "CLAUDE_*") from the provider or the user's `env_pass`; case matters.
    """
    patterns = (*_HARMLESS, *passed)
    return {key: value for key, value in source.items() if any(fnmatchcase(key, pattern) for pattern in patterns)}
