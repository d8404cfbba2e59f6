package dev.wsclient;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PrintableTextTests {

	@Test
	void everyCharacterThatIsMoreThanTextIsEscaped() {
		for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
			String text = "a" + Character.toString(codePoint) + "b";
			String printable = PrintableText.of(text);
			boolean harmless = switch (Character.getType(codePoint)) {
				case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR,
						Character.PARAGRAPH_SEPARATOR ->
					false;
				default -> true;
			};
			if (harmless) {
				assertThat(printable).isSameAs(text);
			}
			else {
				assertThat(printable).as(Integer.toHexString(codePoint)).matches("a(\\\\[rntxu0-9A-F]+)+b");
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "'a\r\n\tb', a\\r\\n\\tb", "'\u0000\u001b\u007f\u0085\u009b', \\x00\\x1B\\x7F\\x85\\x9B",
			"'\u2028\u2029\u202e\ufeff\u00ad', \\u2028\\u2029\\u202E\\uFEFF\\xAD", "'\ud800x', \\uD800x",
			"'x\udc00', x\\uDC00", "'\ud83d\ude00\ud834\udd73', '\ud83d\ude00\\uD834\\uDD73'",
			"'\u00e9 \u4e2d \\n', '\u00e9 \u4e2d \\n'" })
	void showsAsEscape(String text, String printable) {
		assertThat(PrintableText.of(text)).isEqualTo(printable);
		assertThat(PrintableText.of(printable)).isEqualTo(printable);
	}

	@Test
	void longTextIsCutOff() {
		assertThat(PrintableText.of("abc", 3)).isEqualTo("abc");
		assertThat(PrintableText.of("abcd", 3)).isEqualTo("abc...");
		assertThat(PrintableText.of("a\nb\n", 3)).isEqualTo("a\\nb...");
		assertThatIllegalArgumentException().isThrownBy(() -> PrintableText.of("a", 0));
	}

	@Test
	void errorIsShownWithAllItsCauses() {
		Throwable clean = new IOException("clean", new IllegalStateException("too"));
		assertThat(PrintableText.of(clean)).isSameAs(clean);
		Throwable error = new IOException("clean", new NumberFormatException("For input string: \"\u202e\n\""));
		Throwable printable = PrintableText.of(error);
		assertThat(printable).hasMessage("java.io.IOException: clean")
			.cause()
			.hasMessage("java.lang.NumberFormatException: For input string: \"\\u202E\\n\"");
		assertThat(printable.getStackTrace()).isEqualTo(error.getStackTrace());
		Throwable suppressing = new IOException("clean");
		suppressing.addSuppressed(new IOException("\u0085"));
		assertThat(PrintableText.of(suppressing).getSuppressed()).isEmpty();
	}

	@Test
	void errorThatCannotBeReadIsShownToo() {
		Throwable hostile = new IOException() {

			@Override
			public String getMessage() {
				throw new IllegalStateException("from getMessage");
			}

			@Override
			public synchronized Throwable getCause() {
				throw new IllegalStateException("from getCause");
			}

		};
		assertThat(PrintableText.of(hostile)).hasNoCause()
			.hasMessageContaining(hostile.getClass().getName())
			.hasMessageContaining("can't be told: java.lang.IllegalStateException");
		Throwable one = new IOException("one");
		Throwable two = new IOException("\u0085", one);
		one.initCause(two);
		assertThat(PrintableText.of(one)).hasMessageEndingWith("one");
	}

}
