package dev.wsclient.spring;

import java.io.InputStream;
import java.lang.reflect.Type;
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
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.ByteBufferBackedInputStream;

import dev.wsclient.WsMessage;

/**
 * Reads JSON straight from the bytes of a message, with Jackson.
 */
class JacksonJsonCodec implements JsonCodec {

	/** Stands for an object or array, which no condition compares with. */
	private static final Object PRESENT = new Object();

	/**
	 * Up to what size a message is read from a copy, which is cheaper than a stream: as
	 * much as Jackson would copy anyway to read from a stream.
	 */
	private static final int COPIED_SIZE = 8_000;

	private final JsonMapper mapper;

	JacksonJsonCodec(JsonMapper mapper) {
		this.mapper = mapper;
	}

	@Override
	public Reader reader(Type type) {
		ObjectReader reader = this.mapper.readerFor(this.mapper.constructType(type));
		return (message) -> {
			try {
				return read(reader, message);
			}
			catch (JacksonException ex) {
				throw new JsonFailure(describe(ex));
			}
		};
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
	private static String describe(JacksonException ex) {
		TokenStreamLocation location = ex.getLocation();
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
		try {
			return read(this.mapper.readerFor(Object.class), message);
		}
		catch (JacksonException ex) {
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
				pass.value(parser, token, scan.root(), true);
			}
		}
		catch (JacksonException ex) {
			return new Object[scan.size()];
		}
		return pass.values;
	}

	private JsonParser parser(WsMessage message) {
		return isCopied(message) ? this.mapper.createParser(message.bytes())
				: this.mapper.createParser(stream(message));
	}

	/**
	 * One pass over a message. Of fields that come twice the first counts.
	 */
	private static final class Pass {

		private final @Nullable Object[] values;

		private final boolean[] seen;

		private int missing;

		Pass(int size) {
			this.values = new Object[size];
			this.seen = new boolean[size];
			this.missing = size;
		}

		/**
		 * Looks at the value the parser stands at, and leaves the parser at its end
		 * unless it is the last or nothing is missing any more.
		 */
		void value(JsonParser parser, JsonToken token, MessageScan.Node node, boolean last) {
			if (node.slot() >= 0 && !this.seen[node.slot()]) {
				this.seen[node.slot()] = true;
				this.values[node.slot()] = scalar(parser, token);
				this.missing--;
			}
			if (token == JsonToken.START_OBJECT && node.fields() > 0) {
				fields(parser, node, last);
			}
			else if (token == JsonToken.START_ARRAY && node.elements() > 0) {
				elements(parser, node, last);
			}
			else if (!last) {
				parser.skipChildren();
			}
		}

		private static @Nullable Object scalar(JsonParser parser, JsonToken token) {
			return switch (token) {
				case VALUE_STRING -> parser.getString();
				case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
				case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
				case VALUE_NULL -> null;
				default -> PRESENT;
			};
		}

		private void fields(JsonParser parser, MessageScan.Node node, boolean last) {
			int expected = node.fields();
			while (this.missing > 0 && !(last && expected == 0) && parser.nextToken() == JsonToken.PROPERTY_NAME) {
				MessageScan.Node child = node.child(parser.currentName());
				JsonToken token = parser.nextToken();
				if (child == null) {
					parser.skipChildren();
					continue;
				}
				expected--;
				value(parser, token, child, false);
			}
		}

		private void elements(JsonParser parser, MessageScan.Node node, boolean last) {
			for (int i = 0; this.missing > 0 && !(last && i >= node.elements()); i++) {
				JsonToken token = parser.nextToken();
				if (token == JsonToken.END_ARRAY) {
					return;
				}
				MessageScan.Node child = node.child(i);
				if (child == null) {
					parser.skipChildren();
				}
				else {
					value(parser, token, child, false);
				}
			}
		}

	}

}
