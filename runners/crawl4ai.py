# /// script
# requires-python = ">=3.10"
# dependencies = ["crawl4ai==0.9.5"]
# ///
"""Crawl4AI's pruning filter, then its Markdown generator: the part of the page that it holds for content, as Markdown.

`fit_markdown` of `DefaultMarkdownGenerator(content_filter=PruningContentFilter())` with default options, on the HTML
that its scraper has cleaned, as its crawler does it (`content_source="cleaned_html"`); the variant takes the page as
it is. No browser is started. The filter is the one of lxml, which its release says is the same, faster.
"""

from crawl4ai.content_filter_strategy import PruningContentFilterLXML
from crawl4ai.content_scraping_strategy import LXMLWebScrapingStrategy
from crawl4ai.markdown_generation_strategy import DefaultMarkdownGenerator

DISTRIBUTION = "crawl4ai"
INPUT = "text"
FORMAT = "markdown-no-html"
VARIANTS = {"raw-html": {"content_source": "raw_html"}}


def extract(html, url=None, content_source="cleaned_html"):
    address = url or ""
    if content_source == "cleaned_html":
        html = LXMLWebScrapingStrategy().scrap(address, html).cleaned_html
    generator = DefaultMarkdownGenerator(content_filter=PruningContentFilterLXML())
    return generator.generate_markdown(html, base_url=address).fit_markdown
