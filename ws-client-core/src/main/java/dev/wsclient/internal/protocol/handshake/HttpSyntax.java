package dev.wsclient.internal.protocol.handshake;

/**
 * What may stand where in HTTP
 * (<a href="https://www.rfc-editor.org/rfc/rfc9110#section-5.5">RFC 9110, section
 * 5.5</a>).
 */
final class HttpSyntax {

	private static final String TOKEN_SYMBOLS = "!#$%&'*+-.^_`|~";

	private HttpSyntax() {
	}

	static boolean isToken(String text) {
		return !text.isEmpty() && text.chars().allMatch(HttpSyntax::isTokenChar);
	}

	static boolean isTokenChar(int c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
				|| TOKEN_SYMBOLS.indexOf(c) >= 0;
	}

	/**
	 * Finds what can't stand in the value of a field: control characters but the tab, and
	 * whatever needs more than a byte.
	 * @param value the value
	 * @return the index, or -1 if there is none
	 */
	static int findBadValueChar(CharSequence value) {
		for (int i = 0; i < value.length(); i++) {
			char c = value.charAt(i);
			if ((c < 0x20 && c != '\t') || c == 0x7F || c > 0xFF) {
				return i;
			}
		}
		return -1;
	}

	// Strips spaces and tabs, and nothing else.
	static String strip(String text) {
		int start = 0;
		int end = text.length();
		while (start < end && isBlank(text.charAt(start))) {
			start++;
		}
		while (end > start && isBlank(text.charAt(end - 1))) {
			end--;
		}
		return text.substring(start, end);
	}

	static boolean isBlank(char c) {
		return c == ' ' || c == '\t';
	}

}
