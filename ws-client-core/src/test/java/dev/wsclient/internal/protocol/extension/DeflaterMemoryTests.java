package dev.wsclient.internal.protocol.extension;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import dev.wsclient.internal.protocol.extension.ExtensionAnswer.Parameter;
import dev.wsclient.options.Compression;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that an {@link Extension} gives native memory back when it needs it no more, and
 * not when it happens to be collected.
 */
class DeflaterMemoryTests {

	private static final int SESSIONS = 1000;

	// Each deflater takes 268 KiB, so all of them would take 260 MiB
	private static final int LIMIT_KIBIBYTES = 100 * 1024;

	@Test
	@EnabledOnOs(OS.LINUX)
	void releasedSessionsHoldNoNativeMemory() throws IOException {
		assertThat(growth(List.of(), true)).isLessThan(LIMIT_KIBIBYTES);
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void idleSessionsThatForgetHoldNoNativeMemory() throws IOException {
		assertThat(growth(List.of(new Parameter("client_no_context_takeover", null)), false))
			.isLessThan(LIMIT_KIBIBYTES);
	}

	// They stay reachable, so no cleaner can do what the session should
	private static long growth(List<Parameter> answer, boolean release) throws IOException {
		byte[] payload = Payloads.make(new Random(1), 0, 5000);
		List<Extension> sessions = new ArrayList<>();
		use(payload, answer, sessions);
		long before = residentKibibytes();
		for (int i = 0; i < SESSIONS; i++) {
			Extension session = use(payload, answer, sessions);
			if (release) {
				session.release();
			}
		}
		long growth = residentKibibytes() - before;
		assertThat(sessions).hasSize(SESSIONS + 1);
		sessions.forEach(Extension::release);
		return growth;
	}

	private static Extension use(byte[] payload, List<Parameter> answer, List<Extension> sessions) {
		Extension extension = new PerMessageDeflateOffer(Compression.defaults())
			.accept(new ExtensionAnswer("permessage-deflate", answer));
		sessions.add(extension);
		ByteBuf out = Unpooled.buffer();
		extension.encode(ByteBuffer.wrap(payload), out);
		out.release();
		return extension;
	}

	private static long residentKibibytes() throws IOException {
		return Files.readAllLines(Path.of("/proc/self/status"))
			.stream()
			.filter((line) -> line.startsWith("VmRSS:"))
			.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")))
			.findFirst()
			.orElseThrow();
	}

}
