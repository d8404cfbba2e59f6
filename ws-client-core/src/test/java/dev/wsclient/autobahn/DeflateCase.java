package dev.wsclient.autobahn;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import dev.wsclient.internal.protocol.extension.Payloads;

/**
 * One case of the categories 12 and 13.
 *
 * @param id what upstream calls it
 * @param text whether messages are text
 * @param data what messages are cut out of, one behind the other and round about
 * @param clientForgets whether the server's answer demands it
 * @param clientWindowBits what the server's answer demands, or 0
 * @param size how many characters or bytes a message has
 * @param fragmentSize how large fragments are, or 0 for one frame a message
 */
record DeflateCase(String id, boolean text, String data, boolean clientForgets, int clientWindowBits, int size,
		int fragmentSize) {

	private static final int[][] SIZES = { { 16, 0 }, { 64, 0 }, { 256, 0 }, { 1024, 0 }, { 4096, 0 }, { 8192, 0 },
			{ 16_384, 0 }, { 32_768, 0 }, { 65_536, 0 }, { 131_072, 0 }, { 8192, 256 }, { 16_384, 256 },
			{ 32_768, 256 }, { 65_536, 256 }, { 131_072, 256 }, { 131_072, 1024 }, { 131_072, 4096 },
			{ 131_072, 32_768 } };

	private static final int DATA_SIZE = 200_000;

	/**
	 * Returns all cases.
	 * @return 12.1.1 to 13.7.18
	 */
	static Stream<DeflateCase> all() {
		String json = data(0);
		// Upstream: JSON, a bitmap, prose, HTML with some characters of 3 bytes, a PDF
		return Stream.of(group("12.1", true, json, false, 0), group("12.2", false, data(3), false, 0),
				group("12.3", false, prose(), false, 0), group("12.4", true, json.replace(":\"", ":\u201e"), false, 0),
				group("12.5", false, data(2), false, 0), group("13.1", true, json, false, 0),
				group("13.2", true, json, true, 0), group("13.3", true, json, false, 9),
				group("13.4", true, json, false, 15), group("13.5", true, json, true, 9),
				group("13.6", true, json, true, 15), group("13.7", true, json, true, 9))
			.flatMap(List::stream);
	}

	private static String data(int kind) {
		return new String(Payloads.make(new Random(kind), kind, DATA_SIZE), StandardCharsets.ISO_8859_1);
	}

	// Words of which some come often
	private static String prose() {
		Random random = new Random(1);
		String letters = new String(Payloads.make(random, 2, 5000), StandardCharsets.ISO_8859_1);
		StringBuilder prose = new StringBuilder(DATA_SIZE + 10);
		while (prose.length() < DATA_SIZE) {
			int word = random.nextInt(1 + random.nextInt(1000));
			prose.append(letters, 5 * word, 5 * word + 1 + word % 5).append(' ');
		}
		return prose.toString();
	}

	private static List<DeflateCase> group(String id, boolean text, String data, boolean clientForgets,
			int clientWindowBits) {
		List<DeflateCase> cases = new ArrayList<>();
		for (int[] size : SIZES) {
			cases.add(new DeflateCase(id + "." + (cases.size() + 1), text, data, clientForgets, clientWindowBits,
					size[0], size[1]));
		}
		return cases;
	}

	/**
	 * Returns what the server answers to the offer.
	 * @return the header field
	 */
	String answer() {
		return "Sec-WebSocket-Extensions: permessage-deflate"
				+ (this.clientForgets ? "; client_no_context_takeover" : "")
				+ ((this.clientWindowBits > 0) ? "; client_max_window_bits=" + this.clientWindowBits : "");
	}

	/**
	 * Returns the payload of a message.
	 * @param number its number, from 0
	 * @return the payload
	 */
	byte[] message(int number) {
		int start = (int) ((long) number * this.size % this.data.length());
		int end = (start + this.size) % this.data.length();
		String message = (end > start) ? this.data.substring(start, end)
				: this.data.substring(start) + this.data.substring(0, end);
		Charset charset = this.text ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
		return message.getBytes(charset);
	}

	@Override
	public String toString() {
		return this.id;
	}

}
