package dev.wsclient.spring;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
			$.type == 'trade'        | {"type":"quote","type":"trade"}    | true
			$.type == 'trade'        | {"type":"trade","type":"quote"}    | false
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
			$.type != 'trade'        | {"type":"quote"}                   | true
			$.type != 'trade'        | {"type":"trade"}                   | false
			$.type != 'trade'        | {"type":null}                      | true
			$.type != 'trade'        | {}                                 | true
			$.type != 'trade'        | {"type":["trade"]}                 | true
			$.type != 'trade'        | 5                                  | true
			$.type != 'trade'        | not JSON                           | false
			$.type!='trade'          | {"type":"quote"} more              | false
			$.a != 2                 | {"a":2.0}                          | false
			$.a != null              | {"a":false}                        | true
			$.a != null              | {"a":null}                         | false
			$.a != null              | {}                                 | false
			$.a == null              | {"a":null}                         | true
			$.a == null              | {}                                 | true
			$.a == null              | {"a":0}                            | false
			$.a == null              | {"a":{}}                           | false
			$.a == null              | {"a"                               | false
			$.a.b == null            | {"a":5}                            | true
			$.a in ('x', 'y')        | {"a":"y"}                          | true
			$.a in ('x','y')         | {"a":"z"}                          | false
			$.a in(1, 'x', true)     | {"a":1.0}                          | true
			$.a in (1, 'x', true )   | {"a":true}                         | true
			$.a in ( 'x' )           | {}                                 | false
			$.a in ('x', null)       | {}                                 | true
			$.a in ('x, y', ')')     | {"a":")"}                          | true
			$.a == '\\\\n\\n\\u0041"'   | {"a":"\\\\n\\nA\\""}           | true
			$['it\\'s'] == 1         | {"it's":1}                         | true
			$[''] == 1               | {"":1}                             | true
			$.größe == 1             | {"größe":1}                        | true
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
	void whatIsNotJsonToItsEndMatchesNothing() {
		assertThat(matches("$.type == 'trade'", "{\"type\":\"trade\", this is looked at")).isFalse();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			type == 'x'        | it must start with $, the root of the message
			$                  | after $ a field (.name or ['name']) or an element ([0]) must follow, found ''
			$ == 1             | after $ a field (.name or ['name']) or an element ([0]) must follow, found '== 1'
			$.                 | a name must follow the dot, found '.'
			$..a               | a name must follow the dot, found '..a'
			$.1a               | a name must follow the dot, found '.1a'; other names are written ['name']
			$[-1]              | in brackets an index ([0]) or a name (['name']) must stand, found '[-1]'
			$[a]               | in brackets an index ([0]) or a name (['name']) must stand, found '[a]'
			$[0                | in brackets an index ([0]) or a name (['name']) must stand, found '[0'
			$.a =              | found '='; write == to compare
			$.a = 'x'          | found '= 'x''; write == to compare
			$.a === 'x'        | write == or != to compare, found '=== 'x''
			$.a <> 'x'         | after the path only ==, != or in and what to compare with may follow, found '<> 'x''
			$.a > 1            | after the path only ==, != or in
			$.a like 'x'       | after the path only ==, != or in
			$.a ==             | after == a 'text', a number, true, false or null must follow, found ''
			$.a != x           | after != a 'text', a number, true, false or null must follow, found 'x'
			$.a == "x"         | found '"x"'; a text stands in single quotes
			$.a == 01          | after == a 'text', a number, true, false or null must follow, found '01'
			$.a == 'x          | the text has no end: 'x
			$.a == 'x' 'y'     | nothing may follow the condition, found ''y''; SpEL knows and, or and more
			$.a == 'x' && $.b  | nothing may follow the condition, found '&& $.b'
			$.a == '\\x'        | there is no escape \\x; known are
			$.a == '\\u12'      | there is no escape \\u; known are
			$.a in             | after in a list such as ('a', 'b') must follow, found ''
			$.a in 'x'         | after in a list such as ('a', 'b') must follow, found ''x''
			$.a in ()          | in the list a 'text', a number, true, false or null must follow, found ')'
			$.a in ('x' 'y')   | in the list a comma or ) must follow a value, found ''y')'
			$.a in ('x'        | in the list a comma or ) must follow a value, found ''
			$.a inside ('x')   | after the path only ==, != or in
			""")
	void anythingElseIsRefusedAndTheErrorTellsWhatWasFound(String expression, String error) {
		assertThatIllegalArgumentException().isThrownBy(() -> MessageCondition.parse(expression))
			.withMessageContaining(error);
	}

	@Test
	void numbersAreEqualWhateverTheirScale() {
		assertThat(MessageCondition.parse("$.a == 1.0")).isEqualTo(MessageCondition.parse("$['a']==1"))
			.hasSameHashCodeAs(MessageCondition.parse("$.a == 1"))
			.isNotEqualTo(MessageCondition.parse("$.a == '1'"))
			.isNotEqualTo(MessageCondition.parse("$.a"));
	}

}
