"""Which texts are tags of a language (BCP 47); whether one is covered is content's to say."""

from __future__ import annotations

import re

UNDETERMINED = "und"
"""The tag of no language in particular."""

TWO_LETTERS = (
    "a[abefkmnrsvyz]|b[aeghimnors]|c[aehorsuvy]|d[aevz]|e[elnostu]|f[afijory]|g[adlnuv]|h[aeiortuyz]|i[adegikostu]|j[av]|"
    "k[agijklmnorsuvwy]|l[abginotuv]|m[ghiklnrsty]|n[abdeglnorvy]|o[cjmrs]|p[ailst]|q[u]|r[mnouw]|s[acdeghiklmnoqrstuvw]|"
    "t[aeghiklnorstwy]|u[gkrz]|v[eio]|w[ao]|x[h]|y[io]|z[ahu]"
)
"""ISO 639-1, as in the registry of language subtags (IANA), read 2026-11-22. Of three letters nearly all are one: those are taken as is."""

TAG = rf"^({TWO_LETTERS}|[a-z]{{3}})(-[A-Za-z0-9]{{2,8}})*$"
"""Pattern of a tag as it is written most often; capitals are as good, and so is `_` for `-`."""

_TAG = re.compile(TAG, re.IGNORECASE)


def read_tag(text: str) -> str | None:
    """The tag, with hyphens; None when the text is none."""
    tag = text.strip().replace("_", "-")
    return tag if _TAG.match(tag) else None
