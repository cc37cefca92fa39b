use dom_smoothie::{Readability, ReadabilityError};
use serde_json::{json, Value};
use std::error::Error;

pub fn extract(html: &str, url: Option<&str>, _options: &Value) -> Result<Value, Box<dyn Error>> {
    let found = match Readability::new(html, url, None)?.parse() {
        Err(ReadabilityError::GrabFailed) => return Ok(Value::Null),
        found => found?,
    };
    Ok(json!({"text": htmd::convert(&found.content)?, "title": found.title}))
}
