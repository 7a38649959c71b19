import { randomBytes } from "node:crypto";

/** The least that a program on node:http needs to know a browser again. */
export class SmallSessions {
	#values = new Map();

	/** @returns the header that gives the browser the key. */
	open(cookie, value) {
		const key = randomBytes(32).toString("base64url");
		this.#values.set(key, value);
		return `${cookie}=${key}; Path=/; HttpOnly; SameSite=Lax`;
	}

	of(cookie, request) {
		return this.#values.get(cookieOf(cookie, request));
	}

	/** Once. */
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
