import type { Clock } from "../../contract/clock.ts";
import type { HelpdeskHost } from "../../contract/helpdesk-host.ts";
import type { LoginRequest } from "../../contract/login-request.ts";
import type { LoginResponse } from "../../contract/login-response.ts";
import type { Plugin } from "../../contract/plugin.ts";
import type { Secret } from "../../contract/secret.ts";
import { CallValue } from "../../routes/call-value.ts";
import { Printable } from "./printable.ts";
import type { LoadEnd, RecordedCall, RecordedLoad, RecordedOperation } from "./recorded-call.ts";
import { recordedHost } from "./recorded-host.ts";

type Mutable<Recorded> = { -readonly [Name in keyof Recorded]: Recorded[Name] };
type OpenCall = Mutable<Omit<RecordedCall, "operations">> & {
	readonly operations: Mutable<RecordedOperation>[];
};
type Method = (...values: readonly unknown[]) => unknown;

const RUNNING = new CallValue<OpenCall>();

const KEPT_CALLS = 200;
const KEPT_OPERATIONS = 100;

/**
 * Records for a plugin's developer which hooks are called, and what they ask of storage and other hosts. It keeps the last
 * 200 calls of this process, in memory. What visitors send, secrets and tokens are left out.
 */
export class PluginRecorder {
	private readonly recorded: OpenCall[] = [];
	private readonly printable = new Printable();
	private load: RecordedLoad | undefined;

	constructor(private readonly clock: Clock) {}

	/** The recorded calls, newest first. */
	get calls(): readonly RecordedCall[] {
		return this.recorded.toReversed();
	}

	get lastLoad(): RecordedLoad | undefined {
		return this.load;
	}

	noteLoad(end: LoadEnd): void {
		this.load = { ...end, at: this.clock.now() };
	}

	/** The hooks of a plugin. Each call is recorded. */
	plugin(plugin: Partial<Plugin>): Partial<Plugin> {
		const hooks = Object.entries(plugin as Readonly<Record<string, Method>>).map(
			([hook, method]) => {
				const call: Method = (...values) => this.call(hook, values, () => method(...values));
				return [hook, call];
			},
		);
		return Object.freeze(Object.fromEntries(hooks)) as Partial<Plugin>;
	}

	/** The ports for a plugin. Each call of a port is recorded as a part of the hook that makes it. */
	host(host: HelpdeskHost): HelpdeskHost {
		return recordedHost(
			host,
			this.printable,
			(name, asked, run, describe) => this.operation(name, asked, run, describe),
			(found) => this.hide(found),
		);
	}

	private call(hook: string, values: readonly unknown[], run: () => unknown): unknown {
		this.hideAllIn(values[0]);
		const call = this.open(hook, brandIn(hook, values));
		return RUNNING.during(call, () => this.finish(call, run));
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

	/** What a hook does after its answer is recorded with it. */
	private withAfterwards(call: OpenCall, answer: unknown): unknown {
		const later = (answer as Partial<LoginResponse> | undefined)?.afterwards;
		return later === undefined
			? answer
			: { ...(answer as LoginResponse), afterwards: () => RUNNING.during(call, later) };
	}

	private async operation<Answer>(
		name: string,
		asked: string,
		run: () => Promise<Answer>,
		describe: (answer: Answer) => string,
	): Promise<Answer> {
		const call = RUNNING.current();
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

	/** Hides what a visitor sent to a login hook, and secrets that an administrator is about to save. */
	private hideAllIn(value: unknown): void {
		if (typeof value !== "object" || value === null) {
			return;
		}
		const { query, form, cookies, secrets } = value as Partial<LoginRequest> & {
			readonly secrets?: Readonly<Record<string, Secret | null>>;
		};
		for (const [, text] of [...(query ?? []), ...(form ?? [])]) {
			this.printable.hide(text);
			// Plugins may compare it in this form.
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
