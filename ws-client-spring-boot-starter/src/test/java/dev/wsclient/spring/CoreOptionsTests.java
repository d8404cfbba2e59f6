package dev.wsclient.spring;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.util.StringUtils;

import dev.wsclient.options.Compression;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsProxy;
import dev.wsclient.options.WsTcp;
import dev.wsclient.options.WsTls;
import dev.wsclient.spring.properties.ConnectionProperties;
import dev.wsclient.spring.properties.WsProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that whatever the core's builders can set can be configured, or is known to be
 * for code only.
 */
class CoreOptionsTests {

	/** What a method of a builder sets, and a property that changes it. */
	private static final Map<String, String> PROPERTIES = new TreeMap<>(Map.ofEntries(
			Map.entry("Builder.header", "headers.X-A=b"), Map.entry("Builder.cookie", "cookies.a=b"),
			Map.entry("Builder.origin", "origin=https://app.example"),
			Map.entry("Builder.subprotocols", "subprotocols=a"),
			Map.entry("Builder.urlSelection", "selection=round-robin"),
			Map.entry("Builder.urlCoolDown", "url-cool-down=3s"),
			Map.entry("Builder.followRedirects", "follow-redirects=true"),
			Map.entry("Builder.onOpenMessages", "on-open=x"), Map.entry("Builder.connectTimeout", "connect-timeout=3s"),
			Map.entry("Builder.handshakeTimeout", "handshake-timeout=3s"),
			Map.entry("Builder.closeTimeout", "close-timeout=3s"),
			Map.entry("Builder.pingInterval", "ping.interval=3s"), Map.entry("Builder.pingTimeout", "ping.timeout=3s"),
			Map.entry("Builder.pingMisses", "ping.misses=3"), Map.entry("Builder.messageTimeout", "message-timeout=3s"),
			Map.entry("Builder.keepAliveMessage", "keep-alive-message.text=x keep-alive-message.interval=3s"),
			Map.entry("Builder.autoPong", "auto-pong=false"), Map.entry("Builder.reconnect", "reconnect.jitter=0"),
			Map.entry("Builder.offlinePolicy", "send-buffer.offline=buffer"),
			Map.entry("Builder.offlineTtl", "send-buffer.offline-ttl=3s"),
			Map.entry("Builder.whenFull", "send-buffer.when-full=drop-oldest"),
			Map.entry("Builder.sendBufferSize", "send-buffer.max-size=3KB"),
			Map.entry("Builder.sendBufferCount", "send-buffer.max-count=3"),
			Map.entry("Builder.maxMessageSize", "max-message-size=3KB"),
			Map.entry("Builder.maxFrameSize", "max-frame-size=3KB"),
			Map.entry("Builder.maxHandshakeSize", "max-handshake-size=3KB"),
			Map.entry("Builder.compression", "compression.level=3"),
			Map.entry("Builder.executorBacklog", "dispatch.queue=3"),
			Map.entry("Builder.executorBacklogBytes", "dispatch.queue-bytes=3KB"),
			Map.entry("Builder.sslContext", "ssl.bundle=feed"), Map.entry("Builder.tls", "ssl.server-name=x"),
			Map.entry("Builder.proxy", "proxy.host=p proxy.port=3"), Map.entry("Builder.tcp", "tcp.no-delay=false"),
			Map.entry("Builder.localAddress", "local-address=127.0.0.1"),
			Map.entry("Builder.unixSocket", "unix-socket=/tmp/s"),
			Map.entry("Reconnect.exponential", "reconnect.initial-delay=3s reconnect.max-delay=4s"),
			Map.entry("Reconnect.never", "reconnect.enabled=false"),
			Map.entry("Reconnect.withMultiplier", "reconnect.multiplier=3"),
			Map.entry("Reconnect.withJitter", "reconnect.jitter=0"),
			Map.entry("Reconnect.withMaxAttempts", "reconnect.max-attempts=3"),
			Map.entry("Reconnect.withMaxElapsed", "reconnect.max-elapsed=3s"),
			Map.entry("Reconnect.withResetAfter", "reconnect.reset-after=3s"),
			Map.entry("Reconnect.withMaxRetryAfter", "reconnect.max-retry-after=3s"),
			Map.entry("Reconnect.withRefusedDelays", "reconnect.refused-delay=3s reconnect.refused-max-delay=4s"),
			Map.entry("Reconnect.withStopOn", "reconnect.stop-on=403"),
			Map.entry("Compression.disabled", "compression.enabled=false"),
			Map.entry("Compression.withEnabled", "compression.enabled=false"),
			Map.entry("Compression.withLevel", "compression.level=3"),
			Map.entry("Compression.withMinSize", "compression.min-size=3KB"),
			Map.entry("Compression.withServerNoContextTakeover", "compression.server-no-context-takeover=true"),
			Map.entry("Compression.withClientNoContextTakeover", "compression.client-no-context-takeover=true"),
			Map.entry("Compression.withServerMaxWindowBits", "compression.server-max-window-bits=9"),
			Map.entry("Compression.withClientMaxWindowBits", "compression.client-max-window-bits=9"),
			Map.entry("WsTls.withSslContext", "ssl.bundle=feed"),
			Map.entry("WsTls.withTrust", "ssl.bundle=feed ssl.provider=openssl"),
			Map.entry("WsTls.withKey", "ssl.bundle=feed ssl.provider=openssl"),
			Map.entry("WsTls.withProtocols", "ssl.protocols=TLSv1.3"),
			Map.entry("WsTls.withCiphers", "ssl.ciphers=TLS_AES_128_GCM_SHA256"),
			Map.entry("WsTls.withServerName", "ssl.server-name=x"),
			Map.entry("WsTls.withVerifyHostname", "ssl.verify-hostname=false"),
			Map.entry("WsTls.withPins", "ssl.pins=sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
			Map.entry("WsTls.withHandshakeTimeout", "ssl.handshake-timeout=3s"),
			Map.entry("WsTls.withProvider", "ssl.provider=jdk"), Map.entry("WsProxy.http", "proxy.host=p proxy.port=3"),
			Map.entry("WsProxy.socks5", "proxy.type=socks5 proxy.host=p proxy.port=3"),
			Map.entry("WsProxy.socks4a", "proxy.type=socks4a proxy.host=p proxy.port=3"),
			Map.entry("WsProxy.withCredentials", "proxy.host=p proxy.port=3 proxy.username=u proxy.password=p"),
			Map.entry("WsProxy.withNonProxyHosts", "proxy.host=p proxy.port=3 proxy.non-proxy-hosts=x"),
			Map.entry("WsProxy.withTimeout", "proxy.host=p proxy.port=3 proxy.timeout=3s"),
			Map.entry("WsTcp.withNoDelay", "tcp.no-delay=false"),
			Map.entry("WsTcp.withoutKeepAlive", "tcp.keep-alive=false"), Map.entry("WsTcp.withKeepAlive",
					"tcp.keep-alive-idle=3s tcp.keep-alive-interval=3s tcp.keep-alive-count=3")));

	/** What only code can set, and why. */
	private static final Map<String, String> CODE_ONLY = Map.of("Builder.name", "the name is the key of the settings",
			"Builder.executor", "an object; dispatch.mode chooses", "Builder.events", "an object",
			"Builder.optionNames", "the names are those of the properties", "Builder.handshakeSupplier",
			"an object; WsHandshakeCustomizer beans are one", "Builder.streaming",
			"handler methods take whole messages", "Reconnect.withRetryDecision", "an object");

	/** Methods that give what is there. */
	private static final Set<String> NO_OPTION = Set.of("Reconnect.defaults", "Compression.defaults", "WsTls.defaults",
			"WsTcp.defaults");

	static Stream<String> properties() {
		return PROPERTIES.keySet().stream();
	}

	@Test
	void everyOptionIsKnown() {
		Set<String> known = new TreeSet<>(PROPERTIES.keySet());
		known.addAll(CODE_ONLY.keySet());
		known.addAll(NO_OPTION);
		Set<String> options = new TreeSet<>();
		for (Class<?> type : List.of(WsOptions.Builder.class, Reconnect.class, Compression.class, WsTls.class,
				WsProxy.class, WsTcp.class)) {
			Arrays.stream(type.getDeclaredMethods())
				.filter((method) -> Modifier.isPublic(method.getModifiers()) && method.getReturnType() == type)
				.forEach((method) -> options.add(type.getSimpleName() + "." + method.getName()));
		}
		assertThat(options).as("add a property, or the reason why there is none").isEqualTo(known);
	}

	@ParameterizedTest
	@MethodSource("properties")
	void propertyReachesTheCore(String option) {
		for (String prefix : List.of("ws.defaults.", "ws.clients.ticker.")) {
			assertThat(value(option, options(prefix, Objects.requireNonNull(PROPERTIES.get(option)))))
				.as("%s by %s", option, prefix)
				.isNotEqualTo(value(option, options(prefix, "")));
		}
	}

	private static WsOptions options(String prefix, String settings) {
		Map<String, String> source = new HashMap<>(
				Map.of("ws.clients.ticker.urls", "wss://localhost,wss://other.example"));
		for (String setting : StringUtils.tokenizeToStringArray(settings, " ")) {
			String[] parts = setting.split("=", 2);
			source.put(prefix + parts[0], parts[1]);
		}
		WsProperties properties = new Binder(new MapConfigurationPropertySource(source)).bind("ws", WsProperties.class)
			.get();
		DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry("feed", SslBundle.of(SslStoreBundle.NONE));
		return new WsOptionsFactory(
				new LayeredSettings("ticker", Objects.requireNonNull(properties.getClients().get("ticker")),
						properties.getDefaults(), new ConnectionProperties()),
				new OptionsBeans(bundles, List.of(), null, List.of(), List.of(), List.of()))
			.create(Runnable::run);
	}

	/**
	 * Returns what an option of the core is: of the builder that of the same name, of the
	 * others the whole.
	 */
	private static @Nullable Object value(String option, WsOptions options) {
		String[] parts = option.split("\\.", 2);
		return switch (option) {
			case "Builder.header", "Builder.cookie", "Builder.origin" -> options.headers();
			case "Builder.sslContext" -> options.tls();
			default -> switch (parts[0]) {
				case "Builder" -> get(options, parts[1]);
				case "Reconnect" -> options.reconnect();
				case "Compression" -> options.compression();
				case "WsTls" -> options.tls();
				case "WsProxy" -> options.proxy();
				default -> options.tcp();
			};
		};
	}

	private static @Nullable Object get(WsOptions options, String name) {
		try {
			return WsOptions.class.getMethod(name).invoke(options);
		}
		catch (ReflectiveOperationException ex) {
			throw new LinkageError("no option " + name, ex);
		}
	}

}
