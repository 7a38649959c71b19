import { randomBytes } from "node:crypto";

/** The least code with which a program on node:http recognises a browser. */
export class SmallSessions {
	#values = new Map();

	/** @returns the header that sets the browser's cookie. */
	open(cookie, value) {
		const key = randomBytes(32).toString("base64url");
		this.#values.set(key, value);
		return `${cookie}=${key}; Path=/; HttpOnly; SameSite=Lax`;
	}

	of(cookie, request) {
		return this.#values.get(cookieOf(cookie, request));
	}

	/** Reads and deletes the value. */
	take(cookie, request) {
		const key = cookieOf(cookie, request);
		const value = this.#values.get(key);
		this.#values.delete(key);
		return value;
	}
}

function cookieOf(name, { headers }) {
	for (const pair of (headers.cookie ?? "").split("; ")) {
		if (pair.startsWith(name) && pair[name.length] === "=") {
			return pair.slice(name.length + 1);
		}
	}
	return undefined;
}
