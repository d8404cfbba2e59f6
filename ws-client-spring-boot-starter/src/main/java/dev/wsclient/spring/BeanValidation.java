package dev.wsclient.spring;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.Path;
import jakarta.validation.Validator;
import org.springframework.util.ObjectUtils;

import dev.wsclient.spring.WsMessageValidationException.Violation;

/**
 * Checks payloads with Jakarta Validation. Of a violation only the place and the
 * constraint are kept: its text and the keys of maps may show the payload.
 */
class BeanValidation implements PayloadValidator {

	private final Validator validator;

	BeanValidation(Validator validator) {
		this.validator = validator;
	}

	@Override
	public List<Violation> validate(Object payload, Class<?>... groups) {
		List<Violation> violations = new ArrayList<>();
		if (payload instanceof Map<?, ?> map) {
			map.values().forEach((value) -> add(violations, "[*]", value, groups));
		}
		else if (payload instanceof Collection<?> || payload.getClass().isArray()) {
			elements(violations, payload, groups);
		}
		else {
			add(violations, "", payload, groups);
		}
		violations.sort(Comparator.comparing(Violation::path).thenComparing(Violation::constraint));
		return violations;
	}

	private void elements(List<Violation> violations, Object payload, Class<?>[] groups) {
		Object[] elements = (payload instanceof Collection<?> collection) ? collection.toArray()
				: ObjectUtils.toObjectArray(payload);
		for (int i = 0; i < elements.length; i++) {
			add(violations, "[" + i + "]", elements[i], groups);
		}
	}

	private void add(List<Violation> violations, String place, Object value, Class<?>[] groups) {
		if (value != null) {
			for (ConstraintViolation<Object> violation : this.validator.validate(value, groups)) {
				violations.add(new Violation(path(place, violation.getPropertyPath()),
						violation.getConstraintDescriptor().getAnnotation().annotationType().getSimpleName()));
			}
		}
	}

	private static String path(String place, Path path) {
		StringBuilder text = new StringBuilder(place);
		for (Path.Node node : path) {
			if (node.getIndex() != null) {
				text.append('[').append(node.getIndex()).append(']');
			}
			else if (node.isInIterable()) {
				text.append("[*]");
			}
			if (node.getName() != null && !node.getName().startsWith("<")) {
				text.append(text.isEmpty() ? "" : ".").append(node.getName());
			}
		}
		return text.toString();
	}

}
