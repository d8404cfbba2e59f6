package dev.wsclient.spring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * All paths that the conditions of a connection look at, as a tree, so that one pass over
 * a message finds the value of each.
 */
class MessageScan {

	private final Node root = new Node();

	private final List<List<Object>> paths = new ArrayList<>();

	MessageScan(Collection<MessageCondition> conditions) {
		conditions.forEach((condition) -> add(condition.path()));
	}

	private void add(List<Object> path) {
		if (this.paths.contains(path)) {
			return;
		}
		int slot = this.paths.size();
		Node node = this.root;
		for (Object step : path) {
			node = node.next(step);
			node.slots = append(node.slots, slot);
		}
		node.slot = slot;
		this.paths.add(path);
	}

	private static int[] append(int[] slots, int slot) {
		int[] longer = Arrays.copyOf(slots, slots.length + 1);
		longer[slots.length] = slot;
		return longer;
	}

	/**
	 * Returns the root of the tree.
	 * @return the root
	 */
	Node root() {
		return this.root;
	}

	/**
	 * Returns how many different paths there are.
	 * @return the number of slots
	 */
	int size() {
		return this.paths.size();
	}

	/**
	 * Returns where the value of a condition's path is found.
	 * @param condition one of the conditions
	 * @return its slot
	 */
	int slot(MessageCondition condition) {
		return this.paths.indexOf(condition.path());
	}

	/**
	 * A step of one or several paths.
	 */
	static final class Node {

		private final Map<Object, Node> children = new HashMap<>();

		private int slot = -1;

		/** Those of all paths that lead here, whether they end here or go on. */
		private int[] slots = new int[0];

		private boolean fields;

		private int elements;

		private Node next(Object step) {
			Node next = this.children.computeIfAbsent(step, (key) -> new Node());
			if (step instanceof Integer index) {
				this.elements = Math.max(this.elements, index + 1);
			}
			else {
				this.fields = true;
			}
			return next;
		}

		/**
		 * Returns the next step to a field.
		 * @param field the name of the field
		 * @return the step, or {@code null} if no path goes there
		 */
		@Nullable Node child(String field) {
			return this.children.get(field);
		}

		/**
		 * Returns the next step to an element.
		 * @param index the index of the element
		 * @return the step, or {@code null} if no path goes there
		 */
		@Nullable Node child(int index) {
			return this.children.get(index);
		}

		/**
		 * Whether paths go on to fields.
		 * @return {@code true} if one does
		 */
		boolean hasFields() {
			return this.fields;
		}

		/**
		 * Returns how many elements must be looked at for all paths that go on to one.
		 * @return the highest index and one
		 */
		int elements() {
			return this.elements;
		}

		/**
		 * Returns where to put the value found here.
		 * @return the slot, or -1 if no path ends here
		 */
		int slot() {
			return this.slot;
		}

		/**
		 * Removes what an earlier value of the same place gave: of fields that come twice
		 * the last counts, with all that it holds and lacks.
		 * @param values the values of all slots
		 */
		void clear(@Nullable Object[] values) {
			for (int each : this.slots) {
				values[each] = null;
			}
		}

	}

}
