package dev.wsclient.internal.transport.netty;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class UnderscoreNameTests {

	@ParameterizedTest
	@CsvSource({ "a_b, A_B, true", "*.test, a_b.test, true", "*.TEST, a_b.test, true", "*.c_d.test, a.c_d.test, true",
			"a_b, a_c, false", "*, a_b, false", "*.test, a_b.c.test, false", "*.b, a_b, false",
			"a*.test, a_b.test, false", "*., a_b., true" })
	void certificateIsForANameOrForAllOfOneLevel(String pattern, String name, boolean isFor) {
		assertThat(UnderscoreName.isFor(pattern, name)).isEqualTo(isFor);
	}

	@ParameterizedTest
	@CsvSource({ "a_b, true", "_a.test, true", "a-.test, true", "-a, true", "a-b.test, false", "a, false",
			"xn--bcher-kva.example, false", "127.0.0.1, false", "::1, false" })
	void isWhatTheJdkTakesForIllegal(String name, boolean isOne) {
		assertThat(UnderscoreName.isOne(name)).isEqualTo(isOne);
	}

}
