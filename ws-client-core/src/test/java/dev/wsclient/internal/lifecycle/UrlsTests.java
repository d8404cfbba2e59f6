package dev.wsclient.internal.lifecycle;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.wsclient.options.UrlSelection;

import static org.assertj.core.api.Assertions.assertThat;

class UrlsTests {

	private long now = 42;

	private Urls urls = urls(UrlSelection.ORDERED);

	private Urls urls(UrlSelection selection) {
		return new Urls(List.of(URI.create("ws://a"), URI.create("ws://b"), URI.create("ws://c")), selection,
				Duration.ofSeconds(60).toNanos(), new Random(1), this.now);
	}

	private String next() {
		return this.urls.next(this.now).getHost();
	}

	private String fail() {
		String host = next();
		this.urls.onFailed(this.now);
		pass(1);
		return host;
	}

	private void pass(int seconds) {
		this.now += Duration.ofSeconds(seconds).toNanos();
	}

	@Test
	void orderedStaysWithTheFirst() {
		assertThat(next()).isEqualTo("a");
		assertThat(next()).isEqualTo("a");
	}

	@Test
	void orderedTakesTheNextWhileOthersRestAndGoesBack() {
		assertThat(fail()).isEqualTo("a");
		assertThat(fail()).isEqualTo("b");
		assertThat(next()).isEqualTo("c");
		pass(58);
		assertThat(next()).isEqualTo("a");
	}

	@Test
	void whenAllRestTheOneThatRestedLongestIsTaken() {
		assertThat(IntStream.range(0, 7).mapToObj((i) -> fail())).containsExactly("a", "b", "c", "a", "b", "c", "a");
	}

	@Test
	void roundRobinTakesTurnsAndLeavesOutWhatRests() {
		this.urls = urls(UrlSelection.ROUND_ROBIN);
		assertThat(next()).isEqualTo("a");
		assertThat(fail()).isEqualTo("b");
		assertThat(next()).isEqualTo("c");
		assertThat(next()).isEqualTo("a");
		assertThat(next()).isEqualTo("c");
	}

	@Test
	void randomTakesEachAboutAsOftenAndLeavesOutWhatRests() {
		this.urls = urls(UrlSelection.RANDOM);
		List<String> chosen = IntStream.range(0, 300).mapToObj((i) -> next()).toList();
		for (String host : List.of("a", "b", "c")) {
			assertThat(chosen.stream().filter(host::equals).count()).isBetween(70L, 130L);
		}
		String failed = fail();
		assertThat(IntStream.range(0, 50).mapToObj((i) -> next())).doesNotContain(failed);
	}

}
