import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.Map;
import net.dankito.readability4j.Article;
import net.dankito.readability4j.Readability4J;
import net.dankito.readability4j.extended.Readability4JExtended;

class Extract {
    static Map<String, Object> extract(String html, String url, JsonObject options) {
        String address = url == null ? "" : url; // it takes no null
        boolean extended = options.get("extended").getAsBoolean();
        Article found = (extended ? new Readability4JExtended(address, html) : new Readability4J(address, html)).parse();
        Map<String, Object> reply = new HashMap<>();
        reply.put("text", found.getContent());
        reply.put("title", found.getTitle());
        reply.put("author", found.getByline());
        return reply;
    }
}
