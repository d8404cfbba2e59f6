package dev.wsclient.internal.transport.netty;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link IoTransport}. The build's profiles for native sockets say which they
 * put on the class path; all other tests then run on it.
 */
class IoTransportTests {

	@Test
	void nativeSocketsAreUsedWhenOnTheClassPathAndOtherwiseNio() {
		assertThat(IoTransport.select().name()).isEqualTo(System.getProperty("test.native-transport", "nio"));
	}

}
