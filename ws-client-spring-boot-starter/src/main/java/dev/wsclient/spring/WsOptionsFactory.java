package dev.wsclient.spring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

import dev.wsclient.options.Compression;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.spring.WsProperties.Client;
import dev.wsclient.spring.WsProperties.Settings;

/**
 * Makes the options of one connection from its properties and the defaults, and calls the
 * customizers. What the core refuses becomes an error that names the property.
 */
class WsOptionsFactory {

	static final String DURATION = "a duration such as 500ms, 30s or 5m";

	private static final String TOKEN = "names of letters, digits and !#$%&'*+-.^_`|~, none twice";

	private final String name;

	private final Client client;

	private final Settings defaults;

	private final @Nullable SslBundles sslBundles;

	WsOptionsFactory(String name, Client client, Settings defaults, @Nullable SslBundles sslBundles) {
		this.name = name;
		this.client = client;
		this.defaults = defaults;
		this.sslBundles = sslBundles;
	}

	/**
	 * Returns the name of the connection.
	 * @return the name as in the properties
	 */
	String name() {
		return this.name;
	}

	/**
	 * Makes the options.
	 * @param executor calls the handlers unless the properties choose the event loop
	 * @param customizers called in order after the properties
	 * @return the options
	 * @throws WsConfigurationException if a property or a customizer's value is wrong
	 */
	WsOptions create(Executor executor, List<WsOptionsCustomizer> customizers) {
		WsOptions.Builder builder = builder();
		builder.name(this.name);
		applyHeaders(builder);
		apply("origin", Settings::getOrigin, "an origin such as https://app.example", builder::origin);
		apply("subprotocols", Settings::getSubprotocols, TOKEN,
				(values) -> builder.subprotocols(StringUtils.toStringArray(values)));
		apply("on-open", Settings::getOnOpen, "a list of texts",
				(values) -> builder.onOpenMessages(StringUtils.toStringArray(values)));
		applyDurations(builder);
		applySizes(builder);
		apply("send-buffer.offline", (settings) -> settings.getSendBuffer().getOffline(), "fail or buffer",
				builder::offlinePolicy);
		applyReconnect(builder);
		applyCompression(builder);
		new NetworkOptions(this).applyTo(builder);
		if (dispatchMode() == DispatchMode.SERIAL) {
			builder.executor(executor);
		}
		customizers.forEach((customizer) -> customizer.customize(this.name, builder));
		return builder.build();
	}

	private WsOptions.Builder builder() {
		String property = "ws.clients." + this.name + ".url";
		String url = this.client.getUrl();
		String action = "Set '" + property + "' to the URL of the server, such as wss://feed.example/v1.";
		if (!StringUtils.hasText(url)) {
			throw WsConfigurationException.invalidProperty(property, "it is missing", action);
		}
		try {
			return WsOptions.builder(url);
		}
		catch (IllegalArgumentException ex) {
			throw WsConfigurationException.invalidProperty(property, String.valueOf(ex.getMessage()), action);
		}
	}

	private void applyHeaders(WsOptions.Builder builder) {
		Map<String, List<String>> own = headers(this.client);
		headers(this.defaults).forEach((header, values) -> {
			if (!own.containsKey(header)) {
				applyHeader("ws.defaults.headers.", builder, header, values);
			}
		});
		own.forEach((header, values) -> applyHeader(clientPrefix() + "headers.", builder, header, values));
	}

	private static Map<String, List<String>> headers(Settings settings) {
		Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		if (settings.getHeaders() != null) {
			settings.getHeaders()
				.forEach(
						(header, values) -> headers.computeIfAbsent(header, (key) -> new ArrayList<>()).addAll(values));
		}
		return headers;
	}

	private void applyHeader(String prefix, WsOptions.Builder builder, String header, List<String> values) {
		try {
			values.forEach((value) -> builder.header(header, value));
		}
		catch (IllegalArgumentException ex) {
			throw WsConfigurationException.invalidProperty(prefix + header, String.valueOf(ex.getMessage()),
					"Correct the name or the value of the header '" + header.replaceAll("[^\\x20-\\x7e]", "?")
							+ "'; a value is one line of ISO-8859-1 text.");
		}
	}

	private void applyDurations(WsOptions.Builder builder) {
		apply("connect-timeout", Settings::getConnectTimeout, DURATION, builder::connectTimeout);
		apply("handshake-timeout", Settings::getHandshakeTimeout, DURATION, builder::handshakeTimeout);
		apply("close-timeout", Settings::getCloseTimeout, DURATION, builder::closeTimeout);
		apply("ping.interval", (settings) -> settings.getPing().getInterval(), DURATION + ", or 0 for no pings",
				builder::pingInterval);
		apply("ping.timeout", (settings) -> settings.getPing().getTimeout(), DURATION, builder::pingTimeout);
	}

	private void applySizes(WsOptions.Builder builder) {
		apply("max-message-size", Settings::getMaxMessageSize, "a size such as 10MB",
				(size) -> builder.maxMessageSize(bytes(size)));
		apply("max-frame-size", Settings::getMaxFrameSize, "a size such as 1MB",
				(size) -> builder.maxFrameSize(bytes(size)));
		apply("max-handshake-size", Settings::getMaxHandshakeSize, "a size such as 64KB",
				(size) -> builder.maxHandshakeSize(bytes(size)));
		apply("send-buffer.max-size", (settings) -> settings.getSendBuffer().getMaxSize(), "a size such as 1MB",
				(size) -> builder.sendBufferSize(bytes(size)));
		apply("send-buffer.max-count", (settings) -> settings.getSendBuffer().getMaxCount(), "a number, at least 1",
				builder::sendBufferCount);
		apply("dispatch.queue", (settings) -> settings.getDispatch().getQueue(), "a number, at least 1",
				builder::executorBacklog);
	}

	private static int bytes(DataSize size) {
		return bytes(size, 1);
	}

	private static int bytes(DataSize size, int least) {
		if (size.toBytes() < least || size.toBytes() > Integer.MAX_VALUE) {
			throw new IllegalArgumentException(
					"it must be in " + least + " to " + Integer.MAX_VALUE + " bytes, was " + size);
		}
		return (int) size.toBytes();
	}

	private void applyReconnect(WsOptions.Builder builder) {
		ReconnectBuilder reconnect = new ReconnectBuilder();
		apply("reconnect.initial-delay", (settings) -> settings.getReconnect().getInitialDelay(), DURATION,
				reconnect::initialDelay);
		boolean maxDelaySet = apply("reconnect.max-delay", (settings) -> settings.getReconnect().getMaxDelay(),
				DURATION + ", at least that of reconnect.initial-delay", reconnect::maxDelay);
		if (!maxDelaySet) {
			apply("reconnect.initial-delay", (settings) -> settings.getReconnect().getInitialDelay(),
					DURATION + ", at most that of reconnect.max-delay", (delay) -> reconnect.checkDelays());
		}
		apply("reconnect.multiplier", (settings) -> settings.getReconnect().getMultiplier(), "a number in 1 to 100",
				(value) -> reconnect.change((policy) -> policy.withMultiplier(value)));
		apply("reconnect.jitter", (settings) -> settings.getReconnect().getJitter(), "a number in 0 to 1",
				(value) -> reconnect.change((policy) -> policy.withJitter(value)));
		apply("reconnect.max-attempts", (settings) -> settings.getReconnect().getMaxAttempts(), "a number, 0 or more",
				(value) -> reconnect.change((policy) -> policy.withMaxAttempts(value)));
		apply("reconnect.max-elapsed", (settings) -> settings.getReconnect().getMaxElapsed(), DURATION,
				(value) -> reconnect.change((policy) -> policy.withMaxElapsed(value)));
		apply("reconnect.reset-after", (settings) -> settings.getReconnect().getResetAfter(), DURATION,
				(value) -> reconnect.change((policy) -> policy.withResetAfter(value)));
		apply("reconnect.enabled", (settings) -> settings.getReconnect().getEnabled(), "true or false", (enabled) -> {
			if (!enabled) {
				reconnect.change((policy) -> policy.withMaxAttempts(0));
			}
		});
		builder.reconnect(reconnect.policy);
	}

	private void applyCompression(WsOptions.Builder builder) {
		AtomicReference<Compression> compression = new AtomicReference<>(Compression.defaults());
		apply("compression.enabled", (settings) -> settings.getCompression().getEnabled(), "true or false",
				(value) -> compression.updateAndGet((each) -> each.withEnabled(value)));
		apply("compression.level", (settings) -> settings.getCompression().getLevel(), "a number in 0 to 9",
				(value) -> compression.updateAndGet((each) -> each.withLevel(value)));
		apply("compression.min-size", (settings) -> settings.getCompression().getMinSize(), "a size such as 1KB",
				(value) -> compression.updateAndGet((each) -> each.withMinSize(bytes(value, 0))));
		apply("compression.server-no-context-takeover",
				(settings) -> settings.getCompression().getServerNoContextTakeover(), "true or false",
				(value) -> compression.updateAndGet((each) -> each.withServerNoContextTakeover(value)));
		apply("compression.client-no-context-takeover",
				(settings) -> settings.getCompression().getClientNoContextTakeover(), "true or false",
				(value) -> compression.updateAndGet((each) -> each.withClientNoContextTakeover(value)));
		apply("compression.server-max-window-bits", (settings) -> settings.getCompression().getServerMaxWindowBits(),
				"a number in 8 to 15",
				(value) -> compression.updateAndGet((each) -> each.withServerMaxWindowBits(value)));
		apply("compression.client-max-window-bits", (settings) -> settings.getCompression().getClientMaxWindowBits(),
				"a number in 8 to 15",
				(value) -> compression.updateAndGet((each) -> each.withClientMaxWindowBits(value)));
		builder.compression(compression.get());
	}

	/**
	 * Finds an SSL bundle.
	 * @param name its name
	 * @return the bundle
	 * @throws IllegalArgumentException if there is none of that name
	 */
	SslBundle sslBundle(String name) {
		if (this.sslBundles == null || !this.sslBundles.getBundleNames().contains(name)) {
			throw new IllegalArgumentException("there is no SSL bundle '" + name + "'; known are "
					+ ((this.sslBundles != null) ? this.sslBundles.getBundleNames() : "none"));
		}
		return this.sslBundles.getBundle(name);
	}

	/**
	 * Whether the connection is opened when the application has started.
	 * @return {@code true} unless switched off
	 */
	boolean autoStart() {
		Boolean autoStart = get(Settings::getAutoStart);
		return autoStart == null || autoStart;
	}

	private DispatchMode dispatchMode() {
		DispatchMode mode = get((settings) -> settings.getDispatch().getMode());
		return (mode != null) ? mode : DispatchMode.SERIAL;
	}

	/**
	 * Makes the thresholds of the connection's health.
	 * @return the thresholds
	 * @throws WsConfigurationException if one is wrong
	 */
	HealthSettings health() {
		HealthSettings.Builder health = new HealthSettings.Builder();
		apply("health.required", (settings) -> settings.getHealth().getRequired(), "true or false", health::required);
		apply("health.down-after", (settings) -> settings.getHealth().getDownAfter(), DURATION, health::downAfter);
		apply("health.stale-after", (settings) -> settings.getHealth().getStaleAfter(), DURATION, health::staleAfter);
		return health.build();
	}

	/**
	 * Returns the connection's own value, or else that of the defaults.
	 */
	<T> @Nullable T get(Function<Settings, @Nullable T> getter) {
		T own = getter.apply(this.client);
		return (own != null) ? own : getter.apply(this.defaults);
	}

	/**
	 * Hands a value on, if it is set. What is refused becomes an error that names the
	 * property.
	 * @return whether the value is set
	 */
	<T> boolean apply(String property, Function<Settings, @Nullable T> getter, String allowed, Consumer<T> target) {
		T value = get(getter);
		if (value == null) {
			return false;
		}
		try {
			target.accept(value);
			return true;
		}
		catch (IllegalArgumentException | IllegalStateException ex) {
			String prefix = (getter.apply(this.client) != null) ? clientPrefix() : "ws.defaults.";
			throw WsConfigurationException.invalidProperty(prefix + property, String.valueOf(ex.getMessage()),
					"Set '" + prefix + property + "' to " + allowed + ".");
		}
	}

	private String clientPrefix() {
		return "ws.clients." + this.name + ".";
	}

	/**
	 * Puts a reconnect policy together step by step, so that each step can be blamed.
	 */
	private static final class ReconnectBuilder {

		private Reconnect policy = Reconnect.defaults();

		private Duration initialDelay = this.policy.initialDelay();

		void initialDelay(Duration delay) {
			Reconnect.exponential(delay, delay);
			this.initialDelay = delay;
		}

		void maxDelay(Duration delay) {
			this.policy = Reconnect.exponential(this.initialDelay, delay);
		}

		void checkDelays() {
			maxDelay(this.policy.maxDelay());
		}

		void change(UnaryOperator<Reconnect> change) {
			this.policy = change.apply(this.policy);
		}

	}

}
