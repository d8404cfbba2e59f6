package dev.wsclient.spring;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link MessageCondition}, and for finding its value in a message.
 */
class MessageConditionTests {

	private final JsonCodec json = new JacksonJsonCodec(JsonMapper.shared());

	private boolean matches(String expression, String message) {
		MessageCondition condition = MessageCondition.parse(expression);
		MessageScan scan = new MessageScan(List.of(condition));
		@Nullable Object[] values = this.json.scan(FakeWsMessage.text(message), scan);
		return condition.matches(values[scan.slot(condition)]);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			$.type == 'trade'        | {"type":"trade","x":1}             | true
			$.type=='trade'          | {"a":{"type":"x"},"type":"trade"}  | true
			$.type == 'trade'        | {"type":"quote"}                   | false
			$.type == 'trade'        | {"a":{"type":"trade"}}             | false
			$.type == 'trade'        | {"type":"quote","type":"trade"}    | false
			$.type == 'trade'        | [{"type":"trade"}]                 | false
			$.type == 'trade'        | {"type":["trade"]}                 | false
			$.type == 'it\\'s'       | {"type":"it's"}                    | true
			$.type == ''             | {"type":""}                        | true
			$.a.b == 2               | {"a":{"c":{"b":2},"b":2.0}}        | true
			$.a.b == 2               | {"a":{"b":"2"}}                    | false
			$.a.b == 2               | {"a":5,"b":2}                      | false
			$.a.b == -1.5e3          | {"a":{"b":-1500}}                  | true
			$.last == true           | {"last":true}                      | true
			$.last == true           | {"last":false}                     | false
			$.last == false          | {"last":false}                     | true
			$.last == false          | {"x":1}                            | false
			$.event                  | {"x":[1,{"event":2}],"event":{}}   | true
			$.event                  | {"event":null}                     | false
			$.event                  | {"event":false}                    | true
			$.event                  | ["event"]                          | false
			$[0]                     | [1,2]                              | true
			$[0]                     | []                                 | false
			$[0]                     | {"0":1}                            | false
			$[1] == 'b'              | ["a","b"]                          | true
			$[1].c[0] == 'd'         | [{"c":["d"]},{"x":[],"c":["d"]}]   | true
			$['a b'].c == 1          | {"a b":{"c":1}}                    | true
			$.type == 'trade'        | not JSON                           | false
			$.type == 'trade'        | {"x":1,"type"                      | false
			$.type == 'trade'        | 'trade'                            | false
			$.type == 'trade'        | 5                                  | false
			""")
	void conditionMatches(String expression, String message, boolean expected) {
		assertThat(matches(expression, message)).isEqualTo(expected);
	}

	@Test
	void emptyMessageMatchesNothing() {
		assertThat(matches("$.type", "")).isFalse();
	}

	@Test
	void onePassFindsTheValuesOfAllConditions() {
		List<MessageCondition> conditions = List.of(MessageCondition.parse("$.a.x == 1"),
				MessageCondition.parse("$.a.y == 'two'"), MessageCondition.parse("$.b[1]"),
				MessageCondition.parse("$.a"), MessageCondition.parse("$.a.x == 3"));
		MessageScan scan = new MessageScan(conditions);
		assertThat(scan.size()).as("equal paths share a slot").isEqualTo(4);
		@Nullable Object[] values = this.json.scan(
				FakeWsMessage.text("{\"b\":[{\"a\":0},true],\"skip\":{\"a\":[1]},\"a\":{\"y\":\"two\",\"x\":1}}"),
				scan);
		assertThat(conditions).extracting((condition) -> condition.matches(values[scan.slot(condition)]))
			.containsExactly(true, true, true, true, false);
	}

	@Test
	void passEndsWhenAllIsFound() {
		assertThat(matches("$.type == 'trade'", "{\"type\":\"trade\", this is not looked at")).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "type == 'x'", "$", "$ == 1", "$.", "$.a =", "$.a = 'x'", "$.a == x", "$.a == 'x",
			"$.a == \"x\"", "$.a == null", "$.a != 'x'", "$.a == 'x' && $.b == 'y'", "$[-1]", "$[a]", "$..a", "$.a ==",
			"$.a == 01", "$.a == 'x' 'y'" })
	void anythingElseIsRefused(String expression) {
		assertThatIllegalArgumentException().isThrownBy(() -> MessageCondition.parse(expression));
	}

	@Test
	void errorTellsWhatWasFound() {
		assertThatIllegalArgumentException().isThrownBy(() -> MessageCondition.parse("$.a == trade"))
			.withMessage("after == a 'text', a number, true or false must follow, found 'trade'");
	}

	@Test
	void numbersAreEqualWhateverTheirScale() {
		assertThat(MessageCondition.parse("$.a == 1.0")).isEqualTo(MessageCondition.parse("$['a']==1"))
			.hasSameHashCodeAs(MessageCondition.parse("$.a == 1"))
			.isNotEqualTo(MessageCondition.parse("$.a == '1'"))
			.isNotEqualTo(MessageCondition.parse("$.a"));
	}

}
