import { validateHeaderValue } from "node:http";
import type { Answer } from "./answer.ts";

/** The server-to-X calls by the name that statistics and scenarios know them by. */
export const SIGNED_CALLS = ["request_token", "access_token", "verify_credentials"] as const;

export type SignedCall = (typeof SIGNED_CALLS)[number];

/** An answer that the fake X gives instead of its own. */
export interface FakeXScenario {
	readonly call: SignedCall;
	/** From 200 to 599. */
	readonly status: number;
	/** JSON unless given. */
	readonly contentType?: string;
	readonly body: string;
	/** How many calls are answered so; 1 unless given. */
	readonly times?: number;
}

/** The answers waiting for the calls to come. */
export class Scenarios {
	private readonly waiting: { scenario: FakeXScenario; left: number }[] = [];

	/** @throws TypeError when the scenario could not be sent over HTTP. */
	add(scenario: FakeXScenario): void {
		const problem = problemOf(scenario);
		if (problem !== undefined) {
			throw new TypeError(problem);
		}
		this.waiting.push({ scenario, left: scenario.times ?? 1 });
	}

	/** Takes the answer that is next for the call, first come first served. */
	take(call: SignedCall): Answer | undefined {
		const index = this.waiting.findIndex(({ scenario }) => scenario.call === call);
		const next = this.waiting[index];
		if (next === undefined) {
			return undefined;
		}
		next.left -= 1;
		if (next.left === 0) {
			this.waiting.splice(index, 1);
		}
		const { status, contentType = "application/json; charset=utf-8", body } = next.scenario;
		return { status, contentType, body };
	}
}

/** Reads a scenario from JSON text; undefined when it is none. */
export function parseScenario(text: string): FakeXScenario | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return isScenario(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

function isScenario(value: unknown): value is FakeXScenario {
	return (
		typeof value === "object" &&
		value !== null &&
		problemOf(value as Partial<Record<keyof FakeXScenario, unknown>>) === undefined
	);
}

function problemOf(value: Partial<Record<keyof FakeXScenario, unknown>>): string | undefined {
	const { call, status, contentType = "text/plain", body, times = 1 } = value;
	if (!SIGNED_CALLS.some((known) => known === call)) {
		return `call is one of ${SIGNED_CALLS.join(", ")}`;
	}
	if (!isInteger(status) || status < 200 || status > 599) {
		return "status is an integer from 200 to 599";
	}
	if (typeof contentType !== "string" || !isHeaderValue(contentType)) {
		return "contentType is a header value";
	}
	if (typeof body !== "string") {
		return "body is a string";
	}
	return isInteger(times) && times > 0 ? undefined : "times is a positive integer";
}

function isInteger(value: unknown): value is number {
	return Number.isInteger(value);
}

function isHeaderValue(value: string): boolean {
	try {
		validateHeaderValue("content-type", value);
		return true;
	} catch {
		return false;
	}
}
