import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.Locale;

/** A runner in Java. A real one calls its extractor in `extract`, and a JSON library in place of `value` and `quoted`. */
public class Runner {
    static String extract(String html, String separator) {
        return html.replaceAll("<[^>]*>", separator);
    }

    public static void main(String[] arguments) throws IOException {
        String separator = value(arguments[0], "separator");
        PrintStream answers = System.out;
        System.setOut(System.err); // what a library prints is no answer
        answers.println("{\"protocol\": 1, \"name\": \"strip-tags\", \"version\": \"1.0\"}");
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in));
        for (String line; (line = requests.readLine()) != null; ) {
            String id = line.replaceFirst("(?s)^.*?\"id\": (\\d+).*$", "$1");
            String html = value(line, "html");
            String reply;
            long begin = System.nanoTime();
            try {
                String text = extract(html, separator);
                double seconds = (System.nanoTime() - begin) / 1e9;
                reply = String.format(Locale.ROOT, "\"seconds\": %.6f, \"text\": %s", seconds, quoted(text));
            } catch (RuntimeException cause) {
                reply = "\"error\": " + quoted(cause.toString());
            }
            answers.println("{\"id\": " + id + ", " + reply + "}");
        }
    }

    static String value(String json, String key) {
        StringBuilder text = new StringBuilder();
        int at = json.indexOf("\"" + key + "\": \"") + key.length() + 5;
        for (; json.charAt(at) != '"'; at++) {
            char next = json.charAt(at);
            if (next == '\\') {
                next = json.charAt(++at);
                if (next == 'u') {
                    next = (char) Integer.parseInt(json.substring(at + 1, at + 5), 16);
                    at += 4;
                } else if ("bfnrt".indexOf(next) >= 0) {
                    next = "\b\f\n\r\t".charAt("bfnrt".indexOf(next));
                }
            }
            text.append(next);
        }
        return text.toString();
    }

    static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        text.chars().forEach(each -> {
            boolean plain = each >= ' ' && each < 127 && each != '"' && each != '\\';
            json.append(plain ? String.valueOf((char) each) : String.format("\\u%04x", each));
        });
        return json.append('"').toString();
    }
}
