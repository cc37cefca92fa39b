#!/usr/bin/env bash
# Readability4J 1.0.8 raises where its cleaning takes out the very element that it had chosen.
#
# It chooses the element with most text, joins long paragraphs beside it, and cleans the result. Inside, a block is taken out whose class
# speaks against it, such as `hidden` (which utility classes have for what is there from some width on: `hidden md:block`); what is empty
# then goes, too, and be it the chosen element. Where the paragraphs beside it are over 500 characters, it does not try again with
# fewer rules, as it does for less, but asks for the chosen element's parent, which it no longer has.
#
# Seen with Java 17: IllegalStateException "topCandidate.parent() must not be null" in getTextDirection with the class, the text of both
# without it, and of both where the paragraph beside it is short.
# For users of boilerbench: an `error`, which counts as zero; on one page of goldset (docs/extractors.md).
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId><artifactId>finding</artifactId><version>0</version>
  <dependencies>
    <dependency><groupId>net.dankito.readability4j</groupId><artifactId>readability4j</artifactId><version>1.0.8</version></dependency>
  </dependencies>
</project>
XML
cat >Finding.java <<'JAVA'
import net.dankito.readability4j.Readability4J;

public class Finding {
    static final String BESIDE = "The harbour office opens every morning and sells tickets to those who come early enough to stand in line. ";
    static final String INSIDE = "<p>The ferry leaves at seven, and the bell on the quay rings twice before that.</p>".repeat(4);

    static String read(int sentences, String name) {
        String page = "<!doctype html><html><head><title>Ferry</title></head><body><p>" + BESIDE.repeat(sentences)
            + "</p><div><div class='" + name + "'>" + INSIDE + "</div></div></body></html>";
        try {
            String text = new Readability4J("https://a.example/", page).parse().getTextContent();
            return text.contains("office") + " " + text.contains("ferry");
        } catch (IllegalStateException error) {
            return error.getMessage();
        }
    }

    public static void main(String[] none) {
        String found = "long paragraph, hidden: " + read(5, "hidden md:block") + "\nlong paragraph, no class: " + read(5, "")
            + "\nshort paragraph, hidden: " + read(3, "hidden md:block") + "\n";
        System.out.print(found);
        if (!found.equals("long paragraph, hidden: topCandidate.parent() must not be null\n"
            + "long paragraph, no class: true true\nshort paragraph, hidden: true true\n")) {
            System.out.println("it behaves otherwise now");
            System.exit(1);
        }
    }
}
JAVA
mvn -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=lib
java -cp 'lib/*' Finding.java 2>/dev/null
echo "as described: Readability4J 1.0.8 raises where cleaning takes out the element that it had chosen"
