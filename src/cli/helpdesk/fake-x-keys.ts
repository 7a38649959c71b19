import { hkdfSync, randomBytes } from "node:crypto";
import { CommandError } from "../command-error.ts";
import { makeOnce } from "./data-folder.ts";

interface StoredKeys {
	readonly apiKey: string;
	readonly apiKeySecret: string;
}

/** The keys of the fake X's app: two for OAuth 1.0a, two for OAuth 2.0. */
export interface FakeXKeys extends StoredKeys {
	readonly clientId: string;
	readonly clientSecret: string;
}

/**
 * The keys of the fake X's app. They stay the same after a restart, because the administrator pastes them. Those for OAuth
 * 2.0 follow from the others, so that a data folder of an older version has them as well.
 *
 * @throws CommandError when the file of the keys cannot be read as such.
 */
export async function readFakeXKeys(data: string): Promise<FakeXKeys> {
	const stored = await readStoredKeys(data);
	// X's client ids are the base64url form of a text that ends so: ":1:ci" is a confidential client.
	const id = `${derived(stored, "client id", 15)}:1:ci`;
	return {
		...stored,
		clientId: Buffer.from(id).toString("base64url"),
		// As long as X's. Letters and digits alone, so that a double click selects it as a whole.
		clientSecret: derived(stored, "client secret", 60).replaceAll(/[-_]/g, "").slice(0, 50),
	};
}

async function readStoredKeys(data: string): Promise<StoredKeys> {
	const fresh: StoredKeys = {
		apiKey: randomBytes(18).toString("hex").slice(0, 25),
		apiKeySecret: randomBytes(36).toString("hex").slice(0, 50),
	};
	const path = `${data}/fake-x.json`;
	const text = await makeOnce(path, JSON.stringify(fresh));
	const refuse = (cause?: unknown) =>
		new CommandError(
			`${path} does not hold the keys of an app; delete it, start again and enter the new keys under Settings`,
			{
				cause,
			},
		);
	let keys: unknown;
	try {
		keys = JSON.parse(text);
	} catch (cause) {
		throw refuse(cause);
	}
	if (!isStoredKeys(keys)) {
		throw refuse();
	}
	const { apiKey, apiKeySecret } = keys;
	return { apiKey, apiKeySecret };
}

function isStoredKeys(value: unknown): value is StoredKeys {
	return (
		typeof value === "object" &&
		value !== null &&
		"apiKey" in value &&
		typeof value.apiKey === "string" &&
		"apiKeySecret" in value &&
		typeof value.apiKeySecret === "string"
	);
}

/** The base64url form of so many bytes. */
function derived({ apiKey, apiKeySecret }: StoredKeys, name: string, bytes: number): string {
	return Buffer.from(hkdfSync("sha256", apiKeySecret, apiKey, name, bytes)).toString("base64url");
}
