use serde_json::Value;
use std::error::Error;

pub fn extract(_html: &str, _url: Option<&str>, _options: &Value) -> Result<Value, Box<dyn Error>> {
    // TODO: return json!({"text": …})
    Err("say in extract.rs what of $distribution is to be called".into())
}
