// The desk's people, staff and users in one table: the `users` port of the contract, and what an administrator does.
import { randomUUID } from "node:crypto";
import { canonicalEmail } from "x-login/host";

export class People {
	#people = new Map();
	#idsByKey = new Map();

	constructor(brandId) {
		this.brandId = brandId;
	}

	/** @returns the person's id. */
	add({
		email,
		name = email ?? "Somebody",
		locale = "en",
		password,
		confirmed = false,
		isStaff = false,
	}) {
		const id = randomUUID();
		const person = {
			id,
			email,
			name,
			locale,
			password,
			confirmed,
			isStaff,
			status: "active",
			epoch: 0,
		};
		this.#people.set(id, person);
		return id;
	}

	async suspend(id) {
		const person = this.#people.get(id);
		person.status = "suspended";
		person.epoch += 1;
	}

	async delete(id) {
		this.#people.delete(id);
	}

	/** The user with this address and password. */
	withPassword(email, password) {
		const person = this.#withAddress(email);
		const isRight = person !== undefined && !person.isStaff && person.password === password;
		return isRight && password !== undefined ? this.#userOf(person) : undefined;
	}

	async ownerOf(brandId, email) {
		const person = brandId === this.brandId ? this.#withAddress(email) : undefined;
		if (person === undefined || person.isStaff) {
			return { kind: person === undefined ? "nobody" : "staff" };
		}
		const { id, confirmed, status } = person;
		return { kind: "user", id, confirmed, suspended: status === "suspended" };
	}

	async find(userId) {
		const person = this.#people.get(userId);
		return person === undefined || person.isStaff ? undefined : this.#userOf(person);
	}

	// It never awaits, so that no other call runs between its steps.
	async create(key, { brandId, name, email, emailProof, locale }) {
		const existing = this.#people.get(this.#idsByKey.get(key));
		if (existing !== undefined) {
			return { kind: "created", user: this.#userOf(existing) };
		}
		const isFree = email === null || (canonicalEmail(email) === email && !this.#withAddress(email));
		if (brandId !== this.brandId || !isFree) {
			return { kind: "refused" };
		}
		const id = this.add({ email, name, locale, confirmed: emailProof === "code" });
		this.#idsByKey.set(key, id);
		return { kind: "created", user: this.#userOf(this.#people.get(id)) };
	}

	async confirm(userId) {
		const person = this.#people.get(userId);
		if (person !== undefined && !person.confirmed) {
			Object.assign(person, { confirmed: true, password: undefined, epoch: person.epoch + 1 });
		}
	}

	#withAddress(email) {
		const wanted = canonicalEmail(email);
		return wanted === undefined
			? undefined
			: [...this.#people.values()].find((each) => canonicalEmail(each.email ?? "") === wanted);
	}

	#userOf({ id, name, email, locale, status, password, epoch }) {
		const hasOtherWayIn = password !== undefined;
		const { brandId } = this;
		return { id, brandId, name, email, locale, status, hasOtherWayIn, accessEpoch: String(epoch) };
	}
}
