package dev.wsclient.internal.protocol.extension;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.internal.protocol.extension.ExtensionAnswer.Parameter;
import dev.wsclient.options.Compression;
import dev.wsclient.testserver.DeflatePeer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PerMessageDeflate} with another zlib at the other end.
 */
class PerMessageDeflateTests {

	private static final Integer[] WINDOW_BITS = { null, 8, 9, 10, 11, 12, 13, 14, 15 };

	private static final int[] SIZES = { 0, 1, 126, 257, 700, 3000, 0, 3 };

	private static final int[] LARGE_SIZES = { 16_384, 32_767, 32_768, 32_769, 65_535, 65_536, 131_072 };

	static Stream<Arguments> windowBits() {
		return Arrays.stream(WINDOW_BITS)
			.flatMap((server) -> Arrays.stream(WINDOW_BITS).map((client) -> Arguments.of(server, client)));
	}

	@ParameterizedTest
	@MethodSource("windowBits")
	void everyAgreementIsKept(@Nullable Integer serverBits, @Nullable Integer clientBits) {
		for (boolean serverForgets : new boolean[] { false, true }) {
			for (boolean clientForgets : new boolean[] { false, true }) {
				exchange(serverBits, serverForgets, clientBits, clientForgets, SIZES);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 8, 9, 10, 11, 12, 13, 14, 15 })
	void largeMessagesComeThrough(int bits) {
		exchange(bits, false, bits, false, LARGE_SIZES);
	}

	@Test
	void peerSeesWhatReachesTooFar() {
		byte[] payload = Payloads.make(new Random(5), 0, 5000);
		Extension unbounded = accept(null, false, null, false);
		byte[] message = encode(unbounded, payload);
		unbounded.release();
		assertThat(new DeflatePeer(15, false, 15, false).inflate(message)).isEqualTo(payload);
		assertThat(new DeflatePeer(15, false, 9, false).inflate(message)).isNotEqualTo(payload);
	}

	private static void exchange(@Nullable Integer serverBits, boolean serverForgets, @Nullable Integer clientBits,
			boolean clientForgets, int[] sizes) {
		Random random = new Random(7692);
		Extension extension = accept(serverBits, serverForgets, clientBits, clientForgets);
		MessageInflater decoder = (MessageInflater) extension.newDecoder(UnpooledByteBufAllocator.DEFAULT);
		DeflatePeer peer = new DeflatePeer(orLargest(serverBits), serverForgets, orLargest(clientBits), clientForgets);
		try {
			for (int i = 0; i < sizes.length; i++) {
				byte[] payload = Payloads.make(random, i % Payloads.KINDS, sizes[i]);
				assertThat(peer.inflate(encode(extension, payload))).isEqualTo(payload);
				byte[] message = peer.deflate(payload);
				assertThat(MessageInflaterTests.inflate(decoder, message, 1 + random.nextInt(1 + message.length)))
					.isEqualTo(payload);
				decoder.trim();
			}
		}
		finally {
			decoder.release();
			extension.release();
		}
	}

	private static int orLargest(@Nullable Integer bits) {
		return (bits != null) ? bits : 15;
	}

	private static Extension accept(@Nullable Integer serverBits, boolean serverForgets, @Nullable Integer clientBits,
			boolean clientForgets) {
		List<Parameter> parameters = new ArrayList<>();
		if (serverForgets) {
			parameters.add(new Parameter("server_no_context_takeover", null));
		}
		if (clientForgets) {
			parameters.add(new Parameter("client_no_context_takeover", null));
		}
		if (serverBits != null) {
			parameters.add(new Parameter("server_max_window_bits", serverBits.toString()));
		}
		if (clientBits != null) {
			parameters.add(new Parameter("client_max_window_bits", clientBits.toString()));
		}
		return new PerMessageDeflateOffer(Compression.defaults())
			.accept(new ExtensionAnswer("permessage-deflate", parameters));
	}

	private static byte[] encode(Extension extension, byte[] payload) {
		ByteBuf out = Unpooled.buffer();
		try {
			extension.encode(ByteBuffer.wrap(payload), out);
			return ByteBufUtil.getBytes(out);
		}
		finally {
			out.release();
		}
	}

}
