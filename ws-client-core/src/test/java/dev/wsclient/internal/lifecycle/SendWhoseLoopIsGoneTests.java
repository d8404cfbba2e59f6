package dev.wsclient.internal.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.wsclient.WsState;
import dev.wsclient.options.OfflinePolicy;
import dev.wsclient.options.WhenFull;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A send whose event loop is gone completes, and so do those that were queued before it.
 */
class SendWhoseLoopIsGoneTests {

	@ParameterizedTest
	@EnumSource(names = { "IDLE", "CONNECTING", "OPEN", "BACKOFF" })
	void completesWithThoseThatRelyOnIt(WsState state) {
		for (WhenFull whenFull : WhenFull.values()) {
			ConnectionFixture fixture = new ConnectionFixture(
					(options) -> options.offlinePolicy(OfflinePolicy.BUFFER).whenFull(whenFull).sendBufferCount(5));
			fixture.in(state);
			List<CompletableFuture<Void>> sent = new ArrayList<>();
			fixture.scheduler.shutDown();
			// Other threads send while the task of the first is refused
			fixture.scheduler.onRefusal = () -> {
				fixture.scheduler.onRefusal = () -> {
				};
				for (int i = 0; i < 7; i++) {
					sent.add(fixture.connection.send("relies on it").toCompletableFuture());
				}
			};
			sent.add(fixture.connection.send("first").toCompletableFuture());
			sent.add(fixture.connection.send("late").toCompletableFuture());
			assertThat(sent).hasSize(9).allMatch(CompletableFuture::isCompletedExceptionally);
			assertThat(fixture.connection.snapshot().queuedMessages()).isZero();
		}
	}

}
