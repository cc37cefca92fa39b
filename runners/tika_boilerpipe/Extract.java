import com.google.gson.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.html.JSoupParser;
import org.apache.tika.sax.BodyContentHandler;
import org.apache.tika.sax.ToXMLContentHandler;
import org.apache.tika.sax.boilerpipe.BoilerpipeContentHandler;
import org.xml.sax.ContentHandler;

class Extract {
    static Map<String, Object> extract(String html, String url, JsonObject options) throws Exception {
        boolean markup = options.get("output").getAsString().equals("html");
        ContentHandler found = markup ? new ToXMLContentHandler() : new BodyContentHandler(-1);
        BoilerpipeContentHandler handler = new BoilerpipeContentHandler(found);
        handler.setIncludeMarkup(markup);
        Metadata about = new Metadata();
        about.set(Metadata.CONTENT_TYPE, "text/html; charset=UTF-8");
        try (InputStream page = new ByteArrayInputStream(html.getBytes(StandardCharsets.UTF_8))) {
            new JSoupParser().parse(page, handler, about, new ParseContext());
        }
        Map<String, Object> reply = new HashMap<>();
        reply.put("text", found.toString());
        reply.put("title", about.get(TikaCoreProperties.TITLE));
        return reply;
    }
}
