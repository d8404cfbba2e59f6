package dev.wsclient.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * A session recorded with a real server. The recordings are no part of the project; tests
 * that need them are skipped, and say so, where they are absent.
 *
 * @param subscriptions what the client sent, in order
 * @param messages what the server sent, in order
 */
record RecordedFeed(List<String> subscriptions, List<Message> messages) {

	private static final Logger logger = LoggerFactory.getLogger(RecordedFeed.class);

	static RecordedFeed load(String name) {
		Path file = directories().map((directory) -> directory.resolve(name + ".tsv"))
			.filter(Files::isReadable)
			.findFirst()
			.orElse(null);
		if (file == null) {
			String skipped = "SKIPPED: no recorded feed '" + name + ".tsv' in " + directories().toList()
					+ "; set the system property 'ws.feeds' to its directory";
			logger.warn(skipped);
			assumeTrue(false, skipped);
			throw new IllegalStateException(skipped);
		}
		return parse(file);
	}

	private static Stream<Path> directories() {
		String directory = System.getProperty("ws.feeds");
		return ((directory != null) ? Stream.of(directory) : Stream.of("../../shared/feeds", "../shared/feeds"))
			.map(Path::of);
	}

	private static RecordedFeed parse(Path file) {
		List<String> subscriptions = new ArrayList<>();
		List<Message> messages = new ArrayList<>();
		try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
			lines.map((line) -> line.split("\t", 3)).forEach((fields) -> {
				if (fields[1].equals("out")) {
					subscriptions.add(fields[2]);
				}
				else if (fields[1].equals("in")) {
					messages.add(new Message((long) (Double.parseDouble(fields[0]) * 1e9), fields[2]));
				}
			});
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return new RecordedFeed(List.copyOf(subscriptions), List.copyOf(messages));
	}

	List<String> texts() {
		return this.messages.stream().map(Message::text).toList();
	}

	/**
	 * A message of the server.
	 *
	 * @param nanos when it came, since the connection was opened
	 * @param text its payload
	 */
	record Message(long nanos, String text) {

	}

}
