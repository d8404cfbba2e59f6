package dev.wsclient.spring;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsMessage;

/**
 * The converters of the application, and JSON behind them.
 */
class MessageConverters {

	private final List<WsMessageConverter> converters;

	private final @Nullable JsonCodec json;

	/** Which messages JSON is sent in. */
	private final WsMessage.Type jsonType;

	/**
	 * Creates a list of converters.
	 * @param converters the user's, in order
	 * @param json converts JSON, or {@code null} without Jackson
	 */
	MessageConverters(List<WsMessageConverter> converters, @Nullable JsonCodec json) {
		List<WsMessageConverter> all = new ArrayList<>(converters);
		if (json != null) {
			all.add(json);
		}
		this.converters = List.copyOf(all);
		this.json = json;
		this.jsonType = WsMessage.Type.TEXT;
	}

	private MessageConverters(MessageConverters other, WsMessage.Type jsonType) {
		this.converters = other.converters;
		this.json = other.json;
		this.jsonType = jsonType;
	}

	/**
	 * Returns these converters for a connection that sends JSON in messages of a type.
	 * @param type the type
	 * @return converters
	 */
	MessageConverters sendingJsonAs(WsMessage.Type type) {
		return new MessageConverters(this, type);
	}

	/**
	 * Finds what reads values of a type.
	 * @param type the type
	 * @return the reader, or {@code null} if no converter knows the type
	 */
	@Nullable MessageReader reader(Type type) {
		for (WsMessageConverter converter : this.converters) {
			WsMessageConverter.Reader reader = converter.reader(type);
			if (reader != null) {
				return new MessageReader(reader, converter.messageTypes(), converter == this.json);
			}
		}
		return null;
	}

	/**
	 * Finds what writes values of a type.
	 * @param type the type
	 * @return the writer, or {@code null} if no converter knows the type
	 */
	WsMessageConverter.@Nullable Writer writer(Type type) {
		Function<WsMessageConverter, WsMessageConverter.@Nullable Writer> writer = (converter) -> converter
			.writer(type);
		return this.converters.stream().map(writer).filter(Objects::nonNull).findFirst().orElse(null);
	}

	/**
	 * Converts a value to the payload of a message.
	 * @param writer a writer of these converters
	 * @param value the value
	 * @return the payload
	 * @throws Exception if it can't be converted
	 */
	Object write(WsMessageConverter.Writer writer, Object value) throws Exception {
		if (this.jsonType == WsMessage.Type.BINARY && writer instanceof JsonCodec.JsonWriter jsonWriter) {
			return jsonWriter.writeBytes(value);
		}
		return writer.write(value);
	}

	/**
	 * Returns what reads and writes JSON.
	 * @return the codec, or {@code null} without Jackson
	 */
	@Nullable JsonCodec json() {
		return this.json;
	}

	/**
	 * Reads values of one type.
	 *
	 * @param reader reads them
	 * @param types messages that are read unless the method names others
	 * @param isJson whether messages are read as JSON
	 */
	record MessageReader(WsMessageConverter.Reader reader, Set<WsMessage.Type> types, boolean isJson) {

	}

	/**
	 * Stands for the writer of values whose class is only known when they are there.
	 *
	 * @param converters those of the context that the handler method belongs to
	 */
	record WriterByClass(MessageConverters converters) implements WsMessageConverter.Writer {

		WsMessageConverter.@Nullable Writer writer(Class<?> type) {
			return this.converters.writer(type);
		}

		@Override
		public Object write(Object value) throws Exception {
			WsMessageConverter.Writer writer = writer(value.getClass());
			if (writer == null) {
				throw new IllegalArgumentException("no converter knows " + value.getClass().getName());
			}
			return writer.write(value);
		}

	}

}
