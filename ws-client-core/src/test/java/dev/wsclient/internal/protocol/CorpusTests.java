package dev.wsclient.internal.protocol;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import dev.wsclient.internal.protocol.extension.MessageInflaterFuzz;
import dev.wsclient.internal.protocol.handshake.HandshakeResponseFuzz;
import dev.wsclient.internal.protocol.message.ClosePayloadFuzz;
import dev.wsclient.internal.protocol.message.MessageReaderFuzz;

/**
 * Runs the fuzz tests on their committed inputs, which are also what Jazzer begins with.
 * Without Jazzer's agent, which would instrument the classes of all tests.
 */
class CorpusTests {

	private static final Path RESOURCES = Path.of("src/test/resources");

	@TestFactory
	List<DynamicTest> messageReader() throws IOException {
		return inputs(MessageReaderFuzz.class, new MessageReaderFuzz()::read);
	}

	@TestFactory
	List<DynamicTest> messageInflater() throws IOException {
		return inputs(MessageInflaterFuzz.class, new MessageInflaterFuzz()::inflate);
	}

	@TestFactory
	List<DynamicTest> handshakeResponse() throws IOException {
		return inputs(HandshakeResponseFuzz.class, new HandshakeResponseFuzz()::read);
	}

	@TestFactory
	List<DynamicTest> closePayload() throws IOException {
		return inputs(ClosePayloadFuzz.class, new ClosePayloadFuzz()::parse);
	}

	private static List<DynamicTest> inputs(Class<?> test, Consumer<byte[]> target) throws IOException {
		// Where Jazzer looks for them
		Path inputs = RESOURCES.resolve(test.getName().replace('.', '/') + "Inputs");
		try (Stream<Path> files = Files.walk(inputs)) {
			return files.filter(Files::isRegularFile).sorted().map((file) -> input(file, target)).toList();
		}
	}

	private static DynamicTest input(Path file, Consumer<byte[]> target) {
		return DynamicTest.dynamicTest(file.getFileName().toString(), () -> target.accept(Files.readAllBytes(file)));
	}

}
