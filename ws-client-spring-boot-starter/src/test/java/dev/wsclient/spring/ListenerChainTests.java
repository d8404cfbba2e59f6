package dev.wsclient.spring;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import dev.wsclient.WsListener;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ListenerChain}.
 */
class ListenerChainTests {

	/**
	 * A method that is missing would keep listeners from hearing, by the default that
	 * does nothing.
	 */
	@Test
	void everyMethodOfListenersIsPassedOn() {
		Set<String> passedOn = signatures(ListenerChain.class);
		assertThat(signatures(WsListener.class)).hasSizeGreaterThan(12)
			.filteredOn((method) -> !method.startsWith("onText(") && !method.startsWith("onBinary("))
			.as("onMessage passes on to onText and onBinary")
			.isSubsetOf(passedOn);
	}

	private static Set<String> signatures(Class<?> type) {
		return Arrays.stream(type.getDeclaredMethods())
			.map((method) -> method.getName() + "(" + Arrays.toString(method.getParameterTypes()))
			.collect(Collectors.toSet());
	}

}
