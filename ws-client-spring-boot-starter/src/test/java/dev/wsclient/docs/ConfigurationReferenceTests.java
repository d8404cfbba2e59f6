package dev.wsclient.docs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.Test;
import org.springframework.core.io.UrlResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The reference of the configuration is what the metadata says. With
 * {@code -Ddocs.write=true} it is written anew.
 */
class ConfigurationReferenceTests {

	private static final String DEFAULTS = "ws.defaults.";

	private static final Path PAGE = Page.root().resolve("docs/configuration.md");

	private static final String BEGIN = "<!-- made from the metadata: from here -->\n";

	private static final String END = "<!-- to here -->\n";

	private final JsonNode metadata;

	ConfigurationReferenceTests() throws IOException {
		this.metadata = Collections
			.list(getClass().getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))
			.stream()
			.map((url) -> read(new UrlResource(url)))
			.filter((metadata) -> metadata.toString().contains("\"" + DEFAULTS))
			.findFirst()
			.orElseThrow();
	}

	private static JsonNode read(UrlResource resource) {
		try (InputStream stream = resource.getInputStream()) {
			return JsonMapper.shared().readTree(stream);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void theReferenceIsWhatTheMetadataSays() throws IOException {
		String page = Files.readString(PAGE);
		String made = BEGIN + tables() + END;
		String now = page.substring(page.indexOf(BEGIN), page.indexOf(END) + END.length());
		if (Boolean.getBoolean("docs.write")) {
			Files.writeString(PAGE, page.replace(now, made));
			return;
		}
		assertThat(now).as("docs/configuration.md is stale, write it by -Ddocs.write=true").isEqualTo(made);
	}

	private String tables() {
		Map<String, List<JsonNode>> groups = StreamSupport.stream(this.metadata.get("properties").spliterator(), false)
			.collect(Collectors.groupingBy(ConfigurationReferenceTests::group, TreeMap::new, Collectors.toList()));
		return groups.entrySet()
			.stream()
			.map((group) -> table(group.getKey(), group.getValue()))
			.collect(Collectors.joining());
	}

	/**
	 * Returns what the properties of a table have in common: the empty text for those of
	 * a connection itself, sorted first.
	 */
	private static String group(JsonNode property) {
		String name = name(property);
		if (!name.startsWith(DEFAULTS)) {
			return "~";
		}
		String own = name.substring(DEFAULTS.length());
		return own.contains(".") ? own.substring(0, own.indexOf('.')) : "";
	}

	private static String name(JsonNode property) {
		return property.get("name").asString();
	}

	private String table(String group, List<JsonNode> properties) {
		String heading = switch (group) {
			case "" -> "The connection itself";
			case "~" -> "The application";
			default -> group;
		};
		return properties.stream()
			.map(this::row)
			.collect(Collectors.joining("",
					"\n## " + heading + "\n| property | value | default | |\n" + "| --- | --- | --- | --- |\n", ""));
	}

	private String row(JsonNode property) {
		String name = name(property);
		String shown = name.startsWith(DEFAULTS) ? name.substring(DEFAULTS.length()) : name;
		JsonNode standard = property.get("defaultValue");
		String text = (standard != null) ? "`" + standard.asString() + "`" : "";
		return "| `" + shown + "` | " + type(property) + " | " + text + " | "
				+ property.get("description").asString().replace("|", "\\|") + " |\n";
	}

	private String type(JsonNode property) {
		String values = StreamSupport.stream(this.metadata.get("hints").spliterator(), false)
			.filter((hint) -> hint.get("name").equals(property.get("name")) && hint.has("values"))
			.flatMap((hint) -> StreamSupport.stream(hint.get("values").spliterator(), false))
			.map((value) -> "`" + value.get("value").asString() + "`")
			.collect(Collectors.joining(", "));
		String type = property.get("type").asString();
		boolean closed = !type.startsWith("java.util.List") && !type.equals("java.lang.String");
		return (!values.isEmpty() && closed) ? values : type(type);
	}

	private static String type(String type) {
		if (type.startsWith("java.util.List<")) {
			return "list: " + type(type.substring("java.util.List<".length(), type.length() - 1));
		}
		if (type.startsWith("java.util.Map<")) {
			return "map: name to " + type(type.substring(type.indexOf(',') + 1, type.length() - 1));
		}
		return switch (type) {
			case "java.lang.Boolean" -> "`true`, `false`";
			case "java.lang.Integer", "java.lang.Double" -> "number";
			case "org.springframework.util.unit.DataSize" -> "size";
			case "org.springframework.boot.actuate.endpoint.Access" -> "`none`, `read-only`, `unrestricted`";
			default -> {
				String simple = type.substring(type.lastIndexOf('.') + 1);
				yield type.startsWith("java.") ? simple.toLowerCase(Locale.ROOT) : simple.replaceAll(".*\\$", "");
			}
		};
	}

}
