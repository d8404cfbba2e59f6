package dev.wsclient.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No link of the documentation leads to nothing.
 */
class LinkTests {

	private final List<Page> pages = Page.all();

	@Test
	void everyLinkLeadsToAFileAndAnchorThatExist() {
		List<String> dead = new ArrayList<>();
		for (Page page : this.pages) {
			for (String link : page.links()) {
				if (!isExternal(link) && !leadsSomewhere(page, link)) {
					dead.add(page.path() + " -> " + link);
				}
			}
		}
		assertThat(dead).isEmpty();
		assertThat(this.pages).extracting((page) -> page.path().toString()).contains("README.md", "docs/README.md");
	}

	@Test
	void everyOtherFileIsLinked() throws IOException {
		Set<Path> linked = this.pages.stream()
			.flatMap((page) -> page.links().stream().map((link) -> target(page.path(), link)))
			.collect(Collectors.toSet());
		try (Stream<Path> files = Files.walk(Page.root().resolve("docs"))) {
			assertThat(files.filter((file) -> Files.isRegularFile(file) && !file.toString().endsWith(".md"))
				.map(Page.root()::relativize)).hasSizeGreaterThan(2).isSubsetOf(linked);
		}
	}

	@Test
	void everyPageIsReachedFromTheReadme() {
		List<Path> reached = new ArrayList<>(List.of(Path.of("README.md")));
		for (int i = 0; i < reached.size(); i++) {
			Path from = reached.get(i);
			page(from).links()
				.stream()
				.filter((link) -> !isExternal(link))
				.map((link) -> target(from, link))
				.filter((path) -> path.toString().endsWith(".md") && !reached.contains(path))
				.distinct()
				.forEach(reached::add);
		}
		assertThat(this.pages).extracting(Page::path)
			.filteredOn((path) -> !path.startsWith("docs/decisions"))
			.allSatisfy((path) -> assertThat(reached).contains(path));
	}

	private Page page(Path path) {
		return this.pages.stream().filter((page) -> page.path().equals(path)).findFirst().orElseThrow();
	}

	private static boolean isExternal(String link) {
		return link.startsWith("https://") || link.startsWith("http://");
	}

	private boolean leadsSomewhere(Page page, String link) {
		Path target = target(page.path(), link);
		int hash = link.indexOf('#');
		return Files.exists(Page.root().resolve(target))
				&& (hash < 0 || page(target).anchors().contains(link.substring(hash + 1)));
	}

	private static Path target(Path from, String link) {
		int hash = link.indexOf('#');
		String file = (hash < 0) ? link : link.substring(0, hash);
		return file.isEmpty() ? from : from.resolveSibling(file).normalize();
	}

}
