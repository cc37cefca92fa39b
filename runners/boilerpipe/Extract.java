import com.google.gson.JsonObject;
import de.l3s.boilerpipe.document.TextDocument;
import de.l3s.boilerpipe.extractors.CommonExtractors;
import de.l3s.boilerpipe.extractors.ExtractorBase;
import de.l3s.boilerpipe.sax.BoilerpipeSAXInput;
import de.l3s.boilerpipe.sax.HTMLHighlighter;
import java.io.StringReader;
import java.util.HashMap;
import java.util.Map;
import org.xml.sax.InputSource;

class Extract {
    static final Map<String, ExtractorBase> EXTRACTORS = Map.of(
            "article", CommonExtractors.ARTICLE_EXTRACTOR,
            "default", CommonExtractors.DEFAULT_EXTRACTOR,
            "largest-content", CommonExtractors.LARGEST_CONTENT_EXTRACTOR,
            "canola", CommonExtractors.CANOLA_EXTRACTOR);

    static Map<String, Object> extract(String html, String url, JsonObject options) throws Exception {
        TextDocument document = new BoilerpipeSAXInput(source(html)).getTextDocument();
        EXTRACTORS.get(options.get("extractor").getAsString()).process(document);
        boolean markup = options.get("output").getAsString().equals("html");
        Map<String, Object> reply = new HashMap<>();
        reply.put("text", markup ? HTMLHighlighter.newExtractingInstance().process(document, source(html)) : document.getContent());
        reply.put("title", document.getTitle());
        return reply;
    }

    static InputSource source(String html) {
        return new InputSource(new StringReader(html));
    }
}
