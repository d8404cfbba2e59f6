package dev.wsclient.internal.protocol.handshake;

import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Status line and header fields of one answer, read line by line
 * (<a href="https://www.rfc-editor.org/rfc/rfc9112#section-4">RFC 9112, sections 4 and
 * 5</a>).
 */
final class ResponseHead {

	/**
	 * How every answer begins.
	 */
	static final String VERSION = "HTTP/1.1 ";

	private static final int STATUS_END = VERSION.length() + 3;

	private final Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

	/**
	 * The value of the newest field, which may go on in the next line.
	 */
	private final StringBuilder value = new StringBuilder();

	/**
	 * The name of the newest field, empty before the first and when all were taken.
	 */
	private String name = "";

	private String statusLine = "";

	private int statusCode;

	boolean hasStatus() {
		return this.statusCode != 0;
	}

	// Whether another answer follows (RFC 9110, section 15.2).
	boolean isInterim() {
		return this.statusCode < 200 && this.statusCode != 101;
	}

	int statusCode() {
		return this.statusCode;
	}

	String statusLine() {
		return this.statusLine;
	}

	HttpHeaders headers() {
		return HttpHeaders.of(this.fields, (name, value) -> true);
	}

	void readStatusLine(String line) {
		if (!line.startsWith(VERSION)) {
			throw wrongVersion(line.isEmpty() ? "\n" : line);
		}
		if (line.length() < STATUS_END || !line.substring(VERSION.length(), STATUS_END).matches("[1-9][0-9][0-9]")
				|| (line.length() > STATUS_END && line.charAt(STATUS_END) != ' ')
				|| HttpSyntax.findBadValueChar(line) >= 0) {
			throw new HandshakeFailure(
					"Status line must be 'HTTP/1.1', a status of 3 digits and a reason, but the answer begins with "
							+ Printable.quote(line) + " (RFC 9112, 4)");
		}
		this.statusLine = line;
		this.statusCode = Integer.parseInt(line, VERSION.length(), STATUS_END, 10);
	}

	static HandshakeFailure wrongVersion(CharSequence seen) {
		return new HandshakeFailure("Answer must begin with 'HTTP/1.1 ', but begins with " + Printable.quote(seen)
				+ hint(seen) + " (RFC 6455, 4.1)");
	}

	private static String hint(CharSequence seen) {
		// The first byte of a TLS record: 0x15 is an alert, 0x16 a handshake
		char first = seen.charAt(0);
		if (first == 0x15 || first == 0x16) {
			return "; that looks like TLS, so the URL may need wss:// instead of ws://";
		}
		String text = seen.toString();
		return (text.startsWith("HTTP/") && !text.startsWith("HTTP/1.1"))
				? "; WebSocket needs HTTP/1.1, see that no proxy downgrades it" : "";
	}

	void readField(String line) {
		if (HttpSyntax.isBlank(line.charAt(0))) {
			readFolded(line);
			return;
		}
		endField();
		int colon = line.indexOf(':');
		if (colon < 0) {
			throw invalid("must have a colon, but one was " + shorten(line), "5");
		}
		String name = line.substring(0, colon);
		if (!name.isEmpty() && HttpSyntax.isBlank(name.charAt(name.length() - 1))) {
			throw invalid("must not have whitespace before the colon, but one began with " + Printable.quote(name),
					"5.1");
		}
		if (!HttpSyntax.isToken(name)) {
			throw invalid("must have a token for a name, but one began with " + Printable.quote(name), "5");
		}
		this.name = name;
		appendValue(line.substring(colon + 1));
	}

	// A fold is as good as a blank (RFC 9112, section 5.2).
	private void readFolded(String line) {
		if (this.name.isEmpty()) {
			throw invalid("must not begin with whitespace in front of the first", "2.2");
		}
		this.value.append(' ');
		appendValue(line);
	}

	private void appendValue(String text) {
		int bad = HttpSyntax.findBadValueChar(text);
		if (bad >= 0) {
			throw invalid("must not hold control characters, but " + Printable.quote(this.name) + " holds "
					+ Printable.quote(text.substring(bad, bad + 1)), "5");
		}
		this.value.append(HttpSyntax.strip(text));
	}

	/**
	 * Takes the newest field: no line goes on with it.
	 */
	void endField() {
		if (!this.name.isEmpty()) {
			this.fields.computeIfAbsent(this.name, (key) -> new ArrayList<>())
				.add(HttpSyntax.strip(this.value.toString()));
			this.name = "";
			this.value.setLength(0);
		}
	}

	// A line without a colon may be the rest of a secret value.
	private static String shorten(String line) {
		return Printable.quote(line.substring(0, Math.min(line.length(), 8))) + " and " + Math.max(line.length() - 8, 0)
				+ " more characters";
	}

	private HandshakeFailure invalid(String rule, String section) {
		return new HandshakeFailure(
				"Header fields of the answer (" + this.statusCode + ") " + rule + " (RFC 9112, " + section + ")");
	}

}
