import { BlockList } from "node:net";
import { onTestFinished } from "vitest";
import type { HostStorage } from "../../../src/contract/storage.ts";
import type { HelpdeskOptions } from "../../../src/helpdesk/helpdesk.ts";
import { type Helpdesk, startHelpdesk } from "../../../src/helpdesk/start-helpdesk.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { type FakeX, startFakeX } from "../../../src/testing/fake-x/fake-x.ts";
import type { FakeXAccount } from "../../../src/testing/fake-x/fake-x-options.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { builtPlugin } from "../artifact/built-plugin.ts";
import { keysInTurn } from "../openid/keys-in-turn.ts";
import { APP_KEYS, keysFor, type ProtocolSetting } from "../plugin/open-house.ts";
import { CHEAP_HASHER } from "./cheap-hasher.ts";
import { HttpVisitor } from "./http-visitor.ts";

export const API_KEY_SECRET = APP_KEYS.apiKeySecret;
/** Keys of the same app for OAuth 2.0. */
export const OAUTH2_KEYS = { clientId: APP_KEYS.clientId, clientSecret: APP_KEYS.clientSecret };

const ADA: FakeXAccount = {
	id: "1",
	screenName: "ada",
	name: "Ada <b>",
	email: "ada@example.com",
};

export interface OpenHelpdesk {
	readonly helpdesk: Helpdesk;
	readonly fakeX: FakeX;
	readonly storage: HostStorage;
	readonly clock: MockClock;
	readonly log: readonly string[];
	readonly portal: string;
	readonly operator: HttpVisitor;
	/** Closes the helpdesk before the end of the test. */
	close(): Promise<void>;
}

/** Options for a helpdesk in memory, on free ports, with an unreachable X unless one is given. */
export async function helpdeskOptions(
	options: Partial<HelpdeskOptions> = {},
): Promise<HelpdeskOptions> {
	const clock = new MockClock();
	return {
		port: 0,
		storage: new MemoryStorage(clock),
		plugin: await builtPlugin(),
		clock,
		random: cryptoRandom,
		keys: [cryptoRandom.bytes(32)],
		origins: { "api.x.com": "http://127.0.0.1:1" },
		baseUrls: new Map(),
		deliver: undefined,
		startLimit: 0,
		trustedProxies: new BlockList(),
		hasher: CHEAP_HASHER,
		makeSigningKey: keysInTurn,
		log: () => {},
		...options,
	};
}

/** The helpdesk in this process, in memory, with an operator logged in. */
export async function openHelpdesk(
	options: Partial<HelpdeskOptions> = {},
	accounts: readonly FakeXAccount[] = [ADA],
): Promise<OpenHelpdesk> {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const callbacks: string[] = [];
	const fakeX = await startFakeX({
		apps: [{ ...APP_KEYS, callbacks }],
		accounts,
		clock,
	});
	const log: string[] = [];
	const helpdesk = await startHelpdesk(
		await helpdeskOptions({
			storage,
			clock,
			origins: { "api.x.com": fakeX.url },
			log: (line) => log.push(line),
			...options,
		}),
	);
	callbacks.push(...helpdesk.brands.map(({ callbackUrl }) => callbackUrl));
	let closing: Promise<void> | undefined;
	const close = (): Promise<void> => {
		closing ??= helpdesk.close();
		return closing;
	};
	onTestFinished(async () => {
		await close();
		await fakeX.close();
	});
	const operator = new HttpVisitor();
	await logInOperator({ helpdesk, operator });
	const portal = helpdesk.brands[0]?.baseUrl ?? "";
	return { helpdesk, fakeX, storage, clock, log, portal, operator, close };
}

/** Logs the first operator in; once more after half an hour in which they did nothing. */
export async function logInOperator({
	helpdesk,
	operator,
}: Pick<OpenHelpdesk, "helpdesk" | "operator">): Promise<void> {
	await operator.open(`${helpdesk.adminUrl}/login`);
	const { email, password } = helpdesk.operator;
	await operator.submit("/admin/login", { email, password: password ?? "" });
}

/** Activates X, enters its keys for the protocol and switches it on for the first brand. */
export async function setUpX(
	{
		helpdesk,
		operator,
	}: { readonly helpdesk: Pick<Helpdesk, "adminUrl">; readonly operator: HttpVisitor },
	protocol: ProtocolSetting = "oauth1",
): Promise<void> {
	const integrations = `${helpdesk.adminUrl}/settings/general/integrations`;
	await operator.open(integrations);
	await operator.submit("/admin/settings/general/integrations/x-login/activate");
	await operator.open(`${integrations}/x-login?brand=acorn`);
	await operator.submit("/admin/settings/general/integrations/x-login?brand=acorn", {
		...(protocol === "oauth1" ? keysFor(protocol) : { ...APP_KEYS, protocol }),
		mode: "login-and-signup",
	});
	await operator.open(`${helpdesk.adminUrl}/settings/users/social-login/x-login`);
	await operator.submit("/admin/settings/users/social-login/x-login", { acorn: "on" });
}
