package dev.wsclient.spring;

import java.util.HashSet;
import java.util.Set;

import jakarta.validation.NoProviderFoundException;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.ValidatorFactory;
import jakarta.validation.metadata.BeanDescriptor;
import jakarta.validation.metadata.ConstraintDescriptor;
import jakarta.validation.metadata.ContainerDescriptor;
import jakarta.validation.metadata.ElementDescriptor;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;

/**
 * Makes validators of constraints creatable in a native image, for those of payloads.
 * Spring does so for beans, and payloads are none.
 */
class ConstraintHints {

	private final ReflectionHints hints;

	private final @Nullable Validator validator = validator();

	private final Set<Class<?>> seen = new HashSet<>();

	ConstraintHints(ReflectionHints hints) {
		this.hints = hints;
	}

	private static @Nullable Validator validator() {
		try (ValidatorFactory factory = Validation.buildDefaultValidatorFactory()) {
			return factory.getValidator();
		}
		catch (NoProviderFoundException ex) {
			return null;
		}
	}

	/**
	 * Registers the validators of the constraints of a type, and of what it holds that is
	 * validated with it.
	 * @param type the type
	 */
	void register(Class<?> type) {
		if (this.validator == null || type.isPrimitive() || !this.seen.add(type)) {
			return;
		}
		BeanDescriptor bean = this.validator.getConstraintsForClass(type);
		registerElement(bean);
		bean.getConstrainedProperties().forEach((property) -> {
			registerElement(property);
			if (property.isCascaded()) {
				Class<?> value = property.getElementClass();
				register(value.isArray() ? value.getComponentType() : value);
			}
			registerElements(property);
		});
	}

	private void registerElements(ContainerDescriptor container) {
		container.getConstrainedContainerElementTypes().forEach((element) -> {
			registerElement(element);
			// Of arrays the class is not told here
			if (element.isCascaded() && element.getElementClass() != null) {
				register(element.getElementClass());
			}
			registerElements(element);
		});
	}

	private void registerElement(ElementDescriptor element) {
		element.getConstraintDescriptors().forEach(this::registerConstraint);
	}

	private void registerConstraint(ConstraintDescriptor<?> constraint) {
		for (Class<?> each : constraint.getConstraintValidatorClasses()) {
			this.hints.registerType(each, MemberCategory.INVOKE_DECLARED_CONSTRUCTORS);
		}
		constraint.getComposingConstraints().forEach(this::registerConstraint);
	}

}
