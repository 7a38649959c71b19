import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** One folder for each version that has a fixture. */
export const FIXTURES = fileURLToPath(new URL("../fixtures/", import.meta.url));

export type Engine = "sqlite" | "postgres" | "redis";

/** The files in the folder of an engine. */
export const FILES = {
	story: "story.json",
	key: "key",
	fakeX: "fake-x.json",
	sqlite: "helpdesk.sqlite",
	postgres: "postgres.sql",
	redis: "redis.jsonl",
} as const;

/** The file in the folder of a version with the public key of the publisher who signed the installed add-on. */
export const PUBLISHER = "publisher.pub";

/** A user as the administration exports them. A later version may export more. */
export interface ExportedUser {
	readonly id: string;
	readonly brandId: string;
	readonly name: string;
	readonly email: string | null;
	readonly status: string;
	readonly confirmed: boolean;
	readonly plugins: Readonly<Record<string, unknown>>;
}

/** The end of a log-in as the administration exports it. */
export interface EndedAttempt {
	readonly traceCode: string;
	readonly outcome: string;
	readonly code: string;
}

/** The cookies of a browser, by name. */
export type Cookies = Readonly<Record<string, string>>;

/** The actions of a fixture's people, and the facts that a later version must still know. */
export interface Story {
	readonly version: string;
	/** Milliseconds since the epoch: the clock of the fixture when it was closed. */
	readonly madeAt: number;
	readonly operator: { readonly email: string; readonly password: string };
	readonly users: readonly ExportedUser[];
	readonly attempts: readonly EndedAttempt[];
	/** An attempt that X's page ended with Cancel. */
	readonly cancelledTraceCode: string;
	readonly zoe: { readonly cookies: Cookies };
	/** A log-in at Harbor that waits for an e-mail address. */
	readonly halfWay: { readonly cookies: Cookies; readonly path: string };
	/** A log-in whose browser is at X and comes back with this token. */
	readonly atX: { readonly cookies: Cookies; readonly token: string };
	/** Path and query of the link in a letter. */
	readonly passwordLink: string;
	readonly letters: number;
	readonly magicWord: { readonly signer: string };
}

export const PASSWORD = {
	operator: "fixture-password-of-the-operator",
	zoe: "fixture-password-of-zoe",
	ida: "fixture-password-of-ida",
	hanna: "fixture-password-of-hanna",
	willa: "fixture-password-of-willa",
} as const;

export const MAGIC_WORD = "fixture-magic-word";
export const BLOCKED_DOMAINS = "blocked.example";

/** The ids of accounts that the fake X of the helpdesk knows. */
export const X_ACCOUNT = {
	ada: "2244994945",
	zoe: "9007199254740993",
	noMail: "7505382",
	hostile: "6253282",
} as const;

export function fixtureVersions(): string[] {
	return readdirSync(FIXTURES).filter((name) => /^\d+\.\d+\.\d+$/.test(name));
}

export async function readStory(version: string, engine: Engine): Promise<Story> {
	return JSON.parse(await readFile(join(FIXTURES, version, engine, FILES.story), "utf8")) as Story;
}
