package dev.wsclient.spring;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsMessage;

/**
 * All handler methods of one connection, sorted and checked. Immutable.
 */
final class Handlers {

	private static final Comparator<HandlerMethod> ORDER = Comparator
		.comparing((HandlerMethod handler) -> handler.condition() == null)
		.thenComparing(HandlerMethod::takesBoth)
		.thenComparing(HandlerMethod::order)
		.thenComparing(HandlerMethod::toString);

	private final @Nullable JsonCodec json;

	private final List<HandlerMethod> all;

	private final List<HandlerMethod> text;

	private final List<HandlerMethod> binary;

	private final @Nullable MessageScan scan;

	/** The slot of each text handler's condition, or -1. */
	private final int[] slots;

	private Handlers(@Nullable JsonCodec json, List<HandlerMethod> all) {
		this.json = json;
		this.all = all.stream().sorted(ORDER).toList();
		this.text = reachable((handler) -> handler.takes(true));
		this.binary = reachable((handler) -> handler.takes(false));
		this.scan = scan(this.text);
		this.slots = this.text.stream().mapToInt(this::slot).toArray();
	}

	static Handlers none(@Nullable JsonCodec json) {
		return new Handlers(json, List.of());
	}

	/**
	 * Returns these handlers and another.
	 * @param handler the other
	 * @param client the name of the connection, for the error
	 * @return new handlers
	 * @throws WsConfigurationException if a handler could never be called
	 */
	Handlers with(HandlerMethod handler, String client) {
		List<HandlerMethod> handlers = new ArrayList<>(this.all);
		handlers.add(handler);
		Handlers result = new Handlers(this.json, handlers);
		result.of(HandlerKind.MESSAGE).forEach((each) -> result.requireReachable(each, client));
		return result;
	}

	private List<HandlerMethod> reachable(Predicate<HandlerMethod> takes) {
		List<HandlerMethod> reachable = new ArrayList<>();
		of(HandlerKind.MESSAGE).filter(takes)
			.filter((handler) -> reachable.stream().noneMatch((earlier) -> hides(earlier, handler)))
			.forEach(reachable::add);
		return List.copyOf(reachable);
	}

	private static boolean hides(HandlerMethod earlier, HandlerMethod handler) {
		return earlier.condition() == null || earlier.condition().equals(handler.condition());
	}

	private void requireReachable(HandlerMethod handler, String client) {
		if (this.text.contains(handler) || this.binary.contains(handler)) {
			return;
		}
		List<HandlerMethod> hiding = Stream.concat(this.text.stream(), this.binary.stream())
			.filter((earlier) -> hides(earlier, handler))
			.distinct()
			.toList();
		throw new WsConfigurationException(null,
				"The @OnWsMessage method " + handler + " would never be called: every message it takes from the "
						+ "connection '" + client + "' goes to " + hiding + ".",
				"Tell them apart by 'when', by the type of their payload (text or binary), or make them one method.");
	}

	private static @Nullable MessageScan scan(List<HandlerMethod> handlers) {
		List<MessageCondition> conditions = handlers.stream()
			.map(HandlerMethod::condition)
			.filter(Objects::nonNull)
			.toList();
		return conditions.isEmpty() ? null : new MessageScan(conditions);
	}

	private int slot(HandlerMethod handler) {
		return (this.scan != null && handler.condition() != null) ? this.scan.slot(handler.condition()) : -1;
	}

	/**
	 * Returns the handlers of a kind.
	 * @param kind the kind
	 * @return the handlers in order
	 */
	Stream<HandlerMethod> of(HandlerKind kind) {
		return this.all.stream().filter((handler) -> handler.kind() == kind);
	}

	/**
	 * Finds the handler of a message.
	 * @param message the message
	 * @return the first that takes it, or {@code null}
	 */
	@Nullable HandlerMethod select(WsMessage message) {
		if (!message.isText()) {
			return this.binary.isEmpty() ? null : this.binary.get(0);
		}
		if (this.scan == null || this.json == null) {
			return this.text.isEmpty() ? null : this.text.get(0);
		}
		@Nullable Object[] values = this.json.scan(message, this.scan);
		for (int i = 0; i < this.slots.length; i++) {
			HandlerMethod handler = this.text.get(i);
			if (handler.condition() == null || handler.condition().matches(values[this.slots[i]])) {
				return handler;
			}
		}
		return null;
	}

}
