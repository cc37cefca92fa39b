use readabilityrs::{Readability, ReadabilityOptions};
use serde_json::{json, Value};
use std::error::Error;

pub fn extract(html: &str, url: Option<&str>, options: &Value) -> Result<Value, Box<dyn Error>> {
    let markdown = options["markdown"].as_bool().ok_or("markdown must be true or false")?;
    let chosen = ReadabilityOptions::builder().output_markdown(markdown).build();
    let Some(found) = Readability::new(html, url, Some(chosen))?.parse() else {
        return Ok(Value::Null);
    };
    Ok(json!({
        "text": if markdown { found.markdown_content } else { found.content },
        "title": found.title,
        "author": found.byline,
        "date": found.published_time,
        "language": found.lang,
    }))
}
