/** The parts of a browser that a log-in needs. It keeps cookies, and returns redirects instead of following them. */
export class Visitor {
	#pool;
	#origin;
	#cookies = new Map();
	#always;

	/** How long it has waited for servers, in milliseconds. */
	waitedMs = 0;

	/** @param always headers of each request. */
	constructor(pool, origin, always = {}) {
		this.#pool = pool;
		this.#origin = origin;
		this.#always = always;
	}

	/** A browser with the same cookies, over other connections. */
	copy(pool) {
		const copy = new Visitor(pool, this.#origin, this.#always);
		copy.#cookies = new Map(this.#cookies);
		return copy;
	}

	get(path) {
		return this.#send({ method: "GET", path });
	}

	/** @param type how to send the fields: `form` or `json`. */
	post(path, fields, type) {
		const isJson = type === "json";
		return this.#send({
			method: "POST",
			path,
			headers: {
				origin: this.#origin,
				"content-type": isJson ? "application/json" : "application/x-www-form-urlencoded",
			},
			body: isJson ? JSON.stringify(fields) : new URLSearchParams(fields).toString(),
		});
	}

	async #send({ headers: own = {}, ...request }) {
		const headers = { ...this.#always, ...own };
		const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
		const sent = performance.now();
		const answer = await this.#pool.request({
			...request,
			headers: cookie === "" ? headers : { ...headers, cookie },
		});
		const text = await answer.body.text();
		this.waitedMs += performance.now() - sent;
		for (const line of [answer.headers["set-cookie"] ?? []].flat()) {
			this.#keep(line);
		}
		return { status: answer.statusCode, location: answer.headers.location, text };
	}

	#keep(line) {
		const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
		if (/;\s*max-age=0(?:;|$)/i.test(line) || value === "") {
			this.#cookies.delete(name);
		} else {
			this.#cookies.set(name, value);
		}
	}
}
