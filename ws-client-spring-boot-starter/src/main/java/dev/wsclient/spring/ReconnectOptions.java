package dev.wsclient.spring;

import java.time.Duration;
import java.util.function.UnaryOperator;

import org.springframework.boot.convert.DurationStyle;

import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;

/**
 * Sets the reconnect policy from the properties, step by step, so that each step can be
 * blamed.
 */
class ReconnectOptions {

	private final LayeredSettings settings;

	private Reconnect policy = Reconnect.defaults();

	private Duration initialDelay = this.policy.initialDelay();

	private Duration refusedDelay = this.policy.refusedDelay();

	ReconnectOptions(LayeredSettings settings) {
		this.settings = settings;
	}

	void applyTo(WsOptions.Builder builder) {
		applyDelays();
		this.settings.apply("reconnect.multiplier", (settings) -> settings.getReconnect().getMultiplier(),
				"a number in 1 to 100", (value) -> change((policy) -> policy.withMultiplier(value)));
		this.settings.apply("reconnect.jitter", (settings) -> settings.getReconnect().getJitter(), "a number in 0 to 1",
				(value) -> change((policy) -> policy.withJitter(value)));
		this.settings.apply("reconnect.max-attempts", (settings) -> settings.getReconnect().getMaxAttempts(),
				"a number, 0 or more", (value) -> change((policy) -> policy.withMaxAttempts(value)));
		this.settings.apply("reconnect.max-elapsed", (settings) -> settings.getReconnect().getMaxElapsed(),
				LayeredSettings.DURATION, (value) -> change((policy) -> policy.withMaxElapsed(value)));
		this.settings.apply("reconnect.reset-after", (settings) -> settings.getReconnect().getResetAfter(),
				LayeredSettings.DURATION, (value) -> change((policy) -> policy.withResetAfter(value)));
		this.settings.apply("reconnect.max-retry-after", (settings) -> settings.getReconnect().getMaxRetryAfter(),
				LayeredSettings.DURATION, (value) -> change((policy) -> policy.withMaxRetryAfter(value)));
		applyRefusedDelays();
		this.settings.apply("reconnect.stop-on", (settings) -> settings.getReconnect().getStopOn(),
				"a list of HTTP statuses (200 to 599) and close codes (1000-1003, 1005, 1007-1014, 3000-4999)",
				(codes) -> change((policy) -> policy.withStopOn(codes.stream().mapToInt(Integer::intValue).toArray())));
		this.settings.apply("reconnect.enabled", (settings) -> settings.getReconnect().getEnabled(), "true or false",
				(enabled) -> {
					if (!enabled) {
						change((policy) -> policy.withMaxAttempts(0));
					}
				});
		builder.reconnect(this.policy);
	}

	private void applyDelays() {
		this.settings.apply("reconnect.initial-delay", (settings) -> settings.getReconnect().getInitialDelay(),
				LayeredSettings.DURATION, this::initialDelay);
		boolean maxDelaySet = this.settings.apply("reconnect.max-delay",
				(settings) -> settings.getReconnect().getMaxDelay(),
				LayeredSettings.DURATION + ", at least that of reconnect.initial-delay", this::maxDelay);
		if (!maxDelaySet) {
			this.settings.apply("reconnect.initial-delay", (settings) -> settings.getReconnect().getInitialDelay(),
					LayeredSettings.DURATION + ", at most that of reconnect.max-delay",
					(delay) -> maxDelay(this.policy.maxDelay()));
		}
	}

	private void initialDelay(Duration delay) {
		Reconnect.exponential(delay, delay);
		this.initialDelay = delay;
	}

	private void maxDelay(Duration delay) {
		this.policy = Reconnect.exponential(this.initialDelay, delay);
	}

	private void applyRefusedDelays() {
		this.settings.apply("reconnect.refused-delay", (settings) -> settings.getReconnect().getRefusedDelay(),
				LayeredSettings.DURATION, this::refusedDelay);
		boolean maxDelaySet = this.settings.apply("reconnect.refused-max-delay",
				(settings) -> settings.getReconnect().getRefusedMaxDelay(),
				LayeredSettings.DURATION + ", at least that of reconnect.refused-delay, which is "
						+ DurationStyle.SIMPLE.print(this.refusedDelay),
				this::refusedMaxDelay);
		if (!maxDelaySet) {
			this.settings.apply("reconnect.refused-delay", (settings) -> settings.getReconnect().getRefusedDelay(),
					LayeredSettings.DURATION + ", at most that of reconnect.refused-max-delay, which is "
							+ DurationStyle.SIMPLE.print(this.policy.refusedMaxDelay()),
					(delay) -> refusedMaxDelay(this.policy.refusedMaxDelay()));
		}
	}

	private void refusedDelay(Duration delay) {
		this.policy.withRefusedDelays(delay, delay);
		this.refusedDelay = delay;
	}

	private void refusedMaxDelay(Duration delay) {
		change((policy) -> policy.withRefusedDelays(this.refusedDelay, delay));
	}

	private void change(UnaryOperator<Reconnect> change) {
		this.policy = change.apply(this.policy);
	}

}
