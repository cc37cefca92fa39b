use rs_trafilatura::{extract_with_options, Options};
use serde_json::{json, Value};
use std::error::Error;

pub fn extract(html: &str, url: Option<&str>, options: &Value) -> Result<Value, Box<dyn Error>> {
    let output = &options["output"];
    let found = extract_with_options(
        html,
        &Options {
            url: url.map(String::from),
            favor_precision: options["focus"] == "precision",
            favor_recall: options["focus"] == "recall",
            include_links: options["links"] == true,
            output_markdown: output == "markdown",
            ..Options::default()
        },
    )?;
    let about = found.metadata;
    let text = match output.as_str() {
        Some("html") => found.content_html,
        Some("markdown") => found.content_markdown,
        _ => Some(found.content_text),
    };
    Ok(json!({
        "text": text,
        "title": about.title,
        "author": about.author,
        "date": about.date.map(|date| date.to_rfc3339()),
        "language": about.language,
    }))
}
