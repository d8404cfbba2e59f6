package dev.wsclient.spring;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsMessage;

/**
 * What conditions and families of payload types found in one message, so that it is
 * parsed once for all handlers. Used by one thread at a time.
 */
class MessageContent {

	private final WsMessage message;

	private @Nullable Object json;

	private boolean jsonRead;

	/** By what made them: each context reads a family with its own mapper. */
	private final Map<WsMessageConverter.Reader, Conversion> conversions;

	MessageContent(WsMessage message) {
		this(message, new HashMap<>(2));
	}

	private MessageContent(WsMessage message, Map<WsMessageConverter.Reader, Conversion> conversions) {
		this.message = message;
		this.conversions = conversions;
	}

	/**
	 * Returns what is known so far of a message that is kept.
	 * @param message the same message as it is kept
	 * @return the content
	 */
	MessageContent withMessage(WsMessage message) {
		MessageContent content = new MessageContent(message, this.conversions);
		content.json = this.json;
		content.jsonRead = this.jsonRead;
		return content;
	}

	/**
	 * Returns the message as maps, lists and scalars.
	 * @param codec reads JSON, or {@code null} without Jackson
	 * @return the value, or {@code null} if the message is not JSON
	 */
	@Nullable Object json(@Nullable JsonCodec codec) {
		if (!this.jsonRead) {
			this.json = (codec != null) ? codec.tree(this.message) : null;
			this.jsonRead = true;
		}
		return this.json;
	}

	/**
	 * Converts the message to a type of a family, once for all its members.
	 * @param family the type, and what reads it
	 * @return the value, or why there is none; neither if the message stands for none, as
	 * an empty one does
	 */
	Conversion convert(PayloadFamily family) {
		return this.conversions.computeIfAbsent(family.reader(), this::read);
	}

	private Conversion read(WsMessageConverter.Reader reader) {
		if (this.message.size() == 0) {
			return new Conversion(null, null);
		}
		try {
			return new Conversion(reader.read(this.message), null);
		}
		// The types and their deserializers are the user's
		catch (Throwable ex) {
			return new Conversion(null, ex);
		}
	}

	/**
	 * What became of a conversion.
	 *
	 * @param value the value, or {@code null} if there is none
	 * @param failure why it failed, or {@code null} if it did not
	 */
	record Conversion(@Nullable Object value, @Nullable Throwable failure) {

	}

}
