import { validateHeaderValue } from "node:http";
import { FAULT_NAMES, type Fault, faultNamed } from "./faults.ts";

/** The names of calls in statistics and scenarios. */
export const SIGNED_CALLS = [
	"request_token",
	"access_token",
	"verify_credentials",
	"invalidate_token",
	"users_me",
	"oauth2_token",
	"oauth2_revoke",
] as const;

export type SignedCall = (typeof SIGNED_CALLS)[number];

/** A call of a server, or a browser's way back to the app. */
const PLACES = [...SIGNED_CALLS, "callback"] as const;

export type ScenarioPlace = (typeof PLACES)[number];

interface ScenarioScope {
	/** Only calls of the app with this API key or client id. */
	readonly app?: string;
	/** Only calls about the account with this id. */
	readonly account?: string;
}

interface CallScenario extends ScenarioScope {
	readonly call: ScenarioPlace;
	/** The number of calls that the scenario applies to. 1 by default. */
	readonly times?: number | "always";
}

/**
 * What went wrong at X on one day, by its date: each call with its fault. "OAuth2.0 login and /2/users/me - Outage / 401
 * error(s)", 30 June 23:00 to 1 July 01:00 UTC (X's incidents.mdx). An assumption: X still gave tokens, and refused them.
 */
const INCIDENTS = {
	"2026-06-30": { users_me: "problem-json" },
} as const satisfies Readonly<Record<string, Readonly<Partial<Record<SignedCall, string>>>>>;

export type IncidentDate = keyof typeof INCIDENTS;

export const INCIDENT_DATES = Object.keys(INCIDENTS) as IncidentDate[];

/**
 * The fault that replaces or alters the fake X's own answer: a named one, any answer, or all faults of an incident until it
 * is cleared.
 */
export type FakeXScenario =
	| (CallScenario &
			(
				| { readonly fault: string }
				| {
						/** A number from 200 to 599. */
						readonly status: number;
						/** JSON by default. */
						readonly contentType?: string;
						readonly body: string;
				  }
			))
	| (ScenarioScope & { readonly incident: IncidentDate });

/** The app and account that a call names. */
export interface CallSubject {
	/** The app's API key. */
	readonly app: string | undefined;
	readonly clientId: string | undefined;
	readonly account: string | undefined;
}

/** The scenarios for the next calls. */
export class Scenarios {
	private readonly waiting: { scenario: FakeXScenario; left: number }[] = [];

	/** @throws TypeError that says what is wrong with the scenario. */
	add(scenario: FakeXScenario): void {
		const problem = problemOf(scenario);
		if (problem !== undefined) {
			throw new TypeError(problem);
		}
		const times = "incident" in scenario ? "always" : (scenario.times ?? 1);
		this.waiting.push({ scenario, left: times === "always" ? Number.POSITIVE_INFINITY : times });
	}

	clear(): void {
		this.waiting.length = 0;
	}

	list(): readonly FakeXScenario[] {
		return this.waiting.map(({ scenario }) => scenario);
	}

	/** Takes the oldest scenario that applies to the call. */
	take(call: ScenarioPlace, subject: CallSubject): Fault | undefined {
		for (const next of this.waiting) {
			const fault = isAbout(next.scenario, subject) && faultAt(next.scenario, call);
			if (fault) {
				next.left -= 1;
				if (next.left === 0) {
					this.waiting.splice(this.waiting.indexOf(next), 1);
				}
				return fault;
			}
		}
		return undefined;
	}
}

function isAbout(scenario: FakeXScenario, { app, clientId, account }: CallSubject): boolean {
	return (
		(scenario.app === undefined || scenario.app === app || scenario.app === clientId) &&
		(scenario.account === undefined || scenario.account === account)
	);
}

/** Undefined for a call that the scenario leaves alone. */
function faultAt(scenario: FakeXScenario, call: ScenarioPlace): Fault | undefined {
	if ("incident" in scenario) {
		const faults: Readonly<Partial<Record<ScenarioPlace, string>>> = INCIDENTS[scenario.incident];
		return faultNamed(faults[call] ?? "");
	}
	if (scenario.call !== call) {
		return undefined;
	}
	if ("fault" in scenario) {
		return faultNamed(scenario.fault);
	}
	const { status, contentType = "application/json; charset=utf-8", body } = scenario;
	return { kind: "instead", answer: { status, contentType, body } };
}

/** Reads a scenario from JSON text. A string says what is wrong with it. */
export function parseScenario(text: string): FakeXScenario | string {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return "the body is not JSON";
	}
	if (typeof value !== "object" || value === null) {
		return "the body is not an object";
	}
	return problemOf(value as Untrusted) ?? (value as FakeXScenario);
}

type Untrusted = Partial<
	Record<keyof CallScenario | "fault" | "incident" | "status" | "contentType" | "body", unknown>
>;

function problemOf(value: Untrusted): string | undefined {
	const { call, app = "", account = "", times = 1, fault, incident } = value;
	if (typeof app !== "string" || typeof account !== "string") {
		return "app is an API key or a client id, account the id of an account";
	}
	if (incident !== undefined) {
		const isKnown = INCIDENT_DATES.some((date) => date === incident);
		return isKnown ? undefined : `incident is one of ${INCIDENT_DATES.join(", ")}`;
	}
	if (!PLACES.some((known) => known === call)) {
		return `call is one of ${PLACES.join(", ")}`;
	}
	if (times !== "always" && !(isInteger(times) && times > 0)) {
		return 'times is a positive integer or "always"';
	}
	if (fault !== undefined) {
		return FAULT_NAMES.some((known) => known === fault)
			? undefined
			: `fault is one of ${FAULT_NAMES.join(", ")}`;
	}
	return answerProblemOf(value);
}

function answerProblemOf({ status, contentType = "text/plain", body }: Untrusted) {
	if (!isInteger(status) || status < 200 || status > 599) {
		return "status is an integer from 200 to 599 (or give a fault)";
	}
	if (typeof contentType !== "string" || !isHeaderValue(contentType)) {
		return "contentType is a header value";
	}
	return typeof body === "string" ? undefined : "body is a string";
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
