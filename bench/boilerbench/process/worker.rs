//! The program around the extract.rs of one Rust runner, which it gives pages: what worker.py is for Python.
//! The protocol is that of protocol.py. Arguments: the crate that the runner is named for, its options as JSON.

mod extract;

use serde_json::{json, Value};
use std::fs::{self, File};
use std::io::{self, BufRead, Read, Write};
use std::os::fd::FromRawFd;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::time::Instant;

const PROTOCOL: u32 = 1;

extern "C" {
    fn dup(descriptor: i32) -> i32;
    fn dup2(from: i32, to: i32) -> i32;
    fn clock() -> std::ffi::c_long;
}

fn main() -> io::Result<()> {
    // SAFETY: descriptors 1 and 2 are open. What a library prints goes to 2, as it is no reply.
    let mut replies = unsafe {
        let own = dup(1);
        dup2(2, 1);
        File::from_raw_fd(own)
    };
    let mut send = |said: Value| replies.write_all(format!("{said}\n").as_bytes());
    let arguments: Vec<String> = std::env::args().collect();
    let options: Value = match serde_json::from_str(&arguments[2]) {
        Ok(options) => options,
        Err(cause) => return send(json!({"protocol": PROTOCOL, "error": cause.to_string()})),
    };
    let (name, version) = (&arguments[1], version_of(&arguments[1]));
    send(json!({"protocol": PROTOCOL, "name": name, "version": version, "framed": true, "replaces": true}))?;
    let (mut requests, mut line) = (io::stdin().lock(), String::new());
    while requests.read_line(&mut line)? > 0 {
        let asked: Value = serde_json::from_str(&line)?;
        let mut page = vec![0; asked["bytes"].as_u64().unwrap_or(0) as usize];
        requests.read_exact(&mut page)?;
        let mut reply = ask(&String::from_utf8_lossy(&page), asked["url"].as_str(), &options);
        reply["id"] = asked["id"].clone();
        send(reply)?;
        line.clear();
    }
    Ok(())
}

/// Runs the extractor on one page and times the call alone; a panic fails that page.
fn ask(html: &str, url: Option<&str>, options: &Value) -> Value {
    let measurable = fs::write("/proc/self/clear_refs", "5").is_ok();
    let (cpu, begin) = (cpu_seconds(), Instant::now());
    let found = catch_unwind(AssertUnwindSafe(|| extract::extract(html, url, options)));
    let (seconds, used) = (begin.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    match found {
        Ok(Ok(mut reply)) => {
            reply["seconds"] = json!(seconds);
            reply["cpu"] = json!(used);
            reply["peak"] = json!(peak_memory().filter(|_| measurable));
            reply
        }
        Ok(Err(cause)) => json!({"error": cause.to_string()}),
        Err(cause) => {
            let told = cause.downcast_ref::<String>().map(String::as_str);
            json!({"error": format!("panic: {}", told.or(cause.downcast_ref::<&str>().copied()).unwrap_or("?"))})
        }
    }
}

fn cpu_seconds() -> f64 {
    // SAFETY: it reads the clock of this process, in millionths of a second on every POSIX system.
    unsafe { clock() as f64 / 1e6 }
}

/// What Linux has seen at most since clear_refs was written, in bytes.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? * 1024)
}

/// The version of a crate that the lock had when this was built.
fn version_of(name: &str) -> &'static str {
    let entry = format!("name = \"{name}\"\nversion = \"");
    let behind = include_str!("Cargo.lock").split_once(&entry).map_or("", |(_, behind)| behind);
    behind.split('"').next().unwrap_or("")
}
