// The child process that loads one Node runner and gives it pages: what worker.py is for Python.
// The protocol is that of protocol.py. Arguments: the runner's module, its distribution's name, its options as JSON.
import { readFileSync, writeFileSync, writeSync } from "node:fs";
import net from "node:net";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const PROTOCOL = 1;
const MAX_TEXT = 20_000_000;
const METADATA = ["title", "author", "date", "language"]; // what they may be, the harness checks
const attempts = [];

function refuseNetwork() {
  net.Socket.prototype.connect = function connect(...args) {
    const [target] = args.flat();
    attempts.push(`connect ${target?.path ?? `${target?.host ?? "localhost"}:${target?.port ?? target}`}`);
    throw new Error(`boilerbench: no network for runners (${attempts.at(-1)})`);
  };
}

// What an extractor returned: a string, or an object of `text` and what it says of the page beside.
function parted(found) {
  if (found === null || typeof found !== "object") return [found, {}];
  const { text = null, ...about } = found;
  const stranger = Object.keys(about).find((key) => !METADATA.includes(key));
  if (stranger) throw new TypeError(`there is no key '${stranger}'; there are text, ${METADATA.join(", ")}`);
  return [text, Object.fromEntries(Object.entries(about).map(([key, value]) => [key, value ?? null]))];
}

// Whatever is printed goes to stderr: descriptor 1 is the protocol's alone.
function takeStdout() {
  Object.defineProperty(process, "stdout", { value: process.stderr });
}

function send(message) {
  const line = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let sent = 0; sent < line.length; ) sent += writeSync(1, line, sent);
}

function resetPeak() {
  try {
    writeFileSync("/proc/self/clear_refs", "5");
    return true;
  } catch {
    return false;
  }
}

function peakMemory() {
  const found = /^VmHWM:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "latin1"));
  return found ? Number(found[1]) * 1024 : null;
}

async function ask(extract, options, { url, html, html_b64: bytes }) {
  const page = bytes === undefined ? html : Buffer.from(bytes, "base64");
  const measurable = resetPeak();
  const cpu = process.cpuUsage();
  const begin = performance.now();
  const found = (await extract(page, url, options)) ?? null;
  const seconds = (performance.now() - begin) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const [text, about] = parted(found);
  if (text !== null && typeof text !== "string") throw new TypeError(`extract() returned ${typeof text}, not a string`);
  if (text?.length > MAX_TEXT) throw new RangeError(`extract() returned more than ${MAX_TEXT} characters`);
  return { text, ...about, seconds, cpu: (user + system) / 1e6, peak: measurable ? peakMemory() : null };
}

async function serve(extract, options) {
  for await (const line of createInterface({ input: process.stdin })) {
    const message = JSON.parse(line);
    attempts.length = 0;
    let reply;
    try {
      reply = await ask(extract, options, message);
    } catch (cause) {
      reply = { error: String(cause) };
    }
    if (attempts.length) reply = { error: `network: ${attempts[0]}` };
    send({ id: message.id, ...reply });
  }
}

function versionOf(file, distribution) {
  const manifest = join(dirname(file), "node_modules", distribution, "package.json");
  return distribution ? JSON.parse(readFileSync(manifest, "utf8")).version : "";
}

const [file, distribution, options] = process.argv.slice(2);
takeStdout();
refuseNetwork();
process.on("uncaughtException", (cause) => console.error(cause)); // of a callback left behind by an earlier page
try {
  const { extract } = await import(pathToFileURL(file));
  const version = versionOf(file, distribution);
  send({ protocol: PROTOCOL, name: distribution, version, node: process.versions.node });
  await serve(extract, JSON.parse(options));
} catch (cause) {
  send({ protocol: PROTOCOL, error: String(cause) });
}
process.exit();
