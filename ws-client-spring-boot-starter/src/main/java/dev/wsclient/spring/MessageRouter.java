package dev.wsclient.spring;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import dev.wsclient.spring.MessageContent.Conversion;

/**
 * Chooses the handler methods of messages of one type. Immutable.
 */
class MessageRouter {

	private final @Nullable JsonCodec json;

	/** Methods with a condition, in order. */
	private final List<HandlerMethod> conditional;

	/** Methods without a condition, in order. */
	private final List<HandlerMethod> others;

	private final MessageScan scan;

	/**
	 * Where each conditional method finds the value its condition looks at; -1 for one
	 * that looks at no path.
	 */
	private final int[] slots;

	private final boolean families;

	/**
	 * Creates a router.
	 * @param json reads JSON, or {@code null} without Jackson
	 * @param handlers the methods that take the type of message, in order
	 */
	MessageRouter(@Nullable JsonCodec json, List<HandlerMethod> handlers) {
		this.json = json;
		this.conditional = handlers.stream().filter((handler) -> handler.route().isConditional()).toList();
		this.others = handlers.stream().filter((handler) -> !handler.route().isConditional()).toList();
		List<@Nullable MessageCondition> conditions = new ArrayList<>();
		this.conditional.forEach((handler) -> conditions.add(handler.route().condition()));
		this.scan = new MessageScan(conditions.stream().filter(Objects::nonNull).toList());
		this.slots = conditions.stream().mapToInt((each) -> (each != null) ? this.scan.slot(each) : -1).toArray();
		this.families = handlers.stream().anyMatch((handler) -> !handler.families().isEmpty());
	}

	/**
	 * Chooses the methods of a message.
	 * @param event the event of the message
	 * @param failures told which method's condition could not be evaluated, and why
	 * @return those whose condition takes the message; if there are none, those without;
	 * of each bean's methods in a family those closest to the payload
	 */
	List<HandlerMethod> select(WsHandlerEvent event, Failures failures) {
		if (!this.conditional.isEmpty()) {
			List<HandlerMethod> matching = closest(event, matching(event, failures));
			if (!matching.isEmpty()) {
				return matching;
			}
		}
		return closest(event, this.others);
	}

	private List<HandlerMethod> matching(WsHandlerEvent event, Failures failures) {
		@Nullable Object[] values = (this.json != null && this.scan.size() > 0)
				? this.json.scan(Objects.requireNonNull(event.message()), this.scan) : new Object[this.scan.size()];
		List<HandlerMethod> matching = List.of();
		for (int i = 0; i < this.slots.length; i++) {
			HandlerMethod handler = this.conditional.get(i);
			boolean takes = (this.slots[i] >= 0)
					? Objects.requireNonNull(handler.route().condition()).matches(values[this.slots[i]])
					: takes(handler, event, failures);
			if (takes) {
				matching = append(matching, handler);
			}
		}
		return matching;
	}

	private static boolean takes(HandlerMethod handler, WsHandlerEvent event, Failures failures) {
		try {
			return Objects.requireNonNull(handler.route().expression()).test(event);
		}
		// An expression may call any method
		catch (Throwable ex) {
			failures.failed(event, handler, ex);
			return false;
		}
	}

	/**
	 * Appends to a list, which most often is empty.
	 */
	private static List<HandlerMethod> append(List<HandlerMethod> handlers, HandlerMethod handler) {
		if (handlers.isEmpty()) {
			return List.of(handler);
		}
		List<HandlerMethod> longer = new ArrayList<>(handlers);
		longer.add(handler);
		return longer;
	}

	private List<HandlerMethod> closest(WsHandlerEvent event, List<HandlerMethod> handlers) {
		if (!this.families || handlers.isEmpty()) {
			return handlers;
		}
		return handlers.stream().filter((handler) -> isClosest(event, handler, handlers)).toList();
	}

	private static boolean isClosest(WsHandlerEvent event, HandlerMethod handler, List<HandlerMethod> handlers) {
		for (PayloadFamily family : handler.families()) {
			Conversion conversion = event.content().convert(family);
			boolean chosen = (conversion.value() != null)
					? isClosest(conversion.value(), family, handler.bean(), handlers)
					: takesNothing(conversion, family, handler, handlers);
			if (!chosen) {
				return false;
			}
		}
		return true;
	}

	private static boolean isClosest(Object value, PayloadFamily family, Object bean, List<HandlerMethod> handlers) {
		return family.member().isInstance(value) && handlers.stream()
			.filter((other) -> other.bean() == bean)
			.map((other) -> member(other, family))
			.noneMatch((member) -> member != null && isCloser(member, family.member(), value));
	}

	/**
	 * A message that stands for no value goes to all methods that take that. If there is
	 * none, or it could not be converted, one of the methods is enough to tell of it.
	 */
	private static boolean takesNothing(Conversion conversion, PayloadFamily family, HandlerMethod handler,
			List<HandlerMethod> handlers) {
		Predicate<HandlerMethod> optional = (
				other) -> other.families().stream().anyMatch((each) -> each.root() == family.root() && each.optional());
		if (conversion.failure() == null && handlers.stream().anyMatch(optional)) {
			return family.optional();
		}
		return handlers.stream().filter((other) -> member(other, family) != null).findFirst().orElse(null) == handler;
	}

	private static @Nullable Class<?> member(HandlerMethod handler, PayloadFamily family) {
		return handler.families()
			.stream()
			.filter((each) -> each.root() == family.root())
			.<Class<?>>map(PayloadFamily::member)
			.findFirst()
			.orElse(null);
	}

	private static boolean isCloser(Class<?> one, Class<?> other, Object value) {
		return one != other && other.isAssignableFrom(one) && one.isInstance(value);
	}

	/**
	 * Told of conditions that can't be evaluated.
	 */
	@FunctionalInterface
	interface Failures {

		/**
		 * The condition of a method could not be evaluated.
		 * @param event the event of the message
		 * @param handler the method
		 * @param failure why
		 */
		void failed(WsHandlerEvent event, HandlerMethod handler, Throwable failure);

	}

}
