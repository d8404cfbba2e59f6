package dev.wsclient.internal.lifecycle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import dev.wsclient.WsState;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The diagram of {@code docs/reconnect.md} shows the moves that are legal, all of them.
 */
class StateDiagramTests {

	private static final Pattern ARROW = Pattern.compile("(?m)^ {4}([A-Z]+ --> [A-Z]+):");

	@Test
	void diagramShowsEveryLegalMove() throws IOException {
		List<String> shown = ARROW.matcher(Files.readString(Path.of("../docs/reconnect.md")))
			.results()
			.map((arrow) -> arrow.group(1))
			.toList();
		Stream<String> legal = Stream.of(WsState.values())
			.flatMap((from) -> Stream.of(WsState.values())
				.filter((to) -> ConnectionState.isLegal(from, to))
				.map((to) -> from + " --> " + to));
		assertThat(legal).containsExactlyInAnyOrderElementsOf(shown);
	}

}
