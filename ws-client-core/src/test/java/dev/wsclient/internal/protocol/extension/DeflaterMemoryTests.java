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

import dev.wsclient.options.Compression;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that an {@link Extension} gives native memory back when it is released, and not
 * when it happens to be collected.
 */
class DeflaterMemoryTests {

	private static final int SESSIONS = 1000;

	@Test
	@EnabledOnOs(OS.LINUX)
	void releasedSessionsHoldNoNativeMemory() throws IOException {
		byte[] payload = Payloads.make(new Random(1), 0, 5000);
		// They stay reachable, so no cleaner can do what release should
		List<Extension> released = new ArrayList<>();
		use(payload, released);
		long before = residentKibibytes();
		for (int i = 0; i < SESSIONS; i++) {
			use(payload, released);
		}
		// Each deflater takes 268 KiB, so all of them would take 260 MiB
		assertThat(residentKibibytes() - before).isLessThan(100 * 1024);
		assertThat(released).hasSize(SESSIONS + 1);
	}

	private static void use(byte[] payload, List<Extension> released) {
		Extension extension = new PerMessageDeflateOffer(Compression.defaults())
			.accept(new ExtensionAnswer("permessage-deflate", List.of()));
		ByteBuf out = Unpooled.buffer();
		extension.encode(ByteBuffer.wrap(payload), out);
		out.release();
		extension.release();
		released.add(extension);
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
