package dev.wsclient.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation.
 *
 * @param path where it is, from the project's root
 * @param text its Markdown
 */
record Page(Path path, String text) {

	private static final Pattern FENCE = Pattern.compile("(?ms)^```([a-z]*)[^\\n]*\\n(.*?)^```\\s*$");

	private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");

	private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");

	/**
	 * Reads the README, the other pages at the top and all below docs.
	 * @return the pages, sorted by path
	 */
	static List<Page> all() {
		Path root = root();
		try (Stream<Path> top = Files.list(root); Stream<Path> docs = Files.walk(root.resolve("docs"))) {
			return Stream.concat(top, docs)
				.filter((path) -> path.toString().endsWith(".md"))
				.sorted()
				.map((path) -> new Page(root.relativize(path), read(path)))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Returns the project's root, whichever module the tests run in.
	 * @return the folder that holds the README
	 */
	static Path root() {
		return Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
			.filter((folder) -> Files.exists(folder.resolve("README.md")))
			.findFirst()
			.orElseThrow();
	}

	static String read(Path path) {
		try {
			return Files.readString(path);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Returns the snippets of a language.
	 * @param language the word behind the opening fence
	 * @return the snippets in order
	 */
	List<Snippet> snippets(String language) {
		List<Snippet> snippets = new ArrayList<>();
		Matcher fence = FENCE.matcher(this.text);
		while (fence.find()) {
			if (fence.group(1).equals(language)) {
				int line = (int) this.text.substring(0, fence.start(2)).lines().count() + 1;
				snippets.add(new Snippet(this.path + ":" + line, fence.group(2)));
			}
		}
		return snippets;
	}

	/**
	 * Returns the targets of the links, without those in snippets.
	 * @return the targets as they are written
	 */
	List<String> links() {
		return LINK.matcher(withoutSnippets()).results().map((link) -> link.group(1)).toList();
	}

	/**
	 * Returns the anchors of the headings, as Markdown viewers name them.
	 * @return the anchors
	 */
	List<String> anchors() {
		return HEADING.matcher(withoutSnippets())
			.results()
			.map((heading) -> heading.group(1).strip().toLowerCase(Locale.ROOT))
			.map((heading) -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
			.toList();
	}

	String withoutSnippets() {
		return FENCE.matcher(this.text).replaceAll("");
	}

	/**
	 * A snippet.
	 *
	 * @param place page and line
	 * @param code what it says
	 */
	record Snippet(String place, String code) {

	}

}
