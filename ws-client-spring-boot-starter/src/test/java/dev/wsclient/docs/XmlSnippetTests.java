package dev.wsclient.docs;

import java.io.StringReader;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

import dev.wsclient.docs.Page.Snippet;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The versions that XML snippets of the documentation name are those of the build.
 */
class XmlSnippetTests {

	@Test
	void everyVersionIsThatOfTheBuild() throws Exception {
		Document pom = parse(Files.readString(Page.root().resolve("pom.xml")));
		Map<String, String> versions = Map.of("dev.wsclient", text(pom.getDocumentElement(), "version"),
				"org.springframework.boot", text(pom.getDocumentElement(), "spring-boot.version"));
		List<Snippet> snippets = Page.all().stream().flatMap((page) -> page.snippets("xml").stream()).toList();
		assertThat(snippets).hasSizeGreaterThan(1);
		for (Snippet snippet : snippets) {
			Document document = parse(snippet.code());
			elements(document, "version").map((version) -> (Element) version.getParentNode())
				.filter((element) -> versions.containsKey(text(element, "groupId")))
				.forEach((element) -> assertThat(text(element, "version")).as(snippet.place())
					.isEqualTo(versions.get(text(element, "groupId"))));
		}
	}

	private static Document parse(String xml) throws Exception {
		DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
		return builder.parse(new InputSource(new StringReader(xml)));
	}

	private static Stream<Element> elements(Document document, String name) {
		NodeList nodes = document.getElementsByTagName(name);
		return IntStream.range(0, nodes.getLength()).mapToObj((index) -> (Element) nodes.item(index));
	}

	private static String text(Element element, String name) {
		return element.getElementsByTagName(name).item(0).getTextContent();
	}

}
