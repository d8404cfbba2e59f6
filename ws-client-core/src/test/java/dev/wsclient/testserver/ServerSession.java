package dev.wsclient.testserver;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * The server's end of one session: sends on command and records what it got.
 */
public abstract class ServerSession {

	private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

	private final List<String> texts = new CopyOnWriteArrayList<>();

	private final List<byte[]> binaries = new CopyOnWriteArrayList<>();

	private final List<String> pongs = new CopyOnWriteArrayList<>();

	private volatile @Nullable Consumer<String> receiver;

	private volatile @Nullable String closed;

	public abstract void sendText(String text);

	public abstract void sendBinary(byte[] payload);

	public abstract void sendPing(String payload);

	/**
	 * Sends one fragment of a text message.
	 * @param text the fragment
	 * @param first whether it is the first
	 * @param last whether it is the last
	 */
	public abstract void sendFragment(String text, boolean first, boolean last);

	public abstract void close(int code, String reason);

	public List<String> headers(String name) {
		return this.headers.getOrDefault(name, List.of());
	}

	public List<String> texts() {
		return this.texts;
	}

	public List<byte[]> binaries() {
		return this.binaries;
	}

	public List<String> pongs() {
		return this.pongs;
	}

	/**
	 * Returns what the client's Close frame said.
	 * @return code and reason with a space between, or {@code null} before
	 */
	public @Nullable String closed() {
		return this.closed;
	}

	void gotHeader(String name, List<String> values) {
		this.headers.put(name, List.copyOf(values));
	}

	void passTextsTo(Consumer<String> receiver) {
		this.receiver = receiver;
	}

	void gotText(String text) {
		Consumer<String> receiver = this.receiver;
		if (receiver != null) {
			receiver.accept(text);
			return;
		}
		this.texts.add(text);
		sendText(text);
	}

	void gotBinary(byte[] payload) {
		this.binaries.add(payload);
		sendBinary(payload);
	}

	void gotPong(byte[] payload) {
		this.pongs.add(new String(payload, StandardCharsets.UTF_8));
	}

	void gotClose(int code, @Nullable String reason) {
		this.closed = (code + " " + ((reason != null) ? reason : "")).strip();
	}

}
