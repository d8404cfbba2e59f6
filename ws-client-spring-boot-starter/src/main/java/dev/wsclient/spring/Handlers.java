package dev.wsclient.spring;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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

	/** Handlers of text messages that have a condition. */
	private final List<HandlerMethod> conditional;

	/** Handlers of text messages that no condition takes. */
	private final List<HandlerMethod> text;

	private final List<HandlerMethod> binary;

	private final MessageScan scan;

	/** Where each conditional handler finds the value its condition looks at. */
	private final int[] slots;

	private Handlers(@Nullable JsonCodec json, List<HandlerMethod> all) {
		this.json = json;
		this.all = all.stream().sorted(ORDER).toList();
		this.conditional = of(HandlerKind.MESSAGE).filter((handler) -> handler.condition() != null).toList();
		this.text = unconditional(true);
		this.binary = unconditional(false);
		List<MessageCondition> conditions = this.conditional.stream().map(Handlers::condition).toList();
		this.scan = new MessageScan(conditions);
		this.slots = conditions.stream().mapToInt(this.scan::slot).toArray();
	}

	static Handlers none(@Nullable JsonCodec json) {
		return new Handlers(json, List.of());
	}

	private List<HandlerMethod> unconditional(boolean text) {
		return of(HandlerKind.MESSAGE).filter((handler) -> handler.condition() == null && handler.takes(text)).toList();
	}

	private static MessageCondition condition(HandlerMethod handler) {
		return Objects.requireNonNull(handler.condition());
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
	Stream<HandlerMethod> of(HandlerKind kind) {
		return this.all.stream().filter((handler) -> handler.kind() == kind);
	}

	/**
	 * Finds the handlers of a message.
	 * @param message the message
	 * @return those whose condition takes it; if there are none, those without condition
	 * that take its type
	 */
	List<HandlerMethod> select(WsMessage message) {
		if (!message.isText()) {
			return this.binary;
		}
		if (this.conditional.isEmpty() || this.json == null) {
			return this.text;
		}
		@Nullable Object[] values = this.json.scan(message, this.scan);
		List<HandlerMethod> matching = List.of();
		for (int i = 0; i < this.slots.length; i++) {
			HandlerMethod handler = this.conditional.get(i);
			if (condition(handler).matches(values[this.slots[i]])) {
				matching = append(matching, handler);
			}
		}
		return matching.isEmpty() ? this.text : matching;
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

}
