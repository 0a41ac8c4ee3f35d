"""Words that break what is put together carelessly; each carries the mark PLANTED."""

from __future__ import annotations

PLANTED = "planted"
WORDS = {
    "SQL": "planted'; DROP TABLE cases; --",
    "SQL that is true": "planted' OR '1'='1",
    "markup": "<b id=planted>\"><img src=x onerror=planted()>'",
    "script": "</textarea></title><script id=planted>alert(1)</script>",
    "template": "planted {{7*7919}} ${7*7919} <%= 7*7919 %> #{7*7919}",
    "format": "planted %(name)s %s {0.__class__} %n",
    "formula": "=cmd|'/C calc'!A0 planted",
    "path": "../../../etc/passwd\x00planted",
    "header": "planted\r\nSet-Cookie: planted=1\r\n\r\n<b id=planted>",
    "direction": "planted\u202egnp.exe\u2066\u200b\u200d\ufeff",
    "look-alikes": "рlаntеd ｐｌａｎｔｅｄ ﷽ planted",
    "half a letter": "planted\ud83d\udc4d\ud800",
    "zero byte": "planted\x00after",
    "astral": "planted \U0001f4a9 𠮷 e\u0301\u0301\u0301",
    "long": "planted" * 20_000,
    "regular expression": "a" * 5_000 + "!planted",
    "number": "９" * 400,
    "not a number": "NaN",
    "huge number": "1e999",
    "negative": "-1",
    "null": "null",
    "address": "//evil.example/planted",
    "script address": "javascript:planted()",
}
RAW = ("<b id=planted", "<script id=planted", "<img src=x onerror=planted", "55433")

# Several at once, because a walk through every form takes its time; the long and the odd stay alone.
ALONE = {"long", "formula", "not a number", "script address"}
TOGETHER = {
    "all markup": " ".join(
        WORDS[name] for name in ("SQL", "markup", "script", "template", "format", "SQL that is true")
    ),
    "all marks": "".join(
        WORDS[name] for name in ("path", "header", "direction", "look-alikes", "half a letter", "astral")
    ),
    **{name: WORDS[name] for name in WORDS if name in ALONE},
}
