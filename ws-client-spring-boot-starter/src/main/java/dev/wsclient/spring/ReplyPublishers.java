package dev.wsclient.spring;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.concurrent.Flow;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.Publisher;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.util.ClassUtils;

/**
 * Publishers that handler methods may return: those of the JDK, and with Reactive Streams
 * on the class path its own and what Spring adapts to it, such as those of Reactor and
 * RxJava.
 */
final class ReplyPublishers {

	private static final boolean REACTIVE_STREAMS = ClassUtils.isPresent("org.reactivestreams.Publisher",
			ReplyPublishers.class.getClassLoader());

	private ReplyPublishers() {
	}

	/**
	 * Whether values of a type are published.
	 * @param type the type, not that of a stage
	 * @return {@code true} if they are
	 */
	static boolean supports(Class<?> type) {
		return Flow.Publisher.class.isAssignableFrom(type) || (REACTIVE_STREAMS && Reactive.supports(type));
	}

	/**
	 * Returns what is published.
	 * @param type a type that is supported, as the bean decides it
	 * @return the type of the elements; {@code Object} if it is not told
	 */
	static Type element(Type type) {
		Class<?> raw = BeanTypes.raw(type);
		if (Flow.Publisher.class.isAssignableFrom(raw)) {
			return BeanTypes.argument(type, Flow.Publisher.class);
		}
		return Reactive.element(type, raw);
	}

	/**
	 * Views a value as publisher.
	 * @param value the value, not a stage
	 * @return the publisher, or {@code null} if it is none
	 */
	static Flow.@Nullable Publisher<?> of(Object value) {
		if (value instanceof Flow.Publisher<?> publisher) {
			return publisher;
		}
		return REACTIVE_STREAMS ? Reactive.of(value) : null;
	}

	/**
	 * Loaded only if Reactive Streams is there.
	 */
	private static final class Reactive {

		static boolean supports(Class<?> type) {
			return Publisher.class.isAssignableFrom(type)
					|| ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) != null;
		}

		static Type element(Type type, Class<?> raw) {
			if (Publisher.class.isAssignableFrom(raw)) {
				return BeanTypes.argument(type, Publisher.class);
			}
			ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(raw);
			if (adapter != null && adapter.isNoValue()) {
				return Void.class;
			}
			// What is adapted, such as RxJava's, has one type argument: that of its
			// values
			return (type instanceof ParameterizedType parameterized) ? parameterized.getActualTypeArguments()[0]
					: Object.class;
		}

		static Flow.@Nullable Publisher<?> of(Object value) {
			if (value instanceof Publisher<?> publisher) {
				return FlowAdapters.toFlowPublisher(publisher);
			}
			ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(value.getClass());
			return (adapter != null) ? FlowAdapters.toFlowPublisher(adapter.toPublisher(value)) : null;
		}

	}

}
