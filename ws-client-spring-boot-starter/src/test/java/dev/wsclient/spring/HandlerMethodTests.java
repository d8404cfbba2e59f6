package dev.wsclient.spring;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Method;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.Order;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsCloseEvent.Initiator;
import dev.wsclient.WsConnection;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.WsListener;
import dev.wsclient.WsMessage;
import dev.wsclient.exception.ErrorContext;
import dev.wsclient.exception.WsHandshakeException;
import dev.wsclient.exception.WsTimeoutException;
import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of finding handler methods, resolving their arguments and choosing between them.
 */
class HandlerMethodTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, JacksonAutoConfiguration.class))
		.withUserConfiguration(FakeClientConfiguration.class)
		.withPropertyValues("ws.defaults.auto-start=false", "ws.clients.ticker.url=ws://localhost");

	/**
	 * Makes a handler without arguments, for those who watch its calls.
	 */
	static HandlerMethod anyHandler(Object bean) {
		Method method = Object.class.getMethods()[0];
		return new HandlerMethod(new HandlerDefinition(HandlerKind.BUFFER_FULL, bean, Object.class, method, method,
				MergedAnnotation.missing(), 0), List.of(), MessageRoute.NONE, null, FailurePolicy.LOG, null);
	}

	private <T extends Recorder> T dispatch(ApplicationContextRunner runner, Class<T> type, Supplier<T> bean,
			Consumer<Fixture> events) {
		List<T> handler = new ArrayList<>();
		runner.withBean(type, bean).run((context) -> {
			assertThat(context).hasNotFailed();
			handler.add(context.getBean(type));
			events.accept(new Fixture(context));
		});
		return handler.get(0);
	}

	private <T extends Recorder> T dispatch(Class<T> type, Supplier<T> bean, Consumer<Fixture> events) {
		return dispatch(this.runner, type, bean, events);
	}

	@Test
	void payloadIsGivenAsDeclared() {
		Payloads handler = dispatch(Payloads.class, Payloads::new, (fixture) -> {
			fixture.text("{\"price\":1}");
			fixture.binary("bytes");
		});
		assertThat(handler.heard).containsExactly("record Tick[price=1] ticker {\"price\":1} TEXT",
				"array bytes buffer bytes true 5");
	}

	@Test
	void emptyAndBlankPayloadsAreMessages() {
		Strings strings = dispatch(Strings.class, Strings::new, (fixture) -> {
			fixture.text("");
			fixture.text("  ");
			fixture.binary("");
		});
		assertThat(strings.heard).containsExactly("text ''", "text '  '", "binary 0");
	}

	@Test
	void genericsOfThePayloadAreKept() {
		GenericTypes handler = dispatch(GenericTypes.class, GenericTypes::new,
				(fixture) -> fixture.text("[{\"price\":1},{\"price\":2}]"));
		assertThat(handler.heard).containsExactly("2 Tick[price=2]");
	}

	@Test
	void typeVariableOfASuperclassIsResolved() {
		Concrete handler = dispatch(Concrete.class, Concrete::new, (fixture) -> fixture.text("{\"price\":7}"));
		assertThat(handler.heard).containsExactly("Tick[price=7]");
	}

	@Test
	void objectIsThePayloadAndNotTheConnection() {
		AnyObject handler = dispatch(AnyObject.class, AnyObject::new, (fixture) -> fixture.text("{\"a\":[1]}"));
		assertThat(handler.heard).containsExactly("{a=[1]}");
	}

	@Test
	void openCloseAndErrorGetTheirEvents() {
		Events handler = dispatch(Events.class, Events::new, (fixture) -> {
			fixture.open();
			fixture.close();
			fixture.error(new IllegalStateException("first"));
			fixture.error(
					new WsTimeoutException(Fixture.CONTEXT, WsTimeoutException.Deadline.PONG, Duration.ofSeconds(1)));
		});
		assertThat(handler.heard).containsExactly("open", "open 101 ticker", "close 1001 1001 (bye)", "state first",
				"any timeout");
	}

	@Test
	void messageGoesToThoseWhoseConditionTakesItAndElseToThoseWithout() {
		Routed handler = dispatch(Routed.class, Routed::new, (fixture) -> {
			fixture.text("{\"type\":\"trade\",\"price\":1}");
			fixture.text("{\"type\":\"quote\"}");
			fixture.text("{\"type\":\"other\"}");
			fixture.text("[1]");
			fixture.text("pong");
			fixture.binary("x");
		});
		assertThat(handler.heard).containsExactly("trade Tick[price=1]", "quote", "both TEXT",
				"text {\"type\":\"other\"}", "array", "both TEXT", "text pong", "both BINARY");
	}

	@Test
	void allMethodsWhoseConditionIsTrueAreCalledInTheirOrder() {
		Ordered handler = dispatch(Ordered.class, Ordered::new, (fixture) -> {
			fixture.text("{\"a\":1,\"b\":1}");
			fixture.text("{\"b\":1}");
		});
		assertThat(handler.heard).containsExactly("first", "second", "second");
	}

	@Test
	void classNamesTheConnections() {
		ApplicationContextRunner two = this.runner.withPropertyValues("ws.clients.orders.url=ws://localhost",
				"feed.name=orders");
		OfClass handler = dispatch(two, OfClass.class, OfClass::new, (fixture) -> {
			fixture.on("ticker").onMessage(fixture.connection, FakeWsMessage.text("1"));
			fixture.on("orders").onMessage(new FakeWsConnection("orders"), FakeWsMessage.text("2"));
			fixture.on("ticker").onClose(fixture.connection, Fixture.CLOSE);
			fixture.on("orders").onClose(new FakeWsConnection("orders"), Fixture.CLOSE);
		});
		assertThat(handler.heard).containsExactly("ticker 1", "orders 2", "orders closed");
	}

	@Test
	void furtherEventsReachTheirMethods() {
		Further handler = dispatch(Further.class, Further::new, (fixture) -> {
			WsListener listener = fixture.on("ticker");
			listener.onConnect(fixture.connection);
			listener.onPing(fixture.connection, ByteBuffer.wrap("pi".getBytes(StandardCharsets.UTF_8)));
			listener.onPong(fixture.connection, ByteBuffer.wrap("po".getBytes(StandardCharsets.UTF_8)));
			listener.onReconnecting(fixture.connection, 3, Duration.ofSeconds(7));
			listener.onBufferFull(fixture.connection);
			listener.onBufferDrain(fixture.connection);
		});
		assertThat(handler.heard).containsExactly("connect ticker", "ping pi pi", "pong po true", "attempt 3 PT7S 3",
				"full ticker", "drain");
	}

	@Test
	void annotationNamesSeveralConnections() {
		ApplicationContextRunner two = this.runner.withPropertyValues("ws.clients.orders.url=ws://localhost",
				"ws.clients.trades.url=ws://localhost");
		Several handler = dispatch(two, Several.class, Several::new, (fixture) -> {
			for (String name : List.of("ticker", "orders", "trades")) {
				fixture.on(name).onConnect(new FakeWsConnection(name));
			}
		});
		assertThat(handler.heard).containsExactly("ticker", "orders");
	}

	@Test
	void methodsOfInterfacesAndSuperclassesAreHandlersOnce() {
		Inheriting handler = dispatch(Inheriting.class, Inheriting::new, (fixture) -> {
			fixture.text("x");
			fixture.open();
			fixture.close();
		});
		assertThat(handler.heard).containsExactly("overridden x", "default ticker", "inherited 1001");
	}

	@Test
	void connectionsOfTheClassCanBeNamedByAComposedAnnotation() {
		ApplicationContextRunner two = this.runner.withPropertyValues("ws.clients.orders.url=ws://localhost");
		ComposedClass handler = dispatch(two, ComposedClass.class, ComposedClass::new, Fixture::open);
		assertThat(handler.heard).containsExactly("open");
	}

	@Test
	void annotationsCanBeComposed() {
		Composed handler = dispatch(Composed.class, Composed::new, (fixture) -> {
			fixture.text("{\"type\":\"trade\"}");
			fixture.text("{\"type\":\"quote\"}");
		});
		assertThat(handler.heard).containsExactly("trade");
	}

	@Test
	void proxiedBeanIsCalledThroughItsProxy() {
		List<String> heard = Collections.synchronizedList(new ArrayList<>());
		ProxyFactory factory = new ProxyFactory(new InterfaceTarget(heard));
		factory.addAdvice((MethodInterceptor) (invocation) -> {
			heard.add("advice " + invocation.getMethod().getName());
			return invocation.proceed();
		});
		Contract proxy = (Contract) factory.getProxy();
		this.runner.withBean("proxy", Contract.class, () -> proxy).run((context) -> {
			assertThat(context).hasNotFailed();
			new Fixture(context).text("x");
		});
		assertThat(heard).contains("advice onText", "target x").doesNotContain("advice other");
	}

	@Test
	void classBasedProxyIsCalledThroughItsProxy() {
		Strings target = new Strings();
		List<String> heard = new ArrayList<>();
		ProxyFactory factory = new ProxyFactory(target);
		factory.setProxyTargetClass(true);
		factory.addAdvice((MethodInterceptor) (invocation) -> {
			heard.add("advice");
			return invocation.proceed();
		});
		this.runner.withBean("proxy", Strings.class, () -> (Strings) factory.getProxy())
			.run((context) -> new Fixture(context).text("x"));
		assertThat(heard).contains("advice");
		assertThat(target.heard).containsExactly("text 'x'");
	}

	@Test
	void lazyBeanIsHeardOnceItExists() {
		this.runner.withBean(Strings.class, Strings::new, (definition) -> definition.setLazyInit(true))
			.run((context) -> {
				Fixture fixture = new Fixture(context);
				fixture.text("early");
				Strings strings = context.getBean(Strings.class);
				fixture.text("late");
				assertThat(strings.heard).containsExactly("text 'late'");
			});
	}

	@Test
	void resolverOfTheApplicationComesFirst() {
		ApplicationContextRunner resolving = this.runner.withBean(WsArgumentResolver.class, LengthResolver::new);
		Resolved handler = dispatch(resolving, Resolved.class, Resolved::new, (fixture) -> fixture.text("four"));
		assertThat(handler.heard).containsExactly("four 4");
	}

	@Test
	void textWorksWithoutJackson() {
		ApplicationContextRunner plain = this.runner.withClassLoader(new FilteredClassLoader("tools.jackson"));
		Strings strings = dispatch(plain, Strings.class, Strings::new, (fixture) -> fixture.text("x"));
		assertThat(strings.heard).containsExactly("text 'x'");
	}

	/**
	 * The listener of a connection, to play the core.
	 */
	static final class Fixture {

		static final ErrorContext CONTEXT = new ErrorContext("ticker", "ws://localhost", ErrorContext.Phase.OPEN, true);

		static final WsCloseEvent CLOSE = new WsCloseEvent(CloseStatus.GOING_AWAY.withReason("bye"), Initiator.SERVER,
				true, null, true);

		final FakeWsConnection connection;

		private final AssertableApplicationContext context;

		Fixture(AssertableApplicationContext context) {
			this.context = context;
			this.connection = (FakeWsConnection) context.getBean("tickerWsConnection");
		}

		WsListener on(String name) {
			return client().listener(name);
		}

		FakeWsClient client() {
			return this.context.getBean(FakeWsClient.class);
		}

		StateTracker tracker() {
			return this.context.getBean(ConnectionRegistry.class).managed("ticker").tracker();
		}

		void text(String text) {
			on("ticker").onMessage(this.connection, FakeWsMessage.text(text));
		}

		void binary(String text) {
			on("ticker").onMessage(this.connection, FakeWsMessage.binary(text));
		}

		void open() {
			open(Map.of());
		}

		void open(Map<String, List<String>> headers) {
			on("ticker").onOpen(this.connection,
					new WsHandshakeResponse(101, HttpHeaders.of(headers, (name, value) -> true), null, List.of()));
		}

		void close() {
			on("ticker").onClose(this.connection, CLOSE);
		}

		void error(Throwable error) {
			on("ticker").onError(this.connection, error);
		}

	}

	/**
	 * Remembers calls.
	 */
	static class Recorder {

		final List<String> heard = Collections.synchronizedList(new ArrayList<>());

	}

	/**
	 * A payload.
	 *
	 * @param price a figure
	 */
	record Tick(int price) {

	}

	/**
	 * All forms of payload.
	 */
	static class Payloads extends Recorder {

		@OnWsMessage
		void record(WsConnection connection, Tick tick, String text, WsMessage message) {
			this.heard.add("record " + tick + " " + connection.name() + " " + text + " " + message.type());
		}

		@OnWsMessage
		void bytes(byte[] array, ByteBuffer buffer, WsMessage message) {
			boolean readOnly = buffer.isReadOnly();
			this.heard.add("array " + new String(array, StandardCharsets.UTF_8) + " buffer "
					+ StandardCharsets.UTF_8.decode(buffer) + " " + readOnly + " " + message.size());
		}

	}

	/**
	 * Text and binary messages.
	 */
	static class Strings extends Recorder {

		@OnWsMessage("ticker")
		void text(String text) {
			this.heard.add("text '" + text + "'");
		}

		@OnWsMessage("ticker")
		void binary(byte[] bytes) {
			this.heard.add("binary " + bytes.length);
		}

	}

	/**
	 * A list of records.
	 */
	static class GenericTypes extends Recorder {

		@OnWsMessage
		void list(List<Tick> ticks) {
			this.heard.add(ticks.size() + " " + ticks.get(1));
		}

	}

	/**
	 * A handler whose payload is decided by a subclass.
	 *
	 * @param <T> the type of the payload
	 */
	abstract static class Generic<T> extends Recorder {

		@OnWsMessage
		void on(T payload) {
			this.heard.add(String.valueOf(payload));
		}

	}

	/**
	 * Decides the type.
	 */
	static class Concrete extends Generic<Tick> {

	}

	/**
	 * A payload of any type.
	 */
	static class AnyObject extends Recorder {

		@OnWsMessage
		void on(Object payload) {
			this.heard.add(payload.toString());
		}

	}

	/**
	 * All other events.
	 */
	static class Events extends Recorder {

		@OnWsOpen
		@Order(2)
		void opened(WsHandshakeResponse response, WsConnection connection) {
			this.heard.add("open " + response.statusCode() + " " + connection.name());
		}

		@OnWsOpen
		@Order(1)
		void openedWithoutArguments() {
			this.heard.add("open");
		}

		@OnWsClose
		void closed(WsCloseEvent event, CloseStatus status) {
			this.heard.add("close " + event.status().code() + " " + status);
		}

		@OnWsError
		@Order(1)
		void any(WsConnection connection, Throwable error) {
			this.heard.add("any " + ((error instanceof WsTimeoutException) ? "timeout" : error.getMessage()));
		}

		@OnWsError
		@Order(2)
		void state(IllegalStateException error) {
			this.heard.add("state " + error.getMessage());
		}

		@OnWsError
		@Order(3)
		void handshake(WsHandshakeException error) {
			this.heard.add("never");
		}

	}

	/**
	 * Handlers told apart by conditions and types.
	 */
	static class Routed extends Recorder {

		@OnWsMessage
		void both(WsMessage message) {
			this.heard.add("both " + message.type());
		}

		@OnWsMessage
		void text(String text) {
			this.heard.add("text " + text);
		}

		@OnWsMessage(when = "$.type == 'trade'")
		void trade(Tick tick) {
			this.heard.add("trade " + tick);
		}

		@OnWsMessage(when = "$.type == 'quote'")
		void quote() {
			this.heard.add("quote");
		}

		@OnWsMessage(when = "$[0]")
		void array(WsMessage message) {
			this.heard.add("array");
		}

	}

	/**
	 * Two conditions that may both be true.
	 */
	static class Ordered extends Recorder {

		@OnWsMessage(when = "$.b")
		@Order(2)
		void second() {
			this.heard.add("second");
		}

		@OnWsMessage(when = "$.a")
		@Order(1)
		void first() {
			this.heard.add("first");
		}

	}

	/**
	 * Names its connections once, and one method its own.
	 */
	@WsHandler({ "ticker", "orders" })
	static class OfClass extends Recorder {

		@OnWsMessage
		void on(String text, WsConnection connection) {
			this.heard.add(connection.name() + " " + text);
		}

		@OnWsClose("${feed.name}")
		void closed(WsConnection connection) {
			this.heard.add(connection.name() + " closed");
		}

	}

	/**
	 * All further events.
	 */
	static class Further extends Recorder {

		@OnWsConnect
		void connect(WsConnection connection) {
			this.heard.add("connect " + connection.name());
		}

		@OnWsPing
		void ping(ByteBuffer payload, byte[] bytes) {
			this.heard.add(
					"ping " + StandardCharsets.UTF_8.decode(payload) + " " + new String(bytes, StandardCharsets.UTF_8));
		}

		@OnWsPong
		void pong(WsConnection connection, ByteBuffer payload) {
			boolean readOnly = payload.isReadOnly();
			this.heard.add("pong " + StandardCharsets.UTF_8.decode(payload) + " " + readOnly);
		}

		@OnWsReconnecting
		void reconnecting(int attempt, Duration delay, Integer same) {
			this.heard.add("attempt " + attempt + " " + delay + " " + same);
		}

		@OnWsBufferFull
		void full(WsConnection connection) {
			this.heard.add("full " + connection.name());
		}

		@OnWsBufferDrain
		void drain() {
			this.heard.add("drain");
		}

	}

	/**
	 * Two of three connections.
	 */
	static class Several extends Recorder {

		@OnWsConnect({ "ticker", "orders" })
		void connect(WsConnection connection) {
			this.heard.add(connection.name());
		}

	}

	/**
	 * An interface with a method of its own, and one to implement.
	 */
	interface Inherited {

		@OnWsOpen
		default void opened(WsConnection connection) {
			heard().add("default " + connection.name());
		}

		@OnWsMessage
		void on(String text);

		List<String> heard();

	}

	/**
	 * A superclass with a method that is overridden, and one that is not.
	 */
	abstract static class Parent extends Recorder {

		@OnWsMessage
		void on(String text) {
			this.heard.add("never " + text);
		}

		@OnWsClose
		void closed(CloseStatus status) {
			this.heard.add("inherited " + status.code());
		}

	}

	/**
	 * Inherits from both, and annotates nothing.
	 */
	static class Inheriting extends Parent implements Inherited {

		@Override
		public void on(String text) {
			this.heard.add("overridden " + text);
		}

		@Override
		public List<String> heard() {
			return this.heard;
		}

	}

	/**
	 * A composed annotation for classes.
	 */
	@Target(ElementType.TYPE)
	@Retention(RetentionPolicy.RUNTIME)
	@WsHandler("ticker")
	@interface TickerHandler {

	}

	/**
	 * Uses it.
	 */
	@TickerHandler
	static class ComposedClass extends Recorder {

		@OnWsOpen
		void opened() {
			this.heard.add("open");
		}

	}

	/**
	 * A composed annotation.
	 */
	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@OnWsMessage(client = "ticker", when = "$.type == 'trade'")
	@interface OnTrade {

	}

	/**
	 * Uses the composed annotation.
	 */
	static class Composed extends Recorder {

		@OnTrade
		void trade() {
			this.heard.add("trade");
		}

	}

	/**
	 * An interface with an annotated method.
	 */
	interface Contract {

		@OnWsMessage
		void onText(String text);

		void other();

	}

	/**
	 * Implements it.
	 *
	 * @param heard remembers calls
	 */
	record InterfaceTarget(List<String> heard) implements Contract {

		@Override
		public void onText(String text) {
			this.heard.add("target " + text);
		}

		@Override
		public void other() {
			this.heard.add("other");
		}

	}

	/**
	 * Takes an argument of the application's resolver.
	 */
	static class Resolved extends Recorder {

		@OnWsMessage
		void on(String text, Integer length) {
			this.heard.add(text + " " + length);
		}

	}

	/**
	 * Resolves integers as the length of a message.
	 */
	static class LengthResolver implements WsArgumentResolver {

		@Override
		public boolean supports(MethodParameter parameter) {
			return parameter.getParameterType() == Integer.class;
		}

		@Override
		public @Nullable Object resolve(MethodParameter parameter, WsHandlerEvent event) {
			return (event.message() != null) ? event.message().size() : null;
		}

	}

}
