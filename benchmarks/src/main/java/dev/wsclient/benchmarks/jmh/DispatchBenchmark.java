package dev.wsclient.benchmarks.jmh;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
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
 * What a message costs from where the transport hands it to the core's connection until
 * it was handled: by a listener of one's own, or by an annotated method of a Spring Boot
 * application. The difference is the starter's. It includes all an application has by
 * default: meters, log context, observation, and with {@code serial} the hand-over to the
 * application's task executor, which is part of the listener's figure too. That executor
 * runs its tasks on the measured thread, a batch of messages at a time, so that the
 * figures are the work of all threads and not the time until the last is done.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@OperationsPerInvocation(DispatchBenchmark.MESSAGES)
public class DispatchBenchmark {

	/** Fewer than fill the queue, which would stop the reading. */
	static final int MESSAGES = 256;

	private static final byte[] JSON = ("{\"type\":\"trade\",\"symbol\":\"BTC-EUR\",\"price\":64123.25,"
			+ "\"volume\":0.1875,\"sequence\":7000001,\"maker\":true}")
		.getBytes(StandardCharsets.UTF_8);

	/**
	 * Where messages are handled.
	 */
	@Param({ "event-loop", "serial" })
	public String mode = "event-loop";

	/**
	 * What else the application has.
	 */
	@Param({ "NOTHING", "ACTUATOR" })
	public Application application = Application.NOTHING;

	private final Feed listener = new Feed();

	private final Feed texts = new Feed();

	private final Feed records = new Feed();

	private ByteBuf buffer = Unpooled.EMPTY_BUFFER;

	private WsMessage message = new BufferMessage(this.buffer);

	private @Nullable ObjectReader reader;

	/**
	 * Starts the connections.
	 * @param blackhole takes what handlers get
	 */
	@Setup
	public void start(Blackhole blackhole) {
		this.buffer = PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(JSON);
		this.message = new BufferMessage(this.buffer);
		this.listener.connect(this.mode, new WsListener() {

			@Override
			public void onMessage(WsConnection connection, WsMessage message) {
				blackhole.consume(message.text());
			}

		});
		this.texts.start(this.mode, this.application, new Texts(blackhole));
		ConfigurableApplicationContext context = this.records.start(this.mode, this.application,
				new Records(blackhole));
		this.reader = context.getBean(JsonMapper.class).readerFor(Trade.class);
	}

	/**
	 * Stops them.
	 */
	@TearDown
	public void stop() {
		this.texts.stop();
		this.records.stop();
		this.buffer.release();
	}

	/**
	 * A listener of one's own that takes the text.
	 */
	@Benchmark
	public void listenerText() {
		this.listener.receive(this.message);
	}

	/**
	 * A method that takes the text.
	 */
	@Benchmark
	public void handlerText() {
		this.texts.receive(this.message);
	}

	/**
	 * The application's mapper alone, from a byte array.
	 * @param blackhole takes the records
	 */
	@Benchmark
	public void mapperRecord(Blackhole blackhole) {
		ObjectReader reader = Objects.requireNonNull(this.reader);
		for (int i = 0; i < MESSAGES; i++) {
			Trade trade = reader.readValue(JSON);
			blackhole.consume(trade);
		}
	}

	/**
	 * A method that takes a record of six fields.
	 */
	@Benchmark
	public void handlerRecord() {
		this.records.receive(this.message);
	}

	/**
	 * What an application has besides the starter.
	 */
	public enum Application {

		/**
		 * Jackson.
		 */
		NOTHING(Bare.class),

		/**
		 * All that Spring Boot adds to an application with its starter for the actuator.
		 */
		ACTUATOR(Default.class);

		private final Class<?> configuration;

		Application(Class<?> configuration) {
			this.configuration = configuration;
		}

		@ImportAutoConfiguration({ TaskExecutionAutoConfiguration.class, JacksonAutoConfiguration.class,
				WsClientAutoConfiguration.class })
		static class Bare {

		}

		@EnableAutoConfiguration
		static class Default {

		}

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
	 * A connection and what it needs.
	 */
	private static final class Feed {

		private final LoopClient client = new LoopClient();

		private final Queue<Runnable> tasks = new ArrayDeque<>();

		private @Nullable ConfigurableApplicationContext context;

		void connect(String mode, WsListener listener) {
			WsOptions.Builder options = WsOptions.builder("ws://localhost");
			if (!mode.equals("event-loop")) {
				options.executor(this.tasks::add);
			}
			this.client.connection(options.build(), listener).connect();
			open();
		}

		ConfigurableApplicationContext start(String mode, Application application, Object handlers) {
			ConfigurableApplicationContext context = new SpringApplicationBuilder(application.configuration)
				.web(WebApplicationType.NONE)
				.properties(Map.of("ws.clients.feed.url", "ws://localhost", "ws.clients.feed.dispatch.mode", mode,
						"spring.main.banner-mode", "off", "logging.level.root", "warn"))
				.initializers((created) -> {
					GenericApplicationContext beans = (GenericApplicationContext) created;
					beans.registerBean(WsClient.class, () -> this.client);
					beans.registerBean("handlers", Object.class, () -> handlers);
					beans.registerBean("applicationTaskExecutor", Executor.class, () -> this.tasks::add);
				})
				.run();
			this.context = context;
			open();
			return context;
		}

		private void open() {
			this.client.open();
			runTasks();
		}

		void receive(WsMessage message) {
			for (int i = 0; i < MESSAGES; i++) {
				this.client.receive(message);
			}
			runTasks();
		}

		private void runTasks() {
			for (Runnable task = this.tasks.poll(); task != null; task = this.tasks.poll()) {
				task.run();
			}
		}

		void stop() {
			Objects.requireNonNull(this.context).close();
		}

	}

}
