package dev.wsclient.spring;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsMessage;

/**
 * All handler methods of one connection, in order. Immutable.
 */
final class Handlers {

	private static final Comparator<HandlerMethod> ORDER = Comparator.comparingInt(HandlerMethod::order)
		.thenComparing(HandlerMethod::toString);

	private final @Nullable JsonCodec json;

	private final List<HandlerMethod> all;

	private final Map<HandlerKind, List<HandlerMethod>> kinds = new EnumMap<>(HandlerKind.class);

	private final MessageRouter text;

	private final MessageRouter binary;

	private Handlers(@Nullable JsonCodec json, List<HandlerMethod> all) {
		this.json = json;
		this.all = all.stream().sorted(ORDER).toList();
		for (HandlerKind kind : HandlerKind.values()) {
			this.kinds.put(kind, this.all.stream().filter((handler) -> handler.kind() == kind).toList());
		}
		this.text = router(WsMessage.Type.TEXT);
		this.binary = router(WsMessage.Type.BINARY);
	}

	static Handlers none(@Nullable JsonCodec json) {
		return new Handlers(json, List.of());
	}

	private MessageRouter router(WsMessage.Type type) {
		return new MessageRouter(this.json,
				of(HandlerKind.MESSAGE).stream().filter((handler) -> handler.route().types().contains(type)).toList());
	}

	/**
	 * Returns these handlers and another.
	 * @param handler the other
	 * @return new handlers
	 */
	Handlers with(HandlerMethod handler) {
		return new Handlers(this.json, Stream.concat(this.all.stream(), Stream.of(handler)).toList());
	}

	int count() {
		return this.all.size();
	}

	/**
	 * Returns these handlers but one.
	 * @param handler the one
	 * @return new handlers
	 */
	Handlers without(HandlerMethod handler) {
		return new Handlers(this.json, this.all.stream().filter((each) -> each != handler).toList());
	}

	/**
	 * Returns the handlers of a kind.
	 * @param kind the kind
	 * @return the handlers in order
	 */
	List<HandlerMethod> of(HandlerKind kind) {
		return Objects.requireNonNull(this.kinds.get(kind));
	}

	/**
	 * Finds the handlers of a message.
	 * @param event the event of the message
	 * @param failures told which handler's condition could not be evaluated, and why
	 * @return those that take it, in order
	 */
	List<HandlerMethod> select(WsHandlerEvent event, MessageRouter.Failures failures) {
		return (Objects.requireNonNull(event.message()).isText() ? this.text : this.binary).select(event, failures);
	}

	/**
	 * Finds the handlers of an error: of each bean those that declare the closest type.
	 * @param error the error
	 * @return the handlers, the closest first
	 */
	List<HandlerMethod> of(Throwable error) {
		List<HandlerMethod> taking = of(HandlerKind.ERROR).stream().filter((handler) -> handler.takes(error)).toList();
		IdentityHashMap<Object, Integer> closest = new IdentityHashMap<>();
		taking.forEach((handler) -> closest.merge(handler.bean(), handler.distance(error), Integer::min));
		return taking.stream()
			.filter((handler) -> Objects.equals(handler.distance(error), closest.get(handler.bean())))
			.sorted(Comparator.comparingInt((handler) -> handler.distance(error)))
			.toList();
	}

}
