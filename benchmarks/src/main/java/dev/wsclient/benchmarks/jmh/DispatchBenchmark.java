package dev.wsclient.benchmarks.jmh;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

import dev.wsclient.WsClient;
import dev.wsclient.WsConnection;
import dev.wsclient.WsListener;
import dev.wsclient.WsMessage;
import dev.wsclient.options.WsOptions;
import dev.wsclient.spring.OnWsMessage;
import dev.wsclient.spring.WsClientAutoConfiguration;
import dev.wsclient.spring.WsHandler;

/**
 * What the starter adds to a message on its way from the core to an annotated method: the
 * core's call of its listener is what is measured, with a listener of one's own and with
 * the starter's.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class DispatchBenchmark {

	private static final byte[] JSON = ("{\"type\":\"trade\",\"symbol\":\"BTC-EUR\",\"price\":64123.25,"
			+ "\"volume\":0.1875,\"sequence\":7000001,\"maker\":true}")
		.getBytes(StandardCharsets.UTF_8);

	private final Message message = new Message();

	private final RecordingClient texts = new RecordingClient();

	private final RecordingClient records = new RecordingClient();

	private final ObjectReader reader = JsonMapper.shared().readerFor(Trade.class);

	private @Nullable ConfigurableApplicationContext textContext;

	private @Nullable ConfigurableApplicationContext recordContext;

	/**
	 * Starts two applications.
	 * @param blackhole takes what handlers get
	 */
	@Setup
	public void start(Blackhole blackhole) {
		this.textContext = start(this.texts, new Texts(blackhole));
		this.recordContext = start(this.records, new Records(blackhole));
	}

	private static ConfigurableApplicationContext start(RecordingClient client, Object handlers) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties(Map.of("ws.clients.feed.url", "ws://localhost:1", "ws.clients.feed.dispatch.mode", "event-loop",
					"spring.main.banner-mode", "off", "logging.level.root", "warn"))
			.initializers((context) -> {
				GenericApplicationContext created = (GenericApplicationContext) context;
				created.registerBean(WsClient.class, () -> client);
				created.registerBean("handlers", Object.class, () -> handlers);
			})
			.run();
	}

	/**
	 * Stops them.
	 */
	@TearDown
	public void stop() {
		Objects.requireNonNull(this.textContext).close();
		Objects.requireNonNull(this.recordContext).close();
	}

	/**
	 * A listener of one's own that takes the text.
	 * @return the text
	 */
	@Benchmark
	public String coreText() {
		return this.message.text();
	}

	/**
	 * A method that takes the text.
	 */
	@Benchmark
	public void handlerText() {
		this.texts.receive(this.message);
	}

	/**
	 * The mapper alone.
	 * @return the record
	 */
	@Benchmark
	public Object mapperRecord() {
		return this.reader.readValue(this.message.bytes());
	}

	/**
	 * A method that takes a record of six fields.
	 */
	@Benchmark
	public void handlerRecord() {
		this.records.receive(this.message);
	}

	/**
	 * A trade.
	 *
	 * @param type what it is
	 * @param symbol of what
	 * @param price at which price
	 * @param volume how much
	 * @param sequence its number
	 * @param maker who was first
	 */
	public record Trade(String type, String symbol, double price, double volume, long sequence, boolean maker) {

	}

	@ImportAutoConfiguration({ JacksonAutoConfiguration.class, WsClientAutoConfiguration.class })
	static class Application {

	}

	@WsHandler("feed")
	record Texts(Blackhole blackhole) {

		@OnWsMessage
		void on(String text) {
			this.blackhole.consume(text);
		}

	}

	@WsHandler("feed")
	record Records(Blackhole blackhole) {

		@OnWsMessage
		void on(Trade trade) {
			this.blackhole.consume(trade);
		}

	}

	/**
	 * Keeps the listener that the starter makes, and connects nowhere.
	 */
	private static final class RecordingClient implements WsClient {

		private @Nullable WsListener listener;

		private @Nullable WsConnection connection;

		@Override
		public WsConnection connection(WsOptions options, WsListener listener) {
			WsConnection connection = (WsConnection) Proxy.newProxyInstance(getClass().getClassLoader(),
					new Class<?>[] { WsConnection.class }, (proxy, method, args) -> switch (method.getName()) {
						case "name", "uri", "toString" -> "feed";
						case "hashCode" -> 1;
						case "equals" -> proxy == Objects.requireNonNull(args)[0];
						case "close" -> CompletableFuture.completedFuture(null);
						default -> null;
					});
			this.listener = listener;
			this.connection = connection;
			return connection;
		}

		void receive(WsMessage message) {
			Objects.requireNonNull(this.listener).onMessage(Objects.requireNonNull(this.connection), message);
		}

		@Override
		public void close() {
		}

	}

	/**
	 * A message that is decoded each time.
	 */
	private static final class Message implements WsMessage {

		@Override
		public Type type() {
			return Type.TEXT;
		}

		@Override
		public int size() {
			return JSON.length;
		}

		@Override
		public ByteBuffer payload() {
			return ByteBuffer.wrap(JSON).asReadOnlyBuffer();
		}

		@Override
		public String text() {
			return new String(JSON, StandardCharsets.UTF_8);
		}

		@Override
		public byte[] bytes() {
			return JSON.clone();
		}

		@Override
		public WsMessage copy() {
			return this;
		}

		@Override
		public Retained retain() {
			throw new UnsupportedOperationException("nobody retains it");
		}

	}

}
