package dev.wsclient.spring;

import java.io.InputStream;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.AbstractDeserializer;
import tools.jackson.databind.deser.bean.BeanDeserializerBase;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.ByteBufferBackedInputStream;

import dev.wsclient.WsMessage;

/**
 * Reads JSON straight from the bytes of a message, with Jackson.
 */
class JacksonJsonCodec implements JsonCodec {

	/**
	 * Stands for an object, an array or a number beyond every range, which no condition
	 * compares with.
	 */
	private static final Object PRESENT = new Object();

	/**
	 * Longer numbers are not looked at: as much as Jackson reads unless it is told
	 * otherwise, and reading them takes the square of their length.
	 */
	private static final int LONGEST_NUMBER = 1_000;

	/**
	 * Up to what size a message is read from a copy, which is cheaper than a stream: as
	 * much as Jackson would copy anyway to read from a stream.
	 */
	private static final int COPIED_SIZE = 8_000;

	private final JsonMapper mapper;

	/** Whether what follows the value of a message makes it no JSON. */
	private final boolean singleValue;

	/** Without the types, modules and default typing of the mapper. */
	private final ObjectReader untyped;

	JacksonJsonCodec(JsonMapper mapper) {
		this.mapper = mapper;
		this.singleValue = mapper.isEnabled(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
		this.untyped = JsonMapper.builder()
			.configure(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, this.singleValue)
			.build()
			.readerFor(Object.class);
	}

	@Override
	public @Nullable Reader reader(Type type) {
		JavaType javaType = this.mapper.constructType(type);
		if (!isReadable(javaType)) {
			return null;
		}
		ObjectReader reader = this.mapper.readerFor(javaType);
		return (message) -> {
			try {
				return read(reader, message);
			}
			// Not only Jackson's own, whose texts show parts of the payload too
			catch (RuntimeException ex) {
				throw new JsonFailure(describe(ex));
			}
		};
	}

	/**
	 * Whether there may be JSON that becomes a value of a type. It can't for an interface
	 * or abstract class whose implementation nothing names, for a class that nothing
	 * makes, and for what is defined in a contradictory way.
	 */
	private boolean isReadable(JavaType type) {
		if (type.isContainerType() || type.isReferenceType()) {
			return isReadable(type.getContentType());
		}
		try {
			ValueDeserializer<?> deserializer = this.mapper._deserializationContext().findRootValueDeserializer(type);
			if (deserializer instanceof BeanDeserializerBase bean) {
				return bean.getValueInstantiator().canInstantiate();
			}
			return !(deserializer instanceof AbstractDeserializer);
		}
		catch (JacksonException ex) {
			return false;
		}
	}

	private static @Nullable Object read(ObjectReader reader, WsMessage message) {
		return isCopied(message) ? reader.readValue(message.bytes()) : reader.readValue(stream(message));
	}

	private static boolean isCopied(WsMessage message) {
		return message.size() <= COPIED_SIZE;
	}

	private static InputStream stream(WsMessage message) {
		return new ByteBufferBackedInputStream(message.payload().duplicate());
	}

	/**
	 * Tells the kind and place of an error. Its own text shows parts of the payload.
	 */
	private static String describe(RuntimeException ex) {
		TokenStreamLocation location = (ex instanceof JacksonException jackson) ? jackson.getLocation() : null;
		return ex.getClass().getSimpleName()
				+ ((location != null) ? " at line " + location.getLineNr() + ", column " + location.getColumnNr() : "");
	}

	/**
	 * The declared type counts for containers only: what tells the subtypes of their
	 * elements apart would be left out without it, while other values are written as what
	 * they are.
	 */
	@Override
	public Writer writer(Type type) {
		JavaType declared = this.mapper.constructType(type);
		ObjectWriter writer = declared.isContainerType() ? this.mapper.writerFor(declared) : this.mapper.writer();
		return new JsonWriter() {

			@Override
			public Object write(Object value) throws JsonFailure {
				try {
					return writer.writeValueAsString(value);
				}
				catch (JacksonException ex) {
					throw new JsonFailure(describe(ex));
				}
			}

			@Override
			public byte[] writeBytes(Object value) throws JsonFailure {
				try {
					return writer.writeValueAsBytes(value);
				}
				catch (JacksonException ex) {
					throw new JsonFailure(describe(ex));
				}
			}

		};
	}

	@Override
	public @Nullable Object tree(WsMessage message) {
		try (JsonParser parser = parser(message)) {
			return this.untyped.readValue(parser);
		}
		// Too many names of one hash are an IllegalStateException, for example
		catch (RuntimeException | StackOverflowError ex) {
			return null;
		}
	}

	@Override
	public @Nullable Class<?> family(Class<?> type) {
		Set<Class<?>> types = new LinkedHashSet<>();
		addHierarchy(type, types);
		List<Class<?>> polymorphic = types.stream().filter(this::isPolymorphic).toList();
		return polymorphic.stream()
			.filter((each) -> polymorphic.stream().allMatch(each::isAssignableFrom))
			.findFirst()
			.orElse(null);
	}

	private static void addHierarchy(@Nullable Class<?> type, Set<Class<?>> types) {
		if (type != null && types.add(type)) {
			addHierarchy(type.getSuperclass(), types);
			for (Class<?> contract : type.getInterfaces()) {
				addHierarchy(contract, types);
			}
		}
	}

	private boolean isPolymorphic(Class<?> type) {
		DeserializationConfig config = this.mapper.deserializationConfig();
		JsonTypeInfo.Value info = config.getAnnotationIntrospector()
			.findPolymorphicTypeInfo(config, config.classIntrospectorInstance()
				.introspectDirectClassAnnotations(this.mapper.constructType(type)));
		return info != null && info.getIdType() != JsonTypeInfo.Id.NONE;
	}

	@Override
	public @Nullable Object[] scan(WsMessage message, MessageScan scan) {
		Pass pass = new Pass(scan.size());
		try (JsonParser parser = parser(message)) {
			JsonToken token = parser.nextToken();
			if (token != null) {
				pass.value(parser, token, scan.root());
			}
			if (token == null || (this.singleValue && parser.nextToken() != null)) {
				pass.failed();
			}
		}
		// Not only Jackson's own, as in tree()
		catch (RuntimeException ex) {
			pass.failed();
		}
		return pass.values;
	}

	private JsonParser parser(WsMessage message) {
		return isCopied(message) ? this.mapper.createParser(message.bytes())
				: this.mapper.createParser(stream(message));
	}

	/**
	 * One pass over a message.
	 */
	private static final class Pass {

		private final @Nullable Object[] values;

		Pass(int size) {
			this.values = new Object[size];
		}

		/**
		 * The message is not JSON.
		 */
		void failed() {
			Arrays.fill(this.values, MessageCondition.NOT_JSON);
		}

		/**
		 * Looks at the value the parser stands at, and leaves the parser at its end.
		 */
		void value(JsonParser parser, JsonToken token, MessageScan.Node node) {
			node.clear(this.values);
			if (node.slot() >= 0) {
				this.values[node.slot()] = scalar(parser, token);
			}
			if (token == JsonToken.START_OBJECT && node.hasFields()) {
				fields(parser, node);
			}
			else if (token == JsonToken.START_ARRAY && node.elements() > 0) {
				elements(parser, node);
			}
			else {
				parser.skipChildren();
			}
		}

		private static @Nullable Object scalar(JsonParser parser, JsonToken token) {
			return switch (token) {
				case VALUE_STRING -> parser.getString();
				case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser);
				case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
				case VALUE_NULL -> null;
				default -> PRESENT;
			};
		}

		private static Object number(JsonParser parser) {
			if (parser.getStringLength() > LONGEST_NUMBER) {
				return PRESENT;
			}
			try {
				return parser.getDecimalValue();
			}
			// NaN, or an exponent beyond that of any number
			catch (RuntimeException ex) {
				return PRESENT;
			}
		}

		private void fields(JsonParser parser, MessageScan.Node node) {
			while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
				MessageScan.Node child = node.child(parser.currentName());
				JsonToken token = parser.nextToken();
				if (child == null) {
					parser.skipChildren();
				}
				else {
					value(parser, token, child);
				}
			}
		}

		private void elements(JsonParser parser, MessageScan.Node node) {
			JsonToken token = parser.nextToken();
			for (int i = 0; token != null && token != JsonToken.END_ARRAY; i++) {
				MessageScan.Node child = (i < node.elements()) ? node.child(i) : null;
				if (child == null) {
					parser.skipChildren();
				}
				else {
					value(parser, token, child);
				}
				token = parser.nextToken();
			}
		}

	}

}
