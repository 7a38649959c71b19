/** More values than any answer has, so that an endless one ends. */
const MOST_VALUES = 1_000_000;
const MOST_LEVELS = 100;

/**
 * A value of a plugin as plain data: strings, numbers, booleans, null, arrays and objects. Each property is read once, so
 * that getters and proxies cannot answer a check with one value and the use after it with another. Functions and symbols
 * are left out.
 *
 * @throws TypeError for a value that is endless, too large or of another kind. Whatever a getter throws.
 */
export function plainCopy(value: unknown): unknown {
	let left = MOST_VALUES;

	function copy(each: unknown, level: number): unknown {
		left -= 1;
		if (left < 0 || level > MOST_LEVELS) {
			throw new TypeError("the plugin's answer is too large, or contains itself");
		}
		if (typeof each === "bigint") {
			throw new TypeError("the plugin's answer has a value that is no plain data");
		}
		if (typeof each === "function" || typeof each === "symbol") {
			return undefined;
		}
		if (typeof each !== "object" || each === null) {
			return each;
		}
		return Array.isArray(each) ? copyItems(each, level) : copyFields(each, level);
	}

	function copyItems(list: readonly unknown[], level: number): unknown[] {
		const { length } = list;
		const items: unknown[] = [];
		for (let index = 0; index < length; index += 1) {
			items.push(copy(list[index], level + 1));
		}
		return items;
	}

	function copyFields(fields: object, level: number): unknown {
		const entries = Object.keys(fields).flatMap((name) => {
			const field = copy(Reflect.get(fields, name), level + 1);
			return field === undefined ? [] : [[name, field] as const];
		});
		return Object.fromEntries(entries);
	}

	return copy(value, 0);
}
