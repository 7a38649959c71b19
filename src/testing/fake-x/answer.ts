/** An answer of the fake X. */
export interface Answer {
	readonly status: number;
	readonly contentType: string;
	readonly body: string;
	readonly headers?: Readonly<Record<string, string>>;
	/** Undefined: sent at once and whole. `truncated` breaks off, `hang` never answers, `reset` closes the connection. */
	readonly delivery?: "truncated" | "hang" | "reset";
	readonly delayMs?: number;
}

export function jsonAnswer(status: number, value: unknown): Answer {
	return { status, contentType: "application/json; charset=utf-8", body: JSON.stringify(value) };
}

/** X's error envelope in JSON. */
export function jsonError(status: number, code: number, message: string): Answer {
	return {
		...jsonAnswer(status, { errors: [{ code, message }] }),
		headers: challenge(status, code),
	};
}

/** X's error envelope: JSON for a client that asks for it, XML for any other. */
export function negotiatedError(
	accept: string,
	status: number,
	code: number,
	message: string,
): Answer {
	if (accept.toLowerCase().includes("json")) {
		return jsonError(status, code, message);
	}
	return {
		status,
		contentType: "application/xml; charset=utf-8",
		body: `<?xml version='1.0' encoding='UTF-8'?><errors><error code="${code}">${message}</error></errors>`,
		headers: challenge(status, code),
	};
}

/** The refusal of /oauth/access_token: plain text with the type HTML, as at X. */
export function plainRefusal(message: string): Answer {
	return {
		status: 401,
		contentType: "text/html; charset=utf-8",
		body: message,
		headers: challenge(401),
	};
}

/** A page for the visitor. */
export function htmlAnswer(status: number, body: string): Answer {
	return {
		status,
		contentType: "text/html; charset=utf-8",
		body,
		headers: { "x-frame-options": "SAMEORIGIN" },
	};
}

function challenge(status: number, code?: number): Record<string, string> {
	if (status !== 401) {
		return {};
	}
	const realm = 'OAuth realm="https://api.twitter.com"';
	return { "www-authenticate": code === undefined ? realm : `${realm}, api_error_code=${code}` };
}
