package dev.wsclient.spring;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The types of methods as their bean decides them: in place of a type variable stands
 * what the class of the bean, or the definition of the bean, says, and in place of a
 * wildcard its bound. Immutable.
 */
final class BeanTypes {

	private final Map<TypeVariable<?>, Type> variables = new HashMap<>();

	/**
	 * Creates the types of a bean.
	 * @param type the class of the bean, not that of a proxy, or a type with generics
	 */
	BeanTypes(Type type) {
		collect(type);
	}

	/**
	 * Creates the types of a bean whose definition says more than its class.
	 * @param targetClass the class of the bean, not that of a proxy
	 * @param declared how the bean is declared, such as {@code Feed<Trade>}
	 */
	BeanTypes(Class<?> targetClass, Type declared) {
		collect(targetClass);
		if (declared instanceof ParameterizedType parameterized) {
			TypeVariable<?>[] parameters = raw(declared).getTypeParameters();
			for (int i = 0; i < parameters.length; i++) {
				Type end = parameters[i];
				while (this.variables.containsKey(end)) {
					end = this.variables.get(end);
				}
				if (end instanceof TypeVariable<?> open) {
					this.variables.put(open, parameterized.getActualTypeArguments()[i]);
				}
			}
		}
	}

	private void collect(@Nullable Type type) {
		if (type == null) {
			return;
		}
		if (type instanceof ParameterizedType parameterized) {
			TypeVariable<?>[] parameters = raw(type).getTypeParameters();
			for (int i = 0; i < parameters.length; i++) {
				Type argument = parameterized.getActualTypeArguments()[i];
				// An inner class has its outer class with that one's own variables
				if (argument != parameters[i]) {
					this.variables.putIfAbsent(parameters[i], argument);
				}
			}
			collect(parameterized.getOwnerType());
		}
		Class<?> raw = raw(type);
		collect(raw.getGenericSuperclass());
		Stream.of(raw.getGenericInterfaces()).forEach(this::collect);
	}

	/**
	 * Resolves a type.
	 * @param type a type as a method of the bean declares it
	 * @return the type without variables and wildcards; the same object if it has none. A
	 * variable that stays open is its bound
	 */
	Type resolve(Type type) {
		if (type instanceof TypeVariable<?> variable) {
			Type bound = this.variables.get(variable);
			return (bound != null) ? resolve(bound) : raw(variable.getBounds()[0]);
		}
		if (type instanceof WildcardType wildcard) {
			return resolve((wildcard.getLowerBounds().length > 0) ? wildcard.getLowerBounds()[0]
					: wildcard.getUpperBounds()[0]);
		}
		if (type instanceof GenericArrayType array) {
			Type component = resolve(array.getGenericComponentType());
			return (component instanceof Class<?> raw) ? raw.arrayType() : new ArrayOf(component);
		}
		if (type instanceof ParameterizedType parameterized) {
			Type[] arguments = parameterized.getActualTypeArguments();
			Type[] resolved = Stream.of(arguments).map(this::resolve).toArray(Type[]::new);
			return Arrays.equals(arguments, resolved) ? type
					: new Parameterized(raw(type), resolved, parameterized.getOwnerType());
		}
		return type;
	}

	/**
	 * Finds a type variable that nothing decides, so that any value would have to do.
	 * @param type a type as a method of the bean declares it
	 * @return the variable, or {@code null} if there is none
	 */
	@Nullable TypeVariable<?> open(Type type) {
		if (type instanceof TypeVariable<?> variable) {
			Type bound = this.variables.get(variable);
			if (bound != null) {
				return open(bound);
			}
			return (variable.getBounds()[0] == Object.class) ? variable : null;
		}
		Stream<Type> parts = Stream.empty();
		if (type instanceof GenericArrayType array) {
			parts = Stream.of(array.getGenericComponentType());
		}
		else if (type instanceof ParameterizedType parameterized) {
			parts = Stream.of(parameterized.getActualTypeArguments());
		}
		else if (type instanceof WildcardType wildcard) {
			parts = Stream.concat(Stream.of(wildcard.getLowerBounds()), Stream.of(wildcard.getUpperBounds()));
		}
		return parts.<TypeVariable<?>>map(this::open).filter(Objects::nonNull).findFirst().orElse(null);
	}

	/**
	 * Returns what a type says of the first type parameter of one of its supertypes, such
	 * as of the elements of a list.
	 * @param type a resolved type
	 * @param supertype a class or interface with type parameters, which the type has
	 * @return the type, {@code Object} if nothing is said
	 */
	static Type argument(Type type, Class<?> supertype) {
		return new BeanTypes(type).resolve(supertype.getTypeParameters()[0]);
	}

	/**
	 * Returns the class of a type.
	 * @param type a type
	 * @return the class without its type arguments
	 */
	static Class<?> raw(Type type) {
		if (type instanceof Class<?> raw) {
			return raw;
		}
		if (type instanceof ParameterizedType parameterized) {
			return (Class<?>) parameterized.getRawType();
		}
		if (type instanceof GenericArrayType array) {
			return raw(array.getGenericComponentType()).arrayType();
		}
		if (type instanceof WildcardType wildcard) {
			return raw(wildcard.getUpperBounds()[0]);
		}
		return raw(((TypeVariable<?>) type).getBounds()[0]);
	}

	/**
	 * An array of what has type arguments.
	 *
	 * @param getGenericComponentType the type of its elements
	 */
	private record ArrayOf(Type getGenericComponentType) implements GenericArrayType {

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof GenericArrayType array
					&& this.getGenericComponentType.equals(array.getGenericComponentType());
		}

		@Override
		public int hashCode() {
			return this.getGenericComponentType.hashCode();
		}

		@Override
		public String toString() {
			return this.getGenericComponentType.getTypeName() + "[]";
		}

	}

	/**
	 * A class with type arguments, equal to that of the JDK.
	 */
	private static final class Parameterized implements ParameterizedType {

		private final Class<?> raw;

		private final Type[] arguments;

		private final @Nullable Type owner;

		Parameterized(Class<?> raw, Type[] arguments, @Nullable Type owner) {
			this.raw = raw;
			this.arguments = arguments;
			this.owner = owner;
		}

		@Override
		public Type getRawType() {
			return this.raw;
		}

		@Override
		public Type[] getActualTypeArguments() {
			return this.arguments.clone();
		}

		@Override
		public @Nullable Type getOwnerType() {
			return this.owner;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof ParameterizedType type && this.raw.equals(type.getRawType())
					&& Objects.equals(this.owner, type.getOwnerType())
					&& Arrays.equals(this.arguments, type.getActualTypeArguments());
		}

		@Override
		public int hashCode() {
			return Arrays.hashCode(this.arguments) ^ Objects.hashCode(this.owner) ^ this.raw.hashCode();
		}

		@Override
		public String toString() {
			return this.raw.getName()
					+ Stream.of(this.arguments).map(Type::getTypeName).collect(Collectors.joining(", ", "<", ">"));
		}

	}

}
