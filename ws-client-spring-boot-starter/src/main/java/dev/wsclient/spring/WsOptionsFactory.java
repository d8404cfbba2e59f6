package dev.wsclient.spring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

import dev.wsclient.WsMessage;
import dev.wsclient.options.Compression;
import dev.wsclient.options.WsOptions;
import dev.wsclient.spring.properties.ConnectionProperties;
import dev.wsclient.spring.properties.DispatchMode;
import dev.wsclient.spring.properties.ShutdownMode;

/**
 * Makes the options of one connection from its properties and the defaults, and calls the
 * customizers. What the core refuses becomes an error that names the property.
 */
class WsOptionsFactory {

	private static final String COUNT = "a number, at least 1";

	private final LayeredSettings settings;

	private final OptionsBeans beans;

	/** What is left to do when the connection does not come back. */
	private Runnable whenForgotten = () -> {
	};

	WsOptionsFactory(LayeredSettings settings, OptionsBeans beans) {
		this.settings = settings;
		this.beans = beans;
	}

	/**
	 * Returns the name of the connection.
	 * @return the name as in the properties
	 */
	String name() {
		return this.settings.name();
	}

	/**
	 * Makes the options.
	 * @param executor calls the handlers unless the properties choose the event loop
	 * @return the options
	 * @throws WsConfigurationException if a property or a customizer's value is wrong
	 */
	WsOptions create(Executor executor) {
		WsOptions.Builder builder = new ServerOptions(this.settings, this.beans.details()).builder()
			.name(name())
			.optionNames(PropertyNames.BY_OPTION);
		this.settings.apply("on-open", ConnectionProperties::getOnOpen, "a list of texts",
				(values) -> builder.onOpenMessages(StringUtils.toStringArray(values)));
		applyTimeouts(builder);
		applyKeepAlive(builder);
		applyLimits(builder);
		applySendBuffer(builder);
		new ReconnectOptions(this.settings).applyTo(builder);
		applyCompression(builder);
		new NetworkOptions(this.settings, this::sslBundle).applyTo(builder);
		applyDispatch(builder, executor);
		new Contradictions(this.settings).check();
		this.beans.optionsCustomizers().forEach((customizer) -> customizer.customize(name(), builder));
		WsOptions options = builder.build();
		refuseStreaming(options);
		return withHandshakeCustomizers(options);
	}

	private WsOptions withHandshakeCustomizers(WsOptions options) {
		List<WsHandshakeCustomizer> customizers = new ArrayList<>();
		options.handshakeSupplier()
			.ifPresent((supplier) -> customizers.add((name, request, attempt) -> supplier.supply(request, attempt)));
		this.settings.apply("oauth2.registration-id", (settings) -> settings.getOauth2().getRegistrationId(),
				"the name of a registration of spring.security.oauth2.client.registration, "
						+ "with spring-boot-starter-security-oauth2-client on the class path",
				(registrationId) -> {
					BearerTokens.Source token = tokens().source(registrationId, name());
					this.whenForgotten = token::forget;
					customizers.add(token);
				});
		customizers.addAll(this.beans.handshakeCustomizers());
		return customizers.isEmpty() ? options
				: options.toBuilder().handshakeSupplier(new HandshakeChain(name(), customizers)).build();
	}

	/**
	 * Returns what ends with the connection, when its options are made.
	 * @return called when the connection does not come back
	 */
	Runnable whenForgotten() {
		return this.whenForgotten;
	}

	private BearerTokens tokens() {
		if (this.beans.tokens() == null) {
			throw new IllegalStateException("there is no OAuth2 client: no beans of type ClientRegistrationRepository "
					+ "and OAuth2AuthorizedClientService");
		}
		return this.beans.tokens();
	}

	private void refuseStreaming(WsOptions options) {
		if (options.streaming()) {
			throw new WsConfigurationException(null,
					"A WsOptionsCustomizer sets 'streaming' for the connection 'ws.clients." + name()
							+ "', whose handler methods take whole messages.",
					"Leave 'streaming' off, or open a connection with your own WsListener by the WsClient bean.");
		}
	}

	private void applyTimeouts(WsOptions.Builder builder) {
		this.settings.apply("connect-timeout", ConnectionProperties::getConnectTimeout, LayeredSettings.DURATION,
				builder::connectTimeout);
		this.settings.apply("handshake-timeout", ConnectionProperties::getHandshakeTimeout, LayeredSettings.DURATION,
				builder::handshakeTimeout);
		this.settings.apply("close-timeout", ConnectionProperties::getCloseTimeout, LayeredSettings.DURATION,
				builder::closeTimeout);
		this.settings.apply("message-timeout", ConnectionProperties::getMessageTimeout,
				LayeredSettings.DURATION + ", or 0 for no timeout", builder::messageTimeout);
	}

	private void applyKeepAlive(WsOptions.Builder builder) {
		this.settings.apply("ping.interval", (settings) -> settings.getPing().getInterval(),
				LayeredSettings.DURATION + ", or 0 for no pings", builder::pingInterval);
		this.settings.apply("ping.timeout", (settings) -> settings.getPing().getTimeout(), LayeredSettings.DURATION,
				builder::pingTimeout);
		this.settings.apply("ping.misses", (settings) -> settings.getPing().getMisses(), COUNT, builder::pingMisses);
		this.settings.apply("ping.mode", (settings) -> settings.getPing().getMode(), "idle or always",
				builder::pingMode);
		this.settings.apply("auto-pong", ConnectionProperties::getAutoPong, "true or false", builder::autoPong);
		AtomicReference<String> text = new AtomicReference<>("");
		this.settings.apply("keep-alive-message.text", (settings) -> settings.getKeepAliveMessage().getText(), "a text",
				text::set);
		this.settings.apply("keep-alive-message.interval", (settings) -> settings.getKeepAliveMessage().getInterval(),
				LayeredSettings.DURATION, (interval) -> {
					if (!text.get().isEmpty()) {
						builder.keepAliveMessage(text.get(), interval);
					}
				});
	}

	private void applyLimits(WsOptions.Builder builder) {
		this.settings.apply("max-message-size", ConnectionProperties::getMaxMessageSize, "a size such as 10MB",
				(size) -> builder.maxMessageSize(LayeredSettings.bytes(size, 1)));
		this.settings.apply("max-frame-size", ConnectionProperties::getMaxFrameSize,
				"a size such as 1MB, not above max-message-size", (size) -> applyMaxFrameSize(builder, size));
		this.settings.apply("max-handshake-size", ConnectionProperties::getMaxHandshakeSize, "a size such as 64KB",
				(size) -> builder.maxHandshakeSize(LayeredSettings.bytes(size, 1)));
	}

	/**
	 * A connection with smaller messages than others may share their limit of frames.
	 */
	private void applyMaxFrameSize(WsOptions.Builder builder, DataSize size) {
		int bytes = LayeredSettings.bytes(size, 1);
		boolean shared = this.settings.isOwn(ConnectionProperties::getMaxMessageSize)
				&& !this.settings.isOwn(ConnectionProperties::getMaxFrameSize);
		int message = builder.build().maxMessageSize();
		if (bytes > message && !shared) {
			throw new IllegalArgumentException("it has no effect, as " + size
					+ " is above 'max-message-size', which is " + DataSize.ofBytes(message));
		}
		builder.maxFrameSize(bytes);
	}

	private void applySendBuffer(WsOptions.Builder builder) {
		this.settings.apply("send-buffer.max-size", (settings) -> settings.getSendBuffer().getMaxSize(),
				"a size such as 1MB", (size) -> builder.sendBufferSize(LayeredSettings.bytes(size, 1)));
		this.settings.apply("send-buffer.max-count", (settings) -> settings.getSendBuffer().getMaxCount(), COUNT,
				builder::sendBufferCount);
		this.settings.apply("send-buffer.offline", (settings) -> settings.getSendBuffer().getOffline(),
				"fail or buffer", builder::offlinePolicy);
		this.settings.apply("send-buffer.offline-ttl", (settings) -> settings.getSendBuffer().getOfflineTtl(),
				LayeredSettings.DURATION + ", or 0 for no limit", builder::offlineTtl);
		this.settings.apply("send-buffer.when-full", (settings) -> settings.getSendBuffer().getWhenFull(),
				"fail, drop-oldest or drop-newest", builder::whenFull);
	}

	private void applyDispatch(WsOptions.Builder builder, Executor executor) {
		this.settings.apply("dispatch.queue", (settings) -> settings.getDispatch().getQueue(), COUNT,
				builder::executorBacklog);
		this.settings.apply("dispatch.queue-bytes", (settings) -> settings.getDispatch().getQueueBytes(),
				"a size such as 16MB", (size) -> builder.executorBacklogBytes(LayeredSettings.bytes(size, 1)));
		if (this.settings.get((settings) -> settings.getDispatch().getMode()) != DispatchMode.EVENT_LOOP) {
			builder.executor(executor);
		}
	}

	/**
	 * Makes the settings of the dispatch.
	 * @param keys makes keys
	 * @return the settings
	 * @throws WsConfigurationException if one is wrong
	 */
	DispatchSettings dispatch(MessageKeys keys) {
		AtomicReference<DispatchSettings> dispatch = new AtomicReference<>(DispatchSettings.DEFAULTS);
		this.settings.apply("dispatch.mode", (settings) -> settings.getDispatch().getMode(),
				"serial, keyed, concurrent or event-loop",
				(mode) -> dispatch.updateAndGet((each) -> each.withMode(mode)));
		this.settings.apply("dispatch.concurrency", (settings) -> settings.getDispatch().getConcurrency(), COUNT,
				(concurrency) -> dispatch.updateAndGet((each) -> each.withConcurrency(concurrency)));
		this.settings.apply("dispatch.key", (settings) -> settings.getDispatch().getKey(),
				"a path into the JSON of messages such as $.symbol, or an expression (SpEL) such as json.symbol",
				(text) -> dispatch.updateAndGet((each) -> each.withKey(keys.parse(text))));
		this.settings.apply("dispatch.conflate", (settings) -> settings.getDispatch().getConflate(), "true or false",
				(conflate) -> dispatch.updateAndGet((each) -> each.withConflate(conflate)));
		return dispatch.get();
	}

	private void applyCompression(WsOptions.Builder builder) {
		AtomicReference<Compression> compression = new AtomicReference<>(Compression.defaults());
		this.settings.apply("compression.enabled", (settings) -> settings.getCompression().getEnabled(),
				"true or false", (value) -> compression.updateAndGet((each) -> each.withEnabled(value)));
		this.settings.apply("compression.level", (settings) -> settings.getCompression().getLevel(),
				"a number in 0 to 9", (value) -> compression.updateAndGet((each) -> each.withLevel(value)));
		this.settings.apply("compression.min-size", (settings) -> settings.getCompression().getMinSize(),
				"a size such as 1KB",
				(value) -> compression.updateAndGet((each) -> each.withMinSize(LayeredSettings.bytes(value, 0))));
		this.settings.apply("compression.server-no-context-takeover",
				(settings) -> settings.getCompression().getServerNoContextTakeover(), "true or false",
				(value) -> compression.updateAndGet((each) -> each.withServerNoContextTakeover(value)));
		this.settings.apply("compression.client-no-context-takeover",
				(settings) -> settings.getCompression().getClientNoContextTakeover(), "true or false",
				(value) -> compression.updateAndGet((each) -> each.withClientNoContextTakeover(value)));
		this.settings.apply("compression.server-max-window-bits",
				(settings) -> settings.getCompression().getServerMaxWindowBits(), "a number in 8 to 15",
				(value) -> compression.updateAndGet((each) -> each.withServerMaxWindowBits(value)));
		this.settings.apply("compression.client-max-window-bits",
				(settings) -> settings.getCompression().getClientMaxWindowBits(), "a number in 8 to 15",
				(value) -> compression.updateAndGet((each) -> each.withClientMaxWindowBits(value)));
		builder.compression(compression.get());
	}

	private SslBundle sslBundle(String name) {
		SslBundles bundles = this.beans.sslBundles();
		if (bundles == null || !bundles.getBundleNames().contains(name)) {
			throw new IllegalArgumentException("there is no SSL bundle '" + name + "'; " + ((bundles != null)
					? "known are " + bundles.getBundleNames()
					: "known are none, as there is no SslBundles bean, or several and none of them is @Primary"));
		}
		return bundles.getBundle(name);
	}

	/**
	 * Returns the type of the messages that JSON is sent in.
	 * @return the type, text unless set
	 */
	WsMessage.Type messageType() {
		WsMessage.Type type = this.settings.get(ConnectionProperties::getMessageType);
		return (type != null) ? type : WsMessage.Type.TEXT;
	}

	/**
	 * Returns the name of the connection's SSL bundle.
	 * @return the name, or {@code null} if it has none
	 */
	@Nullable String sslBundle() {
		return this.settings.get((settings) -> settings.getSsl().getBundle());
	}

	/**
	 * Whether an update of the SSL bundle replaces the session.
	 * @return {@code false} unless switched on
	 */
	boolean reconnectOnUpdate() {
		return Boolean.TRUE.equals(this.settings.get((settings) -> settings.getSsl().getReconnectOnUpdate()));
	}

	/**
	 * Makes the settings of what the start of the application does.
	 * @return the settings
	 * @throws WsConfigurationException if one is wrong
	 */
	StartupSettings startup() {
		boolean autoStart = !Boolean.FALSE.equals(this.settings.get(ConnectionProperties::getAutoStart));
		AtomicReference<Duration> timeout = new AtomicReference<>(StartupSettings.DEFAULT_TIMEOUT);
		this.settings.apply("startup.timeout", (settings) -> settings.getStartup().getTimeout(),
				LayeredSettings.DURATION, (value) -> {
					if (value.isNegative() || value.isZero()) {
						throw new IllegalArgumentException("it must be more than zero, was " + value);
					}
					timeout.set(value);
				});
		boolean failFast = Boolean.TRUE.equals(this.settings.get((settings) -> settings.getStartup().getFailFast()));
		return new StartupSettings(autoStart, (autoStart && failFast) ? timeout.get() : null);
	}

	/**
	 * Returns what becomes of received messages when the application stops.
	 * @return the mode, {@code DRAIN} unless set
	 */
	ShutdownMode shutdown() {
		ShutdownMode shutdown = this.settings.get(ConnectionProperties::getShutdown);
		return (shutdown != null) ? shutdown : ShutdownMode.DRAIN;
	}

	/**
	 * Makes the thresholds of the connection's health.
	 * @return the thresholds
	 * @throws WsConfigurationException if one is wrong
	 */
	HealthSettings health() {
		HealthSettings.Builder health = new HealthSettings.Builder();
		this.settings.apply("health.required", (settings) -> settings.getHealth().getRequired(), "true or false",
				health::required);
		this.settings.apply("health.down-after", (settings) -> settings.getHealth().getDownAfter(),
				LayeredSettings.DURATION, health::downAfter);
		this.settings.apply("health.stale-after", (settings) -> settings.getHealth().getStaleAfter(),
				LayeredSettings.DURATION, health::staleAfter);
		return health.build();
	}

	/**
	 * Makes the settings of what follows when a handler fails.
	 * @return the settings
	 * @throws WsConfigurationException if one is wrong
	 */
	FailureSettings handlerErrors() {
		AtomicReference<FailureSettings> errors = new AtomicReference<>(FailureSettings.DEFAULTS);
		this.settings.apply("handler-errors.strategy", (settings) -> settings.getHandlerErrors().getStrategy(),
				"log, close or retry", (value) -> errors.updateAndGet((each) -> each.withStrategy(value)));
		this.settings.apply("handler-errors.max-retries", (settings) -> settings.getHandlerErrors().getMaxRetries(),
				"a number, 0 or more", (value) -> errors.updateAndGet((each) -> each.withMaxRetries(value)));
		this.settings.apply("handler-errors.delay", (settings) -> settings.getHandlerErrors().getDelay(),
				LayeredSettings.DURATION, (value) -> errors.updateAndGet((each) -> each.withDelay(value)));
		this.settings.apply("handler-errors.multiplier", (settings) -> settings.getHandlerErrors().getMultiplier(),
				"a number, 1 or more", (value) -> errors.updateAndGet((each) -> each.withMultiplier(value)));
		this.settings.apply("handler-errors.max-delay", (settings) -> settings.getHandlerErrors().getMaxDelay(),
				LayeredSettings.DURATION, (value) -> errors.updateAndGet((each) -> each.withMaxDelay(value)));
		this.settings.apply("handler-errors.recoverer", (settings) -> settings.getHandlerErrors().getRecoverer(),
				"the name of a WsHandlerRecoverer bean",
				(value) -> errors.updateAndGet((each) -> each.withRecoverer(recoverer(value))));
		return errors.get();
	}

	private String recoverer(String name) {
		if (!this.beans.recoverers().contains(name)) {
			throw new IllegalArgumentException(
					"there is no WsHandlerRecoverer bean '" + name + "'; known are " + this.beans.recoverers());
		}
		return name;
	}

}
