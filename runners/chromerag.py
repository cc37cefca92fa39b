# /// script
# requires-python = ">=3.11"
# dependencies = ["chromerag==0.1.4"]
# ///
"""ChromeRAG: a learned filter of blocks, the content as Markdown; trained on WCXB's development split.

Default options but one: `enable_schema=False`, since it else begins with the page's metadata in YAML, which is no
Markdown: read as CommonMark, `title: …` between two lines of dashes is a heading.
"""

from chromerag import ChromeRAG, PipelineConfig

DISTRIBUTION = "chromerag"
INPUT = "text"
FORMAT = "markdown-no-html"


def extract(html, url=None):
    return ChromeRAG(PipelineConfig(enable_schema=False)).extract(html, url=url).markdown
