package dev.wsclient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Close codes and reasons.
 */
class CloseStatusTests {

	@ParameterizedTest
	@ValueSource(
			ints = { 1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999 })
	void sendableCodes(int code) {
		assertThat(CloseStatus.isSendable(code)).isTrue();
		assertThat(new CloseStatus(code, "").isSendable()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(
			ints = { Integer.MIN_VALUE, -1, 0, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, Integer.MAX_VALUE })
	void otherCodesAreNotSendable(int code) {
		assertThat(CloseStatus.isSendable(code)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 0, 999, 5000 })
	void codesOutOfRangeAreRefused(int code) {
		assertThatIllegalArgumentException().isThrownBy(() -> new CloseStatus(code, ""))
			.withMessage("Close code must be in 1000 to 4999 (RFC 6455, 7.4), was " + code);
	}

	@Test
	void reasonIsMeasuredInBytes() {
		assertThat(CloseStatus.NORMAL.withReason("x".repeat(123)).reason()).hasSize(123);
		assertThat(CloseStatus.NORMAL.withReason("\u20ac".repeat(41)).reason()).hasSize(41);
		assertThatIllegalArgumentException().isThrownBy(() -> CloseStatus.NORMAL.withReason("x".repeat(124)))
			.withMessage("Close reason must be at most 123 bytes as UTF-8 (RFC 6455, 5.5), was 124 bytes");
		assertThatIllegalArgumentException().isThrownBy(() -> CloseStatus.NORMAL.withReason("\u20ac".repeat(42)))
			.withMessageEndingWith("was 126 bytes");
	}

	@Test
	void printsCodeAndReason() {
		assertThat(CloseStatus.GOING_AWAY).hasToString("1001");
		assertThat(CloseStatus.GOING_AWAY.withReason("bye")).hasToString("1001 (bye)");
	}

}
