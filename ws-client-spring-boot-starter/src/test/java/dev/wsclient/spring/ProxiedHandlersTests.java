package dev.wsclient.spring;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.SimpleThreadScope;

import dev.wsclient.WsConnection;
import dev.wsclient.spring.HandlerMethodTests.Fixture;
import dev.wsclient.spring.HandlerMethodTests.Recorder;
import dev.wsclient.spring.HandlerMethodTests.Tick;
import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of handler methods behind proxies and bridges, and of those that nobody else can
 * see.
 */
@SuppressWarnings({ "UnusedMethod", "UnusedVariable" }) // handlers are called by
														// reflection
class ProxiedHandlersTests {

	private static final List<String> HEARD = Collections.synchronizedList(new ArrayList<>());

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, JacksonAutoConfiguration.class))
		.withUserConfiguration(FakeClientConfiguration.class)
		.withInitializer((context) -> HEARD.clear())
		.withPropertyValues("ws.defaults.auto-start=false", "ws.clients.ticker.url=ws://localhost");

	private static Object proxy(Object target, boolean ofClass) {
		ProxyFactory factory = new ProxyFactory(target);
		factory.setProxyTargetClass(ofClass);
		factory.addAdvice((MethodInterceptor) (invocation) -> {
			HEARD.add("advice");
			return invocation.proceed();
		});
		return factory.getProxy();
	}

	@Test
	void parametersAreThoseOfTheClassBehindAProxyOfItsInterface() {
		this.runner.withBean("handler", Ticks.class, () -> (Ticks) proxy(new TicksImpl(), false)).run((context) -> {
			assertThat(context).hasNotFailed();
			Fixture fixture = new Fixture(context);
			fixture.open(Map.of("X-Limit", List.of("5"), "X-Of-Interface", List.of("seen")));
			fixture.text("{\"price\":3}");
		});
		assertThat(HEARD).containsExactly("advice", "limit 5 seen", "advice", "tick Optional[Tick[price=3]]");
	}

	@Test
	void genericMethodOfAnInterfaceIsCalledOnceThroughItsBridge() {
		this.runner.withBean("handler", Generic.class, () -> (Generic<?>) proxy(new OfTick(), false)).run((context) -> {
			assertThat(context).hasNotFailed();
			new Fixture(context).text("{\"price\":3}");
		});
		assertThat(HEARD).containsExactly("advice", "generic Tick[price=3]");
	}

	@Test
	void transactionalStyleAdviceSurroundsHandlers() {
		this.runner.withUserConfiguration(AdvisingConfiguration.class).withBean(Advised.class).run((context) -> {
			assertThat(context).hasNotFailed();
			new Fixture(context).text("x");
		});
		assertThat(HEARD).containsExactly("begin", "text x", "end");
	}

	@Test
	void scopedBeanIsCalledThroughItsProxy() {
		this.runner.withUserConfiguration(ScopedConfiguration.class)
			.withInitializer((context) -> context.getBeanFactory().registerScope("thread", new SimpleThreadScope()))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				new Fixture(context).text("x");
			});
		assertThat(HEARD).containsExactly("scoped x");
	}

	@Test
	void privateMethodIsCalledUnlessItsBeanIsAProxy() {
		Hidden hidden = new Hidden();
		this.runner.withBean("handler", Hidden.class, () -> hidden).run((context) -> new Fixture(context).text("x"));
		assertThat(hidden.heard).containsExactly("private x");
		FailureAnalysis analysis = WsConfigurationFailureAnalyzerTests
			.analyze(this.runner.withBean("handler", Hidden.class, () -> (Hidden) proxy(new Hidden(), true)));
		assertThat(analysis.getDescription()).contains("Hidden.on(String)").contains("proxy of the bean 'handler'");
		assertThat(analysis.getAction()).contains("non-private");
	}

	@Test
	void methodThatTheInterfaceLacksCannotBeCalledThroughItsProxy() {
		FailureAnalysis analysis = WsConfigurationFailureAnalyzerTests.analyze(
				this.runner.withBean("handler", Runnable.class, () -> (Runnable) proxy(new OutsideInterface(), false)));
		assertThat(analysis.getDescription()).contains("OutsideInterface.on(String)");
		assertThat(analysis.getAction()).contains("class-based proxies");
	}

	/**
	 * An interface whose annotations count for those who implement it.
	 */
	interface Ticks {

		@OnWsOpen
		void opened(String limit, @WsHeader("X-Of-Interface") String header);

		void tick(Optional<Tick> tick, WsConnection connection);

	}

	/**
	 * Adds its own.
	 */
	static class TicksImpl implements Ticks {

		@Override
		public void opened(@WsHeader("X-Limit") String limit, String header) {
			HEARD.add("limit " + limit + " " + header);
		}

		@Override
		@OnWsMessage
		public void tick(Optional<Tick> tick, WsConnection connection) {
			HEARD.add("tick " + tick);
		}

	}

	/**
	 * A generic interface.
	 *
	 * @param <T> the payload
	 */
	interface Generic<T> {

		@OnWsMessage
		void on(T payload);

	}

	/**
	 * Decides the type.
	 */
	static class OfTick implements Generic<Tick> {

		@Override
		public void on(Tick payload) {
			HEARD.add("generic " + payload);
		}

	}

	/**
	 * Asks for advice.
	 */
	@Retention(RetentionPolicy.RUNTIME)
	@interface Surrounded {

	}

	/**
	 * Has advice by an annotation, as {@code @Transactional} is.
	 */
	static class Advised {

		@OnWsMessage
		@Surrounded
		void on(String text) {
			HEARD.add("text " + text);
		}

	}

	/**
	 * Advises.
	 */
	@Configuration(proxyBeanMethods = false)
	static class AdvisingConfiguration {

		@Bean
		static DefaultAdvisorAutoProxyCreator proxies() {
			DefaultAdvisorAutoProxyCreator creator = new DefaultAdvisorAutoProxyCreator();
			creator.setProxyTargetClass(true);
			return creator;
		}

		@Bean
		static DefaultPointcutAdvisor advisor() {
			return new DefaultPointcutAdvisor(AnnotationMatchingPointcut.forMethodAnnotation(Surrounded.class),
					(MethodInterceptor) (invocation) -> {
						HEARD.add("begin");
						Object result = invocation.proceed();
						HEARD.add("end");
						return result;
					});
		}

	}

	/**
	 * A bean of a scope of its own.
	 */
	@Configuration(proxyBeanMethods = false)
	static class ScopedConfiguration {

		@Bean
		@Scope(scopeName = "thread", proxyMode = ScopedProxyMode.TARGET_CLASS)
		Scoped scoped() {
			return new Scoped();
		}

	}

	/**
	 * The bean.
	 */
	static class Scoped {

		@OnWsMessage
		void on(String text) {
			HEARD.add("scoped " + text);
		}

	}

	/**
	 * Hides its handler.
	 */
	static class Hidden extends Recorder {

		@OnWsMessage
		private void on(String text) {
			this.heard.add("private " + text);
		}

	}

	/**
	 * Has a handler that its interface lacks.
	 */
	static class OutsideInterface implements Runnable {

		@OnWsMessage
		void on(String text) {
		}

		@Override
		public void run() {
		}

	}

}
