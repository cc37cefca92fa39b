import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The program around the Extract.java of one Java runner, which it gives pages: what worker.py is for Python. The
 * protocol is that of protocol.py. Arguments: the group:artifact that the runner is named for, its options as JSON.
 */
public class Worker {
    static final int PROTOCOL = 1;
    static final Gson GSON = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    public static void main(String[] arguments) throws IOException {
        InputStream requests = new BufferedInputStream(System.in, 1 << 20);
        PrintStream replies = System.out;
        System.setOut(System.err); // what a library prints is no reply
        JsonObject options = GSON.fromJson(arguments[1], JsonObject.class);
        Map<String, Object> hello = new HashMap<>(Map.of("protocol", PROTOCOL, "framed", true, "replaces", true));
        hello.putAll(Map.of("name", arguments[0], "version", versionOf(arguments[0])));
        send(replies, hello);
        for (String line; (line = readLine(requests)) != null; ) {
            JsonObject asked = GSON.fromJson(line, JsonObject.class);
            String html = new String(requests.readNBytes(asked.get("bytes").getAsInt()), StandardCharsets.UTF_8);
            String url = asked.get("url").isJsonNull() ? null : asked.get("url").getAsString();
            Map<String, Object> reply = ask(html, url, options);
            reply.put("id", asked.get("id"));
            send(replies, reply);
        }
    }

    /** Runs the extractor on one page and times the call alone. Whatever it throws fails that page. */
    static Map<String, Object> ask(String html, String url, JsonObject options) {
        Map<String, Object> reply = new HashMap<>();
        boolean measurable = resetPeak();
        long cpu = cpuTime(), begin = System.nanoTime();
        try {
            Map<String, ?> found = Extract.extract(html, url, options);
            reply.put("seconds", (System.nanoTime() - begin) / 1e9);
            reply.put("cpu", (cpuTime() - cpu) / 1e9);
            reply.put("peak", measurable ? peakMemory() : null);
            reply.put("text", null);
            reply.putAll(found);
        } catch (Throwable cause) { // an error, such as a stack that is too deep, is a failure of that page, too
            reply.clear();
            reply.put("error", cause.toString());
        }
        return reply;
    }

    static void send(PrintStream replies, Map<String, Object> said) throws IOException {
        replies.write((GSON.toJson(said) + "\n").getBytes(StandardCharsets.UTF_8));
        replies.flush();
    }

    static String readLine(InputStream requests) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next;
        while ((next = requests.read()) >= 0 && next != '\n') line.write(next);
        return next < 0 ? null : line.toString(StandardCharsets.UTF_8);
    }

    static long cpuTime() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    static boolean resetPeak() {
        try {
            Files.writeString(Path.of("/proc/self/clear_refs"), "5");
            return true;
        } catch (IOException cause) {
            return false;
        }
    }

    /** What Linux has seen at most since clear_refs was written, in bytes. */
    static Long peakMemory() {
        try {
            Matcher found = Pattern.compile("VmHWM:\\s+(\\d+)").matcher(Files.readString(Path.of("/proc/self/status")));
            return found.find() ? Long.parseLong(found.group(1)) * 1024 : null;
        } catch (IOException cause) {
            return null;
        }
    }

    /** The version of an artifact, by the name of its jar on the class path. */
    static String versionOf(String artifact) {
        String name = artifact.substring(artifact.indexOf(':') + 1);
        Matcher found = Pattern.compile("/" + Pattern.quote(name) + "-(\\d[^/:]*)\\.jar").matcher(System.getProperty("java.class.path"));
        return found.find() ? found.group(1) : "";
    }
}
