import { AsyncLocalStorage } from "node:async_hooks";
import type { Clock } from "../../contract/clock.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { LoginRequest } from "../../contract/login-request.ts";
import type { LoginResponse } from "../../contract/login-response.ts";
import type { Plugin } from "../../contract/plugin.ts";
import type { Secret } from "../../contract/secret.ts";
import type { StorageEntry, StorageKey } from "../../contract/storage.ts";
import { Printable } from "./printable.ts";

/** A hook that was called, and what it did. Every text in it may be shown. */
export interface RecordedCall {
	readonly hook: string;
	readonly brandId: string | undefined;
	/** Milliseconds since the epoch. */
	readonly at: number;
	/** Undefined while it runs. */
	readonly ms: number | undefined;
	readonly outcome: string;
	readonly hasFailed: boolean;
	readonly operations: readonly RecordedOperation[];
	/** Operations that are not kept. */
	readonly left: number;
}

export interface RecordedOperation {
	/** `storage.get` */
	readonly name: string;
	/** What was asked for. */
	readonly asked: string;
	/** What came back; empty while it is on its way. */
	readonly answer: string;
	readonly ms: number | undefined;
	readonly hasFailed: boolean;
}

/** When the code was loaded last, and what became of it. */
export interface RecordedLoad {
	readonly at: number;
	readonly outcome: "reloaded" | "failed";
	/** For `reloaded` how long it took, else what is wrong. */
	readonly detail: string;
}

type Mutable<Recorded> = { -readonly [Name in keyof Recorded]: Recorded[Name] };
type OpenCall = Mutable<Omit<RecordedCall, "operations">> & {
	readonly operations: Mutable<RecordedOperation>[];
};
type Method = (...values: readonly unknown[]) => unknown;

const KEPT_CALLS = 200;
const KEPT_OPERATIONS = 100;

/**
 * Writes down which hooks are called and what they ask of storage and other hosts, for a plugin's developer: in memory, of
 * this process alone, the last 200 calls. What visitors send, secrets and tokens are not in it.
 */
export class PluginRecorder {
	private readonly recorded: OpenCall[] = [];
	private readonly running = new AsyncLocalStorage<OpenCall>();
	private readonly printable = new Printable();
	private load: RecordedLoad | undefined;

	constructor(private readonly clock: Clock) {}

	/** The newest first. */
	get calls(): readonly RecordedCall[] {
		return this.recorded.toReversed();
	}

	get lastLoad(): RecordedLoad | undefined {
		return this.load;
	}

	noteLoad(outcome: RecordedLoad["outcome"], detail: string): void {
		this.load = { at: this.clock.now(), outcome, detail };
	}

	/** The hooks of a plugin, written down. */
	plugin(plugin: Plugin): Plugin {
		const hooks = Object.entries(plugin).map(([hook, method]: [string, Method]) => {
			const call: Method = (...values) => this.call(hook, values, () => method(...values));
			return [hook, call];
		});
		return Object.freeze(Object.fromEntries(hooks)) as Plugin;
	}

	/** The ports for a plugin, written down as a part of the hook that uses them. */
	host(host: HelpdeskHost): HelpdeskHost {
		const { printable } = this;
		const key = (parts: StorageKey): string =>
			parts.map((part) => printable.part(part)).join(" / ");
		const entry = (found: StorageEntry | undefined): string =>
			found === undefined ? "nothing" : printable.value(found.value);
		const { storage, http, secrets, users, mail } = host;
		return {
			...host,
			storage: {
				get: (at) => this.operation("storage.get", key(at), () => storage.get(at), entry),
				take: (at) => this.operation("storage.take", key(at), () => storage.take(at), entry),
				commit: (commit) => {
					const { checks = [], sets = [], deletes = [] } = commit;
					const asked = [
						...checks.map(
							(check) =>
								`if ${key(check.key)} ${check.version === null ? "is not there" : "is as read"}`,
						),
						...sets.map((set) => `set ${key(set.key)} = ${printable.value(set.value)}`),
						...deletes.map((each) => `delete ${key(each)}`),
					];
					return this.operation(
						"storage.commit",
						asked.join("\n"),
						() => storage.commit(commit),
						(done) => (done ? "done" : "not done: a check failed"),
					);
				},
				list: (prefix, options) =>
					this.operation(
						"storage.list",
						key(prefix),
						() => storage.list(prefix, options),
						({ entries, cursor }) =>
							[
								`${entries.length} found${cursor === undefined ? "" : ", and more"}`,
								...entries.map((each) => `${key(each.key)} = ${printable.value(each.value)}`),
							].join("\n"),
					),
			},
			http: {
				originOf: (name) => http.originOf(name),
				send: (request) =>
					this.operation(
						"http.send",
						`${request.method} ${printable.address(request.url)}`,
						() => http.send(request),
						(answer) =>
							answer.kind === "answer" ? `status ${answer.status}` : `no answer: ${answer.reason}`,
					),
			},
			secrets: {
				get: async (brandId, name) => {
					const read = () => secrets.get(brandId, name);
					const found = await this.operation("secrets.get", name, read, isThere);
					this.hide(found);
					return found;
				},
				has: (brandId, name) =>
					this.operation("secrets.has", name, () => secrets.has(brandId, name), String),
			},
			users: {
				ownerOf: (brandId, email) =>
					this.operation(
						"users.ownerOf",
						"",
						() => users.ownerOf(brandId, email),
						({ kind }) => kind,
					),
				find: (userId) =>
					this.operation(
						"users.find",
						printable.part(userId),
						() => users.find(userId),
						(user) => user?.status ?? "nobody",
					),
				create: (key, user) =>
					this.operation(
						"users.create",
						"",
						() => users.create(key, user),
						({ kind }) => kind,
					),
				confirm: (userId) =>
					this.operation(
						"users.confirm",
						printable.part(userId),
						() => users.confirm(userId),
						() => "done",
					),
			},
			mail: {
				send: (message) =>
					this.operation(
						"mail.send",
						"",
						() => mail.send(message),
						() => "taken",
					),
			},
		};
	}

	private call(hook: string, values: readonly unknown[], run: () => unknown): unknown {
		this.hideAllIn(values[0]);
		const call = this.open(hook, brandIn(hook, values));
		return this.running.run(call, () => this.finish(call, run));
	}

	private open(hook: string, brandId: string | undefined): OpenCall {
		const call: OpenCall = {
			hook,
			brandId,
			at: this.clock.now(),
			ms: undefined,
			outcome: "",
			hasFailed: false,
			operations: [],
			left: 0,
		};
		this.recorded.push(call);
		if (this.recorded.length > KEPT_CALLS) {
			this.recorded.shift();
		}
		return call;
	}

	private async finish(call: OpenCall, run: () => unknown): Promise<unknown> {
		const started = performance.now();
		try {
			const answer = await run();
			call.outcome = this.outcomeOf(answer);
			return this.withAfterwards(call, answer);
		} catch (error) {
			call.outcome = this.problem(error);
			call.hasFailed = true;
			throw error;
		} finally {
			call.ms = performance.now() - started;
		}
	}

	/** What a hook leaves to be done later is written down with it. */
	private withAfterwards(call: OpenCall, answer: unknown): unknown {
		const later = (answer as Partial<LoginResponse> | undefined)?.afterwards;
		return later === undefined
			? answer
			: { ...(answer as LoginResponse), afterwards: () => this.running.run(call, later) };
	}

	private async operation<Answer>(
		name: string,
		asked: string,
		run: () => Promise<Answer>,
		describe: (answer: Answer) => string,
	): Promise<Answer> {
		const call = this.running.getStore();
		if (call === undefined || call.operations.length === KEPT_OPERATIONS) {
			if (call !== undefined) {
				call.left += 1;
			}
			return run();
		}
		const operation: Mutable<RecordedOperation> = {
			name,
			asked,
			answer: "",
			ms: undefined,
			hasFailed: false,
		};
		call.operations.push(operation);
		const started = performance.now();
		try {
			const answer = await run();
			operation.answer = describe(answer);
			return answer;
		} catch (error) {
			operation.answer = this.problem(error);
			operation.hasFailed = true;
			throw error;
		} finally {
			operation.ms = performance.now() - started;
		}
	}

	private problem(error: unknown): string {
		return error instanceof Error
			? `${error.name}: ${this.printable.sentence(error.message)}`
			: "it rejected without an error";
	}

	private outcomeOf(answer: unknown): string {
		if (Array.isArray(answer)) {
			return answer.length === 1 ? "1 entry" : `${answer.length} entries`;
		}
		if (typeof answer !== "object" || answer === null) {
			return "done";
		}
		const { kind, code, state, location } = answer as Readonly<Record<string, unknown>>;
		if (kind === "redirect") {
			return `redirect to ${this.printable.address(String(location))}`;
		}
		const named = [kind ?? state, code].filter((each) => typeof each === "string");
		return named.length === 0 ? "done" : named.map((each) => this.printable.part(each)).join(": ");
	}

	/** What a login hook is given that somebody sent; what an administrator is about to save. */
	private hideAllIn(value: unknown): void {
		if (typeof value !== "object" || value === null) {
			return;
		}
		const { query, form, cookies, secrets } = value as Partial<LoginRequest> & {
			readonly secrets?: Readonly<Record<string, Secret | null>>;
		};
		for (const [, text] of [...(query ?? []), ...(form ?? [])]) {
			this.printable.hide(text);
			// As plugins bring it into a form of their own.
			this.printable.hide(text.trim().normalize("NFKC").toLowerCase());
		}
		for (const text of Object.values(cookies ?? {})) {
			this.printable.hide(text);
		}
		for (const found of Object.values(secrets ?? {})) {
			this.hide(found ?? undefined);
		}
	}

	private hide(found: Secret | undefined): void {
		if (found !== undefined) {
			this.printable.hideSecret(found.reveal());
		}
	}
}

function isThere(found: Secret | undefined): string {
	return found === undefined ? "none" : "found";
}

function brandIn(hook: string, [first, second, third]: readonly unknown[]): string | undefined {
	switch (hook) {
		case "checkSetup":
		case "exportLinks":
		case "purgeLinks":
			return String(first);
		case "explain":
			return third === undefined ? undefined : String(third);
		default: {
			const { brandId } = {
				...(first as object | undefined),
				...(second as object | undefined),
			} as {
				readonly brandId?: unknown;
			};
			return typeof brandId === "string" ? brandId : undefined;
		}
	}
}
