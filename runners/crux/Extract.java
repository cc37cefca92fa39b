import com.chimbori.crux.articles.Article;
import com.chimbori.crux.articles.ArticleExtractor;
import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.Map;

class Extract {
    static Map<String, Object> extract(String html, String url, JsonObject options) {
        Article found = ArticleExtractor.with(url == null ? "" : url, html).extractMetadata().extractContent().article();
        Map<String, Object> reply = new HashMap<>();
        reply.put("text", found.document == null ? null : found.document.outerHtml());
        reply.put("title", found.title);
        return reply;
    }
}
