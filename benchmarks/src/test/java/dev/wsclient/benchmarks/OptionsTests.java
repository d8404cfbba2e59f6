package dev.wsclient.benchmarks;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.wsclient.benchmarks.client.ClientKind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Checks what the runner is told.
 */
class OptionsTests {

	@Test
	void allIsMeasuredByDefault() {
		Options options = Options.parse(List.of());
		assertThat(options.clients()).containsExactly(ClientKind.values());
		assertThat(options.workloads()).containsExactly(Workload.values());
		assertThat(options.pinnings()).containsExactly(Options.Pinning.values());
		assertThat(options.rounds()).isEqualTo(3);
		assertThat(options.jmh()).isEqualTo(".*");
	}

	@Test
	void clientsWorkloadsAndRoundsCanBeChosen() {
		Options options = Options.parse(List.of("-clients", "ws-client,okhttp", "-workloads", "round-trip", "-rounds",
				"5", "-pinning", "unpinned", "-jmh", "none"));
		assertThat(options.clients()).containsExactly(ClientKind.WS_CLIENT, ClientKind.OKHTTP);
		assertThat(options.workloads()).containsExactly(Workload.ROUND_TRIP);
		assertThat(options.rounds()).isEqualTo(5);
		assertThat(options.pinnings()).containsExactly(Options.Pinning.UNPINNED);
		assertThat(options.jmh()).isEmpty();
	}

	@Test
	void unknownOptionsAndValuesAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> Options.parse(List.of("-round", "1")))
			.withMessageContaining("'-round'")
			.withMessageContaining("-rounds N");
		assertThatIllegalArgumentException().isThrownBy(() -> Options.parse(List.of("-rounds")));
		assertThatIllegalArgumentException().isThrownBy(() -> Options.parse(List.of("-clients", "curl")))
			.withMessageContaining("no client 'curl'; there are ws-client, ");
		assertThatIllegalArgumentException().isThrownBy(() -> Options.parse(List.of("-workloads", "x")))
			.withMessageContaining("no workload 'x'");
	}

}
