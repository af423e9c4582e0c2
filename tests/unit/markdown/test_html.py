"""Parts as HTML for the windows, read back by Telegram's parser."""

import pytest

from dialogs.kit.markdown import render, to_html
from tests.support.formatting import stored, stored_html


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("<b> & </b>", "&lt;b&gt; &amp; &lt;/b&gt;"),
        ("**a *b* c**", "<b>a </b><b><i>b</i> c</b>"),
        ("[a](https://b.org/?c=1&d='2')", '<a href="https://b.org/?c=1&amp;d=&#x27;2&#x27;">a</a>'),
        ("```\na < b\n```", "<pre>a &lt; b</pre>"),
        ("```c++\na\n```", '<pre><code class="language-c++">a</code></pre>'),
        ('```"x"&\na\n```', '<pre><code class="language-&quot;x&quot;&amp;">a</code></pre>'),
        ("> a `b`", "<blockquote>a <code>b</code></blockquote>"),
        ("😀 **😀** x", "😀 <b>😀</b> x"),
    ],
)
def test_html_says_the_same_as_the_entities(markdown: str, html: str) -> None:
    (part,) = render(markdown)

    assert to_html(part) == html
    assert stored_html(part) == stored(part)
