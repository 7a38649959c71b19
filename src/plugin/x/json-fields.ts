/** The fields of a JSON object; undefined for any other body. The parser's error is dropped, because it may quote the body. */
export function jsonFields(body: string): Readonly<Record<string, unknown>> | undefined {
	try {
		const parsed: unknown = JSON.parse(body);
		return fieldsOf(parsed);
	} catch {
		return undefined;
	}
}

export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
	return typeof value === "object" && value !== null
		? (value as Readonly<Record<string, unknown>>)
		: undefined;
}
