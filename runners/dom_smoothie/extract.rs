use dom_smoothie::{Config, Readability, ReadabilityError, TextMode};
use serde_json::{json, Value};
use std::error::Error;

pub fn extract(html: &str, url: Option<&str>, options: &Value) -> Result<Value, Box<dyn Error>> {
    let text_mode = match options["text_mode"].as_str() {
        Some("formatted") => TextMode::Formatted,
        Some("markdown") => TextMode::Markdown,
        _ => TextMode::Raw,
    };
    let config = Config { text_mode, ..Default::default() };
    let found = match Readability::new(html, url, Some(config))?.parse() {
        Err(ReadabilityError::GrabFailed) => return Ok(Value::Null),
        found => found?,
    };
    let text = if options["output"] == "html" { found.content } else { found.text_content };
    Ok(json!({
        "text": text.to_string(),
        "title": found.title,
        "author": found.byline,
        "date": found.published_time,
        "language": found.lang,
    }))
}
