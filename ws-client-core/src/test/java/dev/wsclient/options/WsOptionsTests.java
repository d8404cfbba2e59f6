package dev.wsclient.options;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import javax.net.ssl.SSLContext;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.observe.WsEvents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * What options accept, refuse and print.
 */
class WsOptionsTests {

	private final WsOptions.Builder builder = WsOptions.builder("ws://feed.example");

	@ParameterizedTest
	@ValueSource(strings = { "ws://h", "wss://h", "WSS://H:8443/a/b?c=d", "ws://127.0.0.1:1", "ws://[::1]:65535/",
			" ws://h/ ", "ws://h?q", "ws://h/%23" })
	void goodUrls(String url) {
		assertThat(WsOptions.builder(url).build().uri()).hasToString(url.strip());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					http://h        | url must start with ws:// or wss://, but its scheme is 'http'; write ws:// for http:// and wss:// for https://
					ftp://h         | url must start with ws:// or wss://, but its scheme is 'ftp'
					h/path          | url must start with ws:// or wss://, but its scheme is ''
					ws://u:pw@h     | url must not carry user-info (user:password@); send credentials in a header such as Authorization
					ws:///path      | url has no valid host; expected ws://host[:port][/path][?query], the host a name, of letters, digits, '-', '_' and '.' or international, or an address
					ws:opaque       | url has no valid host; expected ws://host[:port][/path][?query], the host a name, of letters, digits, '-', '_' and '.' or international, or an address
					ws://under;score| url has no valid host; expected ws://host[:port][/path][?query], the host a name, of letters, digits, '-', '_' and '.' or international, or an address
					ws://0.0.0.0:80 | url names the wildcard address 0.0.0.0, on which servers listen; this is a client and listens nowhere: name the server to connect to
					ws://h/#top     | url must not have a fragment (#...): RFC 6455, section 3; write %23 for a literal #
					ws://h:0        | url has port 0; expected 1 to 65535
					ws://h:65536    | url has port 65536; expected 1 to 65535
					""")
	void badUrlsAreExplained(String url, String message) {
		assertThatIllegalArgumentException().isThrownBy(() -> WsOptions.builder(url)).withMessage(message);
	}

	@Test
	void unreadableUrlIsRefusedWithoutRepeatingItsSecrets() {
		assertThatIllegalArgumentException().isThrownBy(() -> WsOptions.builder("ws://h/?token=sec ret"))
			.withMessageStartingWith("url is not a valid URL: ")
			.withMessageNotContaining("ret")
			.withNoCause();
	}

	@Test
	void passwordInTheUrlIsNotRepeated() {
		assertThatIllegalArgumentException().isThrownBy(() -> WsOptions.builder("ws://user:hunter2@h"))
			.withMessageNotContaining("hunter2");
	}

	@Test
	void cookiesShareOneHeader() {
		WsOptions options = this.builder.cookie("SID", "31d4").cookie("lang", "\"en\"").build();
		assertThat(options.headers().get("cookie")).containsExactly("SID=31d4; lang=\"en\"");
	}

	@ParameterizedTest
	@CsvSource({ "a b, c", "'', c", "a, b c", "a, b;c", "a, '\"b'", "a, b\\c", "a, '\r\nX: y'", "a, \u00e9" })
	void badCookiesAreRefusedWithoutTheirValue(String name, String value) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.cookie(name, value))
			.withMessageContaining("RFC 6265, section 4.1.1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Host", "ORIGIN", "authorization" })
	void headersThatMustBeSingleCanNotBeSetTwice(String name) {
		this.builder.header(name, "a");
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.header(name, "b"))
			.withMessage("header '" + name + "' can have one value only, but has 2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a b", "a/b", "a,b c" })
	void hostThatWouldBreakTheRequestIsRefused(String host) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.header("host", host))
			.withMessageContaining("host[:port]");
	}

	@Test
	void severalUrls() {
		WsOptions options = WsOptions.builder(List.of("ws://one/?secret", "wss://two/")).build();
		assertThat(options.uris()).extracting(URI::toString).containsExactly("ws://one/?secret", "wss://two/");
		assertThat(options.name()).isEqualTo("one");
		assertThat(options.toString()).contains("ws://one/, wss://two/").doesNotContain("secret");
		assertThatIllegalArgumentException().isThrownBy(() -> WsOptions.builder(List.of()))
			.withMessage("urls must have at least one URL");
		assertThatIllegalArgumentException().isThrownBy(() -> WsOptions.builder(List.of("ws://a", "ws://a")))
			.withMessage("urls must not have the same URL twice");
	}

	@Test
	void handshakeRequestIsCheckedAndPrintsNoSecrets() {
		WsHandshakeRequest request = new WsHandshakeRequest(URI.create("wss://h/p?secret"),
				Map.of("Cookie", List.of("a=secret")), List.of("v1"));
		assertThat(request).hasToString("WsHandshakeRequest[uri=wss://h/p, headers=[Cookie], subprotocols=[v1]]");
		assertThat(request.withHeader("COOKIE", "b=c").headers().get("Cookie")).containsExactly("b=c");
		assertThat(request.withHeader("cookie").headers()).isEmpty();
		assertThat(request.withBearerToken("t").headers().get("authorization")).containsExactly("Bearer t");
		assertThat(request.withUrl("ws://other").uri()).hasToString("ws://other");
		assertThat(request.withSubprotocols("v2", "v1").subprotocols()).containsExactly("v2", "v1");
		assertThatIllegalArgumentException().isThrownBy(() -> request.withBearerToken("a\r\nb"));
		assertThatIllegalArgumentException().isThrownBy(() -> request.withHeader("Upgrade", "x"));
		assertThatIllegalArgumentException().isThrownBy(() -> request.withUrl("http://h"));
	}

	@Test
	void defaultsAreThoseOfTheJavadoc() {
		WsOptions options = this.builder.build();
		assertThat(options.name()).isEqualTo("feed.example");
		assertThat(options.headers()).isEmpty();
		assertThat(options.subprotocols()).isEmpty();
		assertThat(options.onOpenMessages()).isEmpty();
		assertThat(options.handshakeSupplier()).isEmpty();
		assertThat(options.followRedirects()).isFalse();
		assertThat(options.streaming()).isFalse();
		assertThat(options.offlineTtl()).isZero();
		assertThat(options.whenFull()).isEqualTo(WhenFull.FAIL);
		assertThat(options.pingMisses()).isOne();
		assertThat(options.messageTimeout()).isZero();
		assertThat(options.keepAliveMessage()).isEmpty();
		assertThat(options.keepAliveMessageInterval()).isZero();
		assertThat(options.urlSelection()).isEqualTo(UrlSelection.ORDERED);
		assertThat(options.urlCoolDown()).isEqualTo(Duration.ofMinutes(1));
		assertThat(options.connectTimeout()).isEqualTo(Duration.ofSeconds(10));
		assertThat(options.handshakeTimeout()).isEqualTo(Duration.ofSeconds(10));
		assertThat(options.closeTimeout()).isEqualTo(Duration.ofSeconds(5));
		assertThat(options.pingInterval()).isEqualTo(Duration.ofSeconds(30));
		assertThat(options.pingTimeout()).isEqualTo(Duration.ofSeconds(20));
		assertThat(options.autoPong()).isTrue();
		assertThat(options.reconnect()).isEqualTo(Reconnect.defaults());
		assertThat(options.offlinePolicy()).isEqualTo(OfflinePolicy.FAIL);
		assertThat(options.sendBufferSize()).isEqualTo(1_048_576);
		assertThat(options.sendBufferCount()).isEqualTo(65_536);
		assertThat(options.maxMessageSize()).isEqualTo(10_485_760);
		assertThat(options.maxFrameSize()).isEqualTo(Integer.MAX_VALUE);
		assertThat(options.maxHandshakeSize()).isEqualTo(65_536);
		assertThat(options.executor()).isEmpty();
		assertThat(options.executorBacklog()).isEqualTo(1_024);
		assertThat(options.executorBacklogBytes()).isEqualTo(16_777_216);
		assertThat(options.tls()).isEqualTo(WsTls.defaults());
		assertThat(options.proxy()).isEmpty();
		assertThat(options.tcp()).isEqualTo(WsTcp.defaults());
		assertThat(options.localAddress()).isEmpty();
		assertThat(options.unixSocket()).isEmpty();
		assertThat(options.events()).isSameAs(WsEvents.NONE);
	}

	@Test
	void toBuilderKeepsEveryValue() throws NoSuchAlgorithmException {
		Executor executor = Runnable::run;
		WsEvents events = new WsEvents() {
		};
		SSLContext sslContext = SSLContext.getDefault();
		WsOptions options = this.builder.name("n")
			.header("A", "1")
			.header("a", "2")
			.subprotocols("x", "y")
			.onOpenMessages("m")
			.connectTimeout(Duration.ofSeconds(1))
			.handshakeTimeout(Duration.ofSeconds(2))
			.closeTimeout(Duration.ofSeconds(3))
			.pingInterval(Duration.ZERO)
			.pingTimeout(Duration.ofSeconds(4))
			.autoPong(false)
			.reconnect(Reconnect.never())
			.offlinePolicy(OfflinePolicy.BUFFER)
			.sendBufferSize(5)
			.sendBufferCount(6)
			.maxMessageSize(7)
			.maxFrameSize(9)
			.maxHandshakeSize(8)
			.executor(executor)
			.executorBacklog(9)
			.executorBacklogBytes(15)
			.sslContext(sslContext)
			.proxy(WsProxy.http("p", 1))
			.tcp(WsTcp.defaults().withNoDelay(false))
			.localAddress(new InetSocketAddress(0))
			.events(events)
			.urlSelection(UrlSelection.RANDOM)
			.urlCoolDown(Duration.ZERO)
			.followRedirects(true)
			.streaming(true)
			.offlineTtl(Duration.ofSeconds(11))
			.whenFull(WhenFull.DROP_OLDEST)
			.pingMisses(12)
			.messageTimeout(Duration.ofSeconds(13))
			.keepAliveMessage("k", Duration.ofSeconds(14))
			.handshakeSupplier((request, attempt) -> CompletableFuture.completedFuture(request))
			.build();
		WsOptions copy = options.toBuilder().build();
		assertThat(copy).usingRecursiveComparison().isEqualTo(options);
		assertThat(copy.headers().get("a")).containsExactly("1", "2");
		assertThat(copy.executor()).containsSame(executor);
		assertThat(copy.tls().sslContext()).isSameAs(sslContext);
		assertThat(copy.events()).isSameAs(events);
	}

	@Test
	void builtOptionsDoNotChangeWithTheBuilder() {
		WsOptions options = this.builder.header("A", "1").build();
		this.builder.header("A", "2").header("B", "3");
		options.toBuilder().header("A", "4");
		assertThat(options.headers()).containsOnlyKeys("A");
		assertThat(options.headers().get("A")).containsExactly("1");
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> options.headers().put("C", List.of()));
	}

	@Test
	void secretsAreNotPrinted() {
		WsOptions options = WsOptions.builder("wss://h:8443/p?token=secret1")
			.header("Authorization", "secret2")
			.onOpenMessages("secret3")
			.proxy(WsProxy.http("p", 1).withCredentials("user", "secret4"))
			.build();
		assertThat(options.toString()).doesNotContain("secret")
			.contains("wss://h:8443/p")
			.contains("Authorization")
			.contains("pingInterval=PT30S");
		assertThat(options.redactedUri()).isEqualTo("wss://h:8443/p");
		assertThat(WsOptions.builder("ws://h?secret").build().redactedUri()).isEqualTo("ws://h");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "a b", "a:", "a\r\nb", "\u00e4", "(a)" })
	void headerNamesMustBeTokens(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.header(name, "v"))
			.withMessageContaining("is not a token (RFC 9110, section 5.6.2)")
			.withMessageNotContaining("\n");
	}

	@ParameterizedTest
	@CsvSource({ "'a\rb', U+000D at index 1", "'\nX: y', U+000A at index 0", "'ab\u0000', U+0000 at index 2",
			"'\u007f', U+007F at index 0", "'\u20ac', U+20AC at index 0" })
	void headerValuesMustNotBreakTheRequest(String value, String detail) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.header("Cookie", value))
			.withMessageStartingWith("header 'Cookie' has the character " + detail + " of its value");
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.origin(value))
			.withMessageStartingWith("header 'Origin' has the character " + detail);
	}

	@Test
	void headerValuesMayHaveTabsAndLatin1() {
		assertThat(this.builder.header("X", "\ta \u00ff").build().headers().get("x")).containsExactly("\ta \u00ff");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Connection", "UPGRADE", "Sec-WebSocket-Key", "sec-websocket-version",
			"Sec-WebSocket-Extensions", "Content-Length", "Transfer-Encoding" })
	void headersOfTheHandshakeCanNotBeSet(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.header(name, "v"))
			.withMessage("header '" + name + "' belongs to the opening handshake and can't be set");
	}

	@Test
	void subprotocolHeaderPointsToItsOption() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.header("Sec-WebSocket-Protocol", "v"))
			.withMessageEndingWith("; use subprotocols");
	}

	@Test
	void addressesMustBeUsable() {
		refused(() -> this.builder.localAddress(InetSocketAddress.createUnresolved("nowhere.invalid", 0)),
				"localAddress must be an address of this machine, but 'nowhere.invalid' can't be resolved");
		refused(() -> this.builder.unixSocket(Path.of("x".repeat(104))),
				"unixSocket must be a path of 1 to 103 bytes, was of 104");
		refused(() -> this.builder.unixSocket(Path.of("")), "unixSocket must be a path of 1 to 103 bytes, was of 0");
	}

	@Test
	void unixSocketIsOnThisMachine() {
		WsOptions.Builder unix = this.builder.unixSocket(Path.of("/run/feed.sock"));
		assertThat(unix.build().unixSocket()).contains(Path.of("/run/feed.sock"));
		refused(() -> WsOptions.builder("ws://h").unixSocket(Path.of("s")).proxy(WsProxy.http("p", 1)).build(),
				"unixSocket and proxy can't be combined: a unix domain socket is on this machine");
		refused(() -> unix.localAddress(new InetSocketAddress(0)).build(),
				"unixSocket and localAddress can't be combined: a unix domain socket has no local address");
	}

	@Test
	void originReplacesTheOneBefore() {
		WsOptions options = this.builder.origin("https://a").origin("https://b").build();
		assertThat(options.headers().get("Origin")).containsExactly("https://b");
	}

	@Test
	void subprotocolsMustBeDistinctTokens() {
		assertThat(this.builder.subprotocols("v2", "v1").build().subprotocols()).containsExactly("v2", "v1");
		refused(() -> this.builder.subprotocols("a", "a"), "subprotocol 'a' is offered twice");
		refused(() -> this.builder.subprotocols("a,b"), "subprotocol 'a,b' is not a token (RFC 6455, section 4.1): "
				+ "letters, digits and !#$%&'*+-.^_`|~ only");
	}

	@Test
	void durationsAreBounded() {
		Duration negative = Duration.ofSeconds(-1);
		Duration long366 = Duration.ofDays(366);
		refused(() -> this.builder.connectTimeout(Duration.ZERO), "connectTimeout must be more than zero");
		refused(() -> this.builder.connectTimeout(negative), "connectTimeout must be in 0 to 365 days, was PT-1S");
		refused(() -> this.builder.handshakeTimeout(negative), "handshakeTimeout must be in 0 to 365 days, was PT-1S");
		refused(() -> this.builder.handshakeTimeout(Duration.ZERO), "handshakeTimeout must be more than zero");
		refused(() -> this.builder.closeTimeout(negative), "closeTimeout must be in 0 to 365 days, was PT-1S");
		refused(() -> this.builder.closeTimeout(long366), "closeTimeout must be in 0 to 365 days, was PT8784H");
		refused(() -> this.builder.pingInterval(negative), "pingInterval must be in 0 to 365 days, was PT-1S");
		refused(() -> this.builder.pingTimeout(Duration.ZERO), "pingTimeout must be more than zero");
	}

	@Test
	void sizesArePositive() {
		refused(() -> this.builder.sendBufferSize(0), "sendBufferSize must be at least 1, was 0");
		refused(() -> this.builder.sendBufferCount(-1), "sendBufferCount must be at least 1, was -1");
		refused(() -> this.builder.maxMessageSize(0), "maxMessageSize must be at least 1, was 0");
		refused(() -> this.builder.maxFrameSize(0), "maxFrameSize must be at least 1, was 0");
		refused(() -> this.builder.maxHandshakeSize(0), "maxHandshakeSize must be at least 1, was 0");
		refused(() -> this.builder.executorBacklog(0), "executorBacklog must be at least 1, was 0");
		refused(() -> this.builder.name(" "), "name must not be blank");
	}

	@Test
	@SuppressWarnings("NullAway") // null is what is tested
	void nullIsRefusedByName() {
		assertThatNullPointerException().isThrownBy(() -> this.builder.pingInterval(null)).withMessage("pingInterval");
		assertThatNullPointerException().isThrownBy(() -> this.builder.reconnect(null)).withMessage("reconnect");
		assertThatNullPointerException().isThrownBy(() -> this.builder.executor(null)).withMessage("executor");
	}

	private static void refused(Runnable call, String message) {
		assertThatIllegalArgumentException().isThrownBy(call::run).withMessage(message);
	}

}
