import com.google.gson.JsonObject;
import java.util.Map;

class Extract {
    static Map<String, ?> extract(String html, String url, JsonObject options) {
        // TODO: return Map.of("text", …)
        throw new UnsupportedOperationException("say in Extract.java what of $distribution is to be called");
    }
}
