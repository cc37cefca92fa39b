use serde_json::{json, Value};
use std::error::Error;
use url::Url;

pub fn extract(html: &str, url: Option<&str>, options: &Value) -> Result<Value, Box<dyn Error>> {
    let address = Url::parse(url.unwrap_or("http://localhost/"))?;
    let found = readability::extractor::extract(&mut html.as_bytes(), &address)?;
    let text = if options["output"] == "html" { found.content } else { found.text };
    Ok(json!({"text": text, "title": found.title}))
}
